/**
 * The whole service for a story: real HTTP to a Bot API server, real PostgreSQL, real keys and jobs; and the
 * team on its own machine, which opens cases with its secret key.
 */
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Writable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { expect } from 'vitest';
import { addOfficer } from '../../src/app/officers.ts';
import { transact } from '../../src/app/transaction.ts';
import { type Config, Secret } from '../../src/config.ts';
import { createTeamKey } from '../../src/crypto/case-key.ts';
import { generateKeyringFile } from '../../src/crypto/keyring.ts';
import { type DatabaseClock, databaseClock } from '../../src/db/clock.ts';
import { createLog } from '../../src/kernel/log.ts';
import { after } from '../../src/kernel/time.ts';
import { type Service, startService } from '../../src/service/service.ts';
import { readCase } from '../case-file.ts';
import { createTestDatabase, type TestDatabase } from '../database.ts';
import type { Person } from '../fakes/telegram/person.ts';
import { type FakeOptions, startFakeTelegram } from '../fakes/telegram/telegram.ts';

type Role = 'officer' | 'supervisor';
export type Mode = 'polling' | 'webhook';
export const MODES: readonly Mode[] = ['polling', 'webhook'];

export const REFERENCE = /[A-Z]{4}-\d{4}/;

/** The case's reference in something that was said. */
export const referenceIn = (text: string): string => REFERENCE.exec(text)?.[0] ?? 'none';

export type Item = { kind: string; payload: Record<string, unknown> };
export type Entry = { step: string; answer: Record<string, unknown> };

type WorldOptions = {
  telegram?: FakeOptions;
  config?: Partial<Config>;
  /** Closed with the world. Default: a fresh clone of the template. */
  database?: TestDatabase;
  /** How many services run on the one database; default 1. By webhook each gets every update. */
  services?: number;
};

export type World = Awaited<ReturnType<typeof openWorld>>;

/** Starts a fake Telegram and the service (or several) on a database of its own. `close()` it in the end. */
export async function openWorld(mode: Mode, options: WorldOptions = {}) {
  let aheadMs = 0;
  const time: { clock: DatabaseClock; stopwatch: () => number } = {
    stopwatch: () => performance.now() + aheadMs,
    clock: {
      now: async (tx) => after(await databaseClock.now(tx), aheadMs),
      stated: () => (aheadMs === 0 ? null : after(new Date(), aheadMs)),
    },
  };
  const [database, telegram, team] = await Promise.all([
    options.database ?? createTestDatabase(),
    startFakeTelegram({ now: () => Date.now() + aheadMs, ...options.telegram }),
    createTeamKey(),
  ]);
  const services: Service[] = [];
  const front = await startFront(() => services.map((service) => service.url));
  const logged: string[] = [];
  const config: Config = {
    mode: 'live',
    dataDir: '/nonexistent',
    databaseUrl: new Secret(database.url),
    host: '127.0.0.1',
    port: 0,
    publicUrl: front.url,
    logLevel: 'info',
    telegram: {
      token: new Secret(telegram.token),
      apiRoot: telegram.root,
      ...(mode === 'webhook' ? { webhookSecret: new Secret('a-webhook-secret-of-this-test') } : {}),
    },
    keys: { serverKey: generateKeyringFile(), recipient: team.recipient },
    languages: ['fr', 'en'],
    defaultLanguage: 'fr',
    alertDetail: 'region',
    timeZone: 'Africa/Bamako',
    floodPerMinute: 1_000,
    isMetricsPublic: false,
    ...options.config,
  };
  const log = createLog(config.logLevel, keeper(logged));
  for (let n = 0; n < (options.services ?? 1); n++) services.push(await startService(config, log, time));
  const [service] = services;
  if (!service) throw new Error('a world has at least one service');

  const read = (reference: string) => readCase(database.db, service.ctx.keyring, team.secret, reference);

  const codeFor = async (name: string, role: Role = 'officer'): Promise<string> => {
    const added = await transact(service.ctx, (tx, ctx, now) =>
      addOfficer(tx, ctx, now, { name, role, language: 'fr' }),
    );
    return added.code;
  };

  return {
    database,
    telegram,
    service,
    logged,
    person: telegram.person,
    /** So much time goes by, for the service and for Telegram; not in the middle of a send, whose lease would end. */
    async passes(ms: number): Promise<void> {
      const sending = () => database.sql`select 1 from deliveries where state = 'sending'`;
      await expect.poll(async () => (await sending()).length, { timeout: 10_000 }).toBe(0);
      aheadMs += ms;
    },
    /** An officer's code, not yet sent by anybody. */
    codeFor,
    /** Adds an officer, who enrols by sending the code and is on duty. */
    async enrolOfficer(name: string, role: Role = 'officer'): Promise<Person> {
      const code = await codeFor(name, role);
      const person = telegram.person(name);
      await person.says(`/start ${code}`);
      await person.presses('Je suis de garde');
      await person.seesText('Vous êtes de garde');
      return person;
    },
    /** Everything in a case, in order: the chain is whole, and every item opens with the team's key. */
    openCase: async (reference: string): Promise<Item[]> => (await read(reference)).items,
    /** Every saved file of a case as the team opens it. */
    openFiles: async (reference: string): Promise<Buffer[]> => (await read(reference)).files,
    /** Telegram has nothing left to hand over. */
    isQuiet: (within?: number) => telegram.until(() => telegram.unconfirmed() === 0, within),
    async close(): Promise<void> {
      await Promise.all(services.map((each) => each.stop()));
      await Promise.all([front.close(), telegram.close()]);
      await database.close();
    },
  };
}

/** Answers in the order in which they came into the case. */
export const entriesOf = (items: readonly Item[]): Entry[] =>
  items.flatMap(({ payload }) => (payload.entries ?? []) as Entry[]);

/**
 * Where Telegram pushes to: hands every update to all services at the same time, which is the worst that a
 * retry during a rolling restart can do. 200 only when all of them have it.
 */
async function startFront(urls: () => string[]) {
  const pass: RequestListener = async (request, response) => {
    const body = await buffer(request);
    const headers = new Headers({ 'content-type': 'application/json' });
    const secret = request.headers['x-telegram-bot-api-secret-token'];
    if (typeof secret === 'string') headers.set('x-telegram-bot-api-secret-token', secret);
    const send = (url: string) =>
      fetch(new URL(request.url ?? '/', url), { method: 'POST', headers, body: new Uint8Array(body) });
    const answers = await Promise.allSettled(urls().map(send));
    const isTaken = answers.every((answer) => answer.status === 'fulfilled' && answer.value.ok);
    response.writeHead(isTaken ? 200 : 503).end();
  };
  const server = createServer(pass);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    async close(): Promise<void> {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

function keeper(lines: string[]): Writable {
  return new Writable({
    write(chunk, _encoding, done) {
      lines.push(String(chunk));
      done();
    },
  });
}
