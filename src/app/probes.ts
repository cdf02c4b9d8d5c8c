/**
 * Asks every channel now and then whether the other side answers: a way that only carries pages shows otherwise that it is
 * dead when it is needed.
 *
 * Invariant: asking changes nothing and writes to nobody.
 */
import type { Channel, ChannelKind } from '../channels/channel.ts';
import { seconds } from '../kernel/time.ts';
import type { Context } from './context.ts';

const TIMEOUT = seconds(15);
/** Once is nothing: networks hiccup. */
const SILENT_AFTER = 2;

export type Probes = {
  /** Asks all of them once. */
  ask(): Promise<void>;
  /** Channels that did not answer the last times. */
  silent(): ChannelKind[];
};

export function createProbes(ctx: Pick<Context, 'channels' | 'log'>): Probes {
  const failures = new Map<ChannelKind, number>();

  const askOne = async (channel: Channel): Promise<void> => {
    if (!channel.probe) return;
    const code = await channel.probe(AbortSignal.timeout(TIMEOUT)).catch(() => 'failed');
    const times = code === undefined ? 0 : (failures.get(channel.kind) ?? 0) + 1;
    failures.set(channel.kind, times);
    if (times === SILENT_AFTER) ctx.log.warn('probe_failed', { channel: channel.kind, code: code ?? '' });
  };

  return {
    async ask() {
      await Promise.all([...ctx.channels.values()].map(askOne));
    },
    silent: () => [...failures].filter(([, times]) => times >= SILENT_AFTER).map(([kind]) => kind),
  };
}
