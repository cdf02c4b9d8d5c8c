/**
 * kill -9 of a backup, a restore and a pruning, at moments spread over the whole of each: what has the name of a backup opens and
 * is whole, a database is empty or whole, and the next run is well.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ERASED, readName } from '../../src/backup/names.ts';
import { opened } from '../../src/backup/sealing.ts';
import { openTarget } from '../../src/backup/target.ts';
import { createVerifying } from '../../src/backup/verifying.ts';
import { createTeamKey } from '../../src/crypto/case-key.ts';
import { inOneGo, isEmpty } from '../../src/db/snapshot.ts';
import { type House, openHouse } from '../app/house.ts';
import { createTestDatabase, type TestDatabase } from '../database.ts';
import { rest } from './killable.ts';

const CLI = join(import.meta.dirname, '..', 'commands', 'unguarded-cli.ts');
const KILLS = Number(process.env.LAKANA_KILLS ?? 25);

let house: House;
let empty: TestDatabase;
let folder: string;
let identity: string;
let env: NodeJS.ProcessEnv;
const target = () => openTarget({ kind: 'folder', path: join(folder, 'disk') });

beforeAll(async () => {
  house = await openHouse();
  empty = await createTestDatabase({ isEmpty: true });
  folder = await mkdtemp(join(tmpdir(), 'lakana-kill-'));
  const awa = house.person('Awa');
  await awa.says('SOS');
  await awa.says('Kati, derrière le marché');
  // Enough that a backup takes a while: what came in, once each.
  await house.database.sql`insert into inbox (channel, message_index, received_at, state)
    select 'telegram', decode(md5(n::text) || md5((n + 1)::text), 'hex'), now(), 'handled' from generate_series(1, 200000) n`;
  await house.database.sql`insert into service (mode) values ('live')`;
  const { secret, recipient } = await createTeamKey();
  identity = secret;
  await writeFile(join(folder, 'server.key'), house.serverKey);
  await writeFile(join(folder, 'team.pub'), house.team.recipient);
  await writeFile(join(folder, 'backup.pub'), recipient);
  await writeFile(join(folder, 'backup.key'), secret);
  env = {
    PATH: process.env.PATH,
    WHATSAPP: 'on',
    DATABASE_URL: house.database.url,
    SERVER_KEY_FILE: 'server.key',
    TEAM_RECIPIENT_FILE: 'team.pub',
    BACKUP_RECIPIENT_FILE: 'backup.pub',
    BACKUP_TARGET: 'disk',
  };
});
afterAll(async () => {
  await house.close();
  await empty.close();
  await rm(folder, { recursive: true, force: true });
});

function types(args: string[], url = house.database.url): { child: ChildProcess; over: Promise<unknown> } {
  const child = spawn(process.execPath, [CLI, ...args], { cwd: folder, env: { ...env, DATABASE_URL: url } });
  child.stdout?.resume();
  child.stderr?.resume();
  return { child, over: once(child, 'exit') };
}

/** Runs it to its end; how long that took. */
async function runs(args: string[], url?: string): Promise<number> {
  const started = performance.now();
  const { child, over } = types(args, url);
  await over;
  expect(child.exitCode, args.join(' ')).toBe(0);
  return performance.now() - started;
}

/** Runs it again and again, each time for a little longer, and kills it. */
async function killed(
  args: string[],
  whole: number,
  check: () => Promise<void>,
  url?: string,
): Promise<void> {
  for (let n = 1; n <= KILLS; n++) {
    const { child, over } = types(args, url);
    await Promise.race([rest((whole * n) / KILLS), over]);
    child.kill('SIGKILL');
    await over;
    await check();
  }
}

const names = async (): Promise<string[]> => (await readdir(join(folder, 'disk')).catch(() => [])).sort();

/** Everything that looks like a backup is one. */
async function allWhole(): Promise<void> {
  for (const { name } of await target().list()) {
    if (readName(name)?.part !== 'backup') continue;
    const verifying = createVerifying(house.ctx.keyring);
    for await (const piece of await opened(identity, target().read(name))) verifying.take(piece);
    expect(verifying.end().rows, name).toBeGreaterThan(200_000);
  }
}

const scratches = () =>
  house.database.sql`select 1 from pg_database where datname like 'lakana_rehearsal_%'
    and not exists (select from pg_stat_activity a where a.datname = pg_database.datname)`;

describe('kill -9', () => {
  test('of a backup leaves nothing that looks like one and is none, and the next run clears up', async () => {
    const whole = await runs(['backup']);
    await killed(['backup'], whole, allWhole);
    await rest(1_100);
    await runs(['backup']);
    await allWhole();
    expect(
      (await names()).filter((name) => name !== ERASED && name !== 'lakana-place' && !readName(name)),
    ).toEqual([]);
    expect(await scratches()).toEqual([]);
  });

  test('of a restore leaves the database empty, or whole', async () => {
    const newest = (await names()).filter((name) => name.endsWith('.backup')).at(-1) ?? '';
    const args = ['restore', `disk/${newest}`, '--identity', 'backup.key'];
    const whole = await runs(args, empty.url);
    const clear = () =>
      empty.sql.unsafe(
        'drop schema public cascade; drop schema if exists drizzle cascade; create schema public',
      );
    await clear();
    await killed(
      args,
      whole,
      async () => {
        // What the dead process had asked for is undone once PostgreSQL notices.
        const others = () => empty.sql`select 1 from pg_stat_activity where datname = current_database()
          and pid <> pg_backend_pid() and application_name = 'lakana' and state <> 'idle'`;
        await expect.poll(async () => (await others()).length, { timeout: 60_000 }).toBe(0);
        if (await inOneGo(empty.url, ({ tx }) => isEmpty(tx))) return;
        expect((await empty.sql`select count(*)::int as n from cases`)[0]?.n).toBe(1);
        expect(await empty.sql`select 1 from audit_log where what = 'restored'`).toHaveLength(1);
        await clear();
      },
      empty.url,
    );
    await clear();
    await runs(args, empty.url);
  });

  test('of a pruning takes away no more than what is too old, and the next one does the rest', async () => {
    const [one = ''] = (await names()).filter((name) => name.endsWith('.backup'));
    const bytes: Uint8Array[] = [];
    for await (const piece of target().read(one)) bytes.push(piece);
    const old = Array.from(
      { length: 28 },
      (_, n) => `lakana-2020-01-${String(n + 1).padStart(2, '0')}T02-40-00Z.backup`,
    );
    for (const name of old) await writeFile(join(folder, 'disk', name), Buffer.concat(bytes));
    const young = (await names()).filter((name) => !old.includes(name));
    await killed(['backup', 'prune'], 4_000, async () => {
      expect((await names()).filter((name) => !old.includes(name))).toEqual(young);
    });
    await runs(['backup', 'prune']);
    expect(await names()).toEqual(young);
  });
});
