/** Which backups were made, and what was noted of them. */

import { after, days } from '../kernel/time.ts';
import type { Db, Tx } from './database.ts';
import { desc, eq, lte, notInArray } from './drizzle.cjs';
import { backupNotes, backups } from './schema.ts';

export type BackupRow = typeof backups.$inferSelect;
type Note = typeof backupNotes.$inferSelect;

export async function insertBackup(db: Db | Tx, row: typeof backups.$inferInsert): Promise<void> {
  const { name: _, ...set } = row;
  await db.insert(backups).values(row).onConflictDoUpdate({ target: backups.name, set });
}

/** Newest first. */
export function listBackups(db: Db | Tx): Promise<BackupRow[]> {
  return db.select().from(backups).orderBy(desc(backups.asOf));
}

/** Of which moment the newest is; where none was made, since when they are wanted. Undefined: they never were. One from the future, of a clock that was wrong, counts for nothing. */
export async function lastSaved(db: Db | Tx, now: Date): Promise<Date | undefined> {
  const [newest] = await db
    .select({ at: backups.asOf })
    .from(backups)
    .where(lte(backups.asOf, after(now, days(1))))
    .orderBy(desc(backups.asOf))
    .limit(1);
  if (newest) return newest.at;
  const [since] = await db
    .select({ at: backupNotes.at })
    .from(backupNotes)
    .where(eq(backupNotes.what, 'since'));
  return since?.at;
}

/** Forgets those that lie in their place no more. */
export async function keepBackups(db: Db | Tx, there: readonly string[]): Promise<void> {
  await db.delete(backups).where(there.length > 0 ? notInArray(backups.name, [...there]) : undefined);
}

/** Notes that something was done or said; with `once`, only if it was not noted yet. */
export async function noteBackup(
  db: Db | Tx,
  note: { what: Note['what']; at: Date; detail?: string },
  once = false,
): Promise<void> {
  const row = { ...note, detail: note.detail ?? null };
  const adding = db.insert(backupNotes).values(row);
  await (once
    ? adding.onConflictDoNothing()
    : adding.onConflictDoUpdate({ target: backupNotes.what, set: row }));
}

export async function forgetNote(db: Db | Tx, what: Note['what']): Promise<void> {
  await db.delete(backupNotes).where(eq(backupNotes.what, what));
}

export async function backupNotesOf(db: Db | Tx): Promise<Partial<Record<Note['what'], Note>>> {
  const rows = await db.select().from(backupNotes);
  return Object.fromEntries(rows.map((row) => [row.what, row]));
}
