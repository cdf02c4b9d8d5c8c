import { createEpochs } from '../src/app/keys/epochs.ts';
import { Connection } from '../src/channels/whatsapp/connection.ts';
import type { SessionStore } from '../src/channels/whatsapp/session-store.ts';
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
import type { Saved } from './fakes/whatsapp/account.ts';
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

/** What the first link of this process left behind, on both sides; and for which number. */
let linked: { number: string; session: ReadonlyMap<string, string | null>; account: Saved } | undefined;

/**
 * Links a number to this database, as `whatsapp pair` does it. The fake must be believed already. A second of computing
 * goes into it (812 pre-keys, three handshakes): each further link of a process gets a copy of the first one.
 */
export async function link(keys: Keys, whatsapp: FakeWhatsApp): Promise<void> {
  const { account, isForeign } = whatsapp;
  const store = createWhatsappSession(sessionParts(keys));
  if (linked?.number === account.number && !isForeign) {
    account.restore(linked.account);
    return store.write(linked.session);
  }
  const session = new Map<string, string | null>();
  const write: SessionStore['write'] = async (changes, staged) => {
    await store.write(changes, staged);
    for (const [name, value] of changes) session.set(name, value);
  };
  await pair({ ...store, write }, whatsapp);
  if (!isForeign) linked = { number: account.number, session, account: account.saved() };
}

async function pair(store: SessionStore, whatsapp: FakeWhatsApp): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const connection = new Connection({
    store,
    lease: { isHeld: () => true },
    socketUrl: whatsapp.url,
    log: createLog('silent'),
    onQr: (qr) => void whatsapp.handset.scans(qr),
    onStatus: ({ is }) => is === 'open' && resolve(),
    dice: () => 0,
  });
  connection.start();
  // The handset greets the service, not what only links it.
  (await whatsapp.until(() => whatsapp.account.linked)).greeted = true;
  await promise;
  await connection.stop();
  if (whatsapp.account.linked) whatsapp.account.linked.greeted = false;
}
