/** What the operator is told of the WhatsApp connection: by `whatsapp status`, and by `doctor`. */

import { isRestrictedBy } from '../../channels/whatsapp/restricted.ts';
import type { Seat } from '../../channels/whatsapp/session-store.ts';
import { findNumbers } from '../../db/channel-numbers.ts';
import type { Db } from '../../db/database.ts';
import { lastAlive } from '../../db/service-state.ts';
import { countStaged } from '../../db/whatsapp-session.ts';
import { findStatus, findStatuses } from '../../db/whatsapp-status.ts';
import { calendarDay, days, minutes, seconds } from '../../kernel/time.ts';
import { otherSeat, seatInUse } from './seats.ts';

export type WhatsappReport = {
  /**
   * `unlinked`: no number has been connected since it was linked. `unknown`: nobody has said for a while how it is, and
   * `state` is how it was then. `asOf`: when that was said.
   */
  now: 'connected' | 'trying' | 'stopped' | 'unlinked' | 'unknown';
  state: string;
  because: string | undefined;
  since: Date | undefined;
  asOf: Date | undefined;
  linkedAt: Date | undefined;
  isServiceRunning: boolean;
  receivedAt: Date | undefined;
  sentAt: Date | undefined;
  handsetAt: Date | undefined;
  /** No sign of life of the handset for so long that it should be switched on. */
  isHandsetMissing: boolean;
  lastError: { code: string; at: Date } | undefined;
  /** WhatsApp has just refused a message of it, and refuses others. */
  isRestricted: boolean;
  closesToday: number;
  /** Messages that were decrypted and are not handled yet. */
  queue: number;
};

/** The service says how it is twice a minute, and that it lives every ten seconds. */
const STALE_AFTER = minutes(1);
const LIVES_WITHIN = seconds(60);
/** WhatsApp unlinks us after 14 days without the handset. */
const HANDSET_AFTER = days(7);

/** Which seat holds the number in use, by what the service noted: for a look that has no key to the sessions. */
export async function seatsAsNoted(db: Db): Promise<{ inUse: Seat; standby: Seat }> {
  const rows = (await findStatuses(db)).filter(({ linkedAt, state }) => linkedAt || state === 'stopped');
  const linked = Object.fromEntries(rows.map(({ seat, name }) => [seat, { name: name ?? '' }]));
  const inUse = seatInUse(linked, (await findNumbers(db, CHANNEL))?.inUse);
  return { inUse, standby: otherSeat(inUse) };
}

/** Of the number in this seat. */
export async function reportWhatsapp(
  db: Db,
  seat: Seat,
  now: Date,
  timeZone: string,
): Promise<WhatsappReport> {
  const [row, alive, queue] = [await findStatus(db, seat), await lastAlive(db), await countStaged(db, seat)];
  const age = (at: Date | null | undefined) => (at ? now.getTime() - at.getTime() : Number.POSITIVE_INFINITY);
  const state = row?.state ?? 'off';
  const handsetAt = row?.handsetAt ?? row?.linkedAt ?? undefined;
  const lastError = lastErrorOf(row);
  const isLinked = Boolean(row?.linkedAt) || state === 'stopped';
  const isStale = age(row?.notedAt) > STALE_AFTER || state === 'off';
  return {
    now: !isLinked ? 'unlinked' : isStale ? 'unknown' : (NOW[state] ?? 'trying'),
    state,
    because: row?.because ?? undefined,
    since: row?.since ?? undefined,
    asOf: row?.notedAt ?? undefined,
    linkedAt: row?.linkedAt ?? undefined,
    isServiceRunning: age(alive) <= LIVES_WITHIN || !isStale,
    receivedAt: row?.receivedAt ?? undefined,
    sentAt: row?.sentAt ?? undefined,
    handsetAt: row?.handsetAt ?? undefined,
    isHandsetMissing: isLinked && handsetAt !== undefined && age(handsetAt) > HANDSET_AFTER,
    lastError,
    isRestricted: lastError !== undefined && isRestrictedBy(lastError.code, age(lastError.at)),
    closesToday: row?.closesDay === calendarDay(now, timeZone) ? row.closes : 0,
    queue,
  };
}

function lastErrorOf(row: Awaited<ReturnType<typeof findStatus>>): WhatsappReport['lastError'] {
  return row?.errorCode && row.errorAt ? { code: row.errorCode, at: row.errorAt } : undefined;
}

const CHANNEL = 'whatsapp';

const NOW: Readonly<Record<string, WhatsappReport['now']>> = { open: 'connected', stopped: 'stopped' };
