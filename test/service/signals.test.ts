/**
 * The whole service, its guardian and its own PostgreSQL, told to stop as a terminal and as systemd do it: by a signal to
 * all of them at once, and once more by `npm`.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTeamKey } from '../../src/crypto/case-key.ts';
import { generateKeyringFile } from '../../src/crypto/keyring.ts';
import { runningEmbedded, startEmbedded } from '../../src/db/embedded.ts';
import { runningPostmaster } from '../../src/db/postmaster.ts';

const GUARDED = [
  resolve(import.meta.dirname, 'quick-guardian.ts'),
  resolve(import.meta.dirname, '../../src/service/process.ts'),
];

let folder: string;
let guardian: ChildProcess | undefined;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lakana-signals-'));
  // The database of the service, which may be lost in a power cut here.
  await (await startEmbedded({ dataDir: dataDir(), isDurable: false })).stop();
});
afterEach(async () => {
  // What a test that failed has left.
  if (isThere(-(guardian?.pid ?? 0))) process.kill(-(guardian?.pid ?? 0), 'SIGKILL');
  if (await runningEmbedded(dataDir()))
    await (await startEmbedded({ dataDir: dataDir() })).stop({ evenIfShared: true });
  await rm(folder, { recursive: true, force: true });
});

const dataDir = () => join(folder, 'data');
const postmaster = () => runningPostmaster(join(dataDir(), 'postgres'));

/** Starts the service in a group of processes of its own, as a terminal or systemd does. */
function start(settings: Readonly<Record<string, string>> = {}) {
  const child = spawn(process.execPath, GUARDED, {
    cwd: folder,
    env: { PATH: process.env.PATH, PORT: '0', LOG_LEVEL: 'info', ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  guardian = child;
  const said: string[] = [];
  const ready = Promise.withResolvers<void>();
  createInterface({ input: child.stdout }).on('line', (line) => {
    said.push(line);
    if (line.startsWith('Lakana is ready')) ready.resolve();
  });
  const refused: Buffer[] = [];
  child.stderr.on('data', (chunk: Buffer) => refused.push(chunk));
  const ended = once(child, 'close').then(([code]) => code as number | null);
  return {
    group: child.pid ?? 0,
    ended,
    ready: Promise.race([
      ready.promise,
      ended.then((code) => Promise.reject(new Error(`ended with ${code}`))),
    ]),
    refusal: () => Buffer.concat(refused).toString(),
    /** How often the log has this event. */
    times: (event: string) => said.filter((line) => line.includes(`"event":"${event}"`)).length,
  };
}

/** Whether a process is there, or (negative) any of a group. */
function isThere(pid: number): boolean {
  try {
    return pid !== 0 && process.kill(pid, 0);
  } catch {
    return false;
  }
}

describe('a service that is told to stop', () => {
  it.each<[string, NodeJS.Signals, boolean]>([
    ['by Ctrl-C, which the terminal sends to all and npm once more', 'SIGINT', false],
    ['by systemd, which tells each of its processes, PostgreSQL too', 'SIGTERM', true],
  ])('%s, does it once, in order, and leaves nothing running', async (_who, signal, isPostgresTold) => {
    const service = start();
    await service.ready;
    const own = await postmaster();
    expect(own).toBeDefined();
    if (isPostgresTold) process.kill(own?.pid ?? 0, signal);
    process.kill(-service.group, signal);
    process.kill(service.group, signal);
    expect(await service.ended).toBe(0);
    expect(isThere(-service.group)).toBe(false);
    expect(await postmaster()).toBeUndefined();
    expect(service.times('service_stopping')).toBe(1);
    expect(service.times('service_stopped')).toBe(1);
    // It was not started again on the way out.
    expect(service.times('database_died')).toBe(0);
    expect(service.times('service_fell')).toBe(0);
    expect(service.refusal()).toBe('');
  });
});

describe('a start that is refused by what stands in the database', () => {
  it('leaves no PostgreSQL running: here a trial’s, which a live service does not take', async () => {
    const trial = start();
    await trial.ready;
    process.kill(trial.group, 'SIGTERM');
    expect(await trial.ended).toBe(0);
    await writeFile(join(folder, 'server.key'), generateKeyringFile());
    await writeFile(join(folder, 'team.pub'), (await createTeamKey()).recipient);
    const live = start({
      WHATSAPP: 'on',
      WHATSAPP_SOCKET_URL: 'ws://127.0.0.1:1',
      SERVER_KEY_FILE: 'server.key',
      TEAM_RECIPIENT_FILE: 'team.pub',
    });
    live.ready.catch(() => undefined);
    expect(await live.ended).toBe(1);
    expect(live.refusal()).toMatch(
      /^Lakana could not start: this database was made in trial mode: .*set DATA_DIR to a new directory.*\n$/,
    );
    expect(live.times('database_ready')).toBe(1);
    expect(isThere(-live.group)).toBe(false);
    expect(await postmaster()).toBeUndefined();
  });
});
