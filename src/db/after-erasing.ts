/**
 * What PostgreSQL still holds on the disk of cases that were erased.
 *
 * Invariants: the keys of an erased case are in no file of the cluster once this is done: the tables in which they lay are
 * written anew, and the write-ahead log begins a new file and drops the old ones; of everything else the room is free to be
 * written over. Nobody waits for a lock of this for longer than small tables take to copy.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { seconds } from '../kernel/time.ts';
import type { Db } from './database.ts';
import { cleanUp } from './disk-room.ts';
import { sql } from './drizzle.cjs';

/** A table that is used at this very moment is passed over, and tried again; milliseconds. */
const TRIES = 20;
const BETWEEN = seconds(0.5);

export async function cleanUpCases(db: Db): Promise<void> {
  await cleanUp(db);
  await db.execute(
    sql`vacuum (skip_locked) cases, case_items, case_tasks, evidence, alerts, alert_log, pages, deliveries, conversations`,
  );
  for (const table of KEYS) await writeAnew(db, table);
  await forgetLog(db);
}

const KEYS = ['case_wraps', 'receipt_codes'] as const;

/** A plain vacuum leaves the bytes where they were until something else comes there. */
async function writeAnew(db: Db, table: (typeof KEYS)[number]): Promise<void> {
  const before = await fileOf(db, table);
  for (let tries = 0; tries < TRIES; tries++) {
    await db.execute(sql`vacuum (full, skip_locked) ${sql.identifier(table)}`);
    if ((await fileOf(db, table)) !== before) return;
    await pause(BETWEEN);
  }
}

async function fileOf(db: Db, table: string): Promise<string> {
  const [row] = await db.execute<{ file: string }>(sql`select pg_relation_filenode(${table})::text as file`);
  return String(row?.file);
}

/** Only the owner of the cluster may: with a PostgreSQL of the operator's own its log goes when that one lets it go. */
async function forgetLog(db: Db): Promise<void> {
  const [row] = await db.execute<{ may: boolean }>(sql`select current_setting('is_superuser') = 'on' as may`);
  if (!row?.may) return;
  await db.execute(sql`select pg_switch_wal()`);
  await db.execute(sql`checkpoint`);
}
