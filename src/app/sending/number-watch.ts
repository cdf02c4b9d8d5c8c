/**
 * Looks at our numbers each second, where a channel can have two: goes on with the other one when the one in use is cut off for good
 * or restricted, and has people told.
 *
 * Invariant: what is lost with the process is only since when something was seen; what was decided stands in the database.
 */
import type { NumberName, OurNumber } from '../../channels/channel.ts';
import { type ChannelNumbers, findNumbers } from '../../db/channel-numbers.ts';
import { minutes, seconds } from '../../kernel/time.ts';
import type { ChannelKind } from '../../kernel/vocabulary.ts';
import type { Context } from '../ground/context.ts';
import {
  beginWithNumber,
  switchNumber,
  tellOfStandby,
  tellPeople,
  type WhySwitched,
} from './other-number.ts';
import { isGone } from './which-number.ts';

/** A number that is linked no more is being linked anew, mostly: only after so long the other one takes its place. */
const GONE_AFTER = minutes(5);
/** So often it is looked for people who know only what is gone. */
const LOOKS_AGAIN = seconds(15);
/** A number stands by once it has worked for so long. */
const STANDS_BY_AFTER = minutes(1);

/** What only people can mend about a number and what another one is linked for. What another program or an old one of ours does is not. */
export function lostBecause({ health }: OurNumber): Exclude<WhySwitched, 'not_linked'> | undefined {
  const { state, lastError } = health;
  if (lastError === 'restricted') return lastError;
  const isForGood = state === 'down' && (lastError === 'logged_out' || lastError === 'refused');
  return isForGood ? lastError : undefined;
}

const works = ({ health }: OurNumber): boolean => health.state === 'up' && !health.lastError;

/**
 * What is to be done; undefined: nothing. `goneForMs`: how long the number in use has not been linked here. Pure.
 */
export function whatNow(
  row: Pick<ChannelNumbers, 'inUse'> | undefined,
  numbers: readonly OurNumber[],
  goneForMs: number,
): { begin: OurNumber } | { to: OurNumber; because: WhySwitched } | undefined {
  const [first] = numbers;
  if (!row) return first && { begin: numbers.find(works) ?? first };
  const inUse = numbers.find(({ name }) => name === row.inUse);
  const because = inUse ? lostBecause(inUse) : goneForMs >= GONE_AFTER ? ('not_linked' as const) : undefined;
  const to = numbers.find((each) => each.name !== row.inUse && works(each));
  return because && to ? { to, because } : undefined;
}

type Memory = {
  goneSince?: number;
  upSince: Map<NumberName, number>;
  /** What was in use and what worked when nobody was left to be told, and when that was looked at last. */
  usable: string;
  toldAtMs: number;
};

/** `nowMs`: of a clock that never jumps. */
export function createNumberWatch(ctx: Context): (nowMs: number) => Promise<void> {
  const seen = new Map<ChannelKind, Memory>();

  const look = async (channel: ChannelKind, numbers: readonly OurNumber[], nowMs: number): Promise<void> => {
    const memory: Memory = seen.get(channel) ?? { upSince: new Map(), usable: '?', toldAtMs: nowMs };
    seen.set(channel, memory);
    const row = await findNumbers(ctx.db, channel);
    if (row && !numbers.some(({ name }) => name === row.inUse)) memory.goneSince ??= nowMs;
    else delete memory.goneSince;
    const what = whatNow(row, numbers, memory.goneSince === undefined ? 0 : nowMs - memory.goneSince);
    if (what && 'begin' in what) return beginWithNumber(ctx, channel, what.begin);
    if (what && row) {
      const { to, because } = what;
      if (await switchNumber(ctx, channel, { before: row.inUse, to, because })) {
        ctx.log.warn('number_switched', { channel, because });
        memory.usable = '?';
      }
      return;
    }
    if (!row) return;
    const second = numbers.find(({ name }) => name !== row.inUse);
    ctx.metrics.numberUp(
      channel,
      'in_use',
      numbers.some((each) => each.name === row.inUse && works(each)),
    );
    ctx.metrics.numberUp(channel, 'standby', second && works(second));
    await lookAtStandby(channel, row, numbers, memory.upSince, nowMs);
    const usable = numbers.filter((each) => !isGone(each)).map(({ name }) => name);
    // Who is to be told changes with what works, and with which one is in use.
    const state = [row.inUse, ...usable].join(' ');
    if (!usable.includes(row.inUse)) return;
    if (memory.usable === state && nowMs - memory.toldAtMs < LOOKS_AGAIN) return;
    memory.toldAtMs = nowMs;
    if ((await tellPeople(ctx, channel, { usable, inUse: row.inUse })) === 0) memory.usable = state;
  };

  const lookAtStandby = async (
    channel: ChannelKind,
    { inUse }: ChannelNumbers,
    numbers: readonly OurNumber[],
    upSince: Map<NumberName, number>,
    nowMs: number,
  ): Promise<void> => {
    for (const each of numbers) {
      if (!works(each)) upSince.delete(each.name);
      else if (!upSince.has(each.name)) upSince.set(each.name, nowMs);
      if (each.name === inUse) continue;
      const because = lostBecause(each);
      const isReady = nowMs - (upSince.get(each.name) ?? nowMs) >= STANDS_BY_AFTER;
      if (because || isReady) await tellOfStandby(ctx, channel, each, because);
    }
  };

  return async (nowMs) => {
    for (const [kind, channel] of ctx.channels) {
      const numbers = channel.numbers?.() ?? [];
      // Another process has them, or there is none: then nothing is known here.
      if (numbers.length > 0) await look(kind, numbers, nowMs);
      else seen.delete(kind);
    }
  };
}
