/** Every way in which WhatsApp ends a connection, on the real channel: what happens next, and after how long. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Channel } from '../../../src/channels/channel.ts';
import type { NumberParts } from '../../../src/channels/whatsapp/our-number.ts';
import { createWhatsappChannel } from '../../../src/channels/whatsapp/whatsapp-channel.ts';
import { generateKeyringFile, parseKeyring } from '../../../src/crypto/keyring.ts';
import { createLease } from '../../../src/db/lease.ts';
import { captureConsole, createLog } from '../../../src/kernel/log.ts';
import { createTestDatabase, type TestDatabase } from '../../database.ts';
import type { CloseCode } from '../../fakes/whatsapp/line.ts';
import { trust } from '../../fakes/whatsapp/trust.ts';
import { type FakeWhatsApp, startFakeWhatsApp } from '../../fakes/whatsapp/whatsapp.ts';
import { channelParts, link } from '../../linked-number.ts';

const log = createLog('silent');
const keyring = parseKeyring(generateKeyringFile());
const undo: (() => unknown)[] = [];
let database: TestDatabase;
let whatsapp: FakeWhatsApp;
let channel: Channel;
/** Milliseconds the connection wanted to wait before each further socket; nobody waits here. */
let waits: number[];
/** What people were told to mend. */
let told: string[];
/** What people said and the service took in. */
let heard: unknown[];

beforeAll(async () => {
  undo.push(captureConsole(log));
  database = await createTestDatabase();
  whatsapp = await startFakeWhatsApp();
  undo.push(trust(whatsapp.credentials));
  await link({ db: database.db, keyring }, whatsapp);
});

afterEach(async () => {
  await channel.stop();
  whatsapp.heal();
});

afterAll(async () => {
  await whatsapp.close();
  await database.close();
  for (const step of undo.toReversed()) step();
});

/** `connect`: milliseconds before a socket that shows nothing is given up. */
async function starts(connect = 10_000): Promise<void> {
  const { db } = database;
  [waits, told, heard] = [[], [], []];
  const { first, ...parts } = channelParts({ db, keyring }, createLease(db, 'whatsapp', { log }));
  const notes: NumberParts['notes'] = {
    keep: async ({ state, because }) => {
      if (state === 'stopped' && because) told.push(because);
    },
  };
  channel = createWhatsappChannel({
    ...parts,
    numbers: [{ ...first, notes }],
    socketUrl: whatsapp.url,
    log,
    connection: {
      timing: { leaseCheck: 5, connect },
      dice: () => 1,
      wait: async (ms) => {
        waits.push(ms);
        await nextTurn();
      },
    },
  });
  await channel.start(async ({ content }) => void heard.push(content));
}

const isUp = () => expect.poll(() => channel.health().state, { interval: 5 }).toBe('up');
const isTold = (because: string) => expect.poll(() => told, { interval: 5 }).toEqual([because]);

/** A person who writes now is heard: it is really open. */
async function awaIsHeard(): Promise<void> {
  await isUp();
  await whatsapp.isReady();
  await whatsapp.person('Awa').says('allô');
  await expect.poll(() => heard, { interval: 5 }).toEqual([{ kind: 'text', text: 'allô' }]);
}

describe('a connection that was open', () => {
  test.each<[CloseCode, number]>([
    [428, 1_000],
    [500, 1_000],
    [503, 1_000],
    [515, 0],
  ])('and is closed with %i is opened again after %i ms, and people are heard', async (code, after) => {
    await starts();
    await isUp();
    await whatsapp.isReady();
    const before = whatsapp.account.line;
    whatsapp.closes(code);
    await expect.poll(() => waits, { interval: 5 }).toEqual([after]);
    await awaIsHeard();
    expect(whatsapp.account.line).not.toBe(before);
    expect([waits, told]).toEqual([[after], []]);
  });

  test.each<[CloseCode, string]>([
    [401, 'logged_out'],
    [403, 'refused'],
    [411, 'logged_out'],
    [440, 'replaced'],
  ])('and is closed with %i stays closed, and people are told: %s', async (code, because) => {
    await starts();
    await isUp();
    await whatsapp.isReady();
    whatsapp.closes(code);
    await isTold(because);
    expect(channel.health()).toMatchObject({ state: 'down', lastError: because });
    for (let turn = 0; turn < 100; turn++) await nextTurn();
    expect([waits, told, whatsapp.account.line]).toEqual([[], [because], undefined]);
  });

  test('and is cut is opened again after a second', async () => {
    await starts();
    await isUp();
    await whatsapp.isReady();
    whatsapp.drops();
    await expect.poll(() => waits, { interval: 5 }).toEqual([1_000]);
    await awaIsHeard();
  });

  test('and falls silent is noticed within a minute (408) and opened again', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'Date'] });
    try {
      await starts();
      await expect.poll(() => channel.health().state).toBe('up');
      whatsapp.fallsSilent();
      vi.advanceTimersByTime(60_000);
      await vi.waitUntil(() => waits.length > 0, { timeout: 30_000 });
    } finally {
      vi.useRealTimers();
    }
    await awaIsHeard();
    expect([waits, told]).toEqual([[1_000], []]);
  });
});

describe('a login', () => {
  test.each([408, 428, 500, 503, 599])(
    'that is refused with %i is tried later each time, and counts anew once it was open',
    async (code) => {
      whatsapp.fail({ on: 'login', with: code, times: 3 });
      await starts();
      await awaIsHeard();
      expect(waits).toEqual([1_000, 2_000, 4_000]);
      whatsapp.drops();
      await expect.poll(() => waits.slice(3), { interval: 5 }).toEqual([1_000]);
      expect(told).toEqual([]);
    },
  );

  test.each([
    [401, 'logged_out'],
    [402, 'refused'],
    [403, 'refused'],
    [405, 'outdated'],
    [406, 'refused'],
    [411, 'logged_out'],
    [440, 'replaced'],
  ])('that is refused with %i is not tried again, and people are told: %s', async (code, because) => {
    whatsapp.fail({ on: 'login', with: code });
    await starts();
    await isTold(because);
    for (let turn = 0; turn < 100; turn++) await nextTurn();
    expect([waits, told, whatsapp.account.line]).toEqual([[], [because], undefined]);
  });

  test('that is refused with 515 is tried again at once', async () => {
    whatsapp.fail({ on: 'login', with: 515 });
    await starts();
    await awaIsHeard();
    expect(waits).toEqual([0]);
  });

  test.each(['hang', 'drop', 503] as const)('that comes to nothing (%s) is tried again', async (fault) => {
    whatsapp.fail({ on: 'connect', with: fault });
    await starts(2_000);
    await awaIsHeard();
    expect(waits).toEqual([1_000]);
  });
});

test('what waited is handled although WhatsApp never says that it was all', async () => {
  await starts();
  await isUp();
  await channel.stop();
  await whatsapp.person('Awa').says('allô');
  whatsapp.fail({ on: 'replay', with: 'hang' });
  await starts();
  await expect.poll(() => heard, { interval: 5 }).toEqual([{ kind: 'text', text: 'allô' }]);
});
