/**
 * A live service as a release installs it: production's packages alone, in a folder that it may only read, as a user to whom
 * nothing there belongs.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, chown, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { gather } from '../../release/tree.ts';
import { compareConsole } from '../../src/commands/console-verify.ts';
import { createTeamKey } from '../../src/crypto/case-key.ts';
import { generateKeyringFile } from '../../src/crypto/keyring.ts';
import { PROJECT } from '../../src/kernel/project.ts';
import { type FakeTelegram, startFakeTelegram } from '../fakes/telegram/telegram.ts';

/** Another user, if this one may become one. */
const NOBODY = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : undefined;

let folder = '';
let telegram: FakeTelegram;
const program = () => join(folder, 'program');
/** What is left of a test that failed. */
const started: ChildProcess[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lakana-production-'));
  await chmod(folder, 0o755);
  [telegram] = await Promise.all([
    startFakeTelegram(),
    gather(PROJECT, program(), { isLinked: true }),
    keysIn(join(folder, 'etc')),
    ownFolder(join(folder, 'data')),
  ]);
  await onlyRead(program());
});
afterAll(async () => {
  for (const child of started) child.kill('SIGTERM');
  await telegram?.close();
  await rm(folder, { recursive: true, force: true });
});

async function ownFolder(path: string): Promise<void> {
  await mkdir(path, { mode: 0o700 });
  if (NOBODY) await chown(path, NOBODY.uid, NOBODY.gid);
}

async function keysIn(path: string): Promise<void> {
  await mkdir(path);
  await writeFile(join(path, 'server.key'), generateKeyringFile());
  await writeFile(join(path, 'team.pub'), `${(await createTeamKey()).recipient}\n`);
}

/** Folders alone: files of packages are the tests' own, under a second name. */
async function onlyRead(path: string): Promise<void> {
  for (const entry of await readdir(path, { withFileTypes: true, recursive: true }))
    if (entry.isDirectory()) await chmod(join(entry.parentPath, entry.name), 0o555);
  await chmod(path, 0o555);
}

/** Every file with its size, without a look into any. */
async function listed(path: string): Promise<string[]> {
  const found = await readdir(path, { withFileTypes: true, recursive: true });
  return found.map(({ parentPath, name }) => join(parentPath, name)).sort();
}

type Started = { child: ChildProcess; said: () => string };

function starts(settings: Record<string, string> = {}): Started {
  const env = { PATH: '/usr/bin:/bin', LOG_LEVEL: 'silent', DATA_DIR: join(folder, 'data'), ...settings };
  const stdio = ['ignore', 'pipe', 'pipe'] as const;
  const child = spawn(join(program(), 'lakana'), ['start'], {
    cwd: program(),
    env,
    stdio: [...stdio],
    ...NOBODY,
  });
  started.push(child);
  const chunks: string[] = [];
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk) => chunks.push(String(chunk)));
  return { child, said: () => chunks.join('') };
}

const live = () => ({
  TELEGRAM_BOT_TOKEN: telegram.token,
  TELEGRAM_API_ROOT: telegram.root,
  SERVER_KEY_FILE: join(folder, 'etc/server.key'),
  TEAM_RECIPIENT_FILE: join(folder, 'etc/team.pub'),
  PORT: '0',
});

test('a trial whose pages were not built says in one line what to do, and makes nothing', async () => {
  await chmod(program(), 0o755);
  await rename(join(program(), 'dist'), join(folder, 'dist'));
  const { child, said } = starts();
  const [code] = await once(child, 'close');
  await rename(join(folder, 'dist'), join(program(), 'dist'));
  await chmod(program(), 0o555);
  expect(said()).toMatch(/^pages are not all there \(dist\/made\.json\): take the folder dist .*\n$/);
  expect([code, await readdir(join(folder, 'data'))]).toEqual([1, []]);
});

test('a live service runs there for an ordinary user, answers, shows the published room, and writes into DATA_DIR alone', async () => {
  const before = await listed(program());
  expect(before.some((path) => /node_modules\/(vite|vitest|typescript|playwright-core)$/.test(path))).toBe(
    false,
  );
  const { child, said } = starts(live());
  try {
    await expect.poll(said).toContain('Lakana is ready (live)');
    const [, url = ''] = /Health: (\S+)\/readyz/.exec(said()) ?? [];
    const compared = await compareConsole(
      url.replace('127.0.0.1', 'localhost'),
      join(program(), 'src/web/console.sha256'),
    );
    expect(compared.filter(({ is }) => is !== 'same')).toEqual([]);
    expect(compared.length).toBeGreaterThan(10);
    const awa = telegram.person('Awa');
    await awa.says('SOS');
    await awa.seesText(/112|secours|danger|message/i);
    expect(said()).not.toContain('pages');
  } finally {
    child.kill('SIGTERM');
    await once(child, 'close');
  }
  expect(await listed(program())).toEqual(before);
  expect(await readFile(join(folder, 'data/postgres/PG_VERSION'), 'utf8')).toMatch(/^\d+\n$/);
});
