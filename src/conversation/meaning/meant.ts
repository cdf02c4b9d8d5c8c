/**
 * What people say in place of a label at the questions that the engine knows by name: "je refuse", "continuer", "76 12 34 56",
 * "mon mari".
 *
 * Invariants: where a sign of danger is heard nothing is chosen, and the words are kept as words; nothing here says yes to
 * danger or to consent but words that say so and nothing else.
 */

import { CONTACT_HOURS, type ContactHours } from '../../kernel/vocabulary.ts';
import { labelsInAllLanguages, shownChoices } from '../asking/options.ts';
import { GO_ON, SEND } from '../asking/review.ts';
import {
  CONTACT_HOW,
  CONTACT_NUMBER,
  DANGER,
  MAY_WRITE,
  NEW_NUMBER,
  OTHER_WAY,
  PHONE_SAFE,
  placedAt,
  type View,
} from '../asking/turn.ts';
import { saidAge, tellsUnder18 } from '../reading/ages.ts';
import { type HourWords, readHours } from '../reading/hours.ts';
import { namedLanguage } from '../reading/language-guess.ts';
import { normalise, plainOf } from '../reading/normalise.ts';
import type { AnswerWord, HeardWord } from '../words/bot-keys.ts';
import { holdsSos } from '../words/cry.ts';
import { asksFor, hasDangerSign, isGreeting, isOnly, saysOf, tellsHarm } from '../words/heard.ts';
import type { Texts } from '../words/texts.ts';

/** `said`: words to keep. `number`: they are the number at which to call. `how`: how to be reached, where another way is asked for. */
export type Meant = {
  id: string;
  said?: string;
  number?: string;
  how?: string;
  /** When to be reached, said with how. */
  hours?: readonly ContactHours[];
};

/** More words than this tell something. */
const MOST_WORDS = 12;

/** The option that the words mean here; undefined: none. `words`: normalised. */
export function meantOption(view: View, text: string, words: string): Meant | undefined {
  if (words.split(' ').length > MOST_WORDS || hasDangerSign(view.deps.texts, text)) return undefined;
  const meant = meantAt(view, text, words);
  return meant && shownChoices(view).some(({ id }) => id === meant.id) ? meant : undefined;
}

/**
 * That nobody is to write, where that is asked; that others read on the phone, or a yes that is undone. It errs on the side of
 * no: what is written to a phone that another person reads can harm.
 */
export function isWarning(view: View, text: string, words: string): boolean {
  const { texts } = view.deps;
  const { id } = placedAt(view);
  if (id === MAY_WRITE) return saysOf(texts, words, 'do_not_write');
  if (id !== PHONE_SAFE || isAnswer(view, 'unknown', words)) return false;
  const [first = '', ...rest] = words.split(' ');
  const behind = rest.join(' ');
  if (isAnswer(view, 'yes', first) && !isOnly(texts, behind, 'around_yes'))
    return (['undoes_safe', 'phone_unsafe', 'is_relative'] as const).some((what) =>
      saysOf(texts, behind, what),
    );
  const isShort = rest.length < MOST_WORDS && !hasDangerSign(texts, text);
  return isShort && (saysOf(texts, words, 'phone_unsafe') || saysOf(texts, words, 'stop_writing'));
}

const isAnswer = ({ deps: { texts } }: View, name: AnswerWord, words: string): boolean =>
  texts.languages.some((language) => texts.commandWords(language).get(name)?.includes(words));

function meantAt(view: View, text: string, words: string): Meant | undefined {
  const { id, step } = placedAt(view);
  if (id === DANGER) return ofDanger(view, text, words);
  if (step.ask === 'yes_no' && step.required) return agreed(view, words);
  if (step.ask === 'review')
    return toSend(view, text, words) ?? whole(view, words, { more_questions: GO_ON });
  switch (id) {
    case 'go_on':
      return whole(view, words, { goes_on: 'continue', pauses: 'pause' });
    case MAY_WRITE:
      return atTimes(view, text, words);
    case CONTACT_HOW:
      return byCall(view, text, words) ?? byMessage(view, text, words);
    case OTHER_WAY:
      return otherWay(view, text, words);
    case 'who':
      return concerned(view, text, words);
    case 'who_agrees':
      return agreedFor(view, text, words);
    case TALK_TO:
      return spokenTo(view, words);
    case COURSE:
      return courseOf(view, words);
    case SPOKEN:
      return languageMeant(view, text);
    default:
      return undefined;
  }
}

