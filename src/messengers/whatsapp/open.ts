import { SEATS, type Seat } from '../../channels/whatsapp/session-store.ts';
import { createWhatsappChannel, type WhatsappOptions } from '../../channels/whatsapp/whatsapp-channel.ts';
import type { MessengerParts, Opened } from '../messenger.ts';
import { createLeases } from './lease.ts';
import { createUnlinking, createWhatsappNotes } from './notes.ts';
import { createSentMessages, createStagedMessages, createWhatsappSession } from './session.ts';
import type { WhatsappSettings } from './settings.ts';

/** The channel takes and gives back its leases itself: only where a number is linked is there something to hold. */
export function openWhatsapp(settings: WhatsappSettings, parts: MessengerParts): Opened {
  const { db, log, arriving, timeZone } = parts;
  const leases = createLeases(db, log, SEATS);
  const inSeat = (seat: Seat) => ({
    seat,
    store: createWhatsappSession(parts, seat),
    sent: createSentMessages(parts, seat),
    lease: leases.ofNumber(seat),
    unlinking: createUnlinking({ db }, seat),
    notes: createWhatsappNotes({ db, timeZone }, seat),
  });
  const numbers: WhatsappOptions['numbers'] = [inSeat(1), inSeat(2)];
  const channel = createWhatsappChannel({
    ...settings,
    numbers,
    staged: createStagedMessages(parts),
    lease: leases.service,
    log,
    arriving,
  });
  return { channel };
}
