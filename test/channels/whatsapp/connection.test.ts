import { afterEach, describe, expect, test } from 'vitest';
import { Connection, type ConnectionParts } from '../../../src/channels/whatsapp/connection.ts';
import type { SessionStore } from '../../../src/channels/whatsapp/session-store.ts';
import { createLog } from '../../../src/kernel/log.ts';
import { Changes } from '../../fakes/whatsapp/changes.ts';
import type { CloseCode } from '../../fakes/whatsapp/line.ts';
import { fakeWhatsApp } from './story.ts';

type Fake = Awaited<ReturnType<typeof fakeWhatsApp>>;

const connections: Connection[] = [];
afterEach(async () => {
  await Promise.all(connections.splice(0).map((each) => each.stop()));
});

/** A session in memory, whose writing can be made to fail. */
function memoryStore() {
  const values = new Map<string, string>();
  const store: SessionStore & { isBroken: boolean; opens?: Promise<void>; values: Map<string, string> } = {
    isBroken: false,
    values,
    async read(names: readonly string[]) {
      return new Map(names.flatMap((name) => (values.has(name) ? [[name, values.get(name) ?? '']] : [])));
    },
    async write(changes: ReadonlyMap<string, string | null>) {
      await store.opens;
      if (store.isBroken) throw new Error('the database is down');
      for (const [name, value] of changes) value === null ? values.delete(name) : values.set(name, value);
    },
    clear: async () => values.clear(),
  };
  return store;
}

function connect(whatsapp: Fake, store: SessionStore, more: Partial<ConnectionParts> = {}) {
  const changes = new Changes();
  const seen: string[] = [];
  const codes: string[] = [];
  const connection = new Connection({
    store,
    lease: { isHeld: () => true },
    socketUrl: whatsapp.url,
    log: createLog('silent'),
    onQr: (text) => {
      codes.push(text);
      changes.changed();
    },
    onStatus: ({ is, because }) => {
      seen.push(because ?? is);
      changes.changed();
    },
    timing: { leaseCheck: 5, connect: 10_000 },
    dice: () => 0,
    ...more,
  });
  connections.push(connection);
  connection.start();
  const until = (look: () => boolean, within?: number) => changes.until(look, () => seen.join(', '), within);
  return {
    connection,
    seen,
    async qr(): Promise<string> {
      await until(() => codes.length > 0);
      return codes[0] ?? '';
    },
    /** Was in this state, after all that was seen before `since`. */
    becomes: (state: string, since = 0) => until(() => seen.slice(since).includes(state)),
  };
}

async function linked(store: SessionStore = memoryStore()) {
  const whatsapp = await fakeWhatsApp();
  const bot = connect(whatsapp, store);
  await whatsapp.handset.scans(await bot.qr());
  await bot.becomes('open');
  return { whatsapp, bot, store };
}

