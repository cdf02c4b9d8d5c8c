/**
 * The whole service for a story: a messenger over its own protocol, real PostgreSQL, real keys and jobs; and the
 * team on its own machine, which opens cases with its secret key.
 */

import { Writable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'vitest';
import { addOfficer } from '../../src/app/duty/officers.ts';
import { transact } from '../../src/app/ground/transaction.ts';
import type { VoiceFolder } from '../../src/app/voices/voice-files.ts';
import type { Config } from '../../src/config.ts';
import { createTeamKey } from '../../src/crypto/case-key.ts';
import { generateKeyringFile, parseKeyring } from '../../src/crypto/keyring.ts';
import { type DatabaseClock, databaseClock } from '../../src/db/clock.ts';
import { databaseChecks } from '../../src/doctor/database.ts';
import { captureConsole, createLog } from '../../src/kernel/log.ts';
import { Secret } from '../../src/kernel/secret.ts';
import { after } from '../../src/kernel/time.ts';
import { readContent } from '../../src/service/content.ts';
import { type Service, startService } from '../../src/service/service.ts';
import { readCase } from '../case-file.ts';
import { CHEAP_CODES } from '../cheap-codes.ts';
import { createTestDatabase, type TestDatabase } from '../database.ts';
import { liveConfig } from '../live-config.ts';
import { type Entries, flowsWithContacts } from '../outside-contacts.ts';
import type { Messenger, Opening, Person } from './messengers/messenger.ts';

type Role = 'officer' | 'supervisor';

export const REFERENCE = /[A-Z]{4}-\d{4}/;

/** The case's reference in something that was said. */
export const referenceIn = (text: string): string => REFERENCE.exec(text)?.[0] ?? 'none';

export type Item = { kind: string; payload: Record<string, unknown> };
export type Entry = { step: string; answer: Record<string, unknown> };

type WorldOptions = {
  config?: Partial<Config>;
  /** Closed with the world. Default: a fresh clone of the template. */
  database?: TestDatabase;
  /** Contacts outside as the office has verified them; default: as in the project, none. */
  contacts?: Entries;
  /** How many services run on the one database; default 1. By webhook each gets every update. */
  services?: number;
  /** Within how long the same answer is one that came twice, in milliseconds; default 0: people here read faster than people do. */
  twice?: number;
  /** Where recordings lie; default: those of the project. */
  voiceFolders?: readonly VoiceFolder[];
};

export type World<M extends Messenger = Messenger> = Awaited<ReturnType<typeof openWorld<M>>>;
type PersonOf<M extends Messenger> = ReturnType<M['person']>;

/** How long a question, or an answer, waits for more: stories need not wait, and stop the clock where they do. */
const PATIENCE = 100;

/** What looks for what is due. */
const CYCLES = ['escalate', 'timers', 'stuck', 'pages', 'words', 'replies'] as const;

/** Flows and texts are read once for each set of languages: services only read them. */
const contents = new Map<string, ReturnType<typeof readContent>>();
function contentFor({ languages, defaultLanguage, everyMessenger }: Config): ReturnType<typeof readContent> {
  const key = `${languages} ${defaultLanguage} ${everyMessenger.map(({ kind }) => kind)}`;
  const reading = contents.get(key) ?? readImpatiently({ languages, defaultLanguage, everyMessenger });
  contents.set(key, reading);
  return reading;
}

const readImpatiently = async (config: Parameters<typeof readContent>[0]) => ({
  ...(await readContent(config)),
  patience: PATIENCE,
  burst: PATIENCE,
  // Nobody here reads as slowly as people do.
  twice: 0,
});

/** Opens a messenger and starts the service (or several) on a database of its own. `close()` it in the end. */
export async function openWorld<M extends Messenger>(opening: Opening<M>, options: WorldOptions = {}) {
  let aheadMs = 0;
  let held: Date | undefined;
  const time: { clock: DatabaseClock; stopwatch: () => number } = {
    stopwatch: () => performance.now() + aheadMs,
    clock: {
      now: async (tx) => held ?? after(await databaseClock.now(tx), aheadMs),
      stated: () => held ?? (aheadMs === 0 ? null : after(new Date(), aheadMs)),
    },
  };
  let [database, team] = await Promise.all([options.database ?? createTestDatabase(), createTeamKey()]);
  const serverKey = generateKeyringFile();
  const keyring = parseKeyring(serverKey);
  let services: Service[] = [];
  const logged: string[] = [];
  const log = createLog(options.config?.logLevel ?? 'info', keeper(logged));
  const releaseConsole = captureConsole(log);
  const messenger = await opening.open({
    database,
    keyring,
    now: () => held?.getTime() ?? Date.now() + aheadMs,
    services: () => services.map(({ url }) => url),
  });
  const config: Config = {
    ...liveConfig(database.url, { serverKey, recipient: team.recipient }),
    ...messenger.config,
    ...options.config,
    messengers: [...(messenger.config.messengers ?? []), ...(options.config?.messengers ?? [])],
  };
  const { contacts, twice } = options;
  const project = { ...(await contentFor(config)), ...(twice === undefined ? {} : { twice }) };
  const given = {
    content: contacts ? { ...project, flows: flowsWithContacts(project.flows, contacts) } : project,
    hashing: CHEAP_CODES,
    ...(options.voiceFolders ? { voiceFolders: options.voiceFolders } : {}),
  };
  const starts = async (): Promise<void> => {
    for (let n = 0; n < (options.services ?? 1); n++)
      services.push(await startService(config, log, { ...time, ...given }));
    await messenger.isReady();
  };
  const stops = async (): Promise<void> => {
    await Promise.all(services.map((each) => each.stop()));
    services = [];
  };
  await starts();

  const ctx = (): Service['ctx'] => {
    const [service] = services;
    if (!service) throw new Error('the service is down in this story');
    return service.ctx;
  };
  const read = (reference: string) => readCase(database.db, keyring, team.secret, reference);
  const codeFor = async (name: string, role: Role = 'officer'): Promise<string> => {
    const added = await transact(ctx(), (at) => addOfficer(at, { name, role, language: 'fr' }));
    return added.code;
  };
  /** No send is under way. */
  const sendsNothing = async (): Promise<void> => {
    const sending = () => database.sql`select 1 from deliveries where state = 'sending'`;
    await expect.poll(async () => (await sending()).length, { interval: 10 }).toBe(0);
  };
  const person = (name: string, more?: { language?: string }) => messenger.person(name, more) as PersonOf<M>;

  return {
    get database(): TestDatabase {
      return database;
    },
    messenger,
    logged,
    person,
    /** The service from inside: to break something in it. */
    ctx,
    /** The team's secret key, as it lies on the team's own machine. */
    teamSecret: team.secret,
    teamRecipient: team.recipient,
    /** Content of the server's key file. */
    serverKey,
    /** Where the console stands. */
    origin: (): string => `http://localhost:${new URL(services[0]?.url ?? '').port}`,
    /** So much time goes by, for service and messenger; not in the middle of a send, whose lease would end. */
    async passes(ms: number): Promise<void> {
      await sendsNothing();
      aheadMs += ms;
      // What is due by then is looked for now, and not within a second of the real time.
      for (const each of services) for (const cycle of CYCLES) each.ctx.nudge(cycle);
    },
    /** What hung up in the middle of a send is connected again: it waits for that by the real time, not by the story's. */
    async isConnected(): Promise<void> {
      await sendsNothing();
      const states = () => [...ctx().channels.values()].map((channel) => channel.health().state);
      await expect.poll(() => states().every((state) => state === 'up'), { interval: 10 }).toBe(true);
    },
    /** What is sent meanwhile is written, and comes, at one moment, however slow the machine is. */
    async atOnce(work: () => Promise<unknown>): Promise<void> {
      held = after(await databaseClock.now(database.db), aheadMs);
      try {
        await work();
      } finally {
        held = undefined;
      }
    },
    /** The operator gives the server another public half of a team key; in use from the next start. */
    pinsTeamKey(recipient: string): void {
      config.keys = { serverKey, recipient };
    },
    /** What `doctor` sees in the database, a line each. */
    doctor: async (): Promise<string[]> =>
      (await databaseChecks(config)).checks.map(({ name, detail }) => `${name}: ${detail}`),
    /** The next start is on another database, the one before is left to the test. */
    movesTo(other: TestDatabase): void {
      database = other;
      config.databaseUrl = new Secret(other.url);
    },
    /** The service goes down, and comes up again. */
    stops,
    starts,
    /** An officer's code, not yet sent by anybody. */
    codeFor,
    /** Adds an officer, who enrols by sending the code and is on duty. */
    async enrolOfficer(name: string, role: Role = 'officer'): Promise<PersonOf<M>> {
      const code = await codeFor(name, role);
      const officer = person(name);
      await officer.says(`/start ${code}`);
      await officer.chooses('Je suis de garde');
      await officer.seesText('Vous êtes de garde');
      return officer;
    },
    /** Everything in a case, in order: the chain is whole, and every item opens with the team's key. */
    openCase: async (reference: string): Promise<Item[]> => (await read(reference)).items,
    /** Every saved file of a case as the team opens it. */
    openFiles: async (reference: string): Promise<Buffer[]> => (await read(reference)).files,
    /** Resolves once everything that was said is handled. */
    async isQuiet(within?: number): Promise<void> {
      await messenger.isQuiet(within);
      while ((await database.sql`select from inbox where waiting_from is not null`).length > 0)
        await pause(50);
    },
    async close(): Promise<void> {
      await stops();
      releaseConsole();
      await messenger.close();
      await database.close();
    },
  };
}

/**
 * All of a case as text, each word once: what came to a question and was not understood stands in the account too, and an
 * answer that went on stands there as it was before.
 */
export function textOf(items: readonly unknown[]): string {
  const copy = structuredClone(items) as { payload?: { entries?: Entry[] } }[];
  const newest = new Map<string, string>();
  for (const entry of copy.flatMap(({ payload }) => payload?.entries ?? []).reverse()) {
    const words = entry.answer?.text ?? entry.answer?.words;
    if (typeof words !== 'string') continue;
    if (newest.get(entry.step)?.startsWith(words)) entry.answer = { kind: 'went_on' };
    else newest.set(entry.step, words);
  }
  return JSON.stringify(copy, (_key, value) => (value?.kind === 'not_said' ? undefined : value));
}

/** Answers in the order in which they came into the case. */
export const entriesOf = (items: readonly Item[]): Entry[] =>
  items.flatMap(({ payload }) => (payload.entries ?? []) as Entry[]);

/** What the team finds in the case once a person has called for help. */
export async function afterSos(world: Pick<World, 'openCase'>, person: Person): Promise<Entry[]> {
  await person.says('SOS');
  const { text } = await person.seesText('Nous avons reçu votre SOS');
  return entriesOf(await world.openCase(referenceIn(text)));
}

function keeper(lines: string[]): Writable {
  return new Writable({
    write(chunk, _encoding, done) {
      lines.push(String(chunk));
      done();
    },
  });
}
