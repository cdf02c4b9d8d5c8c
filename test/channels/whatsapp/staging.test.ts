import { initAuthCreds, type SignalKeyStoreWithTransaction } from '@whiskeysockets/baileys';
import { expect, test } from 'vitest';
import { silentLogger } from '../../../src/channels/whatsapp/silent-logger.ts';
import { Staging } from '../../../src/channels/whatsapp/staging.ts';

const jid = '200000000000001@lid';

/** Staging on a store that is down, or only on messages that nobody can read. */
async function failsToRead(isStoreDown: boolean): Promise<Staging> {
  const staging = new Staging({
    find: async () => {
      if (isStoreDown) throw new Error('down');
      return undefined;
    },
    waiting: async () => [],
    handled: async () => undefined,
  });

  staging.onFailed = () => staging.awaitsAgain();
  const keys: SignalKeyStoreWithTransaction = {
    get: async () => ({}),
    set: async () => undefined,
    isInTransaction: () => true,
    transaction: (work) => work(),
  };
  const { decryptMessage } = staging.makeSignalRepository(
    { creds: initAuthCreds(), keys },
    silentLogger,
    async () => undefined,
  );
  const ciphertext = new Uint8Array([1, 2, 3]);
  staging.heard({
    tag: 'message',
    attrs: { from: jid },
    content: [{ tag: 'enc', attrs: {}, content: ciphertext }],
  });
  await expect(decryptMessage({ jid, type: 'msg', ciphertext })).rejects.toThrow();
  return staging;
}

test('what somebody says after a message that the store could not take waits until that one has come again', async () => {
  expect((await failsToRead(true)).earliestUnderWay()).toBeLessThan(Number.POSITIVE_INFINITY);
});

test('a message that nobody can read holds up nothing', async () => {
  expect((await failsToRead(false)).earliestUnderWay()).toBe(Number.POSITIVE_INFINITY);
});
