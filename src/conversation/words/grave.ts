/**
 * What in an account is grave enough to call people by itself: a person is threatened with death, was taken, or is attacked
 * today. More exact than `hasDangerSign`, which only offers SOS: a false alarm here wakes an officer.
 *
 * Invariants: what was long ago, is denied, only thought of or told as news of others is no sign, unless something else that is
 * one stands beside it; armed groups that are only named are none. Every phrase is looked for once, and places are compared by
 * searching in order: as good as linear.
 */

import { plain } from '../reading/normalise.ts';
import { loose, rough } from '../reading/sounds.ts';
import type { HeardWord } from './bot-keys.ts';
import { isOnly } from './heard.ts';
import { createPhrases, type Place } from './phrases.ts';
import type { Texts } from './texts.ts';

/** Between "took" and whom. */
const BESIDE = 40;
/** Between a word of killing and whom. */
const WHOM = 12;
/** From "are" to where they are. */
const UP_TO = 25;

/** Characters between two things that are told of the same event. */
export const NEAR = 90;
/** Between "not" and what is not so. */
const CLOSE = 3;

type At = (...what: HeardWord[]) => Place[];
export type Told = {
  /** Where phrases of these kinds stand. */
  at: At;
  /** Whether it is said as so: not of long ago (with no "now" between), not denied, not only thought of. */
  isSo(place: Place): boolean;
  /** The same, whenever it was. */
  isSaid(place: Place): boolean;
};

/** `as`: how phrases and words are compared; usually doubled letters count once. */
export function lookIn(texts: Texts, text: string, as: Look = loosely): Told {
  const at = as.phrases.places(texts, as.phrases.withoutHarmless(texts, ` ${as.form(plain(text))} `));
  const undoing = { now: at('sign_now'), denied: at('denied'), supposed: at('supposed') };
  return {
    at,
    isSo: holdsNow({ ...undoing, ago: at('long_ago') }),
    isSaid: holdsNow({ ...undoing, ago: [] }),
  };
}

export type Look = { form: (words: string) => string; phrases: ReturnType<typeof createPhrases> };
const lookAs = (form: (words: string) => string): Look => ({ form, phrases: createPhrases(form) });

/** Whether the words tell of a threat of death, of a person taken (unless long ago), or of an attack that is of today. */
export function tellsGraveDanger(texts: Texts, text: string): boolean {
  if (tellsCaptivity(texts, text) || tellsBySound(texts, text)) return true;
  const { at, isSo } = lookIn(texts, text);
  const now = at('sign_now');
  const whom = at('grave_whom');
  const killing = at('grave_kill').filter((place) => isNear(place, whom, WHOM, WHOM));
  const homes = at('grave_home');
  const armed = at('grave_weapon').filter((place) => isNear(place, homes, BESIDE, BESIDE));
  if ([...at('grave_threat'), ...killing, ...armed, ...atTheirPlace(at), ...goingOn(at)].some(isSo))
    return true;
  const people = at('person_near');
  const harmed = at('armed_people', 'grave_weapon')
    .flatMap((who) => nearest(at('does_to'), who, BESIDE))
    .filter((deed) => isNear(deed, people, BESIDE, BESIDE) || isNear(deed, whom, WHOM, WHOM));
  const undone = at('told_of', 'over');
  const isOfTheirs = (place: Place) => isSo(place) && !isNear(place, undone, NEAR, NEAR);
  const seized = at('grave_seized').filter((place) => isNear(place, people, 0, BESIDE));
  const gone = at('grave_gone').filter((place) => isNear(place, people, BESIDE, BESIDE));
  const taken = [...at('grave_taken'), ...seized, ...gone, ...giveDays(at)];
  if ([...taken, ...harmed].some(isOfTheirs)) return true;
  const recent = at('sign_now', 'sign_recent');
  const violence = at('grave_violence');
  const ofNow = [
    ...at('sign_danger').filter((place) => isNear(place, now, NEAR, NEAR)),
    ...[...at('grave_if_now'), ...violence].filter((place) => isNear(place, recent, NEAR, NEAR)),
    ...violence.filter((place) => isNear(place, people, BESIDE, BESIDE)),
    ...violence.filter((place) => isNear(place, homes, BESIDE, BESIDE)),
  ];
  return ofNow.some(isOfTheirs);
}