/** "J'accepte de continuer", "oui jaccepte": what agrees and what is polite, and nothing else. */
function agreed(view: View, words: string): Meant | undefined {
  const { texts } = view.deps;
  const isYes = asksFor(texts, words, 'agrees') && isOnly(texts, words, 'agrees', 'around_yes');
  return isYes ? { id: 'yes' } : whole(view, words, { refuses: 'no' });
}

/** "Oui il est d'accord", "elle ne le sait pas encore", "il est en prison": of the other person, who binds nobody by more than that. */
function agreedFor(view: View, text: string, words: string): Meant | undefined {
  const { texts } = view.deps;
  const isOf = (what: HeardWord, ...around: HeardWord[]) =>
    asksFor(texts, words, what) && isOnly(texts, words, what, ...around);
  if (isOf('other_agrees', 'around_yes')) return { id: 'yes' };
  if (isOf('other_refuses', 'around_no')) return { id: 'no' };
  if (isOf('not_asked', 'around_no', 'other_refuses')) return { id: 'not_asked' };
  return isOf('cannot_ask', 'around_no') ? { id: 'impossible', said: text } : undefined;
}

/** What happens now. */
const COURSE = 'course';

/** "C'est fini" is what happened, unless something was chosen already; then it ends the choosing. */
function courseOf(view: View, words: string): Meant | undefined {
  const answer = view.state.answers[COURSE];
  const isChoosing = view.state.picking === COURSE && answer?.kind === 'choices' && answer.values.length > 0;
  return isChoosing ? undefined : whole(view, words, { says_over: 'over' });
}

/** Where "it is urgent" is one of the answers, these words are that answer: it calls people as well. */
export const saysUrgent = (view: View, words: string): boolean =>
  placedAt(view).id === COURSE && isOnly(view.deps.texts, words, 'says_urgent');

/** In which language one is to speak to them: here a language's name is that, and changes nothing else. */
const SPOKEN = 'spoken';
export const asksForLanguage = (view: View): boolean => placedAt(view).id === SPOKEN;

function languageMeant({ deps: { texts } }: View, text: string): Meant | undefined {
  const { languages } = texts.reading;
  const named = namedLanguage(languages, text, [...languages.known.keys()]);
  return named === undefined ? undefined : { id: named };
}

/** A woman or a man of the team. */
export const TALK_TO = 'talk_to';

/** "Je veux parler à une femme", "les deux", "je ne veux pas"; a "not" leaves open who else. */
function spokenTo(view: View, words: string): Meant | undefined {
  const { texts } = view.deps;
  if (isOnly(texts, words, 'anyone', 'around_yes')) return { id: 'anyone' };
  if (isOnly(texts, words, 'refuses', 'around_no')) return { id: 'nobody' };
  if (texts.reading.answers.saysNo(plainOf(words))) return undefined;
  const said = new Set(words.split(' '));
  const isNamed = (id: string, other: string) => {
    const known = new Set(wordsOfLabels(view, other));
    return wordsOfLabels(view, id).some((word) => !known.has(word) && said.has(word));
  };
  const [woman, man] = [isNamed('woman', 'man'), isNamed('man', 'woman')];
  if (!woman && !man) return undefined;
  return { id: woman && man ? 'anyone' : woman ? 'woman' : 'man' };
}

/** What an option is called by in every language, without the small words. */
const wordsOfLabels = (view: View, id: string): string[] =>
  labelsInAllLanguages(view)
    .filter((each) => each.id === id)
    .flatMap(({ label }) => normalise(label).split(' '))
    .filter((word) => !view.deps.texts.reading.answers.before.has(plainOf(word)));

/** The words are this and nothing more. */
function whole(view: View, words: string, options: Partial<Record<HeardWord, string>>): Meant | undefined {
  const found = Object.entries(options).find(([what]) => isOnly(view.deps.texts, words, what as HeardWord));
  return found && { id: found[1] };
}

/** "Ok envoyez", "c'est bon", "je valide": to send what was read back, and nothing else. Thanks alone send nothing. */
const toSend = ({ deps: { texts } }: View, text: string, words: string): Meant | undefined =>
  // "C'est bon ?" asks.
  !/[?؟]/u.test(text) &&
  (asksFor(texts, words, 'sends') || asksFor(texts, words, 'confirms')) &&
  isOnly(texts, words, 'sends', 'confirms', 'around_yes')
    ? { id: SEND }
    : undefined;

