/**
 * What people say in place of a label at the questions that the engine knows by name: "je refuse", "continuer", "cette nuit". How
 * they are to be reached stands in `reaching.ts`, whom it is about in `whom.ts`.
 *
 * Invariants: where a sign of danger is heard nothing is chosen, and the words are kept as words; nothing here says yes to
 * danger or to consent but words that say so and nothing else.
 */

import { labelsInAllLanguages, shownChoices } from '../asking/options.ts';
import { GO_ON, SEND } from '../asking/review.ts';
import {
  CONTACT_HOW,
  DANGER,
  MAY_WRITE,
  OTHER_WAY,
  PHONE_SAFE,
  placedAt,
  type View,
} from '../asking/turn.ts';
import { namedLanguage } from '../reading/language-guess.ts';
import { normalise, plainOf } from '../reading/normalise.ts';
import type { AnswerWord, HeardWord } from '../words/bot-keys.ts';
import { asksFor, hasDangerSign, isOnly, saysOf, tellsHarm } from '../words/heard.ts';
import type { Meant } from './meant.ts';
import { atTimes, byCall, byMessage, otherWay } from './reaching.ts';
import { concerned } from './whom.ts';

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

/** "Personne": nobody, and no "person you trust". In the menu it is whom they want to speak to. */
export const namesNobody = (view: View, words: string): boolean =>
  placedAt(view).flow !== 'menu' && isOnly(view.deps.texts, words, 'nobody', 'around_no');
