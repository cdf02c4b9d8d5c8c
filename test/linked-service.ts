/**
 * The service as a real process (`src/service/process.ts`, without its guardian) whose number is linked to a fake WhatsApp; it can be killed, frozen and
 * started again, or several times at once. `close()` it in the end.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { createTeamKey } from '../src/crypto/case-key.ts';
import { generateKeyringFile, parseKeyring } from '../src/crypto/keyring.ts';
import { captureConsole, createLog } from '../src/kernel/log.ts';
import { allIsTakenIn } from './all-taken-in.ts';
import { readCase } from './case-file.ts';
import { createTestDatabase, type TestDatabase } from './database.ts';
import { trust } from './fakes/whatsapp/trust.ts';
import { startFakeWhatsApp } from './fakes/whatsapp/whatsapp.ts';
import { link, linkStandby } from './linked-number.ts';
import { liveEnvironment } from './live-config.ts';

const ROOT = join(import.meta.dirname, '..');

type Options = {
  /** Closed in the end. Default: a fresh clone of the template. */
  database?: TestDatabase;
  /** Where everything lies that is written; default a new temporary folder, deleted in the end. */
  folder?: string;
  env?: Record<string, string>;
  /** A second number is linked ahead. */
  hasStandby?: boolean;
};

export type LinkedService = Awaited<ReturnType<typeof openLinkedService>>;

export async function openLinkedService(options: Options = {}) {
  const folder = options.folder ?? (await mkdtemp(join(tmpdir(), 'lakana-linked-')));
  const release = captureConsole(createLog('silent'));
  const [database, whatsapp, team] = await Promise.all([
    options.database ?? createTestDatabase(),
    startFakeWhatsApp(),
    createTeamKey(),
  ]);
  const distrust = trust(whatsapp.credentials);
  const serverKey = generateKeyringFile();
  const keyring = parseKeyring(serverKey);
  await writeFile(join(folder, 'server.key'), serverKey);
  await writeFile(join(folder, 'team.pub'), `${team.recipient}\n`);
  await link({ db: database.db, keyring }, whatsapp);
  if (options.hasStandby) await linkStandby({ db: database.db, keyring }, whatsapp);
  const processes: Process[] = [];
  const waiting = () => database.sql`select 1 from whatsapp_staged where body_sealed is not null`;
  const kept = () => database.sql`select 1 from inbox where waiting_from is not null`;

  return {
    database,
    whatsapp,
    keyring,
    /** Starts one more process. `preload`: modules loaded before it. */
    start({ env = {}, preload = [] }: { env?: Record<string, string>; preload?: string[] } = {}): Process {
      const modules = [join(ROOT, 'test', 'fakes', 'whatsapp', 'trust.ts'), ...preload];
      const started = new Process(
        [...modules.flatMap((each) => ['--import', each]), join(ROOT, 'src', 'service', 'process.ts')],
        {
          ...process.env,
          ...liveEnvironment(folder, database.url, whatsapp),
          LOG_LEVEL: 'info',
          ...options.env,
          ...env,
        },
      );
      processes.push(started);
      return started;
    },
    /** Resolves once a process is connected and takes live messages. */
    isReady: () => whatsapp.until(() => whatsapp.account.active, 60_000),
    /** Resolves once everything that was said is handled. */
    async isQuiet(within = 60_000): Promise<void> {
      await allIsTakenIn(whatsapp);
      await expect.poll(async () => (await waiting()).length, { timeout: within, interval: 20 }).toBe(0);
      await expect.poll(async () => (await kept()).length, { timeout: within, interval: 20 }).toBe(0);
    },
    read: (reference: string) => readCase(database.db, keyring, team.secret, reference),
    async close(): Promise<void> {
      await Promise.all(processes.map((each) => each.kills()));
      await whatsapp.close();
      distrust();
      release();
      await database.close();
      if (!options.folder) await rm(folder, { recursive: true, force: true });
    },
  };
}

export class Process {
  readonly child: ChildProcess;
  /** Everything it has printed, on both streams. */
  printed = '';
  readonly #exited: Promise<unknown>;

  /** `around`: a program that becomes this one, with its words. */
  constructor(words: string[], env: NodeJS.ProcessEnv, around: readonly string[] = []) {
    const [program = '', ...all] = [...around, process.execPath, ...words];
    this.child = spawn(program, all, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    this.#exited = once(this.child, 'exit');
    for (const stream of [this.child.stdout, this.child.stderr])
      stream?.on('data', (chunk: Buffer) => {
        this.printed += chunk.toString('latin1');
      });
  }

  /** kill -9. Resolves when it is gone. */
  async kills(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.#exited;
  }

  /** Stops it where it stands, as a laptop that is closed; `wakes` lets it go on. */
  freezes(): void {
    this.child.kill('SIGSTOP');
  }

  wakes(): void {
    this.child.kill('SIGCONT');
  }

  /** Resolves once it has logged this event; `times`: so often. */
  async logs(event: string, within = 30_000, times = 1): Promise<void> {
    const count = () => this.printed.split(`"event":"${event}"`).length - 1;
    await expect.poll(count, { timeout: within, interval: 20 }).toBeGreaterThanOrEqual(times);
  }
}