/** "Now", "cette nuit", "c'est fini", and nothing else; or that there is none. */
function ofDanger(view: View, text: string, words: string): Meant | undefined {
  return (
    whole(view, words, { danger_now: 'now', danger_soon: 'within_24h', says_over: 'none' }) ??
    inNoDanger(view, text, words)
  );
}

/** "Non je ne suis pas en danger", "pas maintenant": a no, and with no "but" behind it. */
function inNoDanger(view: View, text: string, words: string): Meant | undefined {
  const { undoing } = view.deps.texts.reading.answers;
  if (
    plainOf(words)
      .split(' ')
      .some((word) => undoing.has(word))
  )
    return undefined;
  return saysOf(view.deps.texts, words, 'no_danger') ? { id: 'none', said: text } : undefined;
}

/** A number with a few words around it is where to call, and nobody asks for it again. */
function byCall(view: View, text: string, words: string): Meant | undefined {
  const { texts } = view.deps;
  if (isNotToCall(view, words)) return undefined;
  const isTrusted = saysOf(texts, words, 'is_relative');
  if (holdsNumber(words)) return { id: isTrusted ? 'trusted_person' : 'call', number: text };
  return isOnly(texts, words, 'by_call') ? { id: 'call' } : undefined;
}

/** "Après 21h", "oui le soir", where it is asked whether one may write at all: at certain hours, which are asked next. */
function atTimes({ deps: { texts } }: View, text: string, words: string): Meant | undefined {
  const [first = '', ...others] = words.split(' ');
  const isYes = texts.languages.some((each) => texts.commandWords(each).get('yes')?.includes(first));
  const rest = isYes ? others.join(' ') : words;
  const { hours } = texts.reading;
  const read = readHours(hours, rest);
  const isSome = read !== undefined && read.hours.length < CONTACT_HOURS.length;
  return isSome || isByClock(hours, rest) ? { id: 'certain_hours', said: text } : undefined;
}

/** "Par sms", "ici le soir", "après 20h": here, at the hours that they say or are asked for. "Ici" alone leaves open when. */
function byMessage({ deps: { texts } }: View, text: string, words: string): Meant | undefined {
  const phrases = (['by_message', 'by_here'] as const).flatMap((what) =>
    texts.languages.flatMap((language) => texts.heard(language).get(what) ?? []),
  );
  const rest = phrases
    .sort((one, other) => other.length - one.length)
    .reduce((left, phrase) => left.replaceAll(` ${phrase} `, ' '), ` ${plainOf(words)} `)
    .trim();
  const isHere = rest !== plainOf(words);
  if (isHere && (rest === '' || isOnly(texts, rest, 'around_yes')))
    return saysOf(texts, words, 'by_message') ? { id: 'here_certain_hours' } : undefined;
  if (isGreeting(texts, words, 'all')) return undefined;
  const { hours } = texts.reading;
  const read = readHours(hours, rest.replace(/^mais /, ''));
  // "Après 21h" can be held by no part of the day: which will do is asked.
  if (!read) return isByClock(hours, rest) ? { id: 'here_certain_hours', said: text } : undefined;
  // "15 000 000 de francs" names no hour.
  if (!(read.isExact || isWhen(hours, rest))) return undefined;
  const more = read.isExact ? {} : { said: text };
  return read.hours.length === CONTACT_HOURS.length
    ? { id: ANY_TIME, ...more }
    : { id: 'here_certain_hours', hours: read.hours, ...more };
}

/** "Ici à toute heure", "n'importe quand", where it is asked how to reach them; also by the name of the option. */
export function meansAnyTimeHere(view: View, text: string, words: string): boolean {
  if (placedAt(view).id !== CONTACT_HOW) return false;
  const { texts } = view.deps;
  const isNamed = texts.languages.some(
    (each) => normalise(texts.t(each, `${placedAt(view).path}.options.${ANY_TIME}`)) === words,
  );
  return isNamed || byMessage(view, text, words)?.id === ANY_TIME;
}
const ANY_TIME = 'here_any_time';

/** Nothing but times of the clock, and no "not" beside them. */
function isByClock(hours: HourWords, words: string): boolean {
  const tokens = words.split(' ');
  return (
    isWhen(hours, words) &&
    tokens.some((token) => /^\d{1,2}h/.test(token)) &&
    !tokens.some((token) => hours.turning.has(token))
  );
}

/** "Non", "aucun", "je n'ai pas de photo": there is none of what is asked for. `words`: normalised. */
export const saysNone = ({ deps: { texts } }: View, words: string): boolean =>
  saysOf(texts, words, 'says_none') && isOnly(texts, words, 'says_none', 'around_no');

