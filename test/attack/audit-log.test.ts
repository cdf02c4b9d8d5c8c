/**
 * An intruder who got hold of the service's own role in the operator's PostgreSQL, and wants a look to be forgotten.
 */
import { randomUUID } from 'node:crypto';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { transact } from '../../src/app/ground/transaction.ts';
import { audit } from '../../src/app/records/audit.ts';
import { verifyLog } from '../../src/commands/audit.ts';
import type { Server } from '../../src/commands/server.ts';
import { verifyAudit } from '../../src/crypto/audit-chain.ts';
import { generateKeyringFile, parseKeyring } from '../../src/crypto/keyring.ts';
import { auditRows } from '../../src/db/audit.ts';
import { auditOwner, protectAudit } from '../../src/db/audit-owner.ts';
import { databaseClock } from '../../src/db/clock.ts';
import { type Database, openDatabase } from '../../src/db/database.ts';
import { migrateDatabase } from '../../src/db/migrate.ts';
import { checkAuditLog } from '../../src/doctor/postgres.ts';
import { operator } from '../commands/lakana.ts';

const keyring = parseKeyring(generateKeyringFile());
const name = `kept_${randomUUID().slice(0, 8)}`;
let operators: postgres.Sql;
let ownerUrl: string;
let serviceUrl: string;
let service: Database;

/** As docs/operating.md says: a role and a database of its own. */
beforeAll(async () => {
  const server = inject('databaseUrl');
  operators = postgres(server, { max: 1, onnotice: () => {} });
  await operators.unsafe(`create role ${name} login password 'of the service'`);
  await operators.unsafe(`create database ${name} owner ${name}`);
  const own = new URL(server);
  own.pathname = `/${name}`;
  ownerUrl = own.href;
  own.username = name;
  own.password = 'of the service';
  serviceUrl = own.href;
  await migrateDatabase(serviceUrl);
  service = await openDatabase({ url: serviceUrl, max: 3 });
});
afterAll(async () => {
  await service.close();
  await operators.unsafe(`drop database ${name} with (force)`);
  await operators.unsafe(`drop role ${name}`);
  await operators.end();
});

const looks = () =>
  transact({ db: service.db, clock: databaseClock, keyring }, (at) =>
    audit(at, { memberId: null, what: 'case_exported' }),
  );
const rows = async () => {
  const verdict = await verifyAudit(auditRows(service.db), keyring.signer);
  return verdict.ok ? verdict.rows : verdict.problem;
};

/** Each would let a look be forgotten, now or later. */
const ATTEMPTS = [
  `update audit_log set what = 'signed_in'`,
  `delete from audit_log`,
  `truncate audit_log`,
  `drop table audit_log`,
  `drop table audit_log cascade`,
  `alter table audit_log disable trigger all`,
  `alter table audit_log disable trigger audit_log_is_kept`,
  `drop trigger audit_log_is_kept on audit_log`,
  `drop function audit_log_is_kept cascade`,
  `create or replace function audit_log_is_kept() returns trigger language plpgsql as 'begin return new; end'`,
  `create trigger mine before insert on audit_log for each row execute function suppress_redundant_updates_trigger()`,
  `create rule mine as on insert to audit_log do instead nothing`,
  `alter table audit_log owner to current_user`,
  `alter table audit_log rename to old_log`,
  `alter table audit_log alter column what drop not null`,
  `alter table audit_log enable row level security`,
  `alter table audit_log set schema drizzle`,
  `lock table audit_log in access exclusive mode`,
  `create index on audit_log (what)`,
  `comment on table audit_log is 'x'`,
  `insert into audit_log select * from audit_log on conflict (seq) do update set what = 'signed_in'`,
  `set session_replication_role = replica`,
  `set role lakana_audit`,
  `set session authorization lakana_audit`,
  `grant lakana_audit to current_user`,
  `alter role lakana_audit login`,
  `drop owned by lakana_audit`,
  `reassign owned by lakana_audit to current_user`,
  `alter schema public owner to current_user`,
  `drop schema public cascade`,
  `alter schema public rename to old`,
  `alter database ${name} owner to current_user`,
  `alter database ${name} rename to ${name}_old`,
  `drop database ${name}`,
];

