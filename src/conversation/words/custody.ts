/**
 * Whether an account tells of a person who was arrested, is held, is searched or summoned, or is threatened: nobody is called
 * for it by itself, and it never waits behind what is calm.
 *
 * Invariants: what is denied, only thought of or told as news of others is none, nor who is free again; of now is only what is of
 * these days, or of no day. Every phrase is looked for once: as good as linear.
 */
import { isLongSince } from '../reading/dates.ts';
import { plain } from '../reading/normalise.ts';
import { isNear, lookIn, NEAR, type Told } from './grave.ts';
import type { Place } from './phrases.ts';
import type { Texts } from './texts.ts';

/** Between an arrest and whom, or between a search and where. */
const BESIDE = 40;
/** From "ont arrêté" to whom. */
const WHOM = 20;

/** `now`: an arrest or a search of these days, or of no day. `held`: of any day, and nothing says that they are free again. */
export function tellsOfCustody(texts: Texts, text: string): 'now' | 'held' | undefined {
  const told = lookIn(texts, text);
  const isOpen = (place: Place) => !isNear(place, told.at('told_of', 'over'), NEAR, NEAR);
  const seized = [...arrests(told), ...searches(told)].filter(isOpen);
  if (seized.some(told.isSo) && !isLongSince(texts.reading.dates, plain(text))) return 'now';
  const held = [...seized, ...custody(told), ...summons(told).filter(isOpen)];
  return held.some(told.isSaid) && isStill(told) ? 'held' : undefined;
}

/** Whether a person is threatened, by whatever. */
export function tellsOfThreat(texts: Texts, text: string): boolean {
  const told = lookIn(texts, text);
  const undone = told.at('told_of', 'over');
  return told.at('threat_told').some((place) => told.isSo(place) && !isNear(place, undone, NEAR, NEAR));
}

/** Who came out is held no more. */
const isStill = ({ at }: Told): boolean => at('over', 'came_out', 'told_of').length === 0;

/** "Est arrêté" behind whom, "ont arrêté" before whom, "on m'a arrêté". */
function arrests({ at }: Told): Place[] {
  const people = at('person_near');
  return [
    ...at('arrest_self'),
    ...at('arrest_passive').filter((place) => isNear(place, people, BESIDE, WHOM)),
    ...at('arrest_active').filter((place) => isNear(place, people, 0, WHOM)),
    ...at('came_for')
      .filter((place) => isNear(place, people, 0, WHOM))
      .filter((place) => isNear(place, at('who_summons', 'threatens', 'armed_people'), BESIDE, 0)),
  ];
}

/** Those who search, where people live or work. */
const searches = ({ at }: Told): Place[] =>
  at('searches').filter((place) =>
    isNear(place, at('searched_place', 'my_place', 'grave_home'), BESIDE, BESIDE),
  );

/** In prison, and who is. */
function custody({ at }: Told): Place[] {
  const people = at('person_near', 'grave_whom');
  return at('in_custody').filter((place) => isNear(place, people, BESIDE, BESIDE));
}

/** Called in by those who can keep them. */
const summons = ({ at }: Told): Place[] =>
  at('summoned').filter((place) => isNear(place, at('who_summons', 'threatens'), NEAR, NEAR));
