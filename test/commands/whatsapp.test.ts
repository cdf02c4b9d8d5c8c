/** The operator links the number, with the real program against a WhatsApp that is its own process. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../database.ts';
import { operator } from './lakana.ts';

const FAKE = resolve(import.meta.dirname, '../fakes/whatsapp');

let database: TestDatabase;
let fake: ChildProcess;
let they: Awaited<ReturnType<typeof operator>>;
let root = '';
beforeAll(async () => {
  database = await createTestDatabase();
  fake = spawn(process.execPath, [join(FAKE, 'main.ts')], { stdio: ['ignore', 'pipe', 'inherit'] });
  const said = createInterface({ input: fake.stdout ?? process.stdin });
  [root] = (await once(said, 'line')) as [string];
  they = await operator({
    DATABASE_URL: database.url,
    WHATSAPP: 'on',
    WHATSAPP_SOCKET_URL: `${root.replace('http', 'ws')}/ws/chat`,
    FAKE_WHATSAPP: root,
    NODE_OPTIONS: `--import=${join(FAKE, 'trust.ts')}`,
  });
  they.settings.SERVER_KEY_FILE = join(they.folder, 'server.key');
  they.settings.TEAM_RECIPIENT_FILE = 'team.key.pub';
  await they.lakana('keys', 'init-server');
  await they.lakana('keys', 'init-team', '--out', 'team.key');
});
afterAll(async () => {
  await they.leaves();
  fake.kill();
  await database.close();
});

async function scans(qr: string): Promise<void> {
  const body = JSON.stringify({ does: 'scans', with: [qr] });
  const headers = { 'content-type': 'application/json' };
  await fetch(`${root}/control`, { method: 'POST', headers, body });
}

test('Ctrl-C gives up, and leaves nothing', async () => {
  const lines: string[] = [];
  const code = await they.watches(['whatsapp', 'pair', '--json'], (line, pressCtrlC) => {
    lines.push(line);
    if (line.includes('"qr"')) pressCtrlC();
  });
  expect([code, lines.join('')]).toEqual([1, expect.stringContaining('"code": "interrupted"')]);
  expect(await database.sql`select 1 from whatsapp_session`).toHaveLength(0);
  expect(await database.sql`select 1 from leases`).toHaveLength(0);
});

test('a number is linked by its QR text, one line of JSON each, and known afterwards', async () => {
  const lines: Record<string, unknown>[] = [];
  const code = await they.watches(['whatsapp', 'pair', '--json'], (line) => {
    const said = JSON.parse(line) as Record<string, unknown>;
    lines.push(said);
    if (typeof said.qr === 'string') void scans(said.qr);
  });
  expect(code).toBe(0);
  expect(lines).toEqual([{ qr: expect.stringMatching(/^\S+$/) }, { linked: true }]);
  const said = (await they.asks('whatsapp', 'status')).json;
  expect(said).toMatchObject({ on: true, linked: true, numberEndsIn: '01', queue: 0, serviceRuns: false });
});

test('an unlinked number is forgotten', async () => {
  expect((await they.lakana('whatsapp', 'unlink')).code).toBe(0);
  expect((await they.asks('whatsapp', 'status')).json).toMatchObject({ linked: false });
  // What it is called stays: it is the same number when it is linked again.
  expect(await database.sql`select 1 from whatsapp_session where not outlives`).toHaveLength(0);
  expect(await database.sql`select 1 from whatsapp_session`).toHaveLength(1);
});