/** "Je sais pas écrire", and nothing of what happened. `words`: normalised. */
export function cannotWrite({ deps: { texts } }: View, words: string): boolean {
  const said = ` ${plainOf(words)} `;
  const left = texts.languages
    .flatMap((language) => texts.heard(language).get('cannot_write') ?? [])
    .filter((phrase) => said.includes(` ${phrase} `))
    .map((phrase) => said.replace(` ${phrase} `, ' ').trim().split(' ').length);
  return left.length > 0 && Math.min(...left) <= MOST_BESIDE && !tellsHarm(texts, words);
}
/** "Je ne … en français". */
const MOST_BESIDE = 4;

/** As many digits as a number has, and a few words around them. */
function holdsNumber(words: string): boolean {
  const digits = words.replace(/[^0-9]/g, '').length;
  const others = words.split(' ').filter((word) => !/^[0-9]+$/.test(word)).length;
  return digits >= 8 && digits <= 15 && others <= 8;
}

/** Whether the words hold a number at which to call, and say nothing against it. */
export const givesNumber = (view: View, words: string): boolean =>
  holdsNumber(words) && !isNotToCall(view, words);

/** "Do not call 76 12 34 56", "le 24 11 2026", "15 000 000 francs": whatever its digits are, nobody is to call it. */
function isNotToCall(view: View, words: string): boolean {
  const { texts } = view.deps;
  if (!saysOf(texts, words, 'no_number')) return DAY.test(words);
  // "76 12 34 56 mais jamais le soir" is a number, and says when.
  const { before, behind } = aroundNumber(words) ?? {};
  return before === undefined || saysOf(texts, before, 'no_number') || !isWhen(texts.reading.hours, behind);
}

/** Fewer digits and spaces than these are no number to call. */
const SHORTEST_NUMBER = 8;

/** What stands before the first number, and behind it. */
function aroundNumber(words: string): { before: string; behind: string } | undefined {
  const tokens = words.split(' ');
  for (let from = 0; from < tokens.length; from++) {
    let to = from;
    while (/^\d+$/.test(tokens[to] ?? '')) to += 1;
    if (tokens.slice(from, to).join(' ').length >= SHORTEST_NUMBER)
      return { before: tokens.slice(0, from).join(' '), behind: tokens.slice(to).join(' ') };
    from = Math.max(from, to);
  }
  return undefined;
}

/** "Jamais le soir", "pas avant 18h": nothing but times. */
function isWhen({ named, turning, around, clock }: HourWords, words = ''): boolean {
  const tokens = words.split(' ');
  const isTime = (token: string) => named.has(token) || /^\d{1,2}(?:h(?:\d\d)?)?$/.test(token);
  const isAround = (token: string) =>
    [turning, around, clock.after, clock.before, clock.between, clock.until, clock.since].some((known) =>
      known.has(token),
    );
  return tokens.some(isTime) && tokens.every((token) => token === 'mais' || isTime(token) || isAround(token));
}
/** A day with its year, together or apart. A number that is written like one is asked for again. */
const DAY =
  /(?:^| )(?:(?:0?[1-9]|[12]\d|3[01]) (?:0?[1-9]|1[0-2]) (?:19|20)\d\d|(?:19|20)\d\d (?:0?[1-9]|1[0-2]) (?:0?[1-9]|[12]\d|3[01])|(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])(?:19|20)\d\d|(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]))(?: |$)/;

/** Chosen by who is to be contacted by nobody. */
export const NO_CONTACT = 'no_contact';

/** "Non", "personne", "ne me contactez pas svp", where it is asked how: nobody is to contact them. */
export function isNoContact(view: View, words: string): boolean {
  return (
    placedAt(view).id === CONTACT_HOW &&
    saysOf(view.deps.texts, words, 'no_contact') &&
    isOnly(view.deps.texts, words, 'no_contact', 'around_no')
  );
}

/** "Personne": nobody, and no "person you trust". In the menu it is whom they want to speak to. */
export const namesNobody = (view: View, words: string): boolean =>
  placedAt(view).flow !== 'menu' && isOnly(view.deps.texts, words, 'nobody', 'around_no');

/** "Je n'ai pas de numéro", "surtout pas le 76 12 34 56", where a number is asked for: none to call. `text`: as it was written. */
export function hasNoNumber(view: View, text: string): boolean {
  const { id } = placedAt(view);
  if (id !== CONTACT_NUMBER && id !== NEW_NUMBER) return false;
  const words = normalise(text);
  if (words.replace(/[^0-9]/g, '').length >= 6) return isNotToCall(view, words);
  const { texts } = view.deps;
  const saysNo =
    id === NEW_NUMBER ? saysOf(texts, words, 'no_number') : texts.reading.answers.saysNo(plainOf(words));
  return saysNo || saysOf(texts, words, 'no_contact');
}

