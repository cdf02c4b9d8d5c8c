import { createEpochs } from '../src/app/ground/epochs.ts';
import { Connection } from '../src/channels/whatsapp/connection.ts';
import type { Keyring } from '../src/crypto/keyring.ts';
import { databaseClock } from '../src/db/clock.ts';
import type { Db } from '../src/db/database.ts';
import { createLog } from '../src/kernel/log.ts';
import {
  createSentMessages,
  createStagedMessages,
  createWhatsappSession,
  type SessionParts,
} from '../src/messengers/whatsapp/session.ts';
import type { FakeWhatsApp } from './fakes/whatsapp/whatsapp.ts';

type Keys = { db: Db; keyring: Keyring };

/** What the WhatsApp session of this database needs. */
export function sessionParts({ db, keyring }: Keys): SessionParts {
  return { db, keyring, epochs: createEpochs(db, keyring), clock: databaseClock };
}

/** What a WhatsApp channel on this database is made of; its pace is no matter. */
export function channelParts(keys: Keys) {
  const parts = sessionParts(keys);
  return {
    store: createWhatsappSession(parts),
    staged: createStagedMessages(parts),
    sent: createSentMessages(parts),
    disappearAfter: 86_400,
    perMinute: 10_000,
    notes: { keep: async () => undefined },
    unlinking: { isWanted: async () => false, done: async () => undefined },
  };
}

/** Links a number to this database, as `whatsapp pair` does it. The fake must be believed already. */
export async function link(keys: Keys, whatsapp: FakeWhatsApp): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const connection = new Connection({
    store: createWhatsappSession(sessionParts(keys)),
    lease: { isHeld: () => true },
    socketUrl: whatsapp.url,
    log: createLog('silent'),
    onQr: (qr) => void whatsapp.handset.scans(qr),
    onStatus: ({ is }) => is === 'open' && resolve(),
    dice: () => 0,
  });
  connection.start();
  await promise;
  await connection.stop();
}
