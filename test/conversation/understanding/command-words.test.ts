/** Every command word of every language at every kind of question: where it commands, and where it is an answer. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { normalise } from '../../../src/conversation/reading/normalise.ts';
import { COMMANDS, type Command } from '../../../src/conversation/words/bot-keys.ts';
import { conversation, inBambara, Person, texts } from '../person.ts';
import { NOW, standing } from '../standing.ts';

/** A question of each kind, as the flows have it today. */
const kinds = new Map<string, string>();
for (const { path, step } of conversation.flows.steps.values()) {
  if (path === 'menu.language' || path === 'report.danger' || path.startsWith('menu.')) continue;
  const isFitting = step.ask !== 'choice' && step.ask !== 'choices' ? true : !('list' in step && step.list);
  if (step.ask !== 'statement' && isFitting && !kinds.has(step.ask)) kinds.set(step.ask, path);
}
kinds.set('home', 'menu.home');
kinds.set('where are you', 'sos.where');
kinds.set('danger', 'report.danger');

const FOR_WORDS = ['text', 'account', 'evidence', 'date', 'place', 'code', 'where are you'];

function standingAt(path: string, deps = conversation): Person {
  const person = new Person({ at: NOW, deps });
  person.state = standing(path, {});
  person.state.answers = { ...person.state.answers };
  delete person.state.answers[path.split('.')[1] ?? ''];
  return person;
}

/** Whether the words lie in what the person said so far, or in their case. */
const isKept = (person: Person, word: string): boolean =>
  strings([person.state?.answers, person.state?.kept, person.cases]).includes(word);

const strings = (value: unknown): string[] =>
  typeof value === 'string'
    ? [value]
    : typeof value === 'object' && value !== null
      ? Object.values(value).flatMap(strings)
      : [];

type Outcome = 'an alert' | 'a command' | 'kept' | 'kept, and the button offered' | 'nothing';

function say(path: string, word: string, command: Command): Outcome {
  const person = standingAt(path).writes(word);
  if (person.did('open_case').some((effect) => effect.type === 'open_case' && effect.reason === 'sos'))
    return 'an alert';
  if (!isKept(person, word)) return 'a command';
  return person.commands.includes(command) ? 'kept, and the button offered' : 'kept';
}

const every = texts.languages.flatMap((language) =>
  COMMANDS.flatMap((command) =>
    (texts.commandWords(language).get(command) ?? []).map((word) => ({ language, command, word })),
  ),
);
const isIn = (words: ReadonlyMap<string, readonly string[]>, name: string, word: string) =>
  words.get(name)?.includes(word) ?? false;
const isPlain = (name: string, word: string) =>
  texts.languages.some((language) => isIn(texts.plainWords(language), name, word));

/** What the rule says. */
function ruled(kind: string, command: Command, word: string): Outcome {
  if (command === 'sos') return 'an alert';
  if (!FOR_WORDS.includes(kind)) return 'a command';
  const endsIt = command === 'done' && ['account', 'evidence', 'place'].includes(kind);
  if (endsIt || isPlain(command, word) || isPlain('greeting', word)) return 'a command';
  return command === 'start' ? 'kept' : 'kept, and the button offered';
}

describe.each([...kinds])('at a question of the kind "%s"', (kind, path) => {
  it('each command word of each language does what the rule says', () => {
    const wrong = every
      // "My old phone was taken" is what happened, where nobody came back by a code.
      .filter(({ command }) => command !== 'taken')
      .map(({ language, command, word }) => ({
        language,
        command,
        word,
        does: say(path, word, command),
        should: ruled(kind, command, word),
      }))
      .filter(({ does, should }) => does !== should);
    expect(wrong).toEqual([]);
  });
});

