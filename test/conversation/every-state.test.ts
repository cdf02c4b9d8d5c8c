import { describe, expect, it } from 'vitest';
import type { Input } from '../../src/conversation/values/input.ts';
import type { ConversationState } from '../../src/conversation/values/state.ts';
import { COMMANDS } from '../../src/conversation/words/bot-keys.ts';
import { frozen } from '../../src/kernel/remembered.ts';
import { conversation, Person, texts } from './person.ts';
import { expectPromises } from './promises.ts';
import { NOW, paths, standing } from './standing.ts';

/** How a person can stand there. */
const situations: Record<string, Partial<ConversationState>> = {
  'with a draft': {},
  'with an open case': {
    isCaseOpen: true,
    caseId: 'case-0',
    reference: 'REF-0',
    level: 'urgent',
    sosCount: 1,
  },
  'after refusing consent': {
    isCaseOpen: true,
    isBare: true,
    caseId: 'case-0',
    reference: 'REF-0',
    level: 'critical',
  },
  'after sending': {
    isCaseOpen: true,
    isSubmitted: true,
    caseId: 'case-0',
    reference: 'REF-0',
    level: 'high',
  },
  'after a silence': { veiled: true, misses: 1 },
  'on the second page': { page: 1 },
};

/** Every kind of thing that can reach the service, at this place. */
function inputsAt(person: Person): Input[] {
  const shown = person.says.at(-1)?.choices ?? [];
  const words = texts.languages.flatMap((language) =>
    [...texts.commandWords(language).values()].map((known) => known[0] ?? ''),
  );
  const typed = [
    ...shown.flatMap(({ label }, index) => [label, String(index + 1), `${index + 1}️⃣`]),
    ...words,
    '1 et 2',
    '1,3',
    '0',
    '99',
    '',
    '   ',
    '\u200f\u202e',
    '🙏🏿🙏🏿',
    '👍',
    'مرحبا بالعالم',
    'ߒ ߓߍ߫ ߝߊ߬ߙߊ߬ߕߌ ߘߐ߫',
    '/start abc',
    '/help@bot',
    'hier',
    'Gao',
    '{{reference}} $t(bot.help)',
    "'; drop table cases; --",
    'on crie au secours ici',
    'x'.repeat(20_000),
    'a\u0000b\ud800c',
  ];
  return [
    ...typed.map((text): Input => ({ kind: 'text', text })),
    ...shown.map(({ id }): Input => ({ kind: 'button', data: `r:${person.state?.turn}:${id}` })),
    ...COMMANDS.map((name): Input => ({ kind: 'button', data: `c:${name}` })),
    { kind: 'text', text: 'corrigé', edited: true },
    { kind: 'text', text: 'SOS', edited: true },
    { kind: 'button', data: 'r:1:none' },
    { kind: 'button', data: '' },
    { kind: 'button', data: 'r:7:+nowhere' },
    { kind: 'reaction', emoji: '👎' },
    { kind: 'reaction', emoji: '🦓' },
    { kind: 'file', evidence: 'e1', media: 'voice' },
    { kind: 'file', evidence: 'e2', media: 'photo', caption: 'SOS' },
    { kind: 'file', evidence: 'e3', media: 'document', caption: 'la lettre' },
    { kind: 'file_refused', limit: 20_000_000 },
    { kind: 'location', latitude: 16.27, longitude: -0.04 },
    { kind: 'unsupported', what: 'sticker' },
    { kind: 'blocked' },
    { kind: 'unblocked' },
    { kind: 'danger_unanswered' },
    { kind: 'silence_over' },
    { kind: 'sos' },
  ];
}

/** Away from the plain draft, one way of typing stands for the others. */
function fewerOf(inputs: readonly Input[]): Input[] {
  const isShort = (input: Input, index: number): boolean => input.kind !== 'text' || index % 4 === 0;
  return inputs.filter(isShort);
}

function personAt(path: string, situation: Partial<ConversationState>): Person {
  const person = new Person({ at: NOW });
  person.state = standing(path, situation);
  if (situation.isCaseOpen) {
    person.cases.push({ entries: [], level: 'urgent', reason: 'danger', isSubmitted: false, isBare: false });
  }
  return person;
}

/** In whatever words something was said: that does not change how they go on. */
const SAID: ReadonlySet<string> = new Set(['text', 'words', 'tried', 'said', 'lastButton']);

/** Where a person stands, and what they have answered but for the words. */
const placeOf = ({ state, cases }: Person): string =>
  JSON.stringify([state, cases], (key, value) => (SAID.has(key) ? undefined : value));

describe.each(Object.entries(situations))('whatever a person does %s', (_name, situation) => {
  it.each(paths)('at %s there is an answer, and it goes on', (path) => {
    const asked = personAt(path, situation).writes('bonjour');
    const every = inputsAt(asked);
    expect(every.length).toBeGreaterThan(60);
    const inputs = Object.keys(situation).length === 0 ? every : fewerOf(every);
    // A part that changes it in spite of that is told at once.
    const before = frozen(asked.state);
    const cases = JSON.stringify(personAt(path, situation).cases);
    const gone = new Set<string>();
    for (const input of inputs) {
      const person = new Person({ at: NOW });
      person.state = before;
      person.cases = JSON.parse(cases);
      try {
        person.does(input);
        expectPromises(person, before, input);
        // Where two ways lead to one place, both go on from there in one way.
        const place = placeOf(person);
        if (gone.has(place)) continue;
        gone.add(place);
        const between = frozen(person.state);
        person.writes('et puis encore');
        expectPromises(person, between, { kind: 'text', text: '' });
      } catch (error) {
        throw new Error(`${path}: ${JSON.stringify(input).slice(0, 120)}`, { cause: error });
      }
    }
  });
});

describe('a person whom no one knows yet', () => {
  it('is answered whatever they do first', () => {
    for (const input of inputsAt(new Person())) {
      const person = new Person().does(input);
      expectPromises(person, undefined, input);
      expect(conversation.flows.steps.has(person.at)).toBe(true);
    }
  });
});
