/**
 * What is heard in a process: the files, and over them what counts by the changes as this process read them last.
 *
 * Invariant: before each play it looks whether a change came, here or in another process: what was replaced or withdrawn is
 * not heard once more, however late this process is told of it. What cannot be looked at in a few seconds is not heard: the words
 * stand alone, and nobody waits behind them.
 */

import { seconds } from '../../kernel/time.ts';
import type { Context } from '../ground/context.ts';
import type { Found, Recordings, Voices } from '../ground/voices.ts';
import { voicesOfRoom } from '../voices/of-the-room.ts';
import { createVoices } from '../voices/recordings.ts';
import { benchOf, followTexts } from './bench.ts';

type Needs = Pick<Context, 'db' | 'content' | 'keyring'>;

/** A look is some milliseconds. */
const WAIT = seconds(5);

export function roomVoices(
  files: Recordings,
  content: Parameters<typeof createVoices>[1],
  context: () => Needs,
  waitMs = WAIT,
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
  const isBehind = async (found: Found): Promise<boolean | 'unknown'> => {
    const isFollowed = await within(followTexts(context()), waitMs);
    return isFollowed ? readings.get(found) !== benchOf(context()).reading : 'unknown';
  };
  return createVoices(files, content, load, isBehind);
}

/** Whether this is done by then. */
async function within(work: Promise<unknown>, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((done) => {
    timer = setTimeout(() => done(false), ms);
  });
  const isDone = await Promise.race([
    work.then(
      () => true,
      () => false,
    ),
    late,
  ]);
  clearTimeout(timer);
  return isDone;
}

/** What was recorded in the room and counts, as the changes were read last. */
export const voicesInUse = (ctx: Needs): Promise<Found> => voicesOfRoom(ctx.db, ctx, benchOf(ctx));
