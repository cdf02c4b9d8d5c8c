/** Words that choose an option: its number, its label or a part of it, yes and no with what people say around them. */

import { CONTACT_HOURS, type ContactHours } from '../../kernel/vocabulary.ts';
import { shownChoices } from '../asking/options.ts';
import { SEND } from '../asking/review.ts';
import {
  DANGER,
  isAtHome,
  MAY_WRITE,
  OTHER_WAY,
  PHONE_SAFE,
  placedAt,
  REVIEW,
  type View,
} from '../asking/turn.ts';
import { readHours } from '../reading/hours.ts';
import { normalise, plainOf } from '../reading/normalise.ts';
import { mayBeNo, readNumbers } from '../reading/numbers.ts';
import { isPhoneUnsafe } from '../values/contact-terms.ts';
import { ANSWER_WORDS, type AnswerWord, COMMANDS, type HeardWord } from '../words/bot-keys.ts';
import { isGreeting, isOnly, saysOf } from '../words/heard.ts';
import { calmed } from '../words/sos-words.ts';
import { codesMeant } from './codes-meant.ts';
import { beginsSeveral, inLabel, isWordOf, labelled, labelsAt } from './labels.ts';
import type { Meant } from './meant.ts';
import { isWarning, meantOption, TALK_TO } from './meant-option.ts';
import { isNoContact, meansAnyTimeHere, NO_CONTACT } from './reaching.ts';
import { agedAt } from './whom.ts';
import { isNodToDanger, isNoYesToDanger } from './yes-to-danger.ts';

/** `said`: words that came with a yes or no, and are kept. `number`, `how`: the words are where to call, and who is there. */
export type Chosen =
  | {
      kind: 'choose';
      ids: string[];
      said?: string;
      number?: string;
      how?: string;
      hours?: readonly ContactHours[];
    }
  | { kind: 'unknown' }
  | { kind: 'nothing'; notice: 'not_understood' | 'one_only' | 'not_written_here'; isMiss: true }
  /** "Ok", where it is asked whether they are in danger. */
  | { kind: 'nothing'; notice: 'question_first'; isMiss: boolean }
  /** A number, and what it would answer was not asked. */
  | { kind: 'nothing'; notice: 'stale_button' | 'not_sent_yet' | 'alert_already'; isMiss: false };

/** What the words choose at the present question; undefined: no option. `words`: the same, normalised. */
export function optionMeaning(view: View, text: string, words: string): Chosen | undefined {
  const shown = shownChoices(view);
  // Whatever is told is told, but the number or the name of the one button there.
  if (placedAt(view).step.ask === 'account') {
    const [button] = shown.filter(({ label }) => words === '1' || words === normalise(label));
    if (button) return { kind: 'choose', ids: [button.id] };
  } else if (shown.length > 0) return amongOptions(view, text, words);
  return wholeAnswer(view, words) === 'unknown' ? { kind: 'unknown' } : undefined;
}

function amongOptions(view: View, text: string, words: string): Chosen | undefined {
  if (isNotSending(view, words)) {
    const notice = view.state.isCaseOpen ? 'alert_already' : 'not_sent_yet';
    return { kind: 'nothing', notice, isMiss: false };
  }
  const aged = agedAt(view, text);
  if (aged) return chosenBy(aged);
  // "No one" and "aucun" are no number and no label there.
  if (isNoContact(view, words)) return { kind: 'choose', ids: [NO_CONTACT] };
  const byNumber = numbered(view, text);
  if (byNumber) return byNumber;
  const labels = labelsAt(view);
  const id = labelled(view, words, labels);
  if (id !== undefined) return { kind: 'choose', ids: [id] };
  return (
    warned(view, text, words) ??
    numberFor(view, text, words) ??
    answered(view, text, words) ??
    partsOfDay(view, text) ??
    meant(view, text, words) ??
    notHere(view, text, words) ??
    together(view, words) ??
    ofList(view, text, words) ??
    byLabel(inLabel(view, words, labels)) ??
    (beginsSeveral(view, words, labels) ? NOT_UNDERSTOOD : undefined) ??
    seen(view, words)
  );
}

/** "Ok" to the question of danger. Nobody is kept there for ever, who may not be able to read it. */
function seen(view: View, words: string): Chosen | undefined {
  const { asked = [], at } = view.state;
  const isMiss = asked.filter(({ path }) => path === at).length >= OFTEN;
  return isNodToDanger(view, words) ? { kind: 'nothing', notice: 'question_first', isMiss } : undefined;
}
const OFTEN = 3;

/** "Je ne veux pas envoyer", "non", "terminé", at the read-back: nothing to keep, and nothing is sent by it. */
const isNotSending = (view: View, words: string): boolean =>
  placedAt(view).step.ask === 'review' &&
  view.state.page === 0 &&
  // "C'est bon" alone says yes there.
  saysOf(view.deps.texts, words, 'not_sending') &&
  isOnly(view.deps.texts, words, 'not_sending', 'around_no');

const byLabel = (id: string | undefined): Chosen | undefined =>
  id === undefined ? undefined : { kind: 'choose', ids: [id] };

