/** What the measurements share: a PostgreSQL with fsync, a service's context, a channel that accepts at once. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Context, createContext } from '../src/app/ground/context.ts';
import { loadFlows } from '../src/app/ground/load-flows.ts';
import { createIntake } from '../src/app/intake/intake.ts';
import { createEpochs } from '../src/app/keys/epochs.ts';
import type { Channel, OutgoingMessage, Receive } from '../src/channels/channel.ts';
import { TELEGRAM_CAPABILITIES } from '../src/channels/telegram/capabilities.ts';
import { createTeamKey } from '../src/crypto/case-key.ts';
import { generateKeyringFile, parseKeyring } from '../src/crypto/keyring.ts';
import { type Database, openDatabase } from '../src/db/database.ts';
import { startEmbedded } from '../src/db/embedded.ts';
import { migrateDatabase } from '../src/db/migrate.ts';
import { createCycles } from '../src/service/cycles.ts';

const PROJECT = join(import.meta.dirname, '..');

export type Server = { url: string; path: string | undefined; stop(): Promise<void> };

/** A durable PostgreSQL in a temporary directory. */
export async function startServer(): Promise<Server> {
  const dataDir = await mkdtemp(join(tmpdir(), 'lakana-bench-'));
  const embedded = await startEmbedded({ dataDir });
  await migrateDatabase(embedded.url);
  return {
    url: embedded.url,
    path: embedded.socket,
    async stop() {
      await embedded.stop({ evenIfShared: true });
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

export type World = {
  ctx: Context;
  database: Database;
  receive: Receive;
  /** Called for each message that leaves. */
  onSend: (address: string, message: OutgoingMessage) => void;
  stop(): Promise<void>;
};

/** The whole service but HTTP and a messenger: what it sends is accepted at once. */
export async function openWorld({ url, path }: Pick<Server, 'url' | 'path'>): Promise<World> {
  const database = await openDatabase({ url, path, max: 16 });
  const aside = await openDatabase({ url, path, max: 1 });
  const content = await loadFlows(
    { flows: join(PROJECT, 'flows'), locales: join(PROJECT, 'locales') },
    { languages: ['fr', 'en'], defaultLanguage: 'fr' },
  );
  const keyring = parseKeyring(generateKeyringFile());
  const { recipient } = await createTeamKey();
  const cycles = createCycles(database, () => world.ctx);
  const world: World = {
    database,
    onSend: () => undefined,
    ctx: createContext({
      db: database.db,
      keyring,
      recipient,
      content,
      settings: { languages: ['fr', 'en'], floodPerMinute: 1_000_000 },
      channels: [acceptingChannel(() => world)],
      epochs: createEpochs(aside.db, keyring),
      nudge: cycles.nudge,
    }),
    receive: async () => undefined,
    async stop() {
      await cycles.stop();
      await Promise.all([database.close(), aside.close()]);
    },
  };
  world.receive = createIntake(world.ctx);
  await cycles.start({ mayErase: () => true }, async () => 0);
  return world;
}

function acceptingChannel(world: () => World): Channel {
  let sent = 0;
  const accept = async (address: string, message: OutgoingMessage) => {
    world().onSend(address, message);
    sent += 1;
    return { ok: true as const, messageRef: String(sent) };
  };
  return {
    kind: 'telegram',
    can: TELEGRAM_CAPABILITIES,
    start: async () => undefined,
    stop: async () => undefined,
    send: (address, message) => accept(address, message),
    edit: (address, _ref, message) => accept(address, message),
    retract: async () => ({ ok: true, messageRef: '' }),
    fetchFile: async () => ({ ok: false, reason: 'gone', code: 'none' }),
    health: () => ({ state: 'up', since: new Date(0) }),
  };
}

/** Runs `work` for every item, `width` at a time, and returns how long each took in milliseconds. */
export async function timed<T>(
  items: readonly T[],
  width: number,
  work: (item: T) => Promise<void>,
): Promise<{ each: number[]; seconds: number }> {
  const each: number[] = [];
  let next = 0;
  const started = performance.now();
  const lane = async () => {
    for (let item = items[next++]; item !== undefined; item = items[next++]) {
      const before = performance.now();
      await work(item);
      each.push(performance.now() - before);
    }
  };
  await Promise.all(Array.from({ length: width }, lane));
  return { each, seconds: (performance.now() - started) / 1_000 };
}
