/**
 * Which words are a command, and where.
 *
 * Invariant: at a question for words, words are an answer. There a command is a cry for help, what follows a slash, a form that
 * nobody writes as an answer (`plain` of `commands.yaml`), "done" under an account, and the label of a button that stands
 * under words that were kept. What may be either is kept, and the command's button is offered.
 */
import { demandsAlert } from '../../kernel/vocabulary.ts';
import { hasComeBack, hasLiveAlert } from '../asking/case-work.ts';
import { DANGER, isAtHome, isChoosingLanguage, languageOf, placedAt, type View } from '../asking/turn.ts';
import { namedLanguage } from '../reading/language-guess.ts';
import { normalise } from '../reading/normalise.ts';
import { isAsked } from '../words/asks.ts';
import { COMMANDS, type Command } from '../words/bot-keys.ts';
import { isGreeting, openingOf, saysOf } from '../words/heard.ts';
import type { Texts } from '../words/texts.ts';
import { isTypedOnly } from '../words/typed.ts';
import { hintOf, isCourtesy, isFalseAlarm, maybeWish, type Wish, wishOf } from '../words/wishes.ts';
import { asksForLanguage } from './meant-option.ts';

export type Commanded =
  /** `said`: the words say more than the command, and are kept. */
  | { kind: 'command'; command: Command; language?: string; said?: string }
  | { kind: 'switch'; language: string };

/** Questions that words are the answer to. */
const FOR_WORDS = ['text', 'account', 'evidence', 'date', 'place', 'code'];

/** Whether the present question is one that words answer. */
export const isForWords = (view: View): boolean => FOR_WORDS.includes(placedAt(view).step.ask);

/** What the words command at the present question; undefined: nothing. `words`: normalised. */
export function commandMeaning(view: View, text: string, words: string): Commanded | undefined {
  const commanded = commandedBy(view, text, words);
  const isMistake = commanded?.kind === 'command' && commanded.command === 'mistake';
  return isMistake && !mayBeMistake(view, text, words) ? undefined : commanded;
}

/**
 * Whether words take an alert back. A question never does; of an alert that is out only what says so plainly and stands alone:
 * "ok c'est bon" answers what was just said, "ça va aller" is fear.
 */
function mayBeMistake(view: View, text: string, words: string): boolean {
  const { texts } = view.deps;
  if (text.startsWith('/')) return true;
  return !isAsked(texts, text) && (!hasAlert(view) || isFalseAlarm(texts, words));
}

/** A question, or no more than an "ok": not even the button for it stands beneath. */
const isNoMistake = (texts: Texts, text: string, words: string): boolean =>
  isAsked(texts, text) || isCourtesy(texts, words);

const hasAlert = (view: View): boolean =>
  hasLiveAlert(view) || (view.state.earlier !== undefined && demandsAlert(view.state.earlier.level));

function commandedBy(view: View, text: string, words: string): Commanded | undefined {
  const slashed = slashedCommand(view, text);
  if (slashed) return slashed;
  if (isGreeting(view.deps.texts, words, isForWords(view) ? 'plain' : 'all'))
    return { kind: 'command', command: 'start' };
  if (!isForWords(view))
    return commandOf(view, words) ?? languageNamed(view, text) ?? wished(view, text, words);
  const command = COMMANDS.find((name) => isMeantAmongWords(view, name, words));
  return command && isSaidHere(view, command) ? withLanguage(view, command, words) : undefined;
}

/** The command that words would be elsewhere, which are an answer here. */
export function maybeCommand(view: View, text: string, words: string): Command | undefined {
  if (isBegun(view)) return undefined;
  const { texts } = view.deps;
  const wish = () => {
    const may =
      wishOf(texts, words) ?? maybeWish(texts, words) ?? (isAtHome(view) ? hintOf(texts, words) : undefined);
    return may === 'mistake' && isNoMistake(texts, text, words) ? undefined : may;
  };
  const person = () => (openingOf(texts, text) === 'person' ? ('person' as const) : undefined);
  if (!isForWords(view)) return wish() ?? (placedAt(view).flow === 'menu' ? undefined : person());
  const elsewhere = commandOf(view, words) ?? languageNamed(view, text);
  if (elsewhere?.kind === 'switch') return 'language';
  if (elsewhere?.command === 'start') return undefined;
  const isNone = elsewhere?.command === 'mistake' && isNoMistake(texts, text, words);
  return (isNone ? undefined : elsewhere?.command) ?? wish() ?? person();
}

