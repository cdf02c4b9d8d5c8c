/**
 * A last look at what goes to a reporter unasked, at the moment at which it leaves.
 *
 * Invariants: what they said since counts, not what they had said when it was written; outside of the hours that they
 * agreed to nothing leaves, not even one that failed within them; what is not true of the alert any more is not said.
 */
import { opensAt, spanAt } from '../../cases/contact-hours.ts';
import { hoursOf, type MayWrite, whySilent } from '../../conversation/values/may-write.ts';
import { findAlerts } from '../../db/alerts.ts';
import { findConversation } from '../../db/conversations.ts';
import type { ClaimedDelivery } from '../../db/deliveries.ts';
import { untoldErasures } from '../../db/erasures.ts';
import { findContactBrief } from '../../db/officers.ts';
import { isTakenBack } from '../../db/unsaid.ts';
import type { ContactId } from '../../kernel/ids.ts';
import { after, days, minutes } from '../../kernel/time.ts';
import type { Unasked, Withheld } from '../duty/word-fate.ts';
import type { Context } from '../ground/context.ts';
import { type Moment, transact } from '../ground/transaction.ts';
import { loadConversation } from '../records/conversation-record.ts';
import { chatsOf, openReporter } from '../records/reporter-link.ts';

export type Leaving =
  /** `since`: from when on it was allowed to leave. */
  { is: 'now'; since: Date } | { is: 'waits'; until: Date } | { is: 'withheld'; why: Withheld };

export type Which = Pick<ClaimedDelivery, 'id' | 'contactId' | 'createdAt'>;

export const withheld = (why: Withheld): Leaving => ({ is: 'withheld', why });

/** What could not leave within the hours of so long says nothing any more. */
const LONGEST_WAIT = days(3);

export function lookAtLeaving(
  ctx: Context,
  delivery: Which,
  unasked: Unasked & { isByOfficer: boolean },
): Promise<Leaving> {
  return transact(ctx, (at) => look(at, delivery, unasked));
}

async function look(
  at: Moment,
  { id, contactId, createdAt }: Which,
  unasked: Unasked & { isByOfficer: boolean },
): Promise<Leaving> {
  const { tx } = at;
  if (await isTakenBack(tx, contactId, id)) return withheld('left');
  if (unasked.while === 'erased') return afterErasing(at, { contactId, createdAt }, unasked.agreed);
  const [alert] = await findAlerts(tx, [unasked.alert]);
  const link = alert && (await openReporter(at, alert));
  if (!alert || !link) return withheld('unknown');
  const isTrue = unasked.while === 'live' ? alert.state !== 'closed' : alert.state === unasked.while;
  if (!isTrue) return withheld(alert.state === 'closed' ? 'closed' : 'past');
  const chat = chatsOf(link).find((each) => each.contactId === contactId);
  if (link.isUndecided || !chat) return withheld('undecided');
  if (whySilent(chat.mayWrite)) return withheld('unsafe');
  if (chat.mayWrite === 'unclear' && !unasked.isByOfficer) return withheld('unsafe');
  if (await wasMuted(at, contactId, createdAt)) return withheld('muted');
  return within(at, createdAt, hoursOf(chat.mayWrite));
}

/** Nothing but this is left of the case; what they said since, also of another one, counts. */
async function afterErasing(
  at: Moment,
  { contactId, createdAt }: Omit<Which, 'id'>,
  agreed: MayWrite | undefined,
): Promise<Leaving> {
  const state = await loadConversation(at, contactId, await findConversation(at.tx, contactId));
  const mayWrite = state?.mayWrite ?? agreed;
  if (whySilent(mayWrite) || mayWrite === 'unclear') return withheld('unsafe');
  if (await wasMuted(at, contactId, createdAt)) return withheld('muted');
  const leaving = within(at, createdAt, hoursOf(mayWrite));
  return leaving.is === 'now' && (await isUnlisted(at)) ? untilListed(at, createdAt) : leaving;
}

/** That it is done is said once no restore brings it back. */
const isUnlisted = async ({ tx, ctx }: Moment): Promise<boolean> =>
  ctx.settings.hasBackups && (await untoldErasures(tx)).length > 0;

const LOOKED_AGAIN = minutes(1);

const untilListed = ({ now }: Moment, createdAt: Date): Leaving =>
  now.getTime() - createdAt.getTime() > LONGEST_WAIT
    ? withheld('past')
    : { is: 'waits', until: after(now, LOOKED_AGAIN) };

/** Since it was written. */
export async function wasMuted({ tx }: Moment, contactId: ContactId, createdAt: Date): Promise<boolean> {
  const mutedAt = (await findContactBrief(tx, contactId))?.mutedAt;
  return mutedAt !== null && mutedAt !== undefined && mutedAt > createdAt;
}

/** Within the hours that they agreed to; none: at once. */
export function within({ ctx, now }: Moment, createdAt: Date, hours: ReturnType<typeof hoursOf>): Leaving {
  if (!hours) return { is: 'now', since: createdAt };
  const { timeZone } = ctx.settings;
  const span = spanAt(hours, now, timeZone);
  if (span) return { is: 'now', since: span.from > createdAt ? span.from : createdAt };
  const until = opensAt(hours, now, timeZone);
  const isTooLate = now.getTime() - createdAt.getTime() > LONGEST_WAIT;
  return until && !isTooLate ? { is: 'waits', until } : withheld('past');
}
