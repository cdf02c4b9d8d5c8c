/**
 * What the server could once read, it forgets on schedule.
 *
 * Invariants: what is still needed is sealed anew under today's key before an old key is destroyed, and a key
 * under which something still lies that is needed is not destroyed; keys live seven days; nothing is erased
 * while time is in doubt.
 */
import { type CaseRow, findCase, updateCase } from '../../db/cases.ts';
import { purgeTries } from '../../db/code-tries.ts';
import { lockContactById } from '../../db/contacts.ts';
import {
  conversationsOutside,
  deleteConversation,
  findConversation,
  saveConversation,
} from '../../db/conversations.ts';
import type { Tx } from '../../db/database.ts';
import { cleanUp } from '../../db/disk-room.ts';
import type { SQL } from '../../db/drizzle.cjs';
import { destroyEpochs } from '../../db/epochs.ts';
import { liveErasure } from '../../db/erasures.ts';
import { waitingEvidence } from '../../db/evidence.ts';
import { isUnavailable } from '../../db/failure.ts';
import { purgeFileDays } from '../../db/file-days.ts';
import { forgetHandled } from '../../db/inbox.ts';
import {
  blankHandles,
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
} from '../../db/live-rows.ts';
import type { CaseId, ContactId, EpochId } from '../../kernel/ids.ts';
import { reduceError } from '../../kernel/log.ts';
import { after, calendarDay, days, hours } from '../../kernel/time.ts';
import { hasEnded } from '../../kernel/vocabulary.ts';
import type { Context } from '../ground/context.ts';
import { bodyContext } from '../ground/outbox.ts';
import type { TimeGuard } from '../ground/time-guard.ts';
import { transact } from '../ground/transaction.ts';
import { openLive, sealLive } from '../keys/epochs.ts';
import { conversationContext, loadConversation } from '../records/conversation-record.ts';
import { officerStateContext } from '../records/officer-state.ts';
import { reporterContext } from '../records/reporter-link.ts';
import { timeOf } from '../retention/time-over.ts';
import { eraseDue } from './destroying.ts';
import { askAgain, evidenceContext } from './evidence.ts';
import { forgetContacts } from './forget-contacts.ts';
import { postponeDue } from './postponing.ts';

/** Ages after which things go. */
const KEY_AGE = days(7);
const SENT_AGE = days(7);
/** Longer than any messenger holds a message back. */
const INBOX_AGE = days(30);
/** Phones can be cleaned for 48 hours (the messenger that allows it for the shortest time). */
const HANDLE_AGE = hours(48);
/** A draft ends with its conversation's timer, after 72 hours of silence; this is for one that lost it. */
const DRAFT_AGE = days(5);
/** A conversation about no open case is kept for this long after the last word. */
const SILENCE = hours(72);
/** More conversations than this wait for the next hour's run, and their keys with them. */
const MOST_AT_ONCE = 50_000;

/** What a messenger keeps in tables of its own. */
export type MessengerKeeping = {
  /** Selects rows that are still needed and lie under the key of the row of `epochs` that is looked at. */
  isNeeded(): SQL;
  /** Erases what was received before the one time and sent before the other, and is needed no more. */
  purge(tx: Tx, before: { received: Date; sent: Date }): Promise<void>;
};

/**
 * One run, each hour. Nothing happens to old keys while `guard` mistrusts the time. `keeping`: of every messenger, on or off.
 */
export async function forget(
  ctx: Context,
  guard: TimeGuard,
  keeping: readonly MessengerKeeping[],
): Promise<void> {
  const now = await ctx.clock.now(ctx.db);
  const today = await ctx.epochs.current(ctx.db, now);
  await carryForward(ctx, now, today.id);
  await fetchAgain(ctx);
  // Asked anew: carrying much forward takes a while, which is no jump.
  if (!guard.mayErase(await ctx.clock.now(ctx.db))) return postponeDue(ctx, 'clock');
  await transact(ctx, async ({ tx }) => {
    await blankHandles(tx, after(now, -HANDLE_AGE));
    await purgeDeliveries(tx, after(now, -SENT_AGE));
    await forgetHandled(tx, after(now, -INBOX_AGE));
    const before = { received: after(now, -INBOX_AGE), sent: after(now, -HANDLE_AGE) };
    for (const each of keeping) await each.purge(tx, before);
    await purgeTries(tx, after(now, -days(1)));
    await purgeFileDays(tx, calendarDay(now, ctx.settings.timeZone));
    const drafts = await purgeDrafts(tx, after(now, -DRAFT_AGE));
    if (drafts > 0) ctx.log.info('drafts_forgotten', { count: drafts });
  });
  await eraseDue(ctx);
  const destroyed = await transact(ctx, ({ tx }) =>
    destroyEpochs(
      tx,
      after(now, -KEY_AGE),
      now,
      keeping.map((each) => each.isNeeded()),
    ),
  );
  ctx.epochs.forget(destroyed);
  if (destroyed.length > 0) ctx.log.info('epoch_destroyed', { count: destroyed.length });
  // A link that does not open may lead to anybody: then nobody is forgotten, and all else goes on.
  await each(ctx, ['contacts'], () => forgetContacts(ctx));
  await makeRoom(ctx);
}

