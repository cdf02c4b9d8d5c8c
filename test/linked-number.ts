import { createEpochs } from '../src/app/keys/epochs.ts';
import { Connection } from '../src/channels/whatsapp/connection.ts';
import type { NumberParts } from '../src/channels/whatsapp/our-number.ts';
import type { Seat, SessionStore } from '../src/channels/whatsapp/session-store.ts';
import type { WhatsappOptions } from '../src/channels/whatsapp/whatsapp-channel.ts';
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
import type { Account, Saved } from './fakes/whatsapp/account.ts';
import type { FakeWhatsApp } from './fakes/whatsapp/whatsapp.ts';

type Keys = { db: Db; keyring: Keyring };

/** What the WhatsApp session of this database needs. */
export function sessionParts({ db, keyring }: Keys): SessionParts {
  return { db, keyring, epochs: createEpochs(db, keyring), clock: databaseClock };
}

/** What a WhatsApp channel on this database is made of; its pace is no matter. One lease stands for all. */
export function channelParts(keys: Keys, lease: NumberParts['lease']) {
  const parts = sessionParts(keys);
  const first: NumberParts = {
    seat: 1,
    store: createWhatsappSession(parts),
    sent: createSentMessages(parts),
    lease,
    notes: { keep: async () => undefined },
    unlinking: { isWanted: async () => false, done: async () => undefined },
  };
  const numbers: WhatsappOptions['numbers'] = [first];
  return {
    numbers,
    first,
    lease,
    staged: createStagedMessages(parts),
    disappearAfter: 86_400,
    perMinute: 10_000,
  };
}

/** What the first link of each number in this process left behind, on both sides. */
const linked = new Map<string, { session: ReadonlyMap<string, string | null>; account: Saved }>();

/**
 * Links a number to this database, as `whatsapp pair` does it. The fake must be believed already. A second of computing
 * goes into it (812 pre-keys, three handshakes): each further link of a process gets a copy of the first one.
 */
export async function link(
  keys: Keys,
  whatsapp: FakeWhatsApp,
  { account, seat = 1 }: { account: Account; seat?: Seat } = whatsapp,
): Promise<void> {
  const { isForeign } = whatsapp;
  const store = createWhatsappSession(sessionParts(keys), seat);
  const known = linked.get(account.number);
  if (known && !isForeign) {
    account.restore(known.account);
    return store.write(known.session);
  }
  const session = new Map<string, string | null>();
  const write: SessionStore['write'] = async (changes, staged) => {
    await store.write(changes, staged);
    for (const [name, value] of changes) session.set(name, value);
  };
  await pair({ ...store, write }, whatsapp, account);
  if (!isForeign) linked.set(account.number, { session, account: account.saved() });
}

/** The number that stands by, linked as `whatsapp pair --standby` does it. */
export const linkStandby = (keys: Keys, whatsapp: FakeWhatsApp): Promise<void> =>
  link(keys, whatsapp, { account: whatsapp.other.account, seat: 2 });

async function pair(store: SessionStore, whatsapp: FakeWhatsApp, account: Account): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const connection = new Connection({
    store,
    lease: { isHeld: () => true },
    socketUrl: whatsapp.url,
    log: createLog('silent'),
    onQr: (qr) => void (account === whatsapp.account ? whatsapp.handset : whatsapp.other).scans(qr),
    onStatus: ({ is }) => is === 'open' && resolve(),
    dice: () => 0,
  });
  connection.start();
  // The handset greets the service, not what only links it.
  (await whatsapp.until(() => account.linked)).greeted = true;
  await promise;
  await connection.stop();
  if (account.linked) account.linked.greeted = false;
}
