/**
 * Asks every channel now and then whether the other side answers: a way that only carries pages shows otherwise that it is
 * dead when it is needed.
 *
 * Invariant: asking changes nothing and writes to nobody.
 */
import type { Channel } from '../../channels/channel.ts';
import { seconds } from '../../kernel/time.ts';
import type { ChannelKind } from '../../kernel/vocabulary.ts';
import type { Context } from '../ground/context.ts';

const TIMEOUT = seconds(15);
/** Once is nothing: networks hiccup. */
const SILENT_AFTER = 2;

export type Probes = {
  /** Asks all of them once. */
  ask(): Promise<void>;
  /** Channels that did not answer the last times, with the code of the last one. */
  silent(): ReadonlyMap<ChannelKind, string>;
};

export function createProbes(ctx: Pick<Context, 'channels' | 'log' | 'metrics'>): Probes {
  const failures = new Map<ChannelKind, { times: number; code: string }>();

  const askOne = async (channel: Channel): Promise<void> => {
    if (!channel.probe) return;
    const code = await answerOf(channel);
    ctx.metrics.channelAnswers(channel.kind, code === undefined);
    if (code === undefined) return void failures.delete(channel.kind);
    const times = (failures.get(channel.kind)?.times ?? 0) + 1;
    failures.set(channel.kind, { times, code });
    if (times === SILENT_AFTER) ctx.log.warn('probe_failed', { channel: channel.kind, code });
  };

  return {
    async ask() {
      await Promise.all([...ctx.channels.values()].map(askOne));
    },
    silent: () =>
      new Map(
        [...failures]
          .filter(([, { times }]) => times >= SILENT_AFTER)
          .map(([kind, { code }]) => [kind, code] as const),
      ),
  };
}

/** A code if it does not answer, or hangs. */
export async function answerOf(channel: Channel): Promise<string | undefined> {
  const limit = Promise.withResolvers<string>();
  const timer = setTimeout(() => limit.resolve('timeout'), TIMEOUT);
  try {
    // Not every library heeds the signal.
    return await Promise.race([channel.probe?.(AbortSignal.timeout(TIMEOUT)), limit.promise]);
  } catch {
    return 'failed';
  } finally {
    clearTimeout(timer);
  }
}