/** "Ils m'ont pris", "je suis otage", and nothing else in a sentence: of whom, and by whom, is plain. */
function tellsCaptivity(texts: Texts, text: string): boolean {
  return text
    .split(/[\n.!?;,]/)
    .map(plain)
    .some(
      (part) =>
        part !== '' &&
        isOnly(
          texts,
          part,
          'captive',
          'sign_now',
          'sign_recent',
          'around_yes',
          'greeting',
          'urges',
          'urges_alone',
        ) &&
        lookIn(texts, part).at('captive').length > 0,
    );
}

/** "Menas de mor", "jveu mourir": a threat of death, or the wish to die, however it is spelt. */
function tellsBySound(texts: Texts, text: string): boolean {
  const { at, isSo } = lookIn(texts, text, bySound);
  return at('grave_by_sound').some(isSo);
}
const bySound = lookAs(rough);

/** "Armed men are in our house", "a man is at the door": not of those who were there. */
function atTheirPlace(at: At): Place[] {
  const was = new Set(at('was_there').map(({ from }) => from));
  const is = at('is_there').filter(({ from }) => !was.has(from));
  const isThere = (place: Place) => isNear(place, is, UP_TO, 0);
  const harming = at('threatens');
  const others = at('strangers');
  return [
    ...at('my_door', 'my_place')
      .filter(isThere)
      .filter((place) => isNear(place, harming, BESIDE, BESIDE)),
    ...at('my_door')
      .filter(isThere)
      .filter((place) => isNear(place, others, BESIDE, BESIDE)),
  ];
}

/** Shots, hiding, blood: unless it is of then, or as it always is. */
function goingOn(at: At): Place[] {
  const now = at('sign_now');
  const then = at('not_now');
  return at('grave_here').filter(
    (place) => isNear(place, now, NEAR, NEAR) || !isNear(place, then, BESIDE, BESIDE),
  );
}

/** "Les djihadistes m'ont donné 3 jours": what comes after is not said. */
function giveDays(at: At): Place[] {
  return at('gives_time').filter((place) => isNear(place, at('armed_people', 'threatens'), BESIDE, 0));
}

type Undoing = Record<'now' | 'ago' | 'denied' | 'supposed', readonly Place[]>;

/** Whether it is said as so: not of long ago (with no "now" between), not denied, not only thought of. */
function holdsNow({ now, ago, denied, supposed }: Undoing): (place: Place) => boolean {
  const isOld = (place: Place) =>
    [lastBefore(ago, place), firstAfter(ago, place)].some(
      (when) => when && isWithin(place, when, NEAR) && !isAnyBetween(now, place, when),
    );
  return (place) => !isOld(place) && !isNear(place, denied, CLOSE, 0) && !isNear(place, supposed, NEAR, 0);
}

const loosely = lookAs(loose);

/** Whether one of the others ends within so many characters before a place, or begins so many after it. */
export function isNear(place: Place, others: readonly Place[], before: number, after: number): boolean {
  const last = lastBefore(others, place);
  const next = firstAfter(others, place);
  return (
    (before > 0 && last !== undefined && place.from - last.to <= before) ||
    (after > 0 && next !== undefined && next.from - place.to <= after)
  );
}

/** The last before a place and the first behind it, if they are so close. */
function nearest(others: readonly Place[], place: Place, most: number): Place[] {
  const [last, next] = [lastBefore(others, place), firstAfter(others, place)];
  return [last, next].filter((each): each is Place => each !== undefined && isWithin(each, place, most));
}

const isWithin = (one: Place, other: Place, most: number): boolean =>
  Math.max(one.from - other.to, other.from - one.to) <= most;

function isAnyBetween(others: readonly Place[], one: Place, other: Place): boolean {
  const [first, second] = one.from < other.from ? [one, other] : [other, one];
  const found = others[countBefore(others, first.from + 1)];
  return found !== undefined && found.from < second.from;
}

const lastBefore = (all: readonly Place[], { from }: Place): Place | undefined =>
  all[countBefore(all, from) - 1];

const firstAfter = (all: readonly Place[], { from }: Place): Place | undefined =>
  all[countBefore(all, from + 1)];

/** How many of them begin before a place; they are in order. */
function countBefore(all: readonly Place[], at: number): number {
  let low = 0;
  let high = all.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((all[middle]?.from ?? 0) < at) low = middle + 1;
    else high = middle;
  }
  return low;
}
