/** Messages that come while Baileys is still busy with others. */
import { EventEmitter } from 'node:events';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { type BinaryNode, initAuthCreds, type SignalKeyStoreWithTransaction } from '@whiskeysockets/baileys';
import { afterEach, expect, test, vi } from 'vitest';
import { createUnderWay } from '../../../src/app/ground/under-way.ts';
import type { Arriving } from '../../../src/channels/channel.ts';
import { giveOneByOne } from '../../../src/channels/whatsapp/one-by-one.ts';
import { silentLogger } from '../../../src/channels/whatsapp/silent-logger.ts';
import { Staging } from '../../../src/channels/whatsapp/staging.ts';

const jid = '200000000000001@lid';
const keys: SignalKeyStoreWithTransaction = {
  get: async () => ({}),
  set: async () => undefined,
  isInTransaction: () => true,
  transaction: (work) => work(),
};

/** A socket whose Baileys looks up as long as we want who wrote, then decrypts. */
function socket(arriving?: Arriving) {
  const ws = new EventEmitter();
  const given: string[] = [];
  const parts: number[] = [];
  const lookups = new Map<string, PromiseWithResolvers<void>>();
  const state = { isOpen: true, isStoreDown: false };
  const staging = new Staging({
    find: async () => {
      if (state.isStoreDown) throw new Error('down');
      return new Uint8Array([1]);
    },
    waiting: async () => [],
    handled: async () => undefined,
  });
  staging.onFailed = () => {
    state.isOpen = false;
  };
  const auth = { creds: initAuthCreds(), keys };
  const { decryptMessage } = staging.makeSignalRepository(auth, silentLogger, async () => undefined);
  const works = async ({ attrs, content }: BinaryNode): Promise<void> => {
    const { id = '' } = attrs;
    given.push(id);
    parts.push((content as BinaryNode[]).length);
    const lookup = Promise.withResolvers<void>();
    lookups.set(id, lookup);
    await lookup.promise;
    const [sealed] = content as BinaryNode[];
    if (sealed?.attrs.type !== 'msg') return;
    await decryptMessage({ jid, type: 'msg', ciphertext: sealed.content as Uint8Array }).catch(
      () => undefined,
    );
  };
  // What waited at WhatsApp goes into a queue of its own, and the listener is done at once.
  ws.on('CB:message', (stanza: BinaryNode) => {
    const work = works(stanza);
    return stanza.attrs.offline ? undefined : work;
  });
  giveOneByOne(ws, staging, () => state.isOpen, arriving);
  return {
    given,
    parts,
    state,
    comes(id: string, attrs: Record<string, string> = {}, type = 'msg') {
      const content = [{ tag: 'enc', attrs: { type }, content: Buffer.from(id) }];
      ws.emit('CB:message', { tag: 'message', attrs: { id, from: jid, ...attrs }, content });
    },
    async isLookedUp(id: string) {
      lookups.get(id)?.resolve();
      for (let turn = 0; turn < 5; turn++) await nextTurn();
    },
  };
}

afterEach(() => {
  // Files share their process: the next one needs a clock.
  vi.useRealTimers();
});

test.each([{}, { offline: '0' }])(
  'a second message is given to Baileys when the first is in the store %o',
  async (attrs) => {
    const { given, comes, isLookedUp } = socket();
    comes('first', attrs);
    comes('second', attrs);
    await isLookedUp('nothing');
    expect(given).toEqual(['first']);
    await isLookedUp('first');
    expect(given).toEqual(['first', 'second']);
  },
);

test('what comes behind a message that the store could not take is left to WhatsApp, which brings both again', async () => {
  const { given, state, comes, isLookedUp } = socket();
  state.isStoreDown = true;
  comes('first');
  comes('second');
  await isLookedUp('nothing');
  await isLookedUp('first');
  expect(given).toEqual(['first']);
});

test('a message that Baileys leaves sealed holds up nothing', async () => {
  const { given, comes, isLookedUp } = socket();
  comes('of a bot', {}, 'msmsg');
  comes('of a group', { from: '120363000000000000@g.us', offline: '0' });
  comes('hers');
  await isLookedUp('nothing');
  await isLookedUp('of a bot');
  expect(given).toEqual(['of a bot', 'of a group', 'hers']);
});

test('a message that Baileys never comes to holds up the others for ten seconds and no longer', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const { given, comes, isLookedUp } = socket();
  comes('stuck');
  comes('hers');
  await isLookedUp('nothing');
  await vi.advanceTimersByTimeAsync(9_999);
  expect(given).toEqual(['stuck']);
  await vi.advanceTimersByTimeAsync(1);
  expect(given).toEqual(['stuck', 'hers']);
});

/** What the service makes of marks (`marked-work.ts`), after it fell so often while these were read. */
function marking(falls: Record<string, number> = {}) {
  const marks: string[] = [];
  const parked: unknown[] = [];
  const mark = (is: string) => (key: string) => void marks.push(`${is} ${key}`);
  const underWay = createUnderWay(
    { begins: mark('begins'), ends: mark('ends') },
    new Map(Object.entries(falls).map(([id, times]) => [`${jid}/${id}`, times])),
  );
  const arriving: Arriving = {
    read: (_channel, { id }, read) => underWay.read(id, read),
    handle(_channel, { id, raw }, work, otherwise) {
      if (underWay.falls(id) < 3) return underWay.handle(id, work);
      parked.push(raw());
      return otherwise();
    },
  };
  return { arriving, marks, parked };
}

test('a stanza is marked from before Baileys has it until it is in the store, and the next one after it', async () => {
  const { arriving, marks } = marking();
  const { given, comes, isLookedUp } = socket(arriving);
  comes('first');
  comes('second');
  await isLookedUp('nothing');
  expect([given, marks]).toEqual([['first'], [`begins ${jid}/first`]]);
  await isLookedUp('first');
  await isLookedUp('second');
  expect(marks).toEqual(['first', 'second'].flatMap((id) => [`begins ${jid}/${id}`, `ends ${jid}/${id}`]));
});

test('a stanza that ended the service three times is given to Baileys without what is sealed in it, and kept as it came', async () => {
  const { arriving, marks, parked } = marking({ bad: 3, twice: 2 });
  const { given, parts, comes, isLookedUp } = socket(arriving);
  for (const id of ['bad', 'twice', 'hers']) comes(id, { offline: '0' });
  await isLookedUp('nothing');
  for (const id of ['bad', 'twice', 'hers']) await isLookedUp(id);
  expect([given, parts]).toEqual([
    ['bad', 'twice', 'hers'],
    [0, 1, 1],
  ]);
  expect(marks[0]).toBe(`begins ${jid}/twice`);
  expect(parked).toEqual([
    {
      attrs: { id: 'bad', from: jid, offline: '0' },
      parts: [{ attrs: { type: 'msg' }, sealed: Buffer.from('bad').toString('base64') }],
    },
  ]);
});
