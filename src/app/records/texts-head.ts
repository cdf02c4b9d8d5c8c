/**
 * Which change of a text or a recording is the last, as the audit log says it.
 *
 * Invariant: each row of the log says it, under the server's signature and mark, whatever else it is about: so changes and their
 * notes cannot be taken out of the middle of the log unseen, whatever stands behind them. Rows from before 0036 say it only
 * where they note a change: behind them it is looked for, and where rows are missing on the way it is not known.
 */
import { type AuditRow, isMarkedAudit } from '../../crypto/audit-chain.ts';
import type { Keyring } from '../../crypto/keyring.ts';
import type { Db, Tx } from '../../db/database.ts';
import { notesBelow } from '../../db/text-changes.ts';
import { HIGHEST, markedBehind, ownByMark, rowsBefore } from './audit-end.ts';

/** Place and hash of the last change (hexadecimal; empty: it is not known, all that is known is that it is this one or a later). */
export type TextsHead = { seq: number; hash: string };

const NO_CHANGE: TextsHead = { seq: 0, hash: '' };
const PAGE = 100;

/** What a row says of it, where it says anything. */
function headIn({ detail }: Pick<AuditRow, 'detail'>): TextsHead | undefined {
  const { change, hash, texts } = detail;
  if (Number.isSafeInteger(change) && Number(change) > 0) return { seq: Number(change), hash: String(hash) };
  const [, seq, last = ''] = /^(\d{1,10}) ([0-9a-f]{64})?$/.exec(String(texts ?? '')) ?? [];
  return seq === undefined ? undefined : { seq: Number(seq), hash: last };
}

/** As it stands in a row that is about something else; nothing: there was no change yet. */
export const sayHead = ({ seq, hash }: TextsHead): { texts?: string } =>
  seq > 0 ? { texts: `${seq} ${hash}` } : {};

/** By a log that ends with this row. */
export async function textsHead(
  db: Db | Tx,
  keyring: Keyring,
  last: AuditRow | undefined,
): Promise<TextsHead> {
  if (!last) return NO_CHANGE;
  // It says more than the last of an unbroken log, where only the row between the two was taken away.
  const later = await markedBehind(db, keyring, last);
  const said = later && headIn(later);
  if (said && said.seq > (headIn(last)?.seq ?? 0)) return said;
  return headIn(last) ?? (isMarkedAudit(keyring, last) ? NO_CHANGE : earlierHead(db, keyring, last));
}

async function earlierHead(db: Db | Tx, keyring: Keyring, last: AuditRow): Promise<TextsHead> {
  const way = rowsBefore(db, last);
  for (;;) {
    const { value, done } = await way.next();
    if (done) return value ? NO_CHANGE : behindAHole(db, keyring);
    const head = headIn(value);
    if (head) return head;
  }
}

/** Notes may be among the rows that are missing: there was one more, whichever it is. */
async function behindAHole(db: Db | Tx, keyring: Keyring): Promise<TextsHead> {
  for (let below = HIGHEST; ; ) {
    const page = await notesBelow(db, below, PAGE);
    const [own] = await ownByMark(db, keyring, page);
    const head = own && headIn(own);
    if (head) return { seq: head.seq + 1, hash: '' };
    if (page.length < PAGE) return NO_CHANGE;
    below = page.at(-1)?.seq ?? 0;
  }
}
