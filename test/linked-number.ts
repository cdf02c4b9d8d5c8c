import { createEpochs } from '../src/app/epochs.ts';
import { createWhatsappSession } from '../src/app/whatsapp-session.ts';
import { Connection } from '../src/channels/whatsapp/connection.ts';
import type { Keyring } from '../src/crypto/keyring.ts';
import { databaseClock } from '../src/db/clock.ts';
import type { Db } from '../src/db/database.ts';
import { createLog } from '../src/kernel/log.ts';
import type { FakeWhatsApp } from './fakes/whatsapp/whatsapp.ts';

/** Links a number to this database, as `whatsapp pair` does it. The fake must be believed already. */
export async function link(
  { db, keyring }: { db: Db; keyring: Keyring },
  whatsapp: FakeWhatsApp,
): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const connection = new Connection({
    store: createWhatsappSession({ db, keyring, epochs: createEpochs(db, keyring), clock: databaseClock }),
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
