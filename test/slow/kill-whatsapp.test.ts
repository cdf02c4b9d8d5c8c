/**
 * kill -9 at random moments while people write on WhatsApp: what WhatsApp considers delivered is in a case exactly once
 * and in order.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { afterEach, expect, test } from 'vitest';
import { createTeamKey } from '../../src/crypto/case-key.ts';
import { generateKeyringFile, parseKeyring } from '../../src/crypto/keyring.ts';
import { captureConsole, createLog } from '../../src/kernel/log.ts';
import { readCase } from '../case-file.ts';
import { createTestDatabase } from '../database.ts';
import { trust } from '../fakes/whatsapp/trust.ts';
import { startFakeWhatsApp } from '../fakes/whatsapp/whatsapp.ts';
import { link } from '../linked-number.ts';
import { liveEnvironment } from '../live-config.ts';

const KILLS = Number(process.env.LAKANA_KILLS ?? 100);
const PEOPLE = 10;
const ROOT = join(import.meta.dirname, '..', '..');
const TRUST = join(ROOT, 'test', 'fakes', 'whatsapp', 'trust.ts');

let child: ChildProcess | undefined;
const clean: (() => unknown)[] = [];

afterEach(async () => {
  child?.kill('SIGKILL');
  for (const each of clean.splice(0).toReversed()) await each();
});

const rest = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

async function kill(): Promise<void> {
  const dying = child;
  const gone = new Promise((resolve) => dying?.once('exit', resolve));
  dying?.kill('SIGKILL');
  await gone;
}

test(
  `${KILLS} times kill -9 while people write on WhatsApp: nothing lost, nothing twice, all in order`,
  async () => {
    const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
    clean.push(captureConsole(createLog('silent', nowhere)));
    const folder = await mkdtemp(join(tmpdir(), 'lakana-kill-'));
    clean.push(() => rm(folder, { recursive: true, force: true }));
    const database = await createTestDatabase();
    clean.push(() => database.close());
    const whatsapp = await startFakeWhatsApp();
    clean.push(() => whatsapp.close(), trust(whatsapp.credentials));
    const team = await createTeamKey();
    const serverKey = generateKeyringFile();
    const keyring = parseKeyring(serverKey);
    await writeFile(join(folder, 'server.key'), serverKey);
    await writeFile(join(folder, 'team.pub'), `${team.recipient}\n`);
    await link({ db: database.db, keyring }, whatsapp);
    const env = liveEnvironment(folder, database.url, whatsapp);
    const start = (): void => {
      child = spawn(process.execPath, ['--import', TRUST, join(ROOT, 'src', 'service', 'process.ts')], {
        env: { ...process.env, ...env },
        stdio: 'ignore',
      });
    };
    start();
    await whatsapp.until(() => whatsapp.account.active, 60_000);

    const people = Array.from({ length: PEOPLE }, (_, n) => whatsapp.person(`P${n}`));
    for (const person of people) await person.says('SOS');
    let words = 0;
    for (let killed = 0; killed < KILLS; killed++) {
      words += 1;
      for (const [n, person] of people.entries()) await person.says(`mot ${words} de ${n}`);
      await rest(Math.random() * 400);
      await kill();
      const before = whatsapp.calls.length;
      start();
      const greets = () => whatsapp.calls.slice(before).some(({ method }) => method.startsWith('passive'));
      await whatsapp.until(greets, 60_000);
    }
    const waiting = () => database.sql`select 1 from whatsapp_staged where body_sealed is not null`;
    await whatsapp.until(() => whatsapp.unconfirmed() === 0, 120_000);
    await expect.poll(async () => (await waiting()).length, { timeout: 60_000 }).toBe(0);

    const cases = await database.sql<{ reference: string }[]>`
      select reference from cases where status <> 'draft'`;
    expect(cases).toHaveLength(PEOPLE);
    const wanted = Array.from({ length: words }, (_, n) => n + 1);
    for (const { reference } of cases) {
      const { items } = await readCase(database.db, keyring, team.secret, reference);
      const found = [...JSON.stringify(items).matchAll(/mot (\d+) de (\d+)/g)];
      expect(found.map(([, word]) => Number(word))).toEqual(wanted);
      expect(new Set(found.map(([, , who]) => who)).size).toBe(1);
    }
  },
  60_000 + KILLS * 30_000,
);
