/**
 * The service without HTTP, a messenger and waiting: a real database, real keys, a clock that is moved by hand and
 * phones in memory. Messages go in by intake and out by the deliver cycle; jobs run when a test says so.
 */
import { randomUUID } from 'node:crypto';
import { escalateDue } from '../../src/app/alerts/escalate.ts';
import { movePagesOn } from '../../src/app/alerts/page-failure.ts';
import { addOfficer } from '../../src/app/duty/officers.ts';
import type { Context } from '../../src/app/ground/context.ts';
import { createUnsaved } from '../../src/app/ground/during-outage.ts';
import type { TimeGuard } from '../../src/app/ground/time-guard.ts';
import { transact } from '../../src/app/ground/transaction.ts';
import { createIntake } from '../../src/app/intake/intake.ts';
import { createEpochs } from '../../src/app/keys/epochs.ts';
import { storeEvidence } from '../../src/app/reporters/evidence.ts';
import { createLane } from '../../src/app/sending/deliver.ts';
import { openDatabase } from '../../src/db/database.ts';
import type { EvidenceId } from '../../src/kernel/ids.ts';
import { seconds } from '../../src/kernel/time.ts';
import { CLASS } from '../../src/kernel/vocabulary.ts';
import { readCase } from '../case-file.ts';

import { leaveTestDatabase } from '../database.ts';
import { createPhones, type Phone, type Shelf } from './messenger.ts';
import { openRoom, type RoomOptions } from './room.ts';

export type House = Awaited<ReturnType<typeof openHouse>>;

export type HouseOptions = Pick<RoomOptions, 'floodPerMinute' | 'start' | 'database' | 'serverKey'> & {
  /** What stands on the phones already. */
  shelf?: Shelf;
};

export async function openHouse({ shelf, ...options }: HouseOptions = {}) {
  const phones = createPhones(shelf);
  const room = await openRoom({ language: 'fr', channels: [phones.channel], max: 8, ...options });
  const { clock, database, team } = room;
  const aside = await openDatabase({ url: database.url, path: database.path, max: 1 });
  const { channels, texts, keyring } = room.ctx;
  const { languages } = texts;
  /** Files whose job was asked for and has not run. */
  const toFetch: EvidenceId[] = [];
  /** Whose each file is, as the jobs are told. */
  const senders = new Map<EvidenceId, string>();
  const ctx: Context = {
    ...room.ctx,
    epochs: createEpochs(aside.db, keyring),
    jobs: {
      ...room.ctx.jobs,
      async fetchEvidence(_tx, id, sender) {
        toFetch.push(id);
        senders.set(id, sender);
      },
    },
    unsaved: createUnsaved({ channels, texts, languages, defaultLanguage: 'fr' }),
  };
  const receive = createIntake(ctx);
  const lane = createLane(ctx, [CLASS.criticalPage, CLASS.reply], 500, () => undefined);

  /** Sends what is due. */
  async function deliver(): Promise<void> {
    while ((await lane.run()) > 0) await lane.idle();
  }

  /** Looks at the alerts and sends, as the cycles do each second. */
  async function cycle(): Promise<void> {
    while ((await escalateDue(ctx)) + (await movePagesOn(ctx)) > 0);
    await deliver();
  }

  /** A person with a phone. */
  function person(name: string, more: { languageHint?: string } = {}): Phone {
    return phones.of(name, async (content) => {
      const message = { channel: phones.channel.kind, id: randomUUID(), address: name, content, ...more };
      await receive(message);
      await deliver();
    });
  }

  /** An officer who has enrolled and is on duty. */
  const officer = async (name: string): Promise<Phone> => {
    const { code } = await transact(ctx, (at) => addOfficer(at, { name, role: 'officer', language: 'fr' }));
    const phone = person(name);
    await phone.says(`/start ${code}`);
    await phone.presses('Je suis de garde');
    return phone;
  };
  return {
    ctx,
    serverKey: room.serverKey,
    team,
    clock,
    database,
    phones,
    receive,
    deliver,
    cycle,
    person,
    toFetch,
    senders,
    /** Runs the jobs that fetch files, each once; rejects with the first that wants another try. */
    async fetch(isLastTry = false): Promise<void> {
      for (const id of toFetch.splice(0)) await storeEvidence(ctx, id, isLastTry);
      await deliver();
    },
    officer,
    /** The same, as a supervisor. */
    async supervisor(name: string): Promise<Phone> {
      const phone = await officer(name);
      await database.sql`update officers set role = 'supervisor' where id = (
        select officer_id from officer_contacts order by verified_at desc limit 1)`;
      clock.advance(seconds(1));
      return phone;
    },
    /** The same service again, on the same database: another process. */
    another(): Context {
      return { ...ctx, epochs: createEpochs(aside.db, keyring) };
    },
    /** What the team reads of a case on its own machine. */
    read: (reference: string) => readCase(database.db, keyring, team.secret, reference),
    async close(): Promise<void> {
      await aside.close();
      await database.close();
    },
    /** Closed, and left for others to begin as it is now. */
    async leave() {
      await aside.close();
      return {
        template: await leaveTestDatabase(database),
        serverKey: room.serverKey,
        start: clock.at(),
        shelf: phones.shelf(),
      };
    },
  };
}

/** A guard for a clock that nobody doubts. */
export const calm: TimeGuard = { mayErase: () => true };

/** The reference that a person was told last. */
export function referenceOn(phone: Phone): string {
  const references = phone.screen().flatMap((text) => /[A-Z]{4}-\d{4}/.exec(text) ?? []);
  return references.at(-1) ?? 'none';
}

/** Whether so many transactions wait for rows that another one holds. */
export async function somebodyWaits({ database }: Pick<House, 'database'>, atLeast = 1): Promise<boolean> {
  const rows = await database.sql`select 1 from pg_stat_activity
    where datname = current_database() and wait_event_type = 'Lock'`;
  return rows.length >= atLeast;
}

/** Does something and does not commit it until it is let go: resolves once it is done, to what lets it go. */
export async function hold(
  { database }: Pick<House, 'database'>,
  work: (tx: House['database']['sql']) => Promise<unknown>,
): Promise<() => Promise<void>> {
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  const { promise: isHeld, resolve: holds } = Promise.withResolvers<void>();
  const holding = database.sql.begin(async (tx) => {
    await work(tx as unknown as House['database']['sql']);
    holds();
    await released;
  });
  await isHeld;
  return async () => {
    release();
    await holding;
  };
}

/** Holds the rows of all contacts, as while messages of theirs are being handled. */
export const holdContacts = (house: House): Promise<() => Promise<void>> =>
  hold(house, (tx) => tx`select 1 from contacts for no key update`);

/** Waits for a condition, for at most ten seconds. */
export async function until(isTrue: () => boolean | Promise<boolean>): Promise<void> {
  const end = performance.now() + 10_000;
  while (!(await isTrue())) {
    if (performance.now() > end) throw new Error('waited in vain');
    await new Promise((resolve) => setImmediate(resolve));
  }
}
