/**
 * What a messenger is to this service. Everything that the rest must know of one stands in its entry, and the rest goes
 * through the list (`list.ts`): settings, service, commands, `doctor`, notices of trouble, forgetting, invitations of
 * officers. `docs/adding-a-messenger.md` shows how one is added.
 *
 * Invariants: no file outside a messenger's own folders names it (`test/messengers/names.test.ts`); an entry is light, and
 * what it does is loaded when it is wanted.
 */
import type { Command } from 'commander';
import type { z } from 'zod';
import type { Epochs } from '../app/keys/epochs.ts';
import type { MessengerKeeping } from '../app/reporters/forget.ts';
import type { AccountSettings, Arriving, Capabilities, Channel } from '../channels/channel.ts';
import type { Entrance } from '../channels/entrance.ts';
import type { Problem, SaidProblem } from '../config-keys.ts';
import type { Texts } from '../conversation/words/texts.ts';
import type { Keyring } from '../crypto/keyring.ts';
import type { DatabaseClock } from '../db/clock.ts';
import type { Database, Db } from '../db/database.ts';
import type { Check } from '../doctor/check.ts';
import type { Routes } from '../http/app.ts';
import type { Log } from '../kernel/log.ts';
import type { ChannelKind } from '../kernel/vocabulary.ts';

/** `Own`: its settings as they were read. */
export interface Messenger<Own = unknown> {
  /** Its name in rows and logs, and the name of its words: `locales/<language>/<kind>.yaml`. */
  readonly kind: ChannelKind;
  /** What it can do, for a part that need not load it. */
  readonly can: Capabilities;
  /** The settings that hold what may be wrong with our account there. */
  readonly account?: AccountSettings;
  readonly settings: MessengerSettings<Own>;
  /** The folder of its words where they do not lie in `locales/`: a folder for each language. */
  readonly locales?: string;
  /** Makes its channel; nothing is called before the channel is started. */
  open(own: Own, parts: MessengerParts): Promise<Opened>;
  /** What `doctor` sees of it without the database. `own` is absent while it is off. */
  checks?(own: Own | undefined): Promise<Check[]>;
  /** What `doctor` sees of it in the database. */
  databaseChecks?(own: Own | undefined, at: InDatabase): Promise<Check[]>;
  /** What people still have to do while the service runs before anybody can write there, in lines; absent: nothing beside settings. */
  todo?(own: Own, at: InDatabase & { keyring: Keyring }): Promise<string[]>;
  /** What is not well although the service runs: said below the banner. */
  problem?(own: Own): Promise<Problem | undefined>;
  /** What is wrong where `files` that people sent could not be fetched, if its settings may be why. */
  unfetched?(own: Own, files: number): SaidProblem | undefined;
  /** A link that opens a chat with the service in which this code is sent. Absent: it has no such links. */
  link?(own: Own, code: string): Promise<MessengerLink>;
  /** How people find the service there. Absent: it is shown nowhere. */
  readonly entrance?: MessengerEntrance<Own>;
  /** Adds its own commands. */
  addCommands?(program: Command, server: ServerFor<Own>): void;
  /** What it keeps in tables of its own, for as long as it is there, on or off. */
  readonly keeping?: MessengerKeeping;
}

export type MessengerSettings<Own> = {
  /** By name. A new one needs its row in `test/settings.test.ts` and in docs/operating.md. */
  readonly schema: Readonly<Record<string, z.ZodType>>;
  /** What turns it on, as the operator writes it: `TELEGRAM_BOT_TOKEN`, `WHATSAPP=on`. */
  readonly turnsOn: string;
  /** Names of those that are of no use in a trial: a service in which one is given must not start as one. */
  readonly onlyLive?: readonly string[];
  /** Whether the operator wants its session in the backups; absent: it has none. */
  isSessionSaved?(given: object): boolean;
  /** Undefined: it is off. Adds what is wrong to `problems`. */
  read(given: object, common: { publicUrl: string | undefined }, problems: Problem[]): Own | undefined;
};

/** What a messenger that is on brings to the service. */
export type Opened = {
  channel: Channel;
  /** Of the process that listens, where only one may: taken before the channel starts, given back after it has stopped. */
  lease?: { start(): Promise<void>; stop(): Promise<void> };
  /** What the other side calls. */
  routes?: Routes;
};

/** What channels are made of. */
export type MessengerParts = {
  db: Db;
  keyring: Keyring;
  epochs: Epochs;
  clock: DatabaseClock;
  texts: Texts;
  log: Log;
  arriving: Arriving;
  timeZone: string;
  defaultLanguage: string;
  publicUrl: string | undefined;
};

export type MessengerEntrance<Own> = {
  /** As the messenger, or what is kept of it, tells it; undefined: there is none. Rejects if nobody tells it now. */
  known(own: Own, at: { db: Db; keyring: Keyring }): Promise<Entrance | undefined>;
  /** From what a person says it is; undefined: it is none. */
  read(said: string): Entrance | undefined;
  /** What makes it known, for the operator, without an end. */
  readonly mend: string;
};

export type InDatabase = { db: Db; now: Date; timeZone: string };

type MessengerLink = { ok: true; link: string } | { ok: false; problem: string };

/** What commands on the server work with. */
export type AtServer<Own> = {
  own: Own | undefined;
  database: Database;
  keyring: Keyring;
  now: Date;
  timeZone: string;
  /** Silent: a command says what there is to say itself. */
  log: Log;
};

/** Where commands run. */
export interface ServerFor<Own> {
  /** Does `work` on the service's database. */
  run<T>(work: (server: AtServer<Own>) => Promise<T>): Promise<T>;
}

/** A messenger that is on, with its settings. */
export type Wanted = { messenger: Messenger; own: unknown };

/** The messenger with these settings. */
export const wanted = <Own>(messenger: Messenger<Own>, own: Own): Wanted => ({ messenger, own });