describe('the connection to WhatsApp', () => {
  test('is linked by a QR code, comes back by itself as WhatsApp asks, and is found again after a restart', async () => {
    const { whatsapp, bot, store } = await linked();
    expect(bot.seen).toEqual(['connecting', 'linking', 'waiting', 'connecting', 'open']);
    expect(bot.connection.socket?.user?.id).toContain(whatsapp.number);
    await bot.connection.stop();
    expect(bot.connection.status.is).toBe('off');
    const again = connect(whatsapp, store);
    await again.becomes('open');
    expect(again.seen).toEqual(['connecting', 'open']);
  });

  test('comes back by itself from what passes', async () => {
    const { whatsapp, bot } = await linked();
    const codes: CloseCode[] = [428, 500, 503, 515];
    for (const code of codes) {
      const since = bot.seen.length;
      whatsapp.closes(code);
      await bot.becomes('open', since);
    }
    const since = bot.seen.length;
    whatsapp.drops();
    await bot.becomes('open', since);
    expect(bot.seen.slice(bot.seen.indexOf('open'))).not.toContain('linking');
  });

  test('is linked on a server that greets strangers and never asks a new device to come again', async () => {
    const whatsapp = await fakeWhatsApp({ isForeign: true });
    const bot = connect(whatsapp, memoryStore(), {
      timing: { leaseCheck: 5, connect: 10_000, again: 50 },
    });
    await bot.becomes('linking');
    const qr = await bot.qr();
    await whatsapp.until(() => whatsapp.callsOf('passive/set/active').length > 0);
    // Greeted, and linked by nobody yet.
    expect(bot.seen).toEqual(['connecting', 'linking']);
    await whatsapp.handset.scans(qr);
    await bot.becomes('open');
  });

  test('that looks open and is dead is given up without waiting for a farewell, and opened again', async () => {
    const store = memoryStore();
    const { whatsapp, bot } = await linked(store);
    await bot.connection.stop();
    const again = connect(whatsapp, store, {
      timing: { leaseCheck: 5, connect: 10_000, silence: 1_500 },
    });
    await again.becomes('open');
    const since = again.seen.length;
    whatsapp.fallsSilent();
    await again.becomes('waiting', since);
    whatsapp.heal();
    await again.becomes('open', since);
  });

  test.each([
    [401, 'logged_out'],
    [411, 'logged_out'],
    [403, 'refused'],
    [440, 'replaced'],
  ] as const)('stops at %i, says why, and tries nothing any more', async (code, because) => {
    const { whatsapp, bot } = await linked();
    whatsapp.closes(code);
    await bot.becomes(because);
    expect(bot.connection.status).toMatchObject({ is: 'stopped', because, code });
    expect(bot.connection.socket).toBeUndefined();
  });

  test('that is refused before it opens, as by a proxy, is tried again', async () => {
    const { whatsapp, bot, store } = await linked();
    await bot.connection.stop();
    whatsapp.fail({ on: 'connect', with: 503 });
    const again = connect(whatsapp, store, { timing: { leaseCheck: 5, connect: 500 } });
    await again.becomes('waiting');
    await again.becomes('open');
  });

  test('is held by the process that has the lease, and taken over with everything that was stored', async () => {
    const whatsapp = await fakeWhatsApp();
    const store = memoryStore();
    let holder = 'one';
    const one = connect(whatsapp, store, { lease: { isHeld: () => holder === 'one' } });
    const two = connect(whatsapp, store, { lease: { isHeld: () => holder === 'two' } });
    await whatsapp.handset.scans(await one.qr());
    await one.becomes('open');
    expect(two.seen).toEqual(['standby']);
    holder = 'nobody';
    await one.becomes('standby');
    holder = 'two';
    await two.becomes('open');
    expect(one.connection.status.is).toBe('standby');
    expect([...one.seen, ...two.seen]).not.toContain('replaced');
  });

  test('is given up when the session cannot be stored, and goes on with what was stored', async () => {
    const store = memoryStore();
    const { bot } = await linked(store);
    const since = bot.seen.length;
    store.isBroken = true;
    bot.connection.socket?.ev.emit('creds.update', { accountSyncCounter: 99 });
    await bot.becomes('waiting', since);
    store.isBroken = false;
    await bot.becomes('open', since);
    expect(bot.connection.socket?.authState.creds.accountSyncCounter).not.toBe(99);
  });

  test('has stopped, and would open another socket, only when everything handed over is stored', async () => {
    const store = memoryStore();
    const { bot } = await linked(store);
    const slow = Promise.withResolvers<void>();
    store.opens = slow.promise;
    bot.connection.socket?.ev.emit('creds.update', { accountSyncCounter: 99 });
    let hasStopped = false;
    const stopping = bot.connection.stop().then(() => {
      hasStopped = true;
    });
    await bot.connection.socket?.end(undefined);
    for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve));
    expect(hasStopped).toBe(false);
    slow.resolve();
    await stopping;
    expect(store.values.get('creds')).toContain('"accountSyncCounter":99');
  });
});
