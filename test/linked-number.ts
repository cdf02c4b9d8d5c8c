import { createWhatsappSession } from '../src/app/whatsapp-session.ts';
import { Connection } from '../src/channels/whatsapp/connection.ts';
import { createLog } from '../src/kernel/log.ts';
import type { FakeWhatsApp } from './fakes/whatsapp/whatsapp.ts';

/** Links a number to this database, as `whatsapp pair` does it. The fake must be believed already. */
export async function link(
  keys: Parameters<typeof createWhatsappSession>[0],
  whatsapp: FakeWhatsApp,
): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const connection = new Connection({
    store: createWhatsappSession(keys),
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
