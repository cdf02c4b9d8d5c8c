/** What is left to do before anybody can write to us here: a handset links the number, and the service connects. */
import type { Keyring } from '../../crypto/keyring.ts';
import { TOOL } from '../../kernel/tool.ts';
import type { InDatabase } from '../messenger.ts';
import { seatsNow } from './linked-seats.ts';
import { reportWhatsapp } from './report.ts';

/** In lines, for the operator who goes live; empty: nothing. */
export async function todo({
  db,
  keyring,
  now,
  timeZone,
}: InDatabase & { keyring: Keyring }): Promise<string[]> {
  const { known, in_use: seat } = await seatsNow(db, keyring);
  if (!known[seat])
    return [
      'Link the number of WhatsApp, with its handset at hand, in another terminal (docs/whatsapp.md):',
      `  ${TOOL} whatsapp pair`,
    ];
  if ((await reportWhatsapp(db, seat, now, timeZone)).now === 'connected') return [];
  return [
    'The number of WhatsApp is linked, and the service is not connected. Why says, in another terminal:',
    `  ${TOOL} whatsapp status`,
  ];
}
