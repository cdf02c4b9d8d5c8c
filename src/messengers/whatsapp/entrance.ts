/** How people find the number in use: it stands in the session, once it is linked. */
import type { Entrance } from '../../channels/entrance.ts';
import { readPhoneNumber, spacedPhoneNumber } from '../../kernel/phone-number.ts';
import type { MessengerEntrance } from '../messenger.ts';
import type { WhatsappSettings } from './settings.ts';

function named(number: string | undefined): Entrance | undefined {
  if (number === undefined) return undefined;
  return {
    kind: 'whatsapp',
    shown: spacedPhoneNumber(number),
    link: `https://wa.me/${number.replace('+', '')}`,
  };
}

export const entrance: MessengerEntrance<WhatsappSettings> = {
  async known(_settings, { db, keyring }) {
    const { seatsNow } = await import('./linked-seats.ts');
    const seats = await seatsNow(db, keyring);
    const inUse = seats.known[seats.in_use];
    return inUse && named(readPhoneNumber(`+${inUse.digits}`));
  },
  read: (said) => named(readPhoneNumber(said)),
  mend: 'set WHATSAPP=on and link the number (whatsapp pair), or give --reach whatsapp=+223…',
};
