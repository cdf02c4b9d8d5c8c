/**
 * A note of the team in a case.
 *
 * Invariants: the words come sealed by the browser, and the service cannot read them; nothing of a note goes to the
 * reporter, and nobody is told that there is one; who wrote it, and when, the server says.
 */
import { lockCase } from '../../db/locks.ts';
import type { MemberRow } from '../../db/members.ts';
import type { Moment } from '../ground/transaction.ts';
import { audit } from '../records/audit.ts';
import { boundCase } from '../records/bound-case.ts';
import { appendWritten } from '../records/written.ts';
import { caseFor } from './case-room.ts';

type Noted = { ok: true } | { ok: false; reason: 'no_such' | 'moved_on' | 'unproved_key' };

/** `place`: where the browser sealed it to. */
export async function addNote(
  at: Moment,
  member: MemberRow,
  reference: string,
  { place, ciphertext }: { place: number; ciphertext: Uint8Array },
): Promise<Noted> {
  const found = await caseFor(at.tx, member, reference);
  if (!found.ok) return found;
  const row = await lockCase(at.tx, found.row.id);
  if (!row) return { ok: false, reason: 'no_such' };
  if (place !== row.chainLength) return { ok: false, reason: 'moved_on' };
  const bound = boundCase(at.ctx, row);
  if (!bound) return { ok: false, reason: 'unproved_key' };
  await appendWritten(at, bound, member, { kind: 'note', ciphertext });
  await audit(at, { memberId: member.id, what: 'note_added', caseId: row.id });
  return { ok: true };
}
