/**
 * Asking for a place: zone, then region, then cercle, then words. Each part may be skipped, and words, a voice
 * note or a location instead of a part are a good answer.
 *
 * While it is being asked, a part that the person prefers not to say stands as an empty text.
 */
import { PLACE_PARTS } from '../../kernel/vocabulary.ts';
import { entryCodes } from '../flows/code-lists.ts';
import type { CodeList } from '../flows/flow.ts';
import { normalise } from '../reading/normalise.ts';
import { bareName } from '../reading/places.ts';
import type { Answer } from '../values/answer.ts';
import type { Choice, Line } from '../values/effect.ts';
import { askKey, bot, choiceOf, placedAt, type View } from './turn.ts';

export type PlaceAnswer = Extract<Answer, { kind: 'place' }>;
export type PlacePart = (typeof PLACE_PARTS)[number] | 'words';

const NOT_SAID = 'not_said';
const LISTS = { zone: 'zones', region: 'regions', cercle: 'cercles' } as const;

/** The answer so far; a finished one that is being corrected starts afresh. */
export function placeSoFar(view: View): PlaceAnswer {
  const answer = view.state.answers[placedAt(view).id];
  return answer?.kind === 'place' && !answer.done ? answer : { kind: 'place', done: false };
}

/** Which part is asked now. */
export function partOf(answer: PlaceAnswer): PlacePart {
  if (answer.zone === undefined) return 'zone';
  if (answer.zone === '') return 'words';
  if (answer.region === undefined) return 'region';
  if (answer.region === '') return 'words';
  return answer.cercle === undefined ? 'cercle' : 'words';
}

export function placeChoices(view: View): Choice[] {
  const answer = placeSoFar(view);
  const part = partOf(answer);
  if (part === 'words') return [];
  return [
    ...codesOfPart(view, part, answer).map((code) => choiceOf(view, code, `lists.${LISTS[part]}.${code}`)),
    choiceOf(view, `+${NOT_SAID}`, 'bot.place_not_said'),
  ];
}

function listOf(view: View, part: keyof typeof LISTS): CodeList {
  return view.deps.flows.lists.get(LISTS[part]) ?? { list: LISTS[part], entries: {} };
}

function codesOfPart(view: View, part: keyof typeof LISTS, answer: PlaceAnswer): string[] {
  const list = listOf(view, part);
  const codes = entryCodes(list);
  if (part === 'region') return codes.filter((code) => list.entries[code]?.zone === answer.zone);
  if (part === 'cercle') return codes.filter((code) => list.entries[code]?.region === answer.region);
  return codes;
}

/** The question for the part that is asked now. */
export function placeLines(view: View): Line[] {
  const part = partOf(placeSoFar(view));
  if (part === 'zone') return [{ key: askKey(view, placedAt(view)) }];
  return [bot(`place_${part}`)];
}

/** The answer with one more part, or undefined if the code is none of the options. */
export function withPart(view: View, code: string): PlaceAnswer | undefined {
  const answer = placeSoFar(view);
  const part = partOf(answer);
  if (code === `+${NOT_SAID}` || code === NOT_SAID)
    return part === 'zone' ? finished(answer) : withoutPart(view);
  if (part === 'words' || !codesOfPart(view, part, answer).includes(code)) return undefined;
  return skipEmpty(view, { ...answer, [part]: code });
}

/** The answer when the present part is skipped. */
export function withoutPart(view: View): PlaceAnswer {
  const answer = placeSoFar(view);
  const part = partOf(answer);
  return part === 'words' ? finished(answer) : { ...answer, [part]: '' };
}

/** One part back, or undefined at the first. */
export function partBack(view: View): PlaceAnswer | undefined {
  const { zone, region, cercle, ...rest } = placeSoFar(view);
  if (cercle !== undefined)
    return { ...rest, ...(zone === undefined ? {} : { zone }), ...(region ? { region } : {}) };
  const before = { ...rest, ...(zone === undefined ? {} : { zone }) };
  const wasAsked = codesOfPart(view, 'region', before).length > 1;
  if (region !== undefined && wasAsked) return before;
  return zone === undefined ? undefined : rest;
}

/** Where there is nothing to choose nothing is asked: the only region of a zone, a region without cercles in the list. */
function skipEmpty(view: View, answer: PlaceAnswer): PlaceAnswer {
  const part = partOf(answer);
  if (part === 'words') return answer;
  const codes = codesOfPart(view, part, answer);
  return codes.length > 1 ? answer : skipEmpty(view, { ...answer, [part]: codes[0] ?? '' });
}

/** Without the marks of skipped parts. */
export function finished(answer: PlaceAnswer): PlaceAnswer {
  const { zone, region, cercle, ...rest } = answer;
  return {
    ...rest,
    ...(zone ? { zone } : {}),
    ...(region ? { region } : {}),
    ...(cercle ? { cercle } : {}),
    done: true,
  };
}

/** A region or cercle typed by name at whatever part: what it says about the place. */
export function namedPlace(view: View, typed: string): PlaceAnswer | undefined {
  const known = (words: string) => PLACE_PARTS.some((part) => find(view, part, words));
  const bare = bareName(view.deps.texts.reading.places, typed);
  const words = known(normalise(typed)) ? normalise(typed) : bare;
  const zone = find(view, 'zone', words);
  const region = find(view, 'region', words);
  const cercle = find(view, 'cercle', words);
  const answer = placeSoFar(view);
  // The last part takes every word as it is: asking it again for a place's name would never end.
  if (partOf(answer) === 'words' && answer.zone !== '') return undefined;
  // Most regions are called like their main cercle: the bigger one is meant until the cercle is asked.
  if (cercle && (!region || partOf(answer) === 'cercle')) {
    const regionCode = listOf(view, 'cercle').entries[cercle]?.region ?? '';
    return { ...answer, ...zoneOf(view, regionCode), region: regionCode, cercle };
  }
  if (region) return skipEmpty(view, { ...without(answer), ...zoneOf(view, region), region });
  return zone ? skipEmpty(view, { ...without(answer), zone }) : undefined;
}

function without({ cercle: _cercle, region: _region, ...rest }: PlaceAnswer): PlaceAnswer {
  return rest;
}

function zoneOf(view: View, region: string): { zone: string } {
  return { zone: listOf(view, 'region').entries[region]?.zone ?? '' };
}

function find(view: View, part: keyof typeof LISTS, words: string): string | undefined {
  const { texts } = view.deps;
  return entryCodes(listOf(view, part)).find((code) =>
    texts.languages.some(
      (language) => words !== '' && normalise(texts.t(language, `lists.${LISTS[part]}.${code}`)) === words,
    ),
  );
}
