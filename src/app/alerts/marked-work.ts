/**
 * Work that has made the service fall three times is done no more: it is put aside, the supervisors are told, and
 * everything else goes on.
 *
 * How often is kept by the guardian, in memory, for a day after the last time: a start by hand tries everything again.
 */
import type { Arriving } from '../../channels/channel.ts';
import type { Keyring } from '../../crypto/keyring.ts';
import { noteFailed, parkMessage } from '../../db/inbox.ts';
import { reduceError } from '../../kernel/log.ts';
import { type ChannelKind, CLASS } from '../../kernel/vocabulary.ts';
import { WORK } from '../../kernel/work.ts';
import { notifyOfficers } from '../duty/officer-notices.ts';
import type { Context } from '../ground/context.ts';
import { type Moment, transact } from '../ground/transaction.ts';
import type { UnderWay } from '../ground/under-way.ts';
import { sealLive } from '../keys/epochs.ts';
import { whoLooksAfterIt } from '../watch/falls.ts';
import { mayTell } from '../watch/gathered.ts';
import { TRIES } from './failing-messages.ts';

/** What is marked besides messages and files. `update`: what comes from a messenger, before it is a message. */
export type Work = 'update' | 'send' | 'alert' | 'timer' | 'job';

export const isWork = (key: string): boolean => key.startsWith(WORK);

export function workKey(keyring: Keyring, work: Work, id: string): string {
  return `${WORK}${work}/${Buffer.from(keyring.index('under-way', `${work}/${id}`)).toString('hex')}`;
}

/**
 * Does a piece of work, marked; `park` in its place if the service fell three times while it was done. `from`: of the
 * pieces that were under way at so many falls one is done at a time.
 */
export async function doMarked<T>(
  ctx: Context,
  work: Work,
  id: string,
  how: { do: () => Promise<T>; park: () => Promise<T>; from?: number },
): Promise<T> {
  const { underWay, keyring } = ctx;
  if (!underWay) return how.do();
  const key = workKey(keyring, work, id);
  if (underWay.falls(key) < TRIES) return underWay.handle(key, how.do, how.from);
  const done = await how.park();
  ctx.log.error('work_parked', { work });
  await transact(ctx, (at) => tellParked(at, work));
  return done;
}

async function tellParked(at: Moment, work: Work): Promise<void> {
  const held = await mayTell(at, `parked/${work}`);
  if (!held) return;
  const notice = { key: `fell.parked_${work}`, class: CLASS.page, coalesce: `parked_${work}`, held };
  await notifyOfficers(at, await whoLooksAfterIt(at.tx), notice, 'all');
}

/** Marks what comes from a messenger while its adapter reads it. `context`: exists only when something comes. */
export function createArriving(keyring: Keyring, underWay: UnderWay, context: () => Context): Arriving {
  /** What is put aside already, in this run. */
  const parked = new Set<string>();

  const park = (channel: ChannelKind, id: string, raw: unknown): void => {
    const key = workKey(keyring, 'update', `${channel}/${id}`);
    if (parked.has(key)) return;
    parked.add(key);
    const ctx = context();
    ctx.log.error('work_parked', { work: 'update' });
    const index = keyring.index('message-id', `${channel}/unread/${id}`);
    transact(ctx, async (at) => {
      const { tx, now } = at;
      const body = await sealLive(at.ctx, tx, now, `inbox/${channel}`, raw);
      const message = { channel, index };
      // Told once, also if it comes again after the next start.
      if ((await noteFailed(tx, now, message, { ...body, error: 'service_fell' })) === 0) return;
      await parkMessage(tx, message);
      await tellParked(at, 'update');
    }).catch((error: unknown) => {
      parked.delete(key);
      ctx.log.error('message_failed', { channel, attempts: TRIES, ...reduceError(error) });
    });
  };

  return {
    read(channel, { id, raw }, read, otherwise) {
      const key = workKey(keyring, 'update', `${channel}/${id}`);
      if (underWay.falls(key) < TRIES) return underWay.read(key, read);
      park(channel, id, raw());
      return otherwise();
    },
    handle(channel, { id, raw }, work, otherwise) {
      const key = workKey(keyring, 'update', `${channel}/${id}`);
      if (underWay.falls(key) < TRIES) return underWay.handle(key, work);
      park(channel, id, raw());
      return otherwise();
    },
  };
}
