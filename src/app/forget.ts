/**
 * What the server could once read, it forgets on schedule.
 *
 * Invariants: what is still needed is sealed anew under today's key before an old key is destroyed, and a key
 * under which a conversation still lies is not destroyed; keys live seven days; nothing is erased while time
 * is in doubt.
 */
import { deleteCase, findCase } from '../db/cases.ts';
import { lockContactById } from '../db/contacts.ts';
import {
  conversationsOutside,
  deleteConversation,
  findConversation,
  saveConversation,
} from '../db/conversations.ts';
import { destroyEpochs } from '../db/epochs.ts';
import { waitingEvidence } from '../db/evidence.ts';
import { forgetHandled } from '../db/inbox.ts';
import {
  blankHandles,
  isCaseLive,
  type LiveRow,
  outdatedAlerts,
  outdatedDeliveries,
  outdatedEvidence,
  outdatedOfficerStates,
  outdatedParked,
  purgeDeliveries,
  purgeDrafts,
  resealAlert,
  resealDelivery,
  resealEvidence,
  resealOfficerState,
  resealParked,
} from '../db/live-rows.ts';
import type { CaseId, ContactId, EpochId } from '../kernel/ids.ts';
import { after, days, hours } from '../kernel/time.ts';
import { officerStateContext, reporterContext } from './alerting.ts';
import type { Context } from './context.ts';
import { conversationContext, loadConversation } from './conversing.ts';
import { openLive, sealLive } from './epochs.ts';
import { evidenceContext } from './evidence.ts';
import { bodyContext } from './outbox.ts';
import type { TimeGuard } from './time-guard.ts';
import { transact } from './transaction.ts';

/** Ages after which things go. */
const KEY_AGE = days(7);
const SENT_AGE = days(7);
/** Longer than any messenger holds a message back. */
const INBOX_AGE = days(30);
/** Phones can be cleaned for 48 hours (Telegram). */
const HANDLE_AGE = hours(48);
/** A draft lives 72 hours with its conversation; this is for one that lost it. */
const DRAFT_AGE = days(5);
/** A conversation about no open case is kept for this long after the last word. */
const SILENCE = hours(72);

/** More conversations than this wait for the next hour's run, and their keys with them. */
const MOST_AT_ONCE = 50_000;

/** One run, each hour. Nothing happens to old keys while `guard` mistrusts the time. */
export async function forget(ctx: Context, guard: TimeGuard): Promise<void> {
  const now = await ctx.clock.now(ctx.db);
  const today = await ctx.epochs.current(ctx.db, now);
  await carryForward(ctx, now, today.id);
  await fetchAgain(ctx);
  if (!guard.mayErase(now)) return;
  await transact(ctx, async (tx) => {
    await blankHandles(tx, after(now, -HANDLE_AGE));
    await purgeDeliveries(tx, after(now, -SENT_AGE));
    await forgetHandled(tx, after(now, -INBOX_AGE));
    const drafts = await purgeDrafts(tx, after(now, -DRAFT_AGE));
    if (drafts > 0) ctx.log.info('drafts_forgotten', { count: drafts });
  });
  const destroyed = await transact(ctx, (tx) => destroyEpochs(tx, after(now, -KEY_AGE), now));
  ctx.epochs.forget(destroyed);
  if (destroyed.length > 0) ctx.log.info('epoch_destroyed', { count: destroyed.length });
}

async function carryForward(ctx: Context, now: Date, today: EpochId): Promise<void> {
  for (const contactId of await conversationsOutside(ctx.db, today, MOST_AT_ONCE))
    await carryConversation(ctx, contactId, today);
  const { db } = ctx;
  for (const row of await outdatedAlerts(db, today))
    await carry(ctx, now, row, reporterContext(row.id), (live) => resealAlert(db, row, live));
  for (const row of await outdatedOfficerStates(db, today))
    await carry(ctx, now, row, officerStateContext(row.id), (live) => resealOfficerState(db, row, live));
  for (const row of await outdatedEvidence(db, today))
    await carry(ctx, now, row, evidenceContext(row.id), (live) => resealEvidence(db, row, live));
  for (const row of await outdatedDeliveries(db, today))
    if (row.contactId)
      await carry(ctx, now, row, bodyContext(row.contactId), (live) => resealDelivery(db, row, live));
  for (const row of await outdatedParked(db, today))
    await carry(ctx, now, row, `inbox/${row.channel}`, (live) => resealParked(db, row, live));
}

async function carry(
  ctx: Context,
  now: Date,
  row: LiveRow<unknown>,
  context: string,
  reseal: (live: { epochId: EpochId; sealed: Uint8Array }) => Promise<void>,
): Promise<void> {
  const value = await openLive(ctx, ctx.db, row, context);
  if (value !== undefined) await reseal(await sealLive(ctx, ctx.db, now, context, value));
}

/** A conversation goes on, or, when it is over and about no open case, goes. The language stays with the contact. */
async function carryConversation(ctx: Context, contactId: ContactId, today: EpochId): Promise<void> {
  await transact(ctx, async (tx, inside, now) => {
    await lockContactById(tx, contactId);
    const row = await findConversation(tx, contactId);
    if (!row || row.epochId === today) return;
    const state = await loadConversation(tx, inside, contactId, row);
    const caseId = state?.caseId as CaseId | undefined;
    const isFresh = row.updatedAt > after(now, -SILENCE) || row.dueAt !== null;
    const isAboutCase = caseId !== undefined && state?.isCaseOpen && (await isCaseLive(tx, caseId));
    if (state && (isFresh || isAboutCase)) {
      const live = await sealLive(inside, tx, now, conversationContext(contactId), state);
      return saveConversation(tx, { ...row, epochId: live.epochId, stateSealed: live.sealed });
    }
    const draft = caseId && (await findCase(tx, caseId));
    if (draft?.status === 'draft') await deleteCase(tx, draft.id);
    await deleteConversation(tx, contactId);
  });
}

/** A file whose job was lost is asked for again: the job finds nothing to do if it was not. */
async function fetchAgain(ctx: Context): Promise<void> {
  const now = await ctx.clock.now(ctx.db);
  for (const row of await waitingEvidence(ctx.db, 200)) {
    const isOld = row.createdAt < after(now, -hours(26));
    if (isOld) await transact(ctx, (tx, inside) => inside.jobs.fetchEvidence(tx, row.id));
  }
}