const NOT_UNDERSTOOD: Chosen = { kind: 'nothing', notice: 'not_understood', isMiss: true };

/** That others read here, or that nobody is to write: no, whatever else is said. */
function warned(view: View, text: string, words: string): Chosen | undefined {
  return isWarning(view, text, words) ? { kind: 'choose', ids: ['no'], said: text } : undefined;
}

/** "Oui, 76 12 34 56", where another way to be reached is asked for: more than a yes. "Non, pas le 76 …" is a no. */
function numberFor(view: View, text: string, words: string): Chosen | undefined {
  const [first = ''] = words.split(' ');
  return placedAt(view).id === OTHER_WAY && !isWordOf(view, 'no', first)
    ? meant(view, text, words)
    : undefined;
}

function meant(view: View, text: string, words: string): Chosen | undefined {
  const found = meantOption(view, text, words);
  return found && chosenBy(found);
}

const chosenBy = ({ id, ...more }: Meant): Chosen => ({ kind: 'choose', ids: [id], ...more });

/** Where parts of the day are chosen: "le soir", "any time". What the words say beyond that is kept with them. */
function partsOfDay(view: View, text: string): Chosen | undefined {
  const shown = shownChoices(view).map(({ id }) => id);
  if (!CONTACT_HOURS.every((hours) => shown.includes(hours))) return undefined;
  // "Good morning" names no hours.
  if (isGreeting(view.deps.texts, normalise(text), 'all')) return undefined;
  const read = readHours(view.deps.texts.reading.hours, text);
  return read && { kind: 'choose', ids: read.hours, ...(read.isExact ? {} : { said: text }) };
}

function numbered(view: View, text: string): Chosen | undefined {
  const shown = shownChoices(view);
  if (hasNo(view) && mayBeNo(text)) return undefined;
  if (namesDay(view, text)) return undefined;
  const ids = readNumbers(view.deps.texts.reading.numbers, text)?.map((number) => shown[number - 1]?.id);
  if (!ids) return undefined;
  if (view.state.isUnsaid) return { kind: 'nothing', notice: 'stale_button', isMiss: false };
  const { ask } = placedAt(view).step;
  const known = ids.filter((id) => id !== undefined);
  const isWhole = known.length === ids.length;
  if (isWhole && (ids.length === 1 || ask === 'choices')) return { kind: 'choose', ids: known };
  // "12 11" may be a day; "76 00 11 22" is a number, and kept.
  if (ask === 'date' || (!isWhole && ids.length > 1 && ask !== 'choices')) return undefined;
  return { kind: 'nothing', notice: isWhole ? 'one_only' : 'not_understood', isMiss: true };
}

/** "Le 3", "3/3", where a day is asked for: a day, and no option's number. */
function namesDay(view: View, text: string): boolean {
  const [first = '', ...rest] = normalise(text).split(' ');
  const { beforeDay } = view.deps.texts.reading.dates;
  return (
    placedAt(view).step.ask === 'date' && rest.length > 0 && (beforeDay.has(first) || /^\d+$/.test(first))
  );
}

/** "Ici, à toute heure", of a phone that is not safe: why it is no option is said. */
const notHere = (view: View, text: string, words: string): Chosen | undefined =>
  meansAnyTimeHere(view, text, words) && isPhoneUnsafe(view.state.answers)
    ? { kind: 'nothing', notice: 'not_written_here', isMiss: true }
    : undefined;

/** "Menace de mort", at the list of what happened. The words are kept, and heard. */
function ofList(view: View, text: string, words: string): Chosen | undefined {
  const { ask } = placedAt(view).step;
  const ids = codesMeant(view, words);
  const isOne = ask === 'choice' && ids.length === 1;
  return isOne || (ask === 'choices' && ids.length > 0) ? { kind: 'choose', ids, said: text } : undefined;
}

/** "Both", where one is to be chosen. */
function together(view: View, words: string): Chosen | undefined {
  const isSaid = view.deps.texts.reading.numbers.together.has(plainOf(words));
  return isSaid && placedAt(view).step.ask === 'choice'
    ? { kind: 'nothing', notice: 'one_only', isMiss: true }
    : undefined;
}

/** Whether a no can be the answer, or that nobody is to write. */
const hasNo = (view: View): boolean =>
  asOption(view, 'no') !== undefined || shownChoices(view).some(({ id }) => id === 'no_contact');

/**
 * "oui", "non", "je ne sais pas" in any language, with what people say around it. Of a yes or no with more behind it the words
 * are kept too; to a question that binds (consent, an agreement) a yes with a condition is none.
 */
function answered(view: View, text: string, words: string): Chosen | undefined {
  const chosen = answeredBy(view, text, words);
  const isYes = chosen?.kind === 'choose' && chosen.ids[0] === MEANT[DANGER]?.yes;
  return isYes && (isNodToDanger(view, words) || isNoYesToDanger(view, words)) ? undefined : chosen;
}

