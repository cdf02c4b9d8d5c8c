/** The service as a process: how soon it is ready, and how much memory it holds. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startFlags } from './start-flags.ts';
import type { Row } from './table.ts';

const PROJECT = join(import.meta.dirname, '..');
const START = startFlags();
const LOAD_SECONDS = 15;

export async function benchProcess(): Promise<Row[]> {
  const dataDir = await mkdtemp(join(tmpdir(), 'lakana-bench-'));
  try {
    const first = await start(dataDir);
    await stop(first.child);
    const second = await start(dataDir);
    await rest(5_000);
    const atRest = await megabytes(second.child);
    const peak = await underLoad(second.child, second.url);
    await stop(second.child);
    return [
      { what: 'start to ready, first time (makes the database)', median: first.ms },
      { what: 'start to ready, again', median: second.ms },
      { what: 'memory at rest', note: `${atRest} MB resident` },
      { what: 'memory under load', note: `${peak.megabytes} MB at most, at ${peak.perSecond} messages/s` },
    ];
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
}

export const rest = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

async function start(dataDir: string): Promise<{ child: ChildProcess; url: string; ms: number }> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const started = performance.now();
  const child = spawn(process.execPath, START, {
    cwd: PROJECT,
    env: {
      ...process.env,
      DATA_DIR: dataDir,
      PORT: String(port),
      LOG_LEVEL: 'silent',
      FLOOD_PER_MINUTE: '10000',
    },
    stdio: 'ignore',
  });
  for (;;) {
    const answer = await fetch(`${url}/readyz`).catch(() => undefined);
    if (answer?.ok) return { child, url, ms: performance.now() - started };
    if (performance.now() - started > 60_000) throw new Error('the service was not ready within a minute');
    await rest(20);
  }
}

async function stop(child: ChildProcess): Promise<void> {
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await ended;
}

/** Of the service, which is the child of what was started, its guardian. */
export async function megabytes({ pid }: ChildProcess): Promise<number> {
  const [service] = (await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8')).split(' ');
  const status = await readFile(`/proc/${service}/status`, 'utf8');
  return Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1_024);
}

/** People on simulated phones write as fast as the page's own limit lets them. */
async function underLoad(
  child: ChildProcess,
  url: string,
): Promise<{ megabytes: number; perSecond: number }> {
  let most = 0;
  let sent = 0;
  const until = performance.now() + LOAD_SECONDS * 1_000;
  const writer = async (n: number) => {
    for (let word = 0; performance.now() < until; word++) {
      const response = await fetch(`${url}/simulator/phones/load-${n}-${word % 10}/messages`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', origin: url },
        body: JSON.stringify({ type: 'text', text: `mot ${word}` }),
      });
      if (response.ok) sent += 1;
      else await rest(100);
      most = Math.max(most, await megabytes(child));
    }
  };
  await Promise.all(Array.from({ length: 10 }, (_, n) => writer(n)));
  return { megabytes: most, perSecond: Math.round(sent / LOAD_SECONDS) };
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  await new Promise((done) => server.close(done));
  return typeof address === 'object' && address ? address.port : 0;
}
