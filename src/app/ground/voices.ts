/** What is heard of what is said: what every use case may ask. How it is made: `src/app/voices`. */
import type { VoiceNote } from '../../channels/channel.ts';
import type { SpokenPiece } from '../../conversation/values/effect.ts';

/** One recording. `version`: of the text that was read aloud; undefined: nobody noted it. */
export type Recording = {
  language: string;
  key: string;
  version: string | undefined;
  /** Where it was found, the later over the earlier. */
  source: 'built in' | 'folder' | 'workbench';
  /** Of one that was made in the room: as it is kept, its place among the changes (0: from before they said it), who made it when. */
  made?: { id: string; seq: number; by: string | null; at: Date; ms: number };
  /** Bytes. */
  size: number;
  read(): Promise<Uint8Array>;
};

/** All recordings by piece. */
export type Recordings = ReadonlyMap<string, Recording>;

/** What was found: what counts, and names of rows in the database that the server does not stand for. */
export type Found = { recordings: Recordings; strange: readonly string[] };

export type Voices = {
  /** Whether a language can be offered to those who listen: all that is asked until a report can be sent is recorded. */
  isSpoken(language: string): boolean;
  /** The recordings of this, by name; undefined: nothing is heard. */
  heardOf(spoken: readonly SpokenPiece[]): string[] | undefined;
  /** One voice note of these; undefined: one is there no more, or cannot be read. */
  note(pieces: readonly string[]): Promise<VoiceNote | undefined>;
  /** What there is now. */
  recordings(): Recordings;
  /** Recordings in the database, by name, that this server did not make, or does not stand for: nobody hears them. */
  strange(): readonly string[];
  /** Looks again at what was recorded in the room. */
  reload(): Promise<void>;
};

export const NO_VOICES: Voices = {
  isSpoken: () => false,
  heardOf: () => undefined,
  note: async () => undefined,
  recordings: () => new Map(),
  strange: () => [],
  reload: async () => undefined,
};