function answeredBy(view: View, text: string, words: string): Chosen | undefined {
  const calm = calmed(words);
  const answer =
    wholeAnswer(view, words) ??
    wholeAnswer(view, calm) ??
    politeAnswer(view, calm) ??
    wholeAnswer(view, withoutRepeats(calm));
  if (answer !== undefined) return asChosen(view, answer);
  const thought = believed(view, text, calm);
  if (thought) return thought;
  const { step, id } = placedAt(view);
  const [first = ''] = calm.split(' ');
  const begun = (['yes', 'no'] as const).find((name) => isWordOf(view, name, first));
  const mayTell =
    (id === DANGER && begun === 'yes') ||
    // "Non, c'est dangereux": whatever follows a no to being written to.
    (id === MAY_WRITE && begun === 'no') ||
    // "Oui, c'est celui de mon frère", "oui, on l'a visité": only a yes and nothing else makes a phone safe, or a person free.
    (step.ask === 'yes_no' && !step.required && !(NOTHING_ELSE.includes(id) && begun === 'yes'));
  // "No answer" passes a question, and is no "no".
  const isCommand = COMMANDS.some((name) => isWordOf(view, name, words));
  const chosen = begun && mayTell && !isCommand ? asOption(view, begun) : undefined;
  return chosen === undefined ? undefined : { kind: 'choose', ids: [chosen], said: text };
}

/**
 * "Je pense que oui": a yes, with the words, but where it binds. Of the phone, and a no to danger, it is not known enough to go by.
 */
function believed(view: View, text: string, words: string): Chosen | undefined {
  const { texts } = view.deps;
  const { step, id } = placedAt(view);
  const said = texts.languages
    .flatMap((language) => texts.heard(language).get('thinks') ?? [])
    .filter((phrase) => plainOf(words).startsWith(`${phrase} `))
    .sort((one, other) => other.length - one.length)[0];
  if (said === undefined || ('required' in step && step.required && id !== DANGER)) return undefined;
  const answer = wholeAnswer(view, plainOf(words).slice(said.length + 1));
  if (answer !== 'yes' && answer !== 'no') return undefined;
  const isUnsure = (id === PHONE_SAFE && answer === 'yes') || (id === DANGER && answer === 'no');
  const chosen = asOption(view, isUnsure ? 'unknown' : answer);
  return chosen === undefined ? undefined : { kind: 'choose', ids: [chosen], said: text };
}

function asChosen(view: View, answer: AnswerWord): Chosen | undefined {
  const id = asOption(view, answer);
  if (id !== undefined) return { kind: 'choose', ids: [id] };
  if (answer === 'unknown') return { kind: 'unknown' };
  // "Oui" to "who is it about?" says nothing, and would stand as their whole account.
  const isAmongOptions = ['choice', 'choices', 'review'].includes(placedAt(view).step.ask);
  return isAmongOptions && !isAtHome(view)
    ? { kind: 'nothing', notice: 'not_understood', isMiss: true }
    : undefined;
}

/** What yes and no mean where they are no options. */
const MEANT: Readonly<Record<string, Partial<Record<AnswerWord, string>>>> = {
  [DANGER]: { yes: 'now', no: 'none' },
  go_on: { yes: 'continue', no: 'pause' },
  [TALK_TO]: { no: 'nobody' },
  // "Do you want to send it now?"
  [REVIEW]: { yes: SEND },
};

/** The option that yes, no or "I don't know" means here; at the danger question yes is now. */
export function asOption(view: View, answer: AnswerWord): string | undefined {
  const ids = shownChoices(view).map(({ id }) => id);
  if (ids.includes(answer)) return answer;
  const meant = MEANT[placedAt(view).id]?.[answer];
  return meant !== undefined && ids.includes(meant) ? meant : undefined;
}

/** "ouiiii": each letter once where it stands several times in a row. */
const withoutRepeats = (words: string): string =>
  [...words].filter((letter, at, all) => letter !== all[at - 1] || !/\p{L}/u.test(letter)).join('');

const wholeAnswer = (view: View, words: string): AnswerWord | undefined =>
  ANSWER_WORDS.find((name) => isWordOf(view, name, words));

/** Questions whose yes must stand alone: is the phone safe, is the person free. */
const NOTHING_ELSE: readonly string[] = [PHONE_SAFE, 'free_now'];

/** No answer with what is polite around it is longer. */
const LONGEST_ANSWER = 12;

/** "oui j'accepte", "non pas pour le moment", "je sais pas trop": the answer, then only what says the same. */
function politeAnswer(view: View, words: string): AnswerWord | undefined {
  const tokens = words.split(' ');
  if (tokens.length > LONGEST_ANSWER) return undefined;
  const { texts } = view.deps;
  return ANSWER_WORDS.find((name) => {
    const isOfPhone = name === 'yes' && placedAt(view).id === PHONE_SAFE;
    const around: HeardWord[] = [`around_${name}`, ...(isOfPhone ? (['around_safe'] as const) : [])];
    return tokens.some(
      (_, at) =>
        at > 0 &&
        isWordOf(view, name, tokens.slice(0, at).join(' ')) &&
        isOnly(texts, tokens.slice(at).join(' '), ...around),
    );
  });
}
