/** Looks at the channels each second, and has people told when one of them does not work, and when it does again. */
import type { ChannelHealth } from '../../channels/channel.ts';
import { minutes } from '../../kernel/time.ts';
import type { ChannelKind } from '../../kernel/vocabulary.ts';
import type { Context } from '../ground/context.ts';
import { type Because, isBecause, tellTrouble, tellWorksAgain } from './channel-trouble.ts';
import type { Probes } from './probes.ts';

/** A channel without connection for so long is told of; a shorter one comes back by itself. */
const CUT_AFTER = minutes(5);
/** It must have worked for so long before anybody is told that it does: one that is cut off again at once does not. */
const WORKS_AFTER = minutes(1);
/** When nobody could be told, an officer may have enrolled elsewhere since. */
const AGAIN_AFTER = minutes(1);

/**
 * What has to be said of a channel, if anything. `forMs`: how long it has been up, or not up, without a break. What only
 * people can mend is said at once. `isSilent`: it seems to work, and its other side does not answer when it is asked.
 */
export function whatToSay(
  { state, lastError, isStandby, fault }: ChannelHealth,
  forMs: number,
  isSilent = false,
): Because | 'works' | undefined {
  if (isStandby) return undefined;
  if (fault) return `account_${fault}`;
  const because = isBecause(lastError) && lastError !== 'not_linked' ? lastError : undefined;
  if (state === 'up') {
    if (because || isSilent) return because ?? 'no_answer';
    return forMs >= WORKS_AFTER ? 'works' : undefined;
  }
  if (because && state === 'down') return because;
  if (forMs < CUT_AFTER) return undefined;
  return lastError === 'not_linked' ? 'not_linked' : 'no_connection';
}

type Seen = { isUp: boolean; sinceMs: number; said?: string; saidAtMs: number; wasHeard: boolean };

/** `nowMs`: of a clock that never jumps. `probes`: whether the other sides answer; default: nobody asks them. */
export function createChannelWatch(
  ctx: Context,
  probes?: Pick<Probes, 'silent'>,
): (nowMs: number) => Promise<number> {
  const all = new Map<ChannelKind, Seen>();

  const look = async (kind: ChannelKind, health: ChannelHealth, nowMs: number): Promise<void> => {
    const isUp = health.state === 'up';
    ctx.metrics.channelUp(kind, isUp);
    ctx.metrics.channelFault(kind, health.fault);
    const before = all.get(kind);
    const seen: Seen = before ?? { isUp, sinceMs: nowMs, saidAtMs: nowMs, wasHeard: true };
    if (seen.isUp !== isUp || health.isStandby) Object.assign(seen, { isUp, sinceMs: nowMs });
    all.set(kind, seen);
    const forMs = nowMs - seen.sinceMs;
    const what = whatToSay(health, forMs, probes?.silent().has(kind));
    if (what === undefined) return;
    const isNew = what !== seen.said;
    if (!isNew && (seen.wasHeard || nowMs - seen.saidAtMs < AGAIN_AFTER)) return;
    const told = await say(kind, what, isUp ? 0 : forMs, health.proves);
    if (isNew && typeof told === 'number') log(kind, what, told);
    // It is up, and what was told of it may be so still: looked at again.
    const wasHeard = told !== 'not_proved' && (what === 'works' || told !== 0);
    Object.assign(seen, { said: what, saidAtMs: nowMs, wasHeard });
  };

  const log = (kind: ChannelKind, what: Because | 'works', told: number): void =>
    what === 'works'
      ? ctx.log.info('channel_works', { channel: kind, told })
      : ctx.log.warn('channel_trouble', { channel: kind, because: what, told });

  const say = async (
    kind: ChannelKind,
    what: Because | 'works',
    forMs: number,
    proves: ChannelHealth['proves'],
  ): Promise<number | 'not_proved' | undefined> => {
    if (what !== 'works') return tellTrouble(ctx, kind, what, forMs, probes?.silent());
    const told = await tellWorksAgain(ctx, kind, proves);
    // What could not be fetched while it was cut off waits for up to half an hour otherwise.
    if (told !== 'not_proved') await ctx.jobs.hurryEvidence();
    return told;
  };

  return async (nowMs) => {
    for (const [kind, channel] of ctx.channels) await look(kind, channel.health(), nowMs);
    return 0;
  };
}