describe('the log of looks', () => {
  it('is not called tampered with while it is fresh, nor when a head is mistyped; emptied after a head was noted it is', async () => {
    const server = { database: service, keyring, config: {} as Server['config'] };
    const fresh = await verifyLog(server);
    expect(fresh).toMatchObject({ json: { ok: true, rows: 0, head: null } });
    expect(fresh.exitCode ?? 0).toBe(0);
    expect(fresh.text).toContain('nobody has looked at anything yet');
    expect(await verifyLog(server, 'ab'.repeat(32))).toMatchObject({
      exitCode: 1,
      text: expect.stringContaining('it was cut off'),
    });
    await expect(verifyLog(server, 'my shopping list')).rejects.toMatchObject({ code: 'bad_head' });
    await looks();
    const first = await verifyLog(server);
    expect(first.text).toContain('Not shown: that the newest rows were not cut off');
    await looks();
    const { head } = first.json as { head: string };
    const later = await verifyLog(server, ` ${head.toUpperCase()} `);
    expect(later).toMatchObject({ json: { ok: true, rows: 2, notedAt: 1 } });
    expect(later.text).toContain('the noted head is row 1');
    expect(later.text).toContain('Of the 1 rows after it');
  });
});

describe('an intruder with the service’s role in the operator’s PostgreSQL', () => {
  it('cannot change, delete, empty, drop, lock out or re-own the log of looks once it is given away', async () => {
    await looks();
    const before = await auditOwner(service.sql);
    expect(before.weaknesses).toEqual(expect.arrayContaining(['owns_table', 'owns_database', 'owns_schema']));
    await protectAudit({ ownerUrl, serviceUrl });
    expect(await auditOwner(service.sql)).toEqual({ owner: 'lakana_audit', service: name, weaknesses: [] });
    const succeeded: string[] = [];
    for (const attempt of ATTEMPTS)
      await service.sql.unsafe(attempt).then(
        () => succeeded.push(attempt),
        () => undefined,
      );
    expect(succeeded).toEqual([]);
    // PostgreSQL warns of it and grants nothing.
    await service.sql`grant all on audit_log to current_user`;
    expect(await auditOwner(service.sql)).toMatchObject({ owner: 'lakana_audit', weaknesses: [] });
    // What it is there for still works: two at once too, one after the other.
    await Promise.all([looks(), looks()]);
    expect(await rows()).toBe(5);
    await service.sql.unsafe('create schema jobs');
    await service.sql.unsafe('create table public.new_table (id int)');
    await service.sql.unsafe('drop table public.new_table');
  });

  it('cannot get it back at an upgrade: a version that changes the log says what to do, and is applied by that', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'lakana-migrations-'));
    try {
      await cp(resolve(import.meta.dirname, '../../drizzle'), folder, { recursive: true });
      const journal = JSON.parse(await readFile(join(folder, 'meta/_journal.json'), 'utf8'));
      const tag = '9999_later';
      journal.entries.push({ ...journal.entries.at(-1), idx: journal.entries.length, when: 4e12, tag });
      await writeFile(join(folder, 'meta/_journal.json'), JSON.stringify(journal));
      await writeFile(join(folder, `${tag}.sql`), `alter table audit_log add column later text;`);
      await expect(migrateDatabase(serviceUrl, { folder })).rejects.toMatchObject({ code: 'not_the_owner' });
      await protectAudit({ ownerUrl, serviceUrl }, { folder });
      expect((await auditOwner(service.sql)).weaknesses).toEqual([]);
      await expect(service.sql`delete from audit_log`).rejects.toMatchObject({ code: '42501' });
      await looks();
      expect(await rows()).toBe(6);
      // This program is older than that now, and says so.
      await expect(protectAudit({ ownerUrl, serviceUrl })).rejects.toMatchObject({
        code: 'database_is_newer',
      });
      await service.sql`delete from drizzle.__drizzle_migrations where created_at = 4000000000000`;
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  it('is seen by the operator: protect says what it did, doctor whether it is so, and a superuser is refused', async () => {
    const config = { databaseUrl: {} } as Parameters<typeof checkAuditLog>[0];
    expect(await checkAuditLog(config, service)).toMatchObject({
      state: 'ok',
      detail: expect.stringContaining('belongs to lakana_audit'),
    });
    await operators.unsafe(`grant lakana_audit to ${name}`);
    expect(await checkAuditLog(config, service)).toMatchObject({
      state: 'warn',
      detail: expect.stringContaining('owns the log, or can become who does'),
    });
    const they = await operator({ DATABASE_URL: serviceUrl });
    const done = await they.lakana('audit', 'protect', '--database-url', ownerUrl);
    await they.leaves();
    expect(done).toMatchObject({ code: 0, err: '' });
    expect(done.out).toContain(`revoke lakana_audit from "${name}";`);
    expect(await checkAuditLog(config, service)).toMatchObject({ state: 'ok' });
    await expect(protectAudit({ ownerUrl, serviceUrl: ownerUrl })).rejects.toMatchObject({
      code: 'service_too_mighty',
      message: expect.stringContaining('is a superuser'),
    });
    expect(await checkAuditLog(config, service)).toMatchObject({ state: 'ok' });
  });
});
