/**
 * Everything that lies under an epoch key and must outlive it, so that it can be carried forward, and what is
 * to be forgotten on schedule.
 */
import type { AlertId, CaseId, ContactId, DeliveryId, EpochId, EvidenceId } from '../kernel/ids.ts';
import { CLASS } from '../kernel/vocabulary.ts';
import type { Db, Tx } from './database.ts';
import { and, eq, gte, inArray, isNotNull, lt, ne, not, or, type SQL, sql } from './drizzle.cjs';
import {
  alerts,
  cases,
  conversations,
  deliveries,
  epochs,
  erasures,
  evidence,
  inbox,
  officerContacts,
} from './schema.ts';

export type LiveRow<Id> = { id: Id; epochId: EpochId; sealed: Uint8Array };

/** Its case is to be erased, and the person told. */
const isBeingErased = sql`exists (
  select 1 from ${erasures}
  where ${erasures.caseId} = ${alerts.caseId} and ${erasures.state} in ('asked', 'waiting'))`;

/** What is still needed, of each table. A conversation's row goes when it is over. */
const NEEDED = {
  alerts: and(or(ne(alerts.state, 'closed'), isBeingErased), isNotNull(alerts.reporterSealed)),
  deliveries: and(inArray(deliveries.state, ['queued', 'sending']), isNotNull(deliveries.bodySealed)),
  evidence: isNotNull(evidence.sourceSealed),
  officerContacts: isNotNull(officerContacts.stateSealed),
  inbox: isNotNull(inbox.bodySealed),
};

/**
 * Whether something still lies under the key of the row of `epochs` that is looked at. `elsewhere`: selects of rows in tables
 * that messengers have of their own.
 */
export function isNeeded(elsewhere: readonly SQL[]): SQL {
  return sql`exists (
    select 1 from ${conversations} where ${conversations.epochId} = ${epochs.id}
    union all
    select 1 from ${alerts} where ${alerts.epochId} = ${epochs.id} and ${NEEDED.alerts}
    union all
    select 1 from ${deliveries} where ${deliveries.epochId} = ${epochs.id} and ${NEEDED.deliveries}
    union all
    select 1 from ${evidence} where ${evidence.epochId} = ${epochs.id} and ${NEEDED.evidence}
    union all
    select 1 from ${officerContacts}
    where ${officerContacts.epochId} = ${epochs.id} and ${NEEDED.officerContacts}
    union all
    select 1 from ${inbox} where ${inbox.epochId} = ${epochs.id} and ${NEEDED.inbox}
    ${sql.join(elsewhere.map((rows) => sql`union all ${rows}`))})`;
}

/** Reporters' links of open alerts that lie under another key than `current`. */
export async function outdatedAlerts(db: Db, current: EpochId): Promise<LiveRow<AlertId>[]> {
  const rows = await db
    .select({ id: alerts.id, epochId: alerts.epochId, sealed: alerts.reporterSealed })
    .from(alerts)
    .where(and(NEEDED.alerts, ne(alerts.epochId, current)));
  return rows.flatMap(present);
}

/** What leads from what is not over to the people, and to files that wait to be fetched; under any key. */
export async function everyLink(db: Db): Promise<{
  alerts: (LiveRow<AlertId> & { caseId: CaseId | null })[];
  evidence: (LiveRow<EvidenceId> & { caseId: CaseId })[];
}> {
  const { id, caseId, epochId, reporterSealed } = alerts;
  const linked = await db
    .select({ id, caseId, epochId, sealed: reporterSealed })
    .from(alerts)
    .where(NEEDED.alerts);
  const files = await db
    .select({
      id: evidence.id,
      caseId: evidence.caseId,
      epochId: evidence.epochId,
      sealed: evidence.sourceSealed,
    })
    .from(evidence)
    .where(NEEDED.evidence);
  return { alerts: linked.flatMap(present), evidence: files.flatMap(present) };
}

/** Puts a link back that a restored row has lost; returns 1 if there is such a row. */
export async function putLink(tx: Tx, of: 'alert' | 'evidence', id: string, live: Resealed): Promise<number> {
  const { epochId, sealed } = live;
  const rows =
    of === 'alert'
      ? await tx
          .update(alerts)
          .set({ epochId, reporterSealed: sealed })
          .where(sql`${alerts.id} = ${id}`)
          .returning({ id: alerts.id })
      : await tx
          .update(evidence)
          .set({ epochId, sourceSealed: sealed })
          .where(and(sql`${evidence.id} = ${id}`, eq(evidence.state, 'received')))
          .returning({ id: evidence.id });
  return rows.length;
}

/** Alerts that still lead to a person, under any key. */
export async function everyLinkedAlert(
  tx: Tx,
): Promise<{ id: AlertId; epochId: EpochId | null; sealed: Uint8Array | null }[]> {
  return tx
    .select({ id: alerts.id, epochId: alerts.epochId, sealed: alerts.reporterSealed })
    .from(alerts)
    .where(isNotNull(alerts.reporterSealed));
}

export async function outdatedDeliveries(
  db: Db,
  current: EpochId,
): Promise<(LiveRow<DeliveryId> & { contactId: ContactId })[]> {
  const rows = await db
    .select({
      id: deliveries.id,
      contactId: deliveries.contactId,
      epochId: deliveries.epochId,
      sealed: deliveries.bodySealed,
    })
    .from(deliveries)
    .where(and(NEEDED.deliveries, ne(deliveries.epochId, current)));
  return rows.flatMap(present);
}