/** The numbers in what was written where one is asked for, as they were written. */
export const numbersIn = (text: string): string[] =>
  (text.match(/\+?\d(?:[\d\s.\-/]*\d)?/g) ?? [])
    .filter((number) => number.replace(/\D/g, '').length >= 8)
    .map((number) => number.replace(/\s+/g, ' '));

/** A number is a yes to another way, and says which. */
function otherWay(view: View, text: string, words: string): Meant | undefined {
  const meant = byCall(view, text, words);
  return meant && { ...meant, id: 'yes', how: meant.id };
}

/** "Pas un proche", "n'appelez pas mon mari": says of whom it is not. */
function excludes({ deps: { texts } }: View, words: string): boolean {
  const [first = ''] = words.split(' ');
  const isNo = texts.languages.some((each) => texts.commandWords(each).get('no')?.includes(first));
  // "N" alone is "my" in Bambara.
  const isPas = first.length > 2 && !isNo && texts.reading.answers.saysNo(plainOf(first));
  return isPas || saysOf(texts, words, 'stop_calling');
}

/** The question whether the person concerned is under 18. */
export const UNDER_18 = 'other_under_18';

/** How old they are said to be, where that is asked: it decides, whatever yes or no stands before it. */
export function agedAt(view: View, text: string): Meant | undefined {
  if (placedAt(view).id !== UNDER_18) return undefined;
  const age = saidAge(view.deps.texts.reading.ages, text);
  return age && { id: age === 'under_18' ? 'yes' : 'no', said: text };
}

/** Whom it is about, in their own words, which are kept: the officer reads them beside the code. */
function concerned(view: View, text: string, words: string): Meant | undefined {
  const { texts } = view.deps;
  if (holdsSos(texts, text) || excludes(view, words)) return undefined;
  if (isOnly(texts, words, 'is_self')) return { id: 'self' };
  const { ages } = texts.reading;
  if (tellsUnder18(ages, text)) return { id: 'self_under_18', said: text };
  const isRelative = asksFor(texts, words, 'is_relative');
  const isDefender = saysOf(texts, words, 'is_defender');
  const { beginsWithSelf, ofOthers } = texts.reading.answers;
  const said = plainOf(words);
  if (beginsWithSelf(said)) {
    // "Moi et mon frère": which of them, only they can say.
    if (isRelative || said.split(' ').some((word) => ofOthers.has(word))) return undefined;
    if (saidAge(ages, text) === 'under_18') return { id: 'self_under_18', said: text };
    return isDefender ? { id: 'self', said: text } : undefined;
  }
  if (isDefender) return { id: 'other_defender', said: text };
  if (isRelative) return { id: 'family_of_defender', said: text };
  if (words.split(' ').length > MOST_WORDS_OF_MANY) return undefined;
  // "Le président de notre association" is one person.
  if (isOfMany(view, words, 'is_organisation')) return { id: 'organisation', said: text };
  if (isOfMany(view, words, 'is_group')) return { id: 'group', said: text };
  return isOfMany(view, words, 'is_other') ? { id: 'other_person', said: text } : undefined;
}

/** More words tell something. */
const MOST_WORDS_OF_MANY = 7;

const isOfMany = ({ deps: { texts } }: View, words: string, what: HeardWord): boolean =>
  isSaidOfMany(texts, words, what) ||
  // "On est 5".
  isSaidOfMany(texts, withNumberAsMany(words), what) ||
  texts.languages.some((language) =>
    (texts.heard(language).get(what) ?? []).some((phrase) =>
      OF_MANY.some((before) => plainOf(words) === `${before} ${phrase}`),
    ),
  );
/** "On est 5" as "on est plusieurs". */
function withNumberAsMany(words: string): string {
  const tokens = words.split(' ');
  const at = tokens.findIndex((token) => /^\d+$/.test(token));
  return at === -1 ? words : tokens.with(at, 'plusieurs').join(' ');
}
const isSaidOfMany = (texts: Texts, words: string, what: HeardWord): boolean =>
  asksFor(texts, words, what) && isOnly(texts, words, what, 'around_who', 'around_yes');
const OF_MANY = ['c est', 'cest', 'c', 'pour', 'c est pour', 'de', 'il s agit de', 'its', 'it is', 'for'];
