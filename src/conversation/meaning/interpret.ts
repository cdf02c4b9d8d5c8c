/** What an input means at the present question. Decides nothing: see `answering.ts` and `commanding.ts`. */
import type { ContactHours } from '../../kernel/vocabulary.ts';
import { hasLiveAlert, saysDanger } from '../asking/case-work.ts';
import { shownChoices } from '../asking/options.ts';
import { isLoudspeaker, saysAll } from '../asking/spoken.ts';
import { DANGER, placedAt, type View, WHERE } from '../asking/turn.ts';
import { namedLanguage } from '../reading/language-guess.ts';
import { clean, isBlank, normalise } from '../reading/normalise.ts';
import type { Part } from '../values/answer.ts';
import type { Input } from '../values/input.ts';
import { type BotKey, COMMANDS, type Command } from '../words/bot-keys.ts';
import { holdsSos, isCryBeside, isSosWord, isUrging, isUrgingAmongWords } from '../words/cry.ts';
import { commandMeaning, isForWords, maybeCommand, withLanguage } from './command-words.ts';
import { asksForLanguage, saysUrgent } from './meant-option.ts';
import { asOption, optionMeaning } from './option-words.ts';

export type Meaning =
  /** `language`: the one in which it was said, if only one has this word. `said`, `beside`: what came with it and is kept. */
  | { kind: 'command'; command: Command; language?: string; said?: string; beside?: Part[] }
  | { kind: 'switch'; language: string }
  /** That help come soon, while an alert is out. */
  | { kind: 'urging'; said: string }
  /** Options of the question by id; several for "1 et 3". `said`: words to keep. `number`, `how`: the words are where to call, and who is there. */
  | {
      kind: 'choose';
      ids: string[];
      said?: string;
      number?: string;
      how?: string;
      hours?: readonly ContactHours[];
    }
  /** "I don't know" where it is no option. */
  | { kind: 'unknown' }
  /** Words that are no option and no command. `hasSos`: an SOS word is among them. `maybe`: the command they are elsewhere. */
  | { kind: 'words'; text: string; hasSos: boolean; isCard?: 'contact' | 'other'; maybe?: Command }
  /** Files, their captions, a location. */
  | { kind: 'parts'; parts: Part[]; hasSos: boolean }
  | { kind: 'edited'; parts: Part[]; hasSos: boolean }
  /** A position that is shared live. */
  | { kind: 'moved'; part: Extract<Part, { kind: 'point' }> }
  /** `hasSos`: the old button said danger. */
  | { kind: 'stale'; hasSos: boolean }
  | { kind: 'double' }
  /** Nothing to keep; `isMiss`: it was a try to answer. */
  | { kind: 'nothing'; notice: BotKey; params?: Record<string, string | number>; isMiss: boolean };

/** More than this is kept in several parts. */
const LONGEST_PART = 20_000;

/** What a person did, at the question of this state. Timers and blocking are no meaning: `step` knows them. */
export function interpret(view: View, input: Input): Meaning {
  switch (input.kind) {
    case 'text':
      if (input.edited) return editedMeaning(view, input.text);
      return input.isBeside && isCryBeside(view.deps.texts, input.text)
        ? { kind: 'command', command: 'sos', said: clean(input.text) }
        : textMeaning(view, input.text);
    case 'button':
      return buttonMeaning(view, input.data);
    case 'reaction':
      return reactionMeaning(view, input.emoji, input.on);
    case 'file': {
      const file: Part = { kind: 'file', evidence: input.evidence, media: input.media };
      return besideMeaning(view, file, input.caption, input.edited ? 'edited' : 'parts');
    }
    case 'location': {
      const { latitude, longitude, words, edited } = input;
      const part = { kind: 'point', latitude, longitude } as const;
      return edited ? { kind: 'moved', part } : besideMeaning(view, part, words, 'parts');
    }
    case 'card':
      return isBlank(input.words)
        ? { kind: 'nothing', notice: 'unsupported', isMiss: true }
        : { kind: 'words', text: clean(input.words), hasSos: false, isCard: input.what };
    case 'file_refused':
      return {
        kind: 'nothing',
        notice: WHY_REFUSED[input.because ?? 'too_big'] ?? 'file_refused',
        ...((input.because ?? 'too_big') === 'too_big'
          ? { params: { limit: Math.max(1, Math.floor(input.limit / 1_000_000)) } }
          : {}),
        // A reporter who cannot read answers by voice: two answers that cannot be kept count as two that were not
        // understood.
        isMiss: input.media === 'voice',
      };
    case 'sos':
      return { kind: 'command', command: 'sos' };
    case 'unsupported':
      return {
        kind: 'nothing',
        notice: UNSUPPORTED[input.what] ?? 'unsupported',
        isMiss: input.what !== 'sealed_edit',
      };
    default:
      return { kind: 'nothing', notice: 'unsupported', isMiss: false };
  }
}

