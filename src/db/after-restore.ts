/**
 * What a restored database holds that nobody can go on with: everything under the keys of the days, which are in no backup.
 *
 * Invariant: nothing that opens is touched; what does not open is not left lying as if it could be done yet.
 */
import type { CaseId } from '../kernel/ids.ts';
import type { Db } from './database.ts';
import { and, eq, inArray, isNotNull, isNull, notInArray, type SQLWrapper, sql } from './drizzle.cjs';
import {
  alerts,
  cases,
  conversations,
  deliveries,
  epochs,
  evidence,
  inbox,
  officerContacts,
  officers,
} from './schema.ts';

/** How much of each was lost. */
export type Lost = {
  /** Messages that were to be sent. */
  unsent: number;
  /** Messages that had come and were not handled. */
  unheard: number;
  /** Conversations that were under way, without a case that is open. */
  conversations: number;
  /** Open alerts that no longer lead to the person who raised them. */
  links: number;
  /** Files that were not fetched yet. */
  files: number;
};

/** Nothing lies under a key that is there. */
const isUnder = (epoch: SQLWrapper) => sql`exists (select from ${epochs} where ${epochs.id} = ${epoch})`;

/** Ends what lies under no key; to be called once what has a link again lies under a new key. */
export async function endWhatIsLost(db: Db, now: Date): Promise<Lost> {
  const unsent = await db
    .update(deliveries)
    .set({ state: 'failed', failure: 'restored', bodySealed: null, epochId: null, leaseUntil: null })
    .where(inArray(deliveries.state, ['queued', 'sending']))
    .returning({ id: deliveries.id });
  await db
    .update(deliveries)
    .set({ messageRefSealed: null, bodySealed: null, epochId: null })
    .where(isNotNull(deliveries.epochId));
  const unheard = await db
    .update(inbox)
    .set({ state: 'handled', bodySealed: null, epochId: null, waitingFrom: null, waitingNo: null })
    .where(isNotNull(inbox.bodySealed))
    .returning({ channel: inbox.channel });
  const over = await db
    .delete(conversations)
    .where(sql`not ${isUnder(conversations.epochId)}`)
    .returning({ id: conversations.contactId });
  const links = await db
    .update(alerts)
    .set({ reporterSealed: null, epochId: null })
    .where(and(isNotNull(alerts.reporterSealed), sql`not ${isUnder(alerts.epochId)}`))
    .returning({ state: alerts.state });
  await db
    .update(officerContacts)
    .set({ stateSealed: null, epochId: null, dueAt: null })
    .where(isNotNull(officerContacts.stateSealed));
  const files = await db
    .update(evidence)
    .set({ fetchedBy: null, fetchedSince: null, isSuspect: false })
    .where(and(eq(evidence.state, 'received'), sql`not ${isUnder(evidence.epochId)}`))
    .returning({ id: evidence.id });
  // A code that was used since would work once more.
  await db.update(officers).set({ codeExpiresAt: now }).where(isNull(officers.enrolledAt));
  return {
    unsent: unsent.length,
    unheard: unheard.length,
    conversations: over.length,
    links: links.filter(({ state }) => state !== 'closed').length,
    files: files.length,
  };
}

/** Drafts hold files of stories that were not sent: those go to which no conversation of `kept` leads. */
export async function dropDrafts(db: Db, kept: readonly CaseId[]): Promise<void> {
  const isKept = kept.length > 0 ? notInArray(cases.id, [...kept]) : undefined;
  await db.delete(cases).where(and(eq(cases.status, 'draft'), isKept));
}
