/**
 * The read-back: everything answered, correct any of it, send.
 *
 * Invariants: a sensitive answer or a code is never shown, only that it was given; after a silence nothing is.
 */
import type { PlacedStep } from '../flows/compile.ts';
import type { Answer, Part } from '../values/answer.ts';
import type { DateAnswer } from '../values/day.ts';
import type { Choice, Line } from '../values/effect.ts';
import { isMoreAhead } from './ahead.ts';
import { labelOf } from './codes.ts';
import { foresee, minutesFor } from './foreseeing.ts';
import { bot, choice, choiceOf, hasText, languageOf, pieceOf, placedAt, text, type View } from './turn.ts';

export const SEND = '+send';
/** The further questions. */
export const GO_ON = '+go_on';
export const CORRECT = '+correct';
export const RETURN = '+return';
/** Of a long text the read-back shows the beginning; it is kept whole. */
const EXCERPT = 300;

/** Steps that the read-back lists: answered ones, in the order in which they were asked. */
export function reviewedSteps(view: View): PlacedStep[] {
  const { flows } = view.deps;
  const { answers, trail } = view.state;
  const paths = [...trail];
  for (const id of Object.keys(answers)) {
    const path = flows.pathsOf.get(id)?.[0];
    if (path && !trail.some((each) => each.split('.')[1] === id)) paths.push(path);
  }
  return paths
    .map((path) => flows.steps.get(path))
    .filter((placed) => placed !== undefined)
    .filter(
      ({ flow, id, step }) =>
        flow !== 'menu' && step.ask !== 'statement' && step.ask !== 'review' && answers[id],
    );
}

/** Page 0 is the read-back; from page 1 on the list of answers to correct. */
export function reviewChoices(view: View): Choice[] {
  if (view.state.page === 0) {
    return [
      choiceOf(view, SEND, 'bot.review_send'),
      ...(isMoreAhead(view)
        ? [{ ...choice(GO_ON, moreLabel(view)), piece: pieceOf(languageOf(view), 'bot.review_more') }]
        : []),
      choiceOf(view, CORRECT, 'bot.review_correct'),
    ];
  }
  return [
    ...reviewedSteps(view).map((placed) => nameOf(view, placed)),
    choiceOf(view, RETURN, 'bot.review_return'),
  ];
}

/** How many questions more: a range as long as nobody knows what happened, for the questions hang on that. */
function moreLabel(view: View): string {
  const { least, most, isSettled } = foresee(view);
  const more = { count: most, minutes: minutesFor(most) };
  if (isSettled) return text(view, 'bot.review_more', more);
  const few = { from: least, from_minutes: minutesFor(least) };
  return text(view, 'bot.review_more_between', { ...more, ...few });
}

export function reviewLines(view: View): Line[] {
  if (view.state.page > 0) return [bot('review_which')];
  const ask: Line = { key: `${placedAt(view).path}.ask` };
  if (view.state.veiled) return [ask, bot('review_veiled')];
  return [
    ask,
    ...reviewedSteps(view).map((placed) =>
      bot('review_line', { question: questionOf(view, placed), answer: answerOf(view, placed) }),
    ),
  ];
}

/** A question that has no short name has none that was recorded. */
function nameOf(view: View, placed: PlacedStep): Choice {
  const short = `${placed.path}.short`;
  return hasText(view, short)
    ? choiceOf(view, placed.id, short)
    : choice(placed.id, questionOf(view, placed));
}

/** A question's short name: `<flow>.<step>.short`, or the first sentence of the question. */
export function questionOf(view: View, placed: PlacedStep): string {
  if (hasText(view, `${placed.path}.short`)) return text(view, `${placed.path}.short`);
  const ask = text(view, `${placed.path}.ask`);
  const first = /^[^\n?.!]+[?.!]?/.exec(ask)?.[0] ?? ask;
  return first.trim();
}

function answerOf(view: View, placed: PlacedStep): string {
  const answer = view.state.answers[placed.id];
  if (answer === undefined || answer.kind === 'seen' || answer.kind === 'skipped')
    return text(view, 'bot.review_skipped');
  if (answer.kind === 'unknown') return text(view, 'bot.review_unknown');
  if (answer.kind === 'not_said') return text(view, 'bot.review_not_said');
  if (placed.step.sensitive || answer.kind === 'code') return text(view, 'bot.review_given');
  return inWords(view, placed, answer);
}

function inWords(view: View, placed: PlacedStep, answer: Answer): string {
  switch (answer.kind) {
    case 'choice':
      return codeInWords(view, placed, answer.value);
    case 'choices':
      return answer.values.map((code) => codeInWords(view, placed, code)).join(', ');
    case 'text':
      return excerpt(answer.text);
    case 'account':
      return partsInWords(view, answer.parts);
    case 'date':
      return dateInWords(view, answer);
    case 'place':
      return placeInWords(view, answer);
    default:
      return text(view, 'bot.review_answered');
  }
}

/** As the person wrote it, or what the button said: a span of days has no day of its own. */
function dateInWords(view: View, { date, precision, words }: DateAnswer): string {
  if (date === undefined) return words === 'earlier' ? text(view, 'bot.date_earlier') : (words ?? '');
  if (words !== undefined) return words;
  if (precision === 'week') return text(view, 'bot.date_last_7_days');
  if (precision === 'month') return text(view, 'bot.date_last_30_days');
  const day = new Intl.DateTimeFormat(languageOf(view), { dateStyle: 'long', timeZone: 'UTC' });
  return day.format(new Date(`${date}T00:00:00Z`));
}

function codeInWords(view: View, placed: PlacedStep, code: string): string {
  if (placed.step.ask === 'yes_no' && (code === 'yes' || code === 'no'))
    return text(view, `bot.review_${code}`);
  const { step } = placed;
  // What only the service sets (`sos`, `unclear`) has no name for the reporter.
  const isHidden = 'hidden' in step && step.hidden?.includes(code);
  return isHidden ? text(view, 'bot.review_answered') : labelOf(view, placed, code);
}

function placeInWords(view: View, answer: Extract<Answer, { kind: 'place' }>): string {
  const parts = [
    answer.cercle ? text(view, `lists.cercles.${answer.cercle}`) : '',
    answer.region ? text(view, `lists.regions.${answer.region}`) : '',
    answer.zone && !answer.region ? text(view, `lists.zones.${answer.zone}`) : '',
    answer.words ? excerpt(answer.words) : '',
    answer.parts?.length ? partsInWords(view, answer.parts) : '',
  ];
  return parts.filter((part) => part !== '').join(', ') || text(view, 'bot.review_skipped');
}

function partsInWords(view: View, parts: readonly Part[]): string {
  const files = parts.filter((part) => part.kind === 'file').length;
  const words = parts.map((part) => (part.kind === 'text' ? part.text : '')).filter((part) => part !== '');
  return [
    words.length > 0 ? excerpt(words.join(' / ')) : '',
    files > 0 ? text(view, 'bot.review_files', { count: files }) : '',
    parts.some((part) => part.kind === 'point') ? text(view, 'bot.review_point') : '',
  ]
    .filter((part) => part !== '')
    .join(' · ');
}

function excerpt(whole: string): string {
  const letters = [...whole];
  return letters.length > EXCERPT ? `${letters.slice(0, EXCERPT).join('').trimEnd()}…` : whole;
}