export async function outdatedEvidence(db: Db, current: EpochId): Promise<LiveRow<EvidenceId>[]> {
  const rows = await db
    .select({ id: evidence.id, epochId: evidence.epochId, sealed: evidence.sourceSealed })
    .from(evidence)
    .where(and(NEEDED.evidence, ne(evidence.epochId, current)));
  return rows.flatMap(present);
}

export async function outdatedOfficerStates(db: Db, current: EpochId): Promise<LiveRow<ContactId>[]> {
  const rows = await db
    .select({
      id: officerContacts.contactId,
      epochId: officerContacts.epochId,
      sealed: officerContacts.stateSealed,
    })
    .from(officerContacts)
    .where(and(NEEDED.officerContacts, ne(officerContacts.epochId, current)));
  return rows.flatMap(present);
}

type Resealed = { epochId: EpochId; sealed: Uint8Array };

/** Each replaces only the very bytes that were read: what changed meanwhile stays, and is carried the next time. */
export async function resealAlert(tx: Tx | Db, row: LiveRow<AlertId>, live: Resealed): Promise<void> {
  await tx
    .update(alerts)
    .set({ epochId: live.epochId, reporterSealed: live.sealed })
    .where(and(eq(alerts.id, row.id), eq(alerts.reporterSealed, row.sealed)));
}

export async function resealDelivery(tx: Tx | Db, row: LiveRow<DeliveryId>, live: Resealed): Promise<void> {
  await tx
    .update(deliveries)
    .set({ epochId: live.epochId, bodySealed: live.sealed })
    .where(and(eq(deliveries.id, row.id), eq(deliveries.bodySealed, row.sealed)));
}

export async function resealEvidence(tx: Tx | Db, row: LiveRow<EvidenceId>, live: Resealed): Promise<void> {
  await tx
    .update(evidence)
    .set({ epochId: live.epochId, sourceSealed: live.sealed })
    .where(and(eq(evidence.id, row.id), eq(evidence.sourceSealed, row.sealed)));
}

export async function resealOfficerState(
  tx: Tx | Db,
  row: LiveRow<ContactId>,
  live: Resealed,
): Promise<void> {
  await tx
    .update(officerContacts)
    .set({ epochId: live.epochId, stateSealed: live.sealed })
    .where(and(eq(officerContacts.contactId, row.id), eq(officerContacts.stateSealed, row.sealed)));
}

/**
 * Replies sent before `before` cannot be taken back from a phone any more (pages can still be edited), and
 * alerts closed before it need no reporter.
 */
export async function blankHandles(tx: Tx, before: Date): Promise<void> {
  await tx
    .update(deliveries)
    .set({ messageRefSealed: null, messageRefIndex: null, epochId: null })
    .where(
      and(
        eq(deliveries.state, 'sent'),
        gte(deliveries.class, CLASS.word),
        isNotNull(deliveries.messageRefSealed),
        lt(deliveries.sentAt, before),
      ),
    );
  await tx
    .update(alerts)
    .set({ reporterSealed: null, epochId: null })
    .where(
      and(
        eq(alerts.state, 'closed'),
        isNotNull(alerts.reporterSealed),
        lt(alerts.closedAt, before),
        not(isBeingErased),
      ),
    );
}

/** Deletes deliveries created before `before` whose fate is known. */
export async function purgeDeliveries(tx: Tx, before: Date): Promise<void> {
  await tx
    .delete(deliveries)
    .where(and(lt(deliveries.createdAt, before), sql`${deliveries.state} not in ('queued', 'sending')`));
}

/** Deletes drafts begun before `before` to which no conversation can lead any more. */
export async function purgeDrafts(tx: Tx, before: Date): Promise<number> {
  const rows = await tx
    .delete(cases)
    .where(and(eq(cases.status, 'draft'), lt(cases.updatedAt, before)))
    .returning({ id: cases.id });
  return rows.length;
}

/** The epoch of parked messages that could not even become a case: kept readable until the program is mended. */
export async function outdatedParked(
  db: Db,
  current: EpochId,
): Promise<(LiveRow<Uint8Array> & { channel: string })[]> {
  const rows = await db
    .select({
      id: inbox.messageIndex,
      channel: inbox.channel,
      epochId: inbox.epochId,
      sealed: inbox.bodySealed,
    })
    .from(inbox)
    .where(and(NEEDED.inbox, ne(inbox.epochId, current)));
  return rows.flatMap(present);
}

export async function resealParked(
  tx: Tx | Db,
  row: LiveRow<Uint8Array> & { channel: string },
  live: Resealed,
): Promise<void> {
  await tx
    .update(inbox)
    .set({ epochId: live.epochId, bodySealed: live.sealed })
    .where(
      and(eq(inbox.channel, row.channel), eq(inbox.messageIndex, row.id), eq(inbox.bodySealed, row.sealed)),
    );
}

function present<T extends { epochId: EpochId | null; sealed: Uint8Array | null }>(
  row: T,
): (T & { epochId: EpochId; sealed: Uint8Array })[] {
  return row.epochId && row.sealed ? [{ ...row, epochId: row.epochId, sealed: row.sealed }] : [];
}
