/** Messages that come while Baileys is still busy with others. */
import { EventEmitter } from 'node:events';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { type BinaryNode, initAuthCreds, type SignalKeyStoreWithTransaction } from '@whiskeysockets/baileys';
import { afterEach, expect, test, vi } from 'vitest';
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
function socket() {
  const ws = new EventEmitter();
  const given: string[] = [];
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
  giveOneByOne(ws, staging, () => state.isOpen);
  return {
    given,
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