const WHY_REFUSED: Record<string, BotKey> = {
  too_big: 'file_refused',
  over_budget: 'file_over_budget',
  no_room: 'file_no_room',
};

/** What deserves an answer of its own. */
const UNSUPPORTED: Readonly<Record<string, BotKey>> = {
  call: 'call_declined',
  unreadable: 'unreadable',
  view_once: 'view_once',
  sealed_edit: 'edit_unreadable',
};

/** A file or a place and the words beside it, which may be a cry for help: then both are kept, and it counts at once. */
function besideMeaning(view: View, part: Part, words = '', kind: 'parts' | 'edited'): Meaning {
  const { texts } = view.deps;
  const said = isBlank(words) ? '' : clean(words);
  if (said === '') return { kind, parts: [part], hasSos: false };
  const parts = [part, ...textParts(said)];
  if (isCryBeside(texts, said)) return { kind: 'command', command: 'sos', beside: parts };
  return { kind, parts, hasSos: holdsSos(texts, said) };
}

/** A text as parts of an account; kept whole, however long. */
export function textParts(text: string): Part[] {
  const parts: Part[] = [];
  for (let from = 0; from < text.length; ) {
    const end = from + LONGEST_PART;
    // Never through the middle of a character.
    const to = /[\uD800-\uDBFF]/.test(text.charAt(end - 1)) ? end - 1 : end;
    parts.push({ kind: 'text', text: text.slice(from, to) });
    from = to;
  }
  return parts;
}

/** What a person said, whatever it means: words or files to keep. */
export function partsOf(meaning: Meaning, input: Input): Part[] {
  if (meaning.kind === 'words') return textParts(meaning.text);
  if (meaning.kind === 'parts') return meaning.parts;
  return input.kind === 'text' ? textParts(clean(input.text)) : [];
}

function textMeaning(view: View, raw: string): Meaning {
  const text = clean(raw);
  if (isLoudspeaker(text)) return { kind: 'command', command: 'voice' };
  if (isBlank(text)) return { kind: 'nothing', notice: 'empty_text', isMiss: true };
  if (saysAll(view, text.replace(SHADES, ''))) return { kind: 'command', command: 'done' };
  // Written, it answers what stands last, as "oui" does.
  const thumb = thumbOf(text);
  const byThumb = thumb && thumbOption(view, thumb);
  if (byThumb !== undefined) return { kind: 'choose', ids: [byThumb] };
  const words = normalise(text);
  if (saysUrgent(view, words)) return { kind: 'choose', ids: ['urgent'] };
  if (isUrgingHere(view, words)) return { kind: 'urging', said: text };
  if (isSosWord(view.deps.texts, words)) return withLanguage(view, 'sos', words);
  // "SOS je suis à Kati": a reporter who begins like this may write nothing more. Where they are is being asked after
  // an SOS.
  if (/^s+ ?o+ ?s+ /.test(words) && !view.state.at.startsWith('sos.'))
    return { kind: 'command', command: 'sos', said: text };
  return (
    signMeaning(text) ??
    optionMeaning(view, text, words) ??
    commandMeaning(view, text, words) ??
    languageElsewhere(view, text) ??
    wordsMeaning(view, text, words)
  );
}

/** An alert is out, and where they are was said or is being asked: nothing of it is asked anew. */
function isUrgingHere(view: View, words: string): boolean {
  const { texts } = view.deps;
  const { id } = placedAt(view);
  if (!hasLiveAlert(view) || (id !== WHERE && view.state.answers[WHERE] === undefined)) return false;
  return isForWords(view) && id !== WHERE ? isUrgingAmongWords(texts, words) : isUrging(texts, words);
}

/** "Bambara", where it is not on offer: no beginning of anything. */
function languageElsewhere(view: View, text: string): Meaning | undefined {
  const { languages } = view.deps.texts.reading;
  const isNamed =
    !isForWords(view) &&
    !asksForLanguage(view) &&
    namedLanguage(languages, text, [...languages.known.keys()]) !== undefined;
  return isNamed ? { kind: 'nothing', notice: 'language_not_here', isMiss: false } : undefined;
}

function wordsMeaning(view: View, text: string, words: string): Meaning {
  const maybe = maybeCommand(view, text, words);
  return { kind: 'words', text, hasSos: holdsSos(view.deps.texts, text), ...(maybe ? { maybe } : {}) };
}

