/**
 * Which of our numbers a message leaves from, on a channel where we can have two.
 *
 * Invariants: what goes to a reporter leaves from the number that they know, or not at all: one that they do not know says first
 * whose it is (`other-number.ts`); a page leaves from whichever works; one answer never leaves from two numbers.
 */
import type { NumberName, OurNumber } from '../../channels/channel.ts';
import { findNumbers } from '../../db/channel-numbers.ts';
import type { ClaimedDelivery } from '../../db/deliveries.ts';
import { findOfficerContact } from '../../db/officers.ts';
import { queuedUnder } from '../../db/unsaid.ts';
import { after, seconds } from '../../kernel/time.ts';
import { isPageClass } from '../../kernel/vocabulary.ts';
import type { Body } from '../duty/word-fate.ts';
import type { Context } from '../ground/context.ts';
import { ANSWER_WITHIN } from '../records/unasked.ts';
import { mayHaveArrived } from './after-a-try.ts';

export type WayOut =
  /** `number` absent: the channel has one account, or nobody knows yet. */
  | { is: 'from'; number?: NumberName }
  /** The number that they know is gone, and of the one in use they were not told. */
  | { is: 'not_told' };

/** Deliveries that tell of another number, by what they give way to. */
export const TELLS_OF_NUMBER = 'other-number';

/** So soon it is looked at again whether they were told. */
const LOOK_AGAIN = seconds(15);

/** Of which number of ours this message tells, if it does. */
export function tellsOfNumber({ unasked }: Pick<Body, 'unasked'>): NumberName | undefined {
  return unasked && 'tellsOf' in unasked ? unasked.tellsOf : undefined;
}

const isUp = (number: OurNumber | undefined): boolean => number?.health.state === 'up';
/** Nothing leaves from it unasked any more: it is cut off for good, linked no more, or may not write to everybody. */
export const isGone = (number: OurNumber | undefined): boolean =>
  number === undefined || number.health.state === 'down' || number.health.lastError === 'restricted';

/** Pure. `inUse`: as the database says; undefined: it has not begun. */
export function wayOut(
  numbers: readonly OurNumber[],
  inUse: NumberName | undefined,
  /** `isAnswer`: they have just written, and the number may answer as long as it is connected. */
  to: { knows: NumberName | null; isStaff: boolean; isAnswer?: boolean },
): WayOut {
  const named = (name: NumberName | undefined) => numbers.find((each) => each.name === name);
  const knows = to.knows ?? inUse;
  if (numbers.length === 0) return from(knows);
  if (to.isStaff) {
    const others = [named(knows), named(inUse), ...numbers].filter((each) => each !== undefined);
    const best = others.find((each) => isUp(each) && !each.health.lastError) ?? others.find(isUp);
    return from(best?.name ?? knows);
  }
  const mayAnswer = to.isAnswer === true && isUp(named(knows));
  const isLost = isGone(named(knows)) && !mayAnswer && inUse !== knows && !isGone(named(inUse));
  return isLost ? { is: 'not_told' } : from(knows);
}

const from = (number: NumberName | undefined): WayOut =>
  number === undefined ? { is: 'from' } : { is: 'from', number };

export type Chosen =
  | { is: 'from'; number?: NumberName }
  | { is: 'waits'; until: Date }
  /** `past`: they know the number by now, or it is not in use any more. */
  | { is: 'withheld'; why: 'other_number' | 'past' };

export async function chooseNumber(
  ctx: Context,
  delivery: ClaimedDelivery,
  body: Pick<Body, 'unasked' | 'answers'>,
): Promise<Chosen> {
  const tellsOf = tellsOfNumber(body);
  const numbers = ctx.channels.get(delivery.channel as never)?.numbers?.();
  if (!numbers) return { is: 'from' };
  const row = await findNumbers(ctx.db, delivery.channel);
  if (tellsOf !== undefined) {
    const isNews = row?.inUse === tellsOf && delivery.number !== tellsOf;
    return isNews ? { is: 'from', number: tellsOf } : { is: 'withheld', why: 'past' };
  }
  const isStaff = isPageClass(delivery.class) || (await isOfficers(ctx, delivery));
  const way = wayOut(numbers, row?.inUse, {
    knows: delivery.number,
    isStaff,
    isAnswer: isFresh(delivery, body),
  });
  // The first number of all has followed none.
  const isNextOne = row !== undefined && row.before !== null && row.inUse === delivery.number;
  const hasMoved = isNextOne && row.since > delivery.createdAt;
  // The number before this one may have said it.
  if (!isStaff && hasMoved && mayHaveArrived(delivery) > 0) return { is: 'withheld', why: 'other_number' };
  if (way.is === 'from') return way;
  const until = await queuedUnder(ctx.db, delivery.contactId, TELLS_OF_NUMBER);
  if (!until && delivery.numberDecided === row?.inUse) return { is: 'withheld', why: 'other_number' };
  const soon = after(delivery.claimedAt, LOOK_AGAIN);
  return { is: 'waits', until: until && until > soon ? until : soon };
}

/** They wrote a moment ago, and look at it. */
function isFresh({ claimedAt }: ClaimedDelivery, { answers }: Pick<Body, 'answers'>): boolean {
  return (
    answers?.since !== undefined && claimedAt.getTime() - new Date(answers.since).getTime() <= ANSWER_WITHIN
  );
}

const isOfficers = async ({ db }: Context, { contactId }: ClaimedDelivery): Promise<boolean> =>
  (await findOfficerContact(db, contactId)) !== undefined;
