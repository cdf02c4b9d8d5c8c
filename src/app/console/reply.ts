/**
 * A free reply to the reporter.
 *
 * Invariants: only the officer who has the alert writes, and only where the reporter may be written to; the words go
 * into the case as the browser sealed them, and into the outbox under the day's epoch key, in one transaction; nothing
 * in the clear joins the two: which delivery it was stands in the epoch-sealed link.
 */

import { worked } from '../../alerts/progress.ts';
import { logAlert } from '../../db/alerts.ts';
import { lockAlertOfCase, lockCase } from '../../db/locks.ts';
import type { MemberRow } from '../../db/members.ts';
import { writeTo } from '../alerts/writing-to-reporter.ts';
import type { Moment } from '../ground/transaction.ts';
import { saveAlert, toAlertNow } from '../records/alert-record.ts';
import { audit } from '../records/audit.ts';
import { boundCase } from '../records/bound-case.ts';
import { noteCaseEvent } from '../records/case-status.ts';
import { noteReply, openReporter } from '../records/reporter-link.ts';
import { appendWritten } from '../records/written.ts';
import { caseFor } from './case-room.ts';

export type Replied =
  | { ok: true }
  | {
      ok: false;
      reason:
        | 'no_such'
        | 'not_yours'
        | 'moved_on'
        | 'unproved_key'
        | 'undecided'
        | 'unsafe'
        | 'unclear'
        | 'unknown'
        | 'blocked';
    };

export async function reply(
  at: Moment,
  member: MemberRow,
  reference: string,
  /** `place`: where the browser sealed it to. */
  words: { text: string; place: number; ciphertext: Uint8Array },
): Promise<Replied> {
  const { tx, ctx, now } = at;
  const found = await caseFor(tx, member, reference);
  if (!found.ok) return found;
  const row = await lockCase(tx, found.row.id);
  const alert = row && (await lockAlertOfCase(tx, row.id));
  if (!row || !alert) return { ok: false, reason: 'no_such' };
  if (!member.officerId || alert.state !== 'taken' || alert.takenBy !== member.officerId)
    return { ok: false, reason: 'not_yours' };
  if (words.place !== row.chainLength) return { ok: false, reason: 'moved_on' };
  const bound = boundCase(ctx, row);
  if (!bound) return { ok: false, reason: 'unproved_key' };
  const link = await openReporter(at, alert);
  if (!link) return { ok: false, reason: 'unknown' };
  const { place, ciphertext, text } = words;
  const tells = { officerId: member.officerId, reference };
  const written = await writeTo(at, alert, link, () => text, { while: 'live', tells });
  if (!written.ok) return written;
  const { delivery } = written;
  await appendWritten(at, bound, member, { kind: 'message', ciphertext });
  await noteReply(at, alert, { place, delivery });
  await saveAlert(at, alert, worked(toAlertNow(alert), now));
  await noteCaseEvent(at, row.id, 'answered');
  await logAlert(tx, now, alert.id, 'replied', { officerId: member.officerId });
  await audit(at, { memberId: member.id, what: 'replied', caseId: row.id });
  return { ok: true };
}
