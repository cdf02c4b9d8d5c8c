import type { CaseId, EvidenceId } from '../kernel/ids.ts';
import type { Db, Tx } from './database.ts';
import { and, asc, eq, gte, inArray, isNull, lt, or, sql } from './drizzle.cjs';
import { cases, evidence, evidenceChunks } from './schema.ts';

export type EvidenceRow = typeof evidence.$inferSelect;

export async function insertEvidence(tx: Tx, row: typeof evidence.$inferInsert): Promise<void> {
  await tx.insert(evidence).values(row);
}

/** A file that still waits to be fetched, its row locked; undefined once it is saved, refused or erased. */
export async function lockWaitingEvidence(tx: Tx, id: EvidenceId): Promise<EvidenceRow | undefined> {
  const [row] = await tx
    .select()
    .from(evidence)
    .where(and(eq(evidence.id, id), eq(evidence.state, 'received')))
    .for('update');
  return row;
}

/** Files whose try under this guardian was never taken back, and those of earlier falls; their rows locked. */
export function lockSuspects(tx: Tx, guardian: string): Promise<EvidenceRow[]> {
  const isFallen = or(eq(evidence.fetchedBy, guardian), evidence.isSuspect);
  return tx
    .select()
    .from(evidence)
    .where(and(eq(evidence.state, 'received'), isFallen))
    .orderBy(asc(evidence.id))
    .for('update');
}

export async function updateEvidence(
  tx: Tx,
  id: EvidenceId,
  set: Partial<typeof evidence.$inferInsert>,
): Promise<void> {
  await tx.update(evidence).set(set).where(eq(evidence.id, id));
}

/**
 * One piece of a sealed file, numbered from `base` of this try on. False, and nothing is kept, once the file does
 * not wait any more: a transaction that saves, refuses or erases it holds its row, and this waits for that.
 */
export async function putChunk(
  tx: Tx | Db,
  id: EvidenceId,
  n: number,
  ciphertext: Uint8Array,
): Promise<boolean> {
  const rows = await tx.execute(sql`
    insert into ${evidenceChunks} (evidence_id, n, ciphertext)
    select ${evidence.id}, ${n}::int, ${ciphertext}::bytea from ${evidence}
    where ${evidence.id} = ${id} and ${evidence.state} = 'received'
    for share
    returning n`);
  return rows.length > 0;
}

/** Makes the pieces of one try, numbered from `base`, the file, and deletes what other tries left. */
export async function keepChunks(tx: Tx, id: EvidenceId, base: number, count: number): Promise<void> {
  const mine = eq(evidenceChunks.evidenceId, id);
  await tx
    .delete(evidenceChunks)
    .where(and(mine, sql`(${evidenceChunks.n} < ${base} or ${evidenceChunks.n} >= ${base + count})`));
  await tx
    .update(evidenceChunks)
    .set({ n: sql`${evidenceChunks.n} - ${base}` })
    .where(mine);
}

/** Deletes what tries have left of a file; with `only`, the pieces of one try. */
export async function dropChunks(
  tx: Tx | Db,
  id: EvidenceId,
  only?: { base: number; count: number },
): Promise<void> {
  const { n } = evidenceChunks;
  const ofTry = only && and(gte(n, only.base), lt(n, only.base + only.count));
  await tx.delete(evidenceChunks).where(and(eq(evidenceChunks.evidenceId, id), ofTry));
}

/** How many files of a case are saved, and how many still wait to be fetched. */
export async function countEvidence(tx: Tx, caseId: CaseId): Promise<{ saved: number; waiting: number }> {
  const [row] = await tx
    .select({
      saved: sql<number>`count(*) filter (where ${evidence.state} = 'saved')::int`,
      waiting: sql<number>`count(*) filter (where ${evidence.state} = 'received')::int`,
    })
    .from(evidence)
    .where(eq(evidence.caseId, caseId));
  return row ?? { saved: 0, waiting: 0 };
}

/** Bytes of all files of a case, those that are still expected too. */
export async function bytesOfCase(tx: Tx, caseId: CaseId): Promise<number> {
  const [row] = await tx
    .select({ bytes: sql<string>`coalesce(sum(coalesce(${evidence.size}, ${evidence.expected})), 0)` })
    .from(evidence)
    .where(and(eq(evidence.caseId, caseId), sql`${evidence.state} <> 'refused'`));
  return Number(row?.bytes ?? 0);
}

/** Counts a voice note that nobody has heard yet. */
export async function countUnheard(tx: Tx, caseId: CaseId): Promise<void> {
  await tx
    .update(cases)
    .set({ unheard: sql`${cases.unheard} + 1` })
    .where(eq(cases.id, caseId));
}

/** A member has heard, seen or saved a file; a voice note counts as heard from the first time on. */
export async function noteHeard(tx: Tx, id: EvidenceId, now: Date): Promise<void> {
  const [row] = await tx
    .update(evidence)
    .set({ openedAt: now })
    .where(and(eq(evidence.id, id), isNull(evidence.openedAt)))
    .returning({ media: evidence.media, caseId: evidence.caseId });
  if (row?.media !== 'voice' && row?.media !== 'audio') return;
  await tx
    .update(cases)
    .set({ unheard: sql`greatest(${cases.unheard} - 1, 0)` })
    .where(eq(cases.id, row.caseId));
}

/** Files that wait to be fetched, oldest first: what a lost job would leave lying. */
export async function waitingEvidence(db: Db, limit: number): Promise<EvidenceRow[]> {
  return db
    .select()
    .from(evidence)
    .where(eq(evidence.state, 'received'))
    .orderBy(asc(evidence.createdAt))
    .limit(limit);
}

/** How many files of the last days could not be had, and how many have waited for long. */
export async function countUnfetched(db: Db, since: Date, waitingSince: Date): Promise<number> {
  const lost = and(
    eq(evidence.state, 'refused'),
    inArray(evidence.refusal, ['gone', 'unreachable']),
    gte(evidence.createdAt, since),
  );
  const waiting = and(eq(evidence.state, 'received'), lt(evidence.createdAt, waitingSince));
  return db.$count(evidence, or(lost, waiting));
}

/** Files that wait to be fetched go into another case; with `only`, this one. */
export async function moveWaitingEvidence(
  tx: Tx,
  from: CaseId,
  to: CaseId,
  only?: EvidenceId,
): Promise<void> {
  const waiting = and(eq(evidence.caseId, from), eq(evidence.state, 'received'));
  await tx
    .update(evidence)
    .set({ caseId: to })
    .where(only ? and(waiting, eq(evidence.id, only)) : waiting);
}

/** Forgets one file of a case; its pieces go with it. A job that fetches it finds nothing to do. */
export async function deleteEvidence(tx: Tx, caseId: CaseId, id: EvidenceId): Promise<void> {
  await tx.delete(evidence).where(and(eq(evidence.id, id), eq(evidence.caseId, caseId)));
}