describe('a word that is an answer and may be a command', () => {
  it.each([
    ['report.held_place', 'Home'],
    ['report.held_place', 'Deme'],
    ['report.held_place', 'suivi'],
    ['report.held_place', 'arrêté'],
    ['sos.where', 'Home'],
    ['sos.where', 'Info'],
    ['report.person_name', 'Kan'],
  ])('at %s, "%s" is the answer', (path, word) => {
    const person = standingAt(path).writes(word);
    expect(person.state?.answers[path.split('.')[1] ?? '']).toMatchObject({ kind: 'text', text: word });
    expect(person.at).not.toBe(path);
  });

  it('is done when its button is pressed, or when its label is typed on a phone without buttons', () => {
    const person = standingAt('sos.where').writes('nouvelles');
    expect(person.keys).toContain('bot.maybe_command');
    expect(person.screen).toContain('« Où en est mon dossier »');
    const typed = standingAt('sos.where').writes('erreur').writes("C'était une erreur");
    expect(typed.keys).toContain('bot.mistake_nothing');
    expect(person.presses('status').keys).toContain('bot.status_none');
  });

  it.each(['/aide', '/help@lakana_bot', '/passer', '/retour', '/statut', '/start', '/start x7Kq_2'])(
    'is a command with a slash before it, also where words are asked: "%s"',
    (words) => {
      const person = standingAt('report.held_place').writes(words);
      expect(isKept(person, words)).toBe(false);
      expect(person.keys).not.toContain('bot.maybe_command');
    },
  );

  it.each(['/start on me menace depuis hier', '/start bonjour ils sont venus', '/start Moussa'])(
    'is words with more than a code behind the slash: "%s"',
    (words) => {
      expect(isKept(new Person().writes(words), words)).toBe(true);
      expect(isKept(standingAt('report.held_place').writes(words), words)).toBe(true);
    },
  );
});

/** By kind of name: names. */
const names = Object.values(
  parse(readFileSync(new URL('names.yaml', import.meta.url), 'utf8')) as Record<string, string[]>,
).flat();

describe('the name of a person or of a place', () => {
  it('is one of three hundred and more', () => {
    expect(new Set(names.map(normalise)).size).toBeGreaterThanOrEqual(300);
  });

  it.each(FOR_WORDS.flatMap((kind) => (kinds.has(kind) ? [[kind, kinds.get(kind) ?? '']] : [])))(
    'is never lost at a question of the kind "%s"',
    (kind, path) => {
      const lost = names.filter((name) => {
        const person = standingAt(path).writes(name);
        // A region or a cercle is chosen by its name.
        const isChosen = kind === 'place' && JSON.stringify(person.state?.answers).includes('"region"');
        return !isKept(person, name) && !isChosen && !isZone(person);
      });
      expect(lost).toEqual([]);
    },
  );

  it('is never lost where Bambara is on offer, though Témé and Dème are names', () => {
    const path = kinds.get('text') ?? '';
    const lost = names.filter((name) => !isKept(standingAt(path, inBambara).writes(name), name));
    expect(lost).toEqual([]);
  });

  it('is kept also where no words were asked, but for the few that are a command there', () => {
    const commands = new Set(every.map(({ word }) => word));
    for (const path of ['nothing yet', 'report.danger', 'report.consent', 'report.who']) {
      const at = (name: string) => (path === 'nothing yet' ? new Person() : standingAt(path)).writes(name);
      const lost = names.filter((name) => !isKept(at(name), name) && !commands.has(normalise(name)));
      expect({ path, lost }).toEqual({ path, lost: [] });
    }
  });
});

const isZone = (person: Person): boolean => JSON.stringify(person.state?.answers).includes('"zone"');

describe('a word that a text tells people to write', () => {
  /** "écrivez « retour », ou …": what stands in quotes up to the end of the sentence. */
  const told = texts.languages.flatMap((language) =>
    texts
      .keys(language)
      .filter(
        (key) =>
          !/^(officer|console|simulator|linking|lists|commands|language|wording)\./.test(key) &&
          key !== 'bot.date_hint',
      )
      .flatMap((key) =>
        texts
          .t(language, key)
          .split(/[.!?\n]/)
          .filter((sentence) => !/\b(we|nous) /i.test(sentence))
          .flatMap((sentence) => /(?:écrivez|write) ([«"].*)/i.exec(sentence)?.[1] ?? [])
          .flatMap((rest) => [...rest.matchAll(/« ([^»]+) »|"([^"]+)"/g)])
          .map(([, french, english]) => ({ key, word: french ?? english ?? '' })),
      ),
  );
  /** Named as a button that stands beside it. */
  const isOption = (word: string) => /^(correct|corriger)$/i.test(word);
  /** Of the general help, which names its words without quotes. */
  const ofHelp = ['retour', 'passer', 'langue', 'partir', 'back', 'skip', 'language', 'leave'];

  it('works wherever they are: also where words are asked, it is no answer', () => {
    expect(new Set(told.map(({ word }) => word)).size).toBeGreaterThanOrEqual(10);
    const lost = [...told, ...ofHelp.map((word) => ({ key: 'bot.help', word }))]
      .filter(({ word }) => !isOption(word))
      .filter(({ word }) => isKept(standingAt('sos.where').writes(word), word));
    expect(lost).toEqual([]);
  });
});
