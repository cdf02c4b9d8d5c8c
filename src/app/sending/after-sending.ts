/**
 * What becomes of messages after they were sent, where the messenger tells it: noted in their deliveries.
 *
 * What comes within a second is written in one statement, by when the sending itself is written down. A fate that gets
 * lost with the process, or with the database, harms nobody.
 */
import type { Fate, NoteFates } from '../../channels/channel.ts';
import type { Keyring } from '../../crypto/keyring.ts';
import { noteFates } from '../../db/deliveries.ts';
import { reduceError } from '../../kernel/log.ts';
import { seconds } from '../../kernel/time.ts';
import type { ChannelKind } from '../../kernel/vocabulary.ts';
import type { Context } from '../ground/context.ts';

/** More than this are not waited for. */
const MOST = 1_000;

/** What finds a delivery by the messenger's handle on it. */
export function refIndexOf(keyring: Keyring, channel: ChannelKind, messageRef: string): Uint8Array {
  return keyring.index('message-ref', `${channel}/${messageRef}`);
}

export type Fates = {
  note: NoteFates;
  /** Writes what still waits. */
  stop(): Promise<void>;
};

export function createFates(ctx: Pick<Context, 'db' | 'keyring' | 'log'>): Fates {
  let waiting: Fate[] = [];
  let timer: NodeJS.Timeout | undefined;

  const write = async (): Promise<void> => {
    clearTimeout(timer);
    timer = undefined;
    const fates = waiting;
    waiting = [];
    if (fates.length === 0) return;
    try {
      const rows = fates.map(({ channel, messageRef, is, at }) => ({
        refIndex: refIndexOf(ctx.keyring, channel, messageRef),
        is,
        at,
      }));
      await noteFates(ctx.db, rows);
    } catch (error) {
      ctx.log.warn('cycle_failed', { cycle: 'fates', ...reduceError(error) });
    }
  };

  return {
    note(fates) {
      waiting.push(...fates);
      if (waiting.length > MOST) void write();
      timer ??= setTimeout(() => void write(), seconds(1));
    },
    stop: write,
  };
}
