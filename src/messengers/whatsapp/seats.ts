/** Our two numbers: which seat holds the one in use, and which the one that stands by. Pure; Baileys is not loaded for it. */
import type { Seat } from '../../channels/whatsapp/session-store.ts';

const SEATS: readonly Seat[] = [1, 2];

export type Which = 'in_use' | 'standby';

/** The numbers that are linked, by what they are called. */
export type Linked = Partial<Record<Seat, { name: string }>>;

export const otherSeat = (seat: Seat): Seat => (seat === 1 ? 2 : 1);

/** The seat of the number in use; while that is linked nowhere, the one in which it was or the next one goes. */
export function seatInUse(linked: Linked, inUse: string | undefined): Seat {
  const found = SEATS.find((seat) => linked[seat] && linked[seat].name === inUse);
  if (found) return found;
  const other =
    inUse === undefined ? SEATS.find((seat) => linked[seat]) : SEATS.find((seat) => !linked[seat]);
  return other ?? 1;
}
