/** Team keys that follow one another, and which cases are sealed to which of them. */
import type { CaseId } from '../kernel/ids.ts';
import type { Db, Tx } from './database.ts';
import { and, asc, count, eq, gt, inArray, ne, notExists, notInArray, sql } from './drizzle.cjs';
import { type Ids, isKnownCase } from './known.ts';
import { isOfLength } from './lengths.ts';
import { keepCase } from './locks.ts';
import { cases, caseWraps, teamGrants, teamKeys } from './schema.ts';

export type TeamKeyRow = typeof teamKeys.$inferSelect;

const TEAM = 'team';

/** Notes a key; one that was noted before is replaced. */
export async function saveTeamKey(tx: Tx, row: typeof teamKeys.$inferInsert): Promise<void> {
  await tx.insert(teamKeys).values(row).onConflictDoUpdate({ target: teamKeys.fingerprint, set: row });
}

/** Oldest first. */
export function listTeamKeys(db: Db | Tx): Promise<TeamKeyRow[]> {
  return db.select().from(teamKeys).where(isOfLength(teamKeys)).orderBy(asc(teamKeys.madeAt));
}

/** A key that never came into use: gone with everything that was granted of it. */
export async function dropTeamKey(tx: Tx, fingerprint: string): Promise<void> {
  await tx.delete(teamKeys).where(eq(teamKeys.fingerprint, fingerprint));
  await tx.delete(teamGrants).where(eq(teamGrants.fingerprint, fingerprint));
}

/** How many cases (drafts too) of which a member may know are sealed to this key, and how many are not. */
export async function countSealedTo(
  db: Db | Tx,
  fingerprint: string,
  ids: Ids,
): Promise<{ sealed: number; lacking: number }> {
  const [all] = await db
    .select({ n: count() })
    .from(cases)
    .where(isKnownCase(db, ids, cases.id));
  const [sealed] = await db
    .select({ n: count() })
    .from(caseWraps)
    .where(
      and(
        eq(caseWraps.recipientGroup, TEAM),
        eq(caseWraps.keyFingerprint, fingerprint),
        isKnownCase(db, ids, caseWraps.caseId),
      ),
    );
  return { sealed: sealed?.n ?? 0, lacking: (all?.n ?? 0) - (sealed?.n ?? 0) };
}

/** Whether a member still has a team key that is none of these. */
export async function isGrantedOther(db: Db | Tx, fingerprints: readonly string[]): Promise<boolean> {
  const [row] = await db
    .select({ one: sql`1` })
    .from(teamGrants)
    .where(notInArray(teamGrants.fingerprint, [...fingerprints]))
    .limit(1);
  return row !== undefined;
}

export type WrapRow = { caseId: CaseId; key: string; wrapped: Uint8Array };

/** Cases of which a member may know after `after` by id, drafts too, with every wrap of the team. */
export async function wrapsAfter(
  tx: Tx,
  ids: Ids,
  after: CaseId | undefined,
  limit: number,
): Promise<{ id: CaseId; recipient: string; wraps: WrapRow[] }[]> {
  const rows = await tx
    .select({ id: cases.id, recipient: cases.recipient })
    .from(cases)
    .where(and(after === undefined ? undefined : gt(cases.id, after), isKnownCase(tx, ids, cases.id)))
    .orderBy(asc(cases.id))
    .limit(limit);
  if (rows.length === 0) return [];
  const found = rows.map(({ id }) => id);
  const wraps = await tx
    .select({
      caseId: caseWraps.caseId,
      key: caseWraps.keyFingerprint,
      wrapped: caseWraps.wrappedSecret,
    })
    .from(caseWraps)
    .where(and(inArray(caseWraps.caseId, found), eq(caseWraps.recipientGroup, TEAM)));
  return rows.map((row) => ({ ...row, wraps: wraps.filter(({ caseId }) => caseId === row.id) }));
}

/** Puts a wrap beside those that a case has; the one for the same key is replaced. A case that is gone is passed over. */
export async function saveWrap(tx: Tx, { caseId, key, wrapped }: WrapRow): Promise<void> {
  if (!(await keepCase(tx, caseId))) return;
  await tx
    .insert(caseWraps)
    .values({ caseId, recipientGroup: TEAM, keyFingerprint: key, wrappedSecret: wrapped })
    .onConflictDoUpdate({
      target: [caseWraps.caseId, caseWraps.recipientGroup, caseWraps.keyFingerprint],
      set: { wrappedSecret: wrapped },
    });
}

/** Wraps to any key but the one in use go; so do grants and rows of keys that are neither in use nor to come next. */
export async function forgetOtherKeys(tx: Tx, inUse: string, next: string | undefined): Promise<void> {
  const keep = next === undefined ? [inUse] : [inUse, next];
  const other = and(eq(caseWraps.recipientGroup, TEAM), ne(caseWraps.keyFingerprint, inUse));
  await tx.delete(caseWraps).where(other);
  await tx.delete(teamGrants).where(notInArray(teamGrants.fingerprint, keep));
  await tx.delete(teamKeys).where(notInArray(teamKeys.fingerprint, keep));
}

/** Whether a case has no wrap for this key. */
export async function someLacking(tx: Tx, fingerprint: string): Promise<boolean> {
  const wrap = tx
    .select({ one: sql`1` })
    .from(caseWraps)
    .where(
      and(
        eq(caseWraps.caseId, cases.id),
        eq(caseWraps.recipientGroup, TEAM),
        eq(caseWraps.keyFingerprint, fingerprint),
      ),
    );
  const [row] = await tx.select({ id: cases.id }).from(cases).where(notExists(wrap)).limit(1);
  return row !== undefined;
}
