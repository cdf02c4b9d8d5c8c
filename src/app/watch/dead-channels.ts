/** Channels of which this process knows that nothing leaves there now: what is to page goes elsewhere at once. */
import type { Channel } from '../../channels/channel.ts';
import { seconds } from '../../kernel/time.ts';
import type { ChannelKind } from '../../kernel/vocabulary.ts';
import { isBecause } from './channel-trouble.ts';

/** A connection that is cut comes back in a moment, or does not. */
const MOMENT = seconds(3);

/** `nowMs`: of a clock that never jumps. */
export type DeadChannels = (nowMs: number) => ReadonlySet<ChannelKind>;

/** `silent`: those that seem to work, and whose other side does not answer when it is asked. */
export function createDeadChannels(
  channels: ReadonlyMap<ChannelKind, Channel>,
  silent: () => Iterable<ChannelKind> = () => [],
): DeadChannels {
  const notUpSince = new Map<ChannelKind, number>();

  const isDead = ({ kind, health }: Pick<Channel, 'kind' | 'health'>, nowMs: number): boolean => {
    const { state, lastError, isStandby, fault } = health();
    if (state === 'up' || isStandby) notUpSince.delete(kind);
    // Another process has the connection, and knows.
    if (isStandby) return false;
    // What only people can mend. A channel that is up may still be refused what it sends.
    if (fault || isBecause(lastError) || state === 'down') return true;
    if (state === 'up') return false;
    const since = notUpSince.get(kind) ?? nowMs;
    notUpSince.set(kind, since);
    return nowMs - since >= MOMENT;
  };

  return (nowMs) => {
    const dead = new Set(silent());
    for (const [kind, channel] of channels)
      if (isDead({ kind, health: () => channel.health() }, nowMs)) dead.add(kind);
    return dead;
  };
}