/** Points, question marks, thumbs, folded hands and nothing else: no words that one could keep. */
const SIGNS = /^[\s?!.…,;:؟¿'"*_\-👍👎👌🙏✅❌]+$/u;
/** Skin tones and the mark that makes a sign a picture. */
const SHADES = /[\u{1F3FB}-\u{1F3FF}\uFE0F]/gu;

/** A question mark asks for help with the question; the other signs say nothing here. */
function signMeaning(text: string): Meaning | undefined {
  if (!SIGNS.test(text.replace(SHADES, ''))) return undefined;
  return /[?؟]/.test(text)
    ? { kind: 'command', command: 'help' }
    : { kind: 'nothing', notice: 'reaction_not_understood', isMiss: true };
}

/** An edit may turn a message into a command; otherwise it is an addition, since we cannot know to what. */
function editedMeaning(view: View, raw: string): Meaning {
  const text = clean(raw);
  const words = normalise(text);
  if (isBlank(text)) return { kind: 'nothing', notice: 'empty_text', isMiss: false };
  if (isSosWord(view.deps.texts, words)) return withLanguage(view, 'sos', words);
  return { kind: 'edited', parts: textParts(text), hasSos: holdsSos(view.deps.texts, text) };
}

/** Data of an option: the turn in which it was offered, and its code, or `#` and its place. */
export const OPTION = /^r:(\d+):(.+)$/s;

function buttonMeaning(view: View, data: string): Meaning {
  const { state } = view;
  const command = /^c:(.+)$/.exec(data)?.[1];
  if (command !== undefined) {
    const known = COMMANDS.find((name) => name === command);
    return known ? { kind: 'command', command: known } : { kind: 'stale', hasSos: false };
  }
  const [, turn, named = ''] = OPTION.exec(data) ?? [];
  // A number, on a channel without buttons.
  const place = /^#(\d+)$/.exec(named)?.[1];
  const id = (place === undefined ? named : shownChoices(view)[Number(place) - 1]?.id) ?? '';
  const isOfNow = Number(turn) === state.turn && shownChoices(view).some((each) => each.id === id);
  // However old the menu is on which a reporter finds SOS.
  if (named === 'sos' && !isOfNow) return { kind: 'command', command: 'sos' };
  if (data === state.lastButton) return { kind: 'double' };
  return isOfNow ? { kind: 'choose', ids: [id] } : { kind: 'stale', hasSos: saysDanger(named) };
}

const THUMBS: Readonly<Record<string, 'yes' | 'no'>> = {
  '👍': 'yes',
  '👌': 'yes',
  '✅': 'yes',
  '👎': 'no',
  '❌': 'no',
};

/** Yes or no said by an emoji. */
function thumbOf(emoji: string): 'yes' | 'no' | undefined {
  return THUMBS[emoji.replace(SHADES, '').trim()];
}

/** That a message was seen is no yes to danger. */
const thumbOption = (view: View, thumb: 'yes' | 'no'): string | undefined =>
  thumb === 'yes' && placedAt(view).id === DANGER ? undefined : asOption(view, thumb);

/** A thumb answers the question that it stands under: under "we have your SOS", or who knows what, it is no yes. */
function reactionMeaning(view: View, emoji: string, on?: string): Meaning {
  if (/🆘/u.test(emoji)) return { kind: 'command', command: 'sos' };
  if (isLoudspeaker(emoji)) return { kind: 'command', command: 'voice' };
  const thumb = thumbOf(emoji);
  const [, turn, first = ''] = OPTION.exec(on ?? '') ?? [];
  if (thumb && turn !== undefined && Number(turn) !== view.state.turn)
    return { kind: 'stale', hasSos: thumb === 'yes' && saysDanger(first) };
  if (turn !== undefined && saysAll(view, emoji.replace(SHADES, '')))
    return { kind: 'command', command: 'done' };
  const id = thumb === undefined || turn === undefined ? undefined : thumbOption(view, thumb);
  if (id !== undefined) return { kind: 'choose', ids: [id] };
  return { kind: 'nothing', notice: 'reaction_not_understood', isMiss: false };
}

/** Whether it answers something else than the present question, as far as anybody knows: an officer's question, then. */
export function isThumbElsewhere(view: View, { emoji, on }: Extract<Input, { kind: 'reaction' }>): boolean {
  const turn = OPTION.exec(on ?? '')?.[1];
  return thumbOf(emoji) !== undefined && (turn === undefined || Number(turn) !== view.state.turn);
}
