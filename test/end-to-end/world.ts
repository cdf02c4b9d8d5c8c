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
import { evidenceHeader } from '../../src/cases/evidence-seal.ts';
import { type Config, Secret } from '../../src/config.ts';
import { createTeamKey, openCaseSecret, openSealed, openStream } from '../../src/crypto/case-key.ts';
import { verifyChain } from '../../src/crypto/chain.ts';
import { generateKeyringFile } from '../../src/crypto/keyring.ts';
import { chunksOf, evidenceOf, findCaseByReference, itemsOf, wrapsOf } from '../../src/db/cases.ts';
import { createLog } from '../../src/kernel/log.ts';
import { type Service, startService } from '../../src/service/service.ts';
import { createTestDatabase } from '../database.ts';
import type { Person } from '../fakes/telegram/person.ts';
import { type FakeOptions, startFakeTelegram } from '../fakes/telegram/telegram.ts';

export type Mode = 'polling' | 'webhook';
export const MODES: readonly Mode[] = ['polling', 'webhook'];

const REFERENCE = /[A-Z]{4}-\d{4}/;

/** The case's reference in something that was said. */
export const referenceIn = (text: string): string => REFERENCE.exec(text)?.[0] ?? 'none';

export type Item = { kind: string; payload: Record<string, unknown> };
export type Entry = { step: string; answer: Record<string, unknown> };

export type WorldOptions = {
  telegram?: FakeOptions;
  config?: Partial<Config>;
  /** How many services run on the one database; default 1. By webhook each gets every update. */
  services?: number;
};

export type World = Awaited<ReturnType<typeof openWorld>>;

/** Starts a fake Telegram and the service (or several) on a database of its own. `close()` it in the end. */
export async function openWorld(mode: Mode, options: WorldOptions = {}) {
  const [database, telegram, team] = await Promise.all([
    createTestDatabase(),
    startFakeTelegram(options.telegram),
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
  const log = createLog('info', keeper(logged));
  for (let n = 0; n < (options.services ?? 1); n++) services.push(await startService(config, log));
  const [service] = services;
  if (!service) throw new Error('a world has at least one service');

  /** Row and secret key of a case: what the team's own machine works with. */
  async function unlock(reference: string) {
    const row = await findCaseByReference(database.db, reference);
    if (!row) throw new Error(`no case ${reference}`);
    const [wrap] = await wrapsOf(database.db, row.id);
    return { row, secret: await openCaseSecret(team.secret, row.id, wrap?.wrapped ?? new Uint8Array()) };
  }

  return {
    database,
    telegram,
    service,
    logged,
    person: (name: string) => telegram.person(name),
    /** Adds an officer, who enrols by sending the code and is on duty. */
    async enrolOfficer(name: string, role: 'officer' | 'supervisor' = 'officer'): Promise<Person> {
      const { code } = await transact(service.ctx, (tx, ctx, now) =>
        addOfficer(tx, ctx, now, { name, role, language: 'fr' }),
      );
      const person = telegram.person(name);
      await person.says(`/start ${code}`);
      await person.presses('Je suis de garde');
      await person.seesText('Vous êtes de garde');
      return person;
    },
    /** Everything in a case, in order: the chain is whole, and every item opens with the team's key. */
    async openCase(reference: string): Promise<Item[]> {
      const { row, secret } = await unlock(reference);
      const items = await itemsOf(database.db, row.id);
      const verifier = service.ctx.keyring.signer;
      const expected = { head: row.chainHead, length: row.chainLength };
      expect(verifyChain({ caseId: row.id, items, verifier, expected })).toMatchObject({ ok: true });
      return Promise.all(
        items.map(async ({ kind, place, ciphertext }) => {
          const header = { type: kind, version: 1, caseId: row.id, place };
          const bytes = await openSealed(secret, header, ciphertext);
          return { kind, payload: JSON.parse(new TextDecoder().decode(bytes)) };
        }),
      );
    },
    /** Every file of a case as the team opens it. */
    async openFiles(reference: string): Promise<Buffer[]> {
      const { row, secret } = await unlock(reference);
      const files: Buffer[] = [];
      for (const { id } of await evidenceOf(database.db, row.id)) {
        const chunks = ReadableStream.from(chunksOf(database.db, id));
        const opened = await openStream(secret, evidenceHeader(row.id, id), chunks);
        files.push(await buffer(opened));
      }
      return files;
    },
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
