/**
 * Room for files: looked at now and then, and said to supervisors before there is none.
 *
 * Invariant: what was said stands in the database, so that neither a restart nor another process says it again.
 */
import { deleteTrouble, lockTrouble, putTrouble } from '../../db/channel-troubles.ts';
import type { RoomState } from '../../db/disk-room.ts';
import { enrolledOfficers } from '../../db/officers.ts';
import { CLASS } from '../../kernel/vocabulary.ts';
import { notifyOfficers } from '../duty/officer-notices.ts';
import type { Context } from '../ground/context.ts';
import { transact } from '../ground/transaction.ts';
import { mayTell } from './gathered.ts';

/** Where it stands among the troubles of channels. */
export const ROOM = 'disk';
const GIGABYTE = 1_000_000_000;

/** Looks, and tells what is new. */
export function createRoomWatch(ctx: Context): () => Promise<number> {
  let said: RoomState | undefined;
  let held: RoomState | undefined;
  return async () => {
    const found = await ctx.diskRoom?.look();
    if (!found) return 0;
    const { state, free, isAmple } = found;
    if (!found.isUnbounded) ctx.metrics.room(free);
    if (state === said || (state === 'plenty' && said !== undefined && !isAmple)) return 0;
    const isKnown = await tellRoom(ctx, state, free, state !== held);
    // Held back for the rest of the hour: asked again with the next look.
    held = isKnown ? undefined : state;
    if (isKnown) said = state;
    return 0;
  };
}

/** Returns whether people know of it now. */
function tellRoom(ctx: Context, state: RoomState, free: number, isNew: boolean): Promise<boolean> {
  return transact(ctx, async (at) => {
    const { tx, now } = at;
    const known = await lockTrouble(tx, ROOM);
    if (known?.because === state || (!known && state === 'plenty')) return true;
    // That there is room again is said once to those who heard that there was none.
    const held = state === 'plenty' ? undefined : await mayTell(at, `room/${state}`, isNew);
    if (state !== 'plenty' && !held) return false;
    const officers = await enrolledOfficers(tx);
    const supervisors = officers.filter(({ role }) => role === 'supervisor');
    const to = supervisors.length > 0 ? supervisors : officers;
    await notifyOfficers(at, to, {
      key: `room.${state}`,
      params: { free: Math.max(0, free / GIGABYTE).toFixed(1) },
      class: CLASS.page,
      coalesce: 'room',
      ...(held ? { held } : {}),
    });
    if (state === 'plenty') await deleteTrouble(tx, ROOM);
    else
      await putTrouble(tx, {
        channel: ROOM,
        because: state,
        since: known?.since ?? now,
        told: to.length,
      });
    return true;
  });
}