/** Where room is short, what is erased makes some within the hour. What fails is tried again in the next one. */
async function makeRoom({ db, diskRoom, log }: Context): Promise<void> {
  if ((diskRoom?.state() ?? 'plenty') === 'plenty') return;
  await cleanUp(db).catch((error: unknown) =>
    log.warn('cycle_failed', { cycle: 'clean_up', ...reduceError(error) }),
  );
}

async function carryForward(ctx: Context, now: Date, today: EpochId): Promise<void> {
  const { db } = ctx;
  await each(ctx, await conversationsOutside(db, today, MOST_AT_ONCE), (contactId) =>
    carryConversation(ctx, contactId, today),
  );
  await each(ctx, await outdatedAlerts(db, today), (row) =>
    carry(ctx, now, row, reporterContext(row.id), (live) => resealAlert(db, row, live)),
  );
  await each(ctx, await outdatedOfficerStates(db, today), (row) =>
    carry(ctx, now, row, officerStateContext(row.id), (live) => resealOfficerState(db, row, live)),
  );
  await each(ctx, await outdatedEvidence(db, today), (row) =>
    carry(ctx, now, row, evidenceContext(row.id), (live) => resealEvidence(db, row, live)),
  );
  await each(ctx, await outdatedDeliveries(db, today), (row) =>
    carry(ctx, now, row, bodyContext(row.contactId), (live) => resealDelivery(db, row, live)),
  );
  await each(ctx, await outdatedParked(db, today), (row) =>
    carry(ctx, now, row, `inbox/${row.channel}`, (live) => resealParked(db, row, live)),
  );
}

/** What cannot be carried keeps its key, and keeps nothing else from being forgotten. */
async function each<T>(ctx: Context, rows: readonly T[], work: (row: T) => Promise<void>): Promise<void> {
  for (const row of rows) {
    try {
      await work(row);
    } catch (error) {
      if (isUnavailable(error)) throw error;
      ctx.log.error('cycle_failed', { cycle: 'forget', ...reduceError(error) });
    }
  }
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

/** A conversation goes on, or, when it is over and about no case that goes on, goes. The language stays with the contact. */
async function carryConversation(ctx: Context, contactId: ContactId, today: EpochId): Promise<void> {
  await transact(ctx, async (at) => {
    const { tx, ctx, now } = at;
    await lockContactById(tx, contactId);
    const row = await findConversation(tx, contactId);
    if (!row || row.epochId === today) return;
    const state = await loadConversation(at, contactId, row);
    const found = state?.caseId ? await findCase(tx, state.caseId as CaseId) : undefined;
    const isFresh = row.updatedAt > after(now, -SILENCE) || state?.due !== undefined;
    const earlier = state?.earlier && (await findCase(tx, state.earlier.caseId as CaseId));
    const isAboutCase =
      (state?.isCaseOpen === true && isGoingOn(ctx, found, now)) || isGoingOn(ctx, earlier, now);
    const isToBeErased = async (row: CaseRow | undefined) => row && (await liveErasure(tx, row.id));
    const isKept = isFresh || isAboutCase || (await isToBeErased(found)) || (await isToBeErased(earlier));
    if (!state || !isKept) return deleteConversation(tx, contactId);
    if (found?.status === 'draft') await updateCase(tx, found.id, { updatedAt: now });
    const live = await sealLive(ctx, tx, now, conversationContext(contactId), state);
    // What counts is the timer in the state: its row may be lost, or moved while time was in doubt.
    const dueAt = state.due ? new Date(state.due.at) : null;
    await saveConversation(tx, { ...row, dueAt, epochId: live.epochId, stateSealed: live.sealed });
  });
}

/** Open, or ended so short a time ago that the reporter still finds it in the same chat; after that by its receipt code. */
function isGoingOn(ctx: Context, row: CaseRow | undefined, now: Date): boolean {
  if (!row || row.status === 'draft') return false;
  const time = timeOf(ctx, row);
  return !hasEnded(row.status) || (time !== undefined && time.conversation > now);
}

/** Older than the longest that a job tries. */
const JOB_AGE = days(5);

/** A file whose job was lost is asked for again: the job finds nothing to do if it was not. */
async function fetchAgain(ctx: Context): Promise<void> {
  const now = await ctx.clock.now(ctx.db);
  for (const row of await waitingEvidence(ctx.db, 200)) {
    const isOld = row.createdAt < after(now, -JOB_AGE);
    if (isOld) await transact(ctx, (at) => askAgain(at, row));
  }
}
