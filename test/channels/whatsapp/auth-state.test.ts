/** The session as Baileys sees it, on a store that can be slow and can fail. */
import { type KeyPair, proto, type SignalDataSet } from '@whiskeysockets/baileys';
import { describe, expect, it } from 'vitest';
import { linkOf, openAuthState } from '../../../src/channels/whatsapp/auth-state.ts';
import type { SessionStore } from '../../../src/channels/whatsapp/session-store.ts';

type Gate = { opens: Promise<void> | undefined; fails: boolean };

function memoryStore(): SessionStore & {
  values: Map<string, string>;
  writing: Gate;
  reading: Gate;
  reads: number;
} {
  const values = new Map<string, string>();
  const store = {
    values,
    reads: 0,
    writing: { opens: undefined, fails: false } as Gate,
    reading: { opens: undefined, fails: false } as Gate,
    async read(names: readonly string[]) {
      store.reads += 1;
      const found = names.flatMap((name) =>
        values.has(name) ? [[name, values.get(name) ?? ''] as const] : [],
      );
      await store.reading.opens;
      return new Map(found);
    },
    async write(changes: ReadonlyMap<string, string | null>) {
      await store.writing.opens;
      if (store.writing.fails) throw new Error('the disk is full');
      for (const [name, value] of changes) value === null ? values.delete(name) : values.set(name, value);
    },
    clear: async () => values.clear(),
  };
  return store;
}

const bytes = (...values: number[]) => Buffer.from(values);
const session = (id: string, ...values: number[]): SignalDataSet => ({ session: { [id]: bytes(...values) } });

describe('the WhatsApp session', () => {
  it('begins anew without a number, and is found again after a restart', async () => {
    const store = memoryStore();
    expect(await linkOf(store)).toBeUndefined();
    const first = await openAuthState(store);
    Object.assign(first.state.creds, { account: {}, me: { id: '22370000000:1@s.whatsapp.net' } });
    await first.saveCreds();
    const again = await openAuthState(store);
    expect(await linkOf(store)).toMatchObject({ number: '22370000000' });
    expect(again.state.creds).toEqual(first.state.creds);
    expect(Buffer.isBuffer(again.state.creds.noiseKey.private)).toBe(true);
  });

  it('keeps every kind of key as Baileys gave it', async () => {
    const store = memoryStore();
    const { state } = await openAuthState(store);
    const pair: KeyPair = { public: bytes(1), private: bytes(2) };
    const data: SignalDataSet = {
      'pre-key': { 1: pair },
      session: { '1.0': bytes(3, 4) },
      'sender-key': { a: bytes(5) },
      'sender-key-memory': { g: { x: true } },
      'app-state-sync-version': {
        c: { version: 1, hash: bytes(8), indexValueMap: { i: { valueMac: bytes(9) } } },
      },
      'lid-mapping': { p: '123' },
      'device-list': { p: ['0', '1'] },
      tctoken: { p: { token: bytes(10), timestamp: '11' } },
      'identity-key': { p: bytes(12) },
    };
    await state.keys.set(data);
    const { state: later } = await openAuthState(store);
    for (const [type, values] of Object.entries(data)) {
      const ids = Object.keys(values ?? {});
      const got = await later.keys.get(type as 'session', ids);
      expect(JSON.parse(JSON.stringify(got))).toEqual(JSON.parse(JSON.stringify(values)));
    }
  });

  it('gives keys of the app state as the messages of the protocol that they are', async () => {
    const store = memoryStore();
    const key = proto.Message.AppStateSyncKeyData.fromObject({ keyData: bytes(6), timestamp: 7 });
    await (await openAuthState(store)).state.keys.set({ 'app-state-sync-key': { k: key } });
    const { k } = await (await openAuthState(store)).state.keys.get('app-state-sync-key', ['k']);
    expect(k).toBeInstanceOf(proto.Message.AppStateSyncKeyData);
    expect(Buffer.from(k?.keyData ?? [])).toEqual(bytes(6));
    expect(Number(k?.timestamp)).toBe(7);
  });

  it('deletes what is set to null, and gives no one the same object twice', async () => {
    const { state } = await openAuthState(memoryStore());
    await state.keys.set(session('a', 1));
    const { a } = await state.keys.get('session', ['a']);
    a?.fill(9);
    expect((await state.keys.get('session', ['a'])).a).toEqual(bytes(1));
    await state.keys.set({ session: { a: null } });
    expect(await state.keys.get('session', ['a'])).toEqual({});
  });

  it('reads nothing that is not committed: a write that fails leaves what was there', async () => {
    const store = memoryStore();
    const { state } = await openAuthState(store);
    await state.keys.set(session('a', 1));
    store.writing.fails = true;
    await expect(state.keys.set(session('a', 2))).rejects.toThrow('the disk is full');
    expect((await state.keys.get('session', ['a'])).a).toEqual(bytes(1));
    store.writing.fails = false;
    await state.keys.set(session('a', 3));
    expect((await state.keys.get('session', ['a'])).a).toEqual(bytes(3));
  });

  it('never remembers an old value over a newer one that was written while it was read', async () => {
    const store = memoryStore();
    const { state } = await openAuthState(store);
    store.values.set('session/a', JSON.stringify({ type: 'Buffer', data: bytes(1).toString('base64') }));
    const slow = Promise.withResolvers<void>();
    store.reading.opens = slow.promise;
    const reading = state.keys.get('session', ['a']);
    while (store.reads < 2) await new Promise((resolve) => setImmediate(resolve));
    await state.keys.set(session('a', 2));
    slow.resolve();
    await reading;
    expect((await state.keys.get('session', ['a'])).a).toEqual(bytes(2));
  });

  it('takes nothing more from a socket that has closed: another may be at work on it', async () => {
    const store = memoryStore();
    const auth = await openAuthState(store);
    void auth.state.keys.set(session('a', 1));
    await auth.close();
    await expect(auth.state.keys.set(session('a', 2))).rejects.toThrow();
    const again = await openAuthState(store);
    expect((await again.state.keys.get('session', ['a'])).a).toEqual(bytes(1));
  });

  it('is whole in the store when closed, in the order in which it was handed over', async () => {
    const store = memoryStore();
    const auth = await openAuthState(store);
    const slow = Promise.withResolvers<void>();
    store.writing.opens = slow.promise;
    for (let n = 0; n < 50; n++) void auth.state.keys.set(session('a', n));
    Object.assign(auth.state.creds, { account: {}, accountSyncCounter: 7 });
    void auth.saveCreds();
    expect(store.values.size).toBe(0);
    slow.resolve();
    await auth.close();
    const again = await openAuthState(store);
    expect((await again.state.keys.get('session', ['a'])).a).toEqual(bytes(49));
    expect(again.state.creds.accountSyncCounter).toBe(7);
    await expect(async () => auth.state.keys.set(session('a', 50))).rejects.toThrow('has ended');
    expect((await (await openAuthState(store)).state.keys.get('session', ['a'])).a).toEqual(bytes(49));
  });

  it('asks the store once for what it has read', async () => {
    const store = memoryStore();
    const { state } = await openAuthState(store);
    await state.keys.set(session('a', 1));
    const before = store.reads;
    for (let n = 0; n < 5; n++) await state.keys.get('session', ['a']);
    expect(store.reads).toBe(before);
  });
});
