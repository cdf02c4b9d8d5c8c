/**
 * The recordings of this house: files beside the texts, and over them what was recorded in the workbench.
 *
 * Invariants: a recording for another text than the one that stands now is not heard; what is no Ogg with Opus of one channel, or
 * too big, is not heard; no voice is made here.
 */
import { LRUCache } from 'lru-cache';
import type { Flows } from '../../conversation/flows/compile.ts';
import { type SpokenKey, spokenKeys, spokenVersion } from '../../conversation/flows/spoken-keys.ts';
import type { Texts } from '../../conversation/words/texts.ts';
import type { Found, Recording, Recordings, Voices } from '../ground/voices.ts';
import { join } from './ogg.ts';

/** Bytes of one: four a millisecond, so that fifteen seconds are 60 kB. */
export const MOST_BYTES_A_SECOND = 4_000;
/** Seconds of one. A listener has no more patience, and pays for it. */
export const LONGEST = 60;
export const MOST_BYTES = MOST_BYTES_A_SECOND * LONGEST;
/** Bytes of recordings that are kept at hand. */
const AT_HAND = 16_000_000;

export const pieceName = ({ language, key }: { language: string; key: string }): string =>
  `${language}/${key}`;

/** Whether what was recorded says what stands there now. */
export function isStale(
  { language, key, version }: Pick<Recording, 'language' | 'key' | 'version'>,
  texts: Texts,
): boolean {
  return version !== spokenVersion(texts, language, key);
}

/** What was found of these texts and flows. */
type Known = { edition: object; flows: Flows; fresh: Map<string, boolean>; whole: Map<string, boolean> };

/**
 * `content`: the questions and texts that stand now. `load`: looks for recordings again; default: they stay the same.
 * `isBehind`: whether others may count by now than what was found last; asked before each is heard.
 */
export function createVoices(
  first: Recordings,
  content: () => { flows: Flows; texts: Texts },
  load: () => Promise<Found> = async () => ({ recordings: first, strange: [] }),
  isBehind: (found: Found) => Promise<boolean | 'unknown'> = async () => false,
): Voices {
  let found: Found = { recordings: first, strange: [] };
  let known: Known | undefined;
  const bytes = new LRUCache<string, Uint8Array>({
    maxSize: AT_HAND,
    sizeCalculation: ({ length }) => length + 1,
  });

  const now = (): Known & { texts: Texts } => {
    const { texts, flows } = content();
    if (known?.edition !== texts.edition || known.flows !== flows)
      known = { edition: texts.edition, flows, fresh: new Map(), whole: new Map() };
    return { ...known, texts };
  };
  const isThere = (piece: string): boolean => {
    const { texts, fresh } = now();
    const there = found.recordings.get(piece);
    if (!there) return false;
    const isFresh = fresh.get(piece) ?? !isStale(there, texts);
    fresh.set(piece, isFresh);
    return isFresh;
  };
  const read = async (piece: string): Promise<Uint8Array | undefined> => {
    const kept = bytes.get(piece);
    if (kept) return kept;
    const there = found.recordings.get(piece);
    const all = await there?.read();
    // What was replaced while it was read is not kept in the place of the new one.
    if (all && all.length > 0 && found.recordings.get(piece) === there) bytes.set(piece, all);
    return all;
  };

  const reload = async (): Promise<void> => {
    found = await load();
    known = undefined;
    bytes.clear();
  };
  return {
    isSpoken(language) {
      const { texts, flows, whole } = now();
      const isWhole =
        whole.get(language) ??
        spokenKeys(flows, texts, language).every(
          ({ key, isNeeded }) => !isNeeded || isThere(pieceName({ language, key })),
        );
      whole.set(language, isWhole);
      return isWhole;
    },
    heardOf(spoken) {
      if (spoken.some(({ piece, isNeeded }) => isNeeded && !isThere(piece))) return undefined;
      const heard = spoken.filter(({ piece }) => isThere(piece)).map(({ piece }) => piece);
      return heard.length > 0 ? heard : undefined;
    },
    async note(pieces) {
      // What was replaced or withdrawn in another process is not heard once more, however late this one hears of it.
      const isLate = await isBehind(found);
      if (isLate === 'unknown') return undefined;
      if (isLate) await reload();
      if (!pieces.every(isThere)) return undefined;
      const alone = pieces.length === 1 ? found.recordings.get(pieces[0] ?? '')?.made : undefined;
      const parts = (await Promise.all(pieces.map(read))).filter((part) => part !== undefined);
      if (parts.length < pieces.length) return undefined;
      const [first] = parts;
      // Byte for byte what the second person heard.
      if (alone && first && first.length > 0)
        return { bytes: new Uint8Array(first), seconds: alone.ms / 1_000 };
      try {
        return await join(parts);
      } catch {
        // What cannot be read is heard by nobody; the text stands.
        return undefined;
      }
    },
    recordings: () => found.recordings,
    strange: () => found.strange,
    reload,
  };
}

/** How much of a language is recorded. */
export type VoiceCount = {
  /** Texts that can be heard. */
  all: number;
  recorded: number;
  stale: number;
  /** Of those that must be there before it is offered, the ones that are not. */
  missing: string[];
};

export function countVoices(
  recordings: Recordings,
  flows: Flows,
  texts: Texts,
  language: string,
): VoiceCount {
  const keys: SpokenKey[] = spokenKeys(flows, texts, language);
  const found = keys.map((each) => ({
    ...each,
    recording: recordings.get(pieceName({ language, key: each.key })),
  }));
  const isFresh = (recording: Recording | undefined) => recording !== undefined && !isStale(recording, texts);
  return {
    all: keys.length,
    recorded: found.filter(({ recording }) => isFresh(recording)).length,
    stale: found.filter(({ recording }) => recording && isStale(recording, texts)).length,
    missing: found.filter(({ recording, isNeeded }) => isNeeded && !isFresh(recording)).map(({ key }) => key),
  };
}
