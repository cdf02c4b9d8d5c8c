/** Our two numbers as commands find them, with the key to the sessions. */
import { type Known, knownName } from '../../channels/whatsapp/our-number.ts';
import { SEATS, type Seat } from '../../channels/whatsapp/session-store.ts';
import type { Keyring } from '../../crypto/keyring.ts';
import { findNumbers } from '../../db/channel-numbers.ts';
import type { Db } from '../../db/database.ts';
import { otherSeat, seatInUse, type Which } from './seats.ts';
import { createWhatsappSession, sessionParts } from './session.ts';

/** Numbers that are linked, each with its seat, and the seat of each of the two. */
export async function seatsNow(db: Db, keyring: Keyring) {
  const parts = sessionParts({ database: { db }, keyring });
  const known: Partial<Record<Seat, Known>> = {};
  for (const seat of SEATS) {
    const found = await knownName(createWhatsappSession(parts, seat));
    if (found) known[seat] = found;
  }
  const inUse = seatInUse(known, (await findNumbers(db, 'whatsapp'))?.inUse);
  return { known, in_use: inUse, standby: otherSeat(inUse) } as const;
}

export const seatOf = async (
  { database: { db }, keyring }: { database: { db: Db }; keyring: Keyring },
  which: Which,
): Promise<Seat> => (await seatsNow(db, keyring))[which];
