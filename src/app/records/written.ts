/**
 * Words of a member, sealed by their browser, with the server's own word on who wrote them.
 *
 * Invariant: a browser seals what it likes, another name too; who wrote, and when, is what the server notes right behind it,
 * sealed into the case and signed in its chain: `{ what: 'written', place, by, member }`. Only the server writes events.
 */
import { lockCase } from '../../db/locks.ts';
import type { MemberRow } from '../../db/members.ts';
import { LakanaError } from '../../kernel/errors.ts';
import type { Moment } from '../ground/transaction.ts';
import { appendSealed, type BoundCase, boundCase, sealIntoBound } from './bound-case.ts';
import { openMemberName } from './member-name.ts';

/** Adds it to a case whose row the caller has locked. */
export async function appendWritten(
  at: Moment,
  row: BoundCase,
  member: MemberRow,
  item: { kind: 'message' | 'note'; ciphertext: Uint8Array },
): Promise<void> {
  await appendSealed(at, row, item);
  const after = await lockCase(at.tx, row.id);
  const bound = after && boundCase(at.ctx, after);
  if (!bound) throw new LakanaError('case_missing', 'the case that was just added to is gone');
  const written = {
    what: 'written',
    place: row.chainLength,
    by: openMemberName(at.ctx, member),
    member: member.id,
  };
  await sealIntoBound(at, bound, 'event', written);
}
