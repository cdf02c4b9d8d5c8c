import { createWhatsappChannel } from '../../channels/whatsapp/whatsapp-channel.ts';
import { createLease } from '../../db/lease.ts';
import type { MessengerParts, Opened } from '../messenger.ts';
import { createUnlinking, createWhatsappNotes } from './notes.ts';
import { createSentMessages, createStagedMessages, createWhatsappSession } from './session.ts';
import type { WhatsappSettings } from './settings.ts';

/** The channel takes and gives back its lease itself: only where a number is linked is there something to hold. */
export function openWhatsapp(settings: WhatsappSettings, parts: MessengerParts): Opened {
  const { db, log, arriving, timeZone } = parts;
  const channel = createWhatsappChannel({
    ...settings,
    store: createWhatsappSession(parts),
    staged: createStagedMessages(parts),
    sent: createSentMessages(parts),
    lease: createLease(db, 'whatsapp', { log }),
    log,
    arriving,
    unlinking: createUnlinking({ db }),
    notes: createWhatsappNotes({ db, timeZone }),
  });
  return { channel };
}
