/**
 * What in an account is grave enough to call people by itself: somebody is threatened with death, was taken, or is attacked
 * today. More exact than `hasDangerSign`, which only offers SOS: a false alarm here wakes somebody.
 *
 * Invariants: what was taken long ago, and not also now, is no sign; armed groups that are only named are none. Linear: every
 * phrase is looked for once, and places are compared in one pass.
 */
import { plain } from '../reading/normalise.ts';
import type { HeardWord } from './bot-keys.ts';
import type { Texts } from './texts.ts';

/** Characters between two things that are told of the same event. */
const NEAR = 90;
/** Between "took" and whom. */
const BESIDE = 40;

/** Whether the words tell of a threat of death, of somebody taken (unless long ago), or of an attack that is of today. */
export function tellsGraveDanger(texts: Texts, text: string): boolean {
  const said = withoutHarmless(texts, ` ${plain(text)} `);
  const at = (...what: HeardWord[]) => placesOf(texts, said, what);
  if (at('grave_threat').length > 0) return true;
  const now = at('sign_now');
  const seized = at('grave_seized');
  const ago = at('long_ago');
  const taken = [...at('grave_taken'), ...near(seized, at('person_near'), BESIDE)];
  const isOld = new Set(near(taken, ago, NEAR));
  if (taken.some((place) => !isOld.has(place))) return true;
  return near([...taken, ...seized, ...at('sign_danger', 'grave_if_now')], now, NEAR).length > 0;
}

function phrasesOf(texts: Texts, what: HeardWord): string[] {
  return texts.languages.flatMap((language) => texts.heard(language).get(what) ?? []);
}

/** Names and things that sound like a sign and are none: "groupe armé", "pris mon téléphone". */
function withoutHarmless(texts: Texts, said: string): string {
  return phrasesOf(texts, 'no_sign').reduce(
    (rest, phrase) => rest.replaceAll(` ${phrase} `, ` ${'.'.repeat(phrase.length)} `),
    said,
  );
}

/** Where such phrases begin, in order. */
function placesOf(texts: Texts, said: string, what: readonly HeardWord[]): number[] {
  const found: number[] = [];
  for (const phrase of what.flatMap((each) => phrasesOf(texts, each))) {
    const wanted = ` ${phrase} `;
    for (let at = said.indexOf(wanted); at >= 0; at = said.indexOf(wanted, at + 1)) found.push(at);
  }
  return found.sort((one, other) => one - other);
}

/** Those that have one of the others within so many characters. */
function near(places: readonly number[], others: readonly number[], within: number): number[] {
  const sorted = [...places].sort((one, other) => one - other);
  let next = 0;
  return sorted.filter((place) => {
    while (next < others.length && (others[next] ?? 0) < place - within) next += 1;
    return next < others.length && (others[next] ?? 0) <= place + within;
  });
}