/** Nothing was asked yet that words could answer: what they are is told by how a person begins. */
const isBegun = (view: View): boolean => placedAt(view).id === DANGER || isChoosingLanguage(view);

/** Wishes whose words say more than that there is one: whose name is wrong, what was a mistake. */
const SAYING_MORE: readonly Wish[] = ['correction', 'mistake', 'quiet'];

/** What is asked for by right in words of their own. An "is it erased?" is a question, and kept with the button. */
function wished(view: View, text: string, words: string): Commanded | undefined {
  const { texts } = view.deps;
  const wish = wishOf(texts, words);
  if (wish === undefined || (wish === 'mistake' && !isMistakeHere(view, words))) return undefined;
  if (wish === 'erase' && /[?؟]/.test(text) && !saysOf(texts, words, 'erase_told')) return undefined;
  const said = SAYING_MORE.includes(wish) ? { said: text } : {};
  return { kind: 'command', command: wish, ...said };
}

/**
 * "No need", "it is nothing" answer many a question; of the alert or the case they speak at the menu, and after SOS. What says
 * plainly that an alert is a mistake speaks of that everywhere.
 */
const isMistakeHere = (view: View, words: string): boolean =>
  isAtHome(view) ||
  view.state.at.startsWith('sos.') ||
  (hasAlert(view) && isFalseAlarm(view.deps.texts, words));

function commandOf(view: View, words: string): Extract<Commanded, { kind: 'command' }> | undefined {
  const { texts } = view.deps;
  const own = languageOf(view);
  for (const language of [own, ...texts.languages.filter((each) => each !== own)]) {
    const known = texts.commandWords(language);
    const command = COMMANDS.find((name) => known.get(name)?.includes(words) && isSaidHere(view, name));
    if (command) return withLanguage(view, command, words);
  }
  return undefined;
}

/** The slash leaves no doubt: "/aide", "/help@name", "/start" and the code of a link. More behind it is words. */
function slashedCommand(view: View, text: string): Commanded | undefined {
  if (!text.startsWith('/')) return undefined;
  const [first = '', ...rest] = text.slice(1).split(/\s/);
  const name = normalise(first.split('@')[0] ?? '');
  const command = COMMANDS.find((each) => each === name) ?? commandOf(view, name)?.command;
  if (!command || !isSaidHere(view, command)) return undefined;
  const isCode = command === 'start' && rest.length === 1 && /[\d_-]/.test(rest[0] ?? '');
  return rest.length === 0 || isCode ? { kind: 'command', command } : undefined;
}

/** At the question for the language and beside buttons a language is changed by its name. */
function languageNamed(view: View, text: string): Commanded | undefined {
  if (asksForLanguage(view)) return undefined;
  const { texts } = view.deps;
  const byName = texts.languages.find(
    (language) => normalise(texts.t(language, 'language.name')) === normalise(text),
  );
  const language = byName ?? namedLanguage(texts.reading.languages, text, texts.languages);
  return language === undefined ? undefined : { kind: 'switch', language };
}

function isMeantAmongWords(view: View, name: Command, words: string): boolean {
  const { texts } = view.deps;
  const { ask } = placedAt(view).step;
  const endsIt = name === 'done' && ['account', 'evidence', 'place'].includes(ask);
  const isOffered = view.state.offered?.includes(name);
  return texts.languages.some((language) => {
    const all = texts.commandWords(language).get(name) ?? [];
    const isLabel = isOffered && normalise(texts.t(language, `commands.${name}.label`)) === words;
    return (
      isLabel ||
      (endsIt && isTypedOnly(texts, words, ['done'], () => false)) ||
      (endsIt ? all : (texts.plainWords(language).get(name) ?? [])).includes(words)
    );
  });
}

/** Elsewhere "my old phone was taken" is what happened, and is kept. */
function isSaidHere(view: View, name: Command): boolean {
  const { isCaseOpen, isBare } = view.state;
  // "C'est fini", where nothing is being written: what is told to the team.
  if (name === 'done') return !(isAtHome(view) && isCaseOpen && !isBare);
  return name !== 'taken' || hasComeBack(view);
}

/** `language`: the one in which it was said, if only one has this word. */
export function withLanguage(
  view: View,
  command: Command,
  words: string,
): Extract<Commanded, { kind: 'command' }> {
  const { texts } = view.deps;
  const speaking = texts.languages.filter((language) =>
    texts.commandWords(language).get(command)?.includes(words),
  );
  const [only] = speaking;
  return only !== undefined && speaking.length === 1
    ? { kind: 'command', command, language: only }
    : { kind: 'command', command };
}
