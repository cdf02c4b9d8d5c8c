/**
 * Texts that are said on one person's word: a closed list of harmless ones. Every other text counts in the room only after a
 * second person's yes: what is agreed to, what officers read and press, options and lists, what is said of an alert, the law.
 *
 * Kept by a test. What is in it needs a second yes all the same as soon as it gains an address or a number (`gained.ts`) or
 * loses a word that brings help (`losesHelp`): both may stand in any sentence.
 */
import { fold } from '../../kernel/fold.ts';
import type { TextValue } from './own-texts.ts';

/** Help of calm questions: on none of their answers it hangs how urgent a report is, what is agreed to, or who reads it. */
const CALM_HELP = [
  'held_place',
  'taken_from',
  'taken_by',
  'taken_count',
  'taken_vehicle',
  'authority_asked',
  'authority_answer',
  'before',
  'before_what',
  'perpetrator',
  'work',
  'organisation',
  'gender',
  'spoken',
  'steps_taken',
] as const;

/** Chapters to read in calm, in their own words: not how one protects oneself, whom one can trust, or whom else one can call. */
const CALM_CHAPTERS = [
  'defender',
  'law',
  'law_more',
  'mechanism',
  'mechanism_now',
  'cndh',
  'cndh_limits',
  'region',
  'region_more',
  'world',
  'world_missing',
] as const;

/** By what a chapter is found. */
const SEARCHED_BY = 'words';

/** Names of places. */
const PLACES = ['regions', 'cercles'] as const;

const isOneOf = (list: readonly string[], name: string): boolean => list.includes(name);

function isHarmless(key: string): boolean {
  const [file = '', id = '', part = ''] = key.split('.');
  switch (file) {
    case 'report':
      return part === 'help' && isOneOf(CALM_HELP, id);
    case 'mechanism':
      return isOneOf(CALM_CHAPTERS, id) && part !== SEARCHED_BY;
    case 'lists':
      return isOneOf(PLACES, id);
    default:
      return false;
  }
}

/** Whether a text counts only after a second person's yes, whatever it says. */
export const isOfSafety = (key: string): boolean => !isHarmless(key);

/** Whether a text does not say a word any more that brings help (`sos`, or what else people type for it). */
export function losesHelp(
  before: TextValue | undefined,
  after: TextValue | undefined,
  helpWords: readonly string[],
): boolean {
  const had = spaced(before);
  const has = spaced(after);
  return helpWords
    .map(spaced)
    .some((word) => word.trim() !== '' && had.includes(word) && !has.includes(word));
}

/** Its words as they are compared, each between spaces. */
const spaced = (text: TextValue | undefined): string =>
  ` ${fold([text ?? ''].flat().join(' '))
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()} `;
