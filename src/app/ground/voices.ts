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
  /** Of one that was made in the room. */
  id?: string;
  /** Bytes. */
  size: number;
  read(): Promise<Uint8Array>;
};

/** All recordings by piece. */
export type Recordings = ReadonlyMap<string, Recording>;

export type Voices = {
  /** Whether a language can be offered to those who listen: all that is asked until a report can be sent is recorded. */
  isSpoken(language: string): boolean;
  /** The recordings of this, by name; undefined: nothing is heard. */
  heardOf(spoken: readonly SpokenPiece[]): string[] | undefined;
  /** One voice note of these; undefined: one is there no more, or cannot be read. */
  note(pieces: readonly string[]): Promise<VoiceNote | undefined>;
  /** What there is now. */
  recordings(): Recordings;
  /** Looks again at what was recorded in the room. */
  reload(): Promise<void>;
};

export const NO_VOICES: Voices = {
  isSpoken: () => false,
  heardOf: () => undefined,
  note: async () => undefined,
  recordings: () => new Map(),
  reload: async () => undefined,
};
