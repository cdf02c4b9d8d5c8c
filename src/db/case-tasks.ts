/** What reporters asked for by right, as tasks of the team. */
import type { CaseId, PersonId } from '../kernel/ids.ts';
import type { Task } from '../kernel/vocabulary.ts';
import type { Db, Tx } from './database.ts';
import { and, asc, eq, inArray, isNotNull, or, sql } from './drizzle.cjs';
import { type Ids, isKnownCase } from './known.ts';
import { cases, caseTasks, erasures } from './schema.ts';

export type CaseTaskRow = typeof caseTasks.$inferSelect;

/** Notes that it was asked for. One that is open counts once more and keeps its time. Returns how often it was asked. */
export async function askTask(tx: Tx, caseId: CaseId, kind: Task, now: Date): Promise<number> {
  const [row] = await tx
    .insert(caseTasks)
    .values({ caseId, kind, state: 'open', askedAt: now })
    .onConflictDoUpdate({
      target: [caseTasks.caseId, caseTasks.kind],
      targetWhere: sql`${caseTasks.state} = 'open'`,
      set: { times: sql`${caseTasks.times} + 1` },
    })
    .returning({ times: caseTasks.times });
  return row?.times ?? 1;
}

export function tasksOf(db: Db | Tx, caseId: CaseId): Promise<CaseTaskRow[]> {
  return db.select().from(caseTasks).where(eq(caseTasks.caseId, caseId)).orderBy(asc(caseTasks.id));
}

/** The task of this kind that is open (or, `granted`, that was granted), its row locked. The caller holds the case. */
export async function lockTask(
  tx: Tx,
  caseId: CaseId,
  kind: Task,
  state: 'open' | 'granted',
): Promise<CaseTaskRow | undefined> {
  const [row] = await tx
    .select()
    .from(caseTasks)
    .where(and(eq(caseTasks.caseId, caseId), eq(caseTasks.kind, kind), eq(caseTasks.state, state)))
    .orderBy(asc(caseTasks.id))
    .limit(1)
    .for('update');
  return row;
}

export async function decideTask(
  tx: Tx,
  id: number,
  set: { state: CaseTaskRow['state']; decidedBy: PersonId | null; decidedAt: Date },
): Promise<void> {
  await tx.update(caseTasks).set(set).where(eq(caseTasks.id, id));
}

/** Nobody may fetch a code of this case any more that was granted before. */
export async function endGrants(tx: Tx, caseId: CaseId): Promise<void> {
  await tx
    .update(caseTasks)
    .set({ state: 'done' })
    .where(and(eq(caseTasks.caseId, caseId), eq(caseTasks.kind, 'code'), eq(caseTasks.state, 'granted')));
}

/** A case in which something is open, or that is to be erased. `dueAt` null: a second person has not agreed. */
export type CaseToSee = {
  reference: string;
  level: string;
  tasks: Task[];
  erasing: { dueAt: Date | null } | null;
};

/** All of those of which these may know, oldest first. */
export async function casesToSeeFor(db: Db | Tx, ids: Ids): Promise<CaseToSee[]> {
  const { reference, level } = cases;
  const open = and(eq(caseTasks.caseId, cases.id), eq(caseTasks.state, 'open'));
  const live = and(eq(erasures.caseId, cases.id), inArray(erasures.state, ['asked', 'waiting']));
  const rows = await db
    .select({ reference, level, kind: caseTasks.kind, erasure: erasures.id, dueAt: erasures.dueAt })
    .from(cases)
    .leftJoin(caseTasks, open)
    .leftJoin(erasures, live)
    .where(and(or(isNotNull(caseTasks.id), isNotNull(erasures.id)), isKnownCase(db, ids, cases.id)))
    .orderBy(asc(sql`coalesce(${caseTasks.askedAt}, ${erasures.askedAt})`), asc(caseTasks.id));
  const found = new Map<string, CaseToSee>();
  for (const row of rows) {
    if (row.reference === null) continue;
    const { tasks } = found.get(row.reference) ?? { tasks: [] };
    found.set(row.reference, {
      reference: row.reference,
      level: row.level,
      tasks: row.kind ? [...tasks, row.kind] : tasks,
      erasing: row.erasure ? { dueAt: row.dueAt } : null,
    });
  }
  return [...found.values()];
}
