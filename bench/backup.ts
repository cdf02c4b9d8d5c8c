/** A million rows saved and put back: how many a second, and how much memory that takes. */
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeBackup } from '../src/app/keeping/make-backup.ts';
import { restore } from '../src/app/keeping/restore.ts';
import { createEpochs } from '../src/app/keys/epochs.ts';
import { openTarget } from '../src/backup/target.ts';
import { createIdentity, recipientOf } from '../src/crypto/age.ts';
import { generateKeyringFile, parseKeyring } from '../src/crypto/keyring.ts';
import { databaseClock } from '../src/db/clock.ts';
import { openDatabase } from '../src/db/database.ts';
import { migrateDatabase } from '../src/db/migrate.ts';
import { makeScratch } from '../src/db/scratch.ts';
import type { Row } from './table.ts';
import type { Server } from './world.ts';

const [CASES, ITEMS, MESSAGES] = [10_000, 10, 890_000];

export async function benchBackup({ url }: Pick<Server, 'url'>): Promise<Row[]> {
  const folder = await mkdtemp(join(tmpdir(), 'lakana-bench-'));
  await migrateDatabase(url);
  const database = await openDatabase({ url, statementTimeout: 0 });
  try {
    await fill(database.sql);
    const identity = await createIdentity();
    const keyring = parseKeyring(generateKeyringFile());
    const target = openTarget({ kind: 'folder', path: folder });
    const settings = { recipient: await recipientOf(identity), keepDays: 35, isSessionKept: false };
    const { db } = database;
    const keeping = {
      db,
      url,
      clock: databaseClock,
      keyring,
      epochs: createEpochs(db, keyring),
      target,
      settings,
    };
    const alone = await measured(() => makeBackup({ ...keeping, freeBytes: async () => 0 }));
    const tried = await measured(() => makeBackup(keeping));
    const name = tried.value?.name ?? '';
    const { size } = await stat(join(folder, name));
    const made = await makeScratch(url);
    if (made === 'may_not_create') throw new Error('the bench needs a role that may make a database');
    const back = await measured(() =>
      restore({ url: made.scratch.url, keyring, identity, backup: target.read(name) }, async () => undefined),
    );
    await made.scratch.drop();
    const megabytes = `${Math.round(size / 1_000_000)} MB`;
    return [
      rowFrom('a backup', alone, `${megabytes} sealed`),
      rowFrom('a backup, put back beside and compared', tried, megabytes),
      rowFrom('a restore', back, 'chains looked at'),
    ];
  } finally {
    await database.close();
    await rm(folder, { recursive: true, force: true });
  }
}

type Sql = Awaited<ReturnType<typeof openDatabase>>['sql'];

/** Cases of ten items of a kilobyte, and messages that had come. */
async function fill(sql: Sql): Promise<void> {
  await sql`insert into service (mode) values ('live')`;
  await sql`insert into cases (id, status, status_since, channel, recipient, opened_at, updated_at)
    select gen_random_uuid(), 'new', now(), 'telegram', 'age1', now(), now() from generate_series(1, ${CASES})`;
  await sql`insert into case_items (case_id, place, kind, ciphertext, link, signature, created_at)
    select id, n, 'message', decode(repeat(md5(id::text || n), 64), 'hex'), decode(md5(id::text), 'hex'), decode(md5(n::text), 'hex'), now()
    from cases cross join generate_series(0, ${ITEMS - 1}) n`;
  await sql`insert into inbox (channel, message_index, received_at, state)
    select 'telegram', decode(md5(n::text) || md5((n + 1)::text), 'hex'), now(), 'handled' from generate_series(1, ${MESSAGES}) n`;
}

type Measured<T> = { value: T; seconds: number; peak: number };

async function measured<T>(work: () => Promise<T>): Promise<Measured<T>> {
  let peak = 0;
  const look = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage.rss());
  }, 50);
  const started = performance.now();
  const value = await work();
  clearInterval(look);
  return { value, seconds: (performance.now() - started) / 1_000, peak };
}

const rowFrom = (what: string, { seconds, peak }: Measured<unknown>, note: string): Row => ({
  what,
  perSecond: (CASES * (ITEMS + 1) + MESSAGES) / seconds,
  note: `${Math.round(seconds)} s, ${Math.round(peak / 1_000_000)} MB resident at most, ${note}`,
});
