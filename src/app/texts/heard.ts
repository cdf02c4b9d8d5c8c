/**
 * What is heard in a process: the files, and over them what counts by the changes as this process read them last.
 *
 * Invariant: before each play it looks whether a change came, here or in another process: what was replaced or withdrawn is
 * not heard once more, however late this process is told of it.
 */
import type { Context } from '../ground/context.ts';
import type { Found, Recordings, Voices } from '../ground/voices.ts';
import { voicesOfRoom } from '../voices/of-the-room.ts';
import { createVoices } from '../voices/recordings.ts';
import { benchOf, followTexts } from './bench.ts';

type Needs = Pick<Context, 'db' | 'content' | 'keyring'>;

export function roomVoices(
  files: Recordings,
  content: Parameters<typeof createVoices>[1],
  context: () => Needs,
): Voices {
  /** By which reading of the changes something was found. */
  const readings = new WeakMap<Found, number>();
  const load = async (): Promise<Found> => {
    const { reading } = benchOf(context());
    const { recordings, strange } = await voicesInUse(context());
    const found = { recordings: new Map([...files, ...recordings]), strange };
    readings.set(found, reading);
    return found;
  };
  const isBehind = async (found: Found): Promise<boolean> => {
    await followTexts(context());
    return readings.get(found) !== benchOf(context()).reading;
  };
  return createVoices(files, content, load, isBehind);
}

/** What was recorded in the room and counts, as the changes were read last. */
export const voicesInUse = (ctx: Needs): Promise<Found> => voicesOfRoom(ctx.db, ctx, benchOf(ctx));
