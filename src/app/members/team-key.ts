/**
 * The team's key: handing it on, and changing it when a member who had it leaves.
 *
 * Changing goes in steps, and stops at none: a browser makes the next key and gives it to everybody who stays; the
 * operator pins its public half (`TEAM_RECIPIENT_FILE`), from then on new cases are sealed to it; a browser that has both
 * seals the old cases to it; when none is left, the old key is forgotten.
 *
 * Invariants: the server never sees a team's secret key; which key is in use stands in the operator's file and not in
 * the database; a wrap is put beside the one that was there, and that one goes only when every case has the new one; a
 * member who is excluded from a case does not get its key.
 */

import type { CaseWraps, TeamKeyState } from '../../contract/team.ts';
import { isTeamRecipient } from '../../crypto/case-key.ts';
import { fingerprint } from '../../crypto/fingerprint.ts';
import { isSignedMember } from '../../crypto/member-binding.ts';
import type { Tx } from '../../db/database.ts';
import { knownCases } from '../../db/known.ts';
import { findMember, grantsOf, type MemberRow, saveGrant } from '../../db/members.ts';
import {
  countSealedTo,
  dropTeamKey,
  forgetOtherKeys,
  isGrantedOther,
  listTeamKeys,
  saveTeamKey,
  saveWrap,
  someLacking,
  wrapsAfter,
} from '../../db/team-keys.ts';
import type { CaseId, MemberId } from '../../kernel/ids.ts';
import { mayHoldKey } from '../../kernel/vocabulary.ts';
import type { Moment } from '../ground/transaction.ts';
import { audit } from '../records/audit.ts';
import { idsOfMember } from '../records/may-know.ts';

const PAGE = 50;

export async function teamKeyState({ tx, ctx }: Moment, member: MemberRow): Promise<TeamKeyState> {
  const inUse = fingerprint(ctx.team.recipient);
  const next = await nextKey(tx, inUse);
  const hasOld = await isGrantedOther(tx, next ? [inUse, next.fingerprint] : [inUse]);
  return {
    inUse,
    next: next
      ? {
          fingerprint: next.fingerprint,
          recipient: next.recipient,
          madeAt: next.madeAt.toISOString(),
        }
      : null,
    ...(await countSealedTo(tx, inUse, await idsOfMember(tx, member))),
    hasOld,
  };
}

/** The newest key that came after the one in use and is not in use itself. */
async function nextKey(tx: Tx, inUse: string) {
  return (await listTeamKeys(tx)).findLast(({ vouchedBy }) => vouchedBy === inUse);
}

/**
 * Hands a team's key on, the one in use or the next, as the browser of a member who has it sealed it to another. An
 * administrator without it brings it along on paper or in a file: the first one, and one who comes back with the
 * recovery kit.
 */
export async function grantTeamKey(
  at: Moment,
  by: MemberId,
  to: MemberId,
  given: { sealed: Uint8Array; fingerprint: string },
): Promise<'ok' | 'no_such' | 'no_key' | 'no_right'> {
  const { tx, ctx, now } = at;
  const member = await findMember(tx, to);
  // What a browser sealed to a key that was slipped in is kept for nobody.
  if (!member || !isSignedMember(ctx.keyring.signer, member, member.signature)) return 'no_such';
  if (!mayHoldKey(member.role)) return 'no_right';
  const inUse = fingerprint(ctx.team.recipient);
  const next = await nextKey(tx, inUse);
  if (given.fingerprint !== inUse && given.fingerprint !== next?.fingerprint) return 'no_key';
  const isBrought = by === to && member.role === 'administrator' && given.fingerprint === inUse;
  const has = await grantsOf(tx, by);
  if (!isBrought && !has.some((grant) => grant.fingerprint === given.fingerprint)) return 'no_key';
  await saveGrant(tx, { ...given, memberId: to, grantedBy: by, grantedAt: now });
  await audit(at, { memberId: by, what: 'granted', detail: { to } });
  return 'ok';
}

/** Notes a key that follows another, as a browser made it, and gives it to the member who made it. */
export async function noteTeamKey(
  at: Moment,
  by: MemberId,
  made: { recipient: string; vouchedBy: string; voucher: Uint8Array; sealed: Uint8Array },
): Promise<'ok' | 'no_key' | 'bad_key'> {
  const { tx, ctx, now } = at;
  const { recipient, vouchedBy, voucher, sealed } = made;
  if (!isTeamRecipient(recipient)) return 'bad_key';
  const inUse = fingerprint(ctx.team.recipient);
  const print = fingerprint(recipient);
  // Either what comes after the key in use; or that one itself, brought by a member who still has the one before it.
  if (vouchedBy === print || (vouchedBy !== inUse && print !== inUse)) return 'bad_key';
  if (!(await grantsOf(tx, by)).some((grant) => grant.fingerprint === vouchedBy)) return 'no_key';
  const before = await nextKey(tx, inUse);
  if (before && before.fingerprint !== print) await dropTeamKey(tx, before.fingerprint);
  await saveTeamKey(tx, { fingerprint: print, recipient, vouchedBy, voucher, madeBy: by, madeAt: now });
  await saveGrant(tx, { memberId: by, sealed, fingerprint: print, grantedBy: by, grantedAt: now });
  await audit(at, { memberId: by, what: 'team_key_made', detail: { fingerprint: print } });
  return 'ok';
}

/** Gives up a key that was to come next. */
export async function dropNextKey(at: Moment, by: MemberId): Promise<'ok' | 'no_such'> {
  const next = await nextKey(at.tx, fingerprint(at.ctx.team.recipient));
  if (!next) return 'no_such';
  await dropTeamKey(at.tx, next.fingerprint);
  await audit(at, {
    memberId: by,
    what: 'team_key_dropped',
    detail: { fingerprint: next.fingerprint },
  });
  return 'ok';
}

/** Wraps of cases, a page at a time, without those from which this member is excluded. */
export async function wrapsPage(
  tx: Tx,
  member: MemberRow,
  after: CaseId | undefined,
): Promise<{ cases: CaseWraps[]; next: CaseId | null }> {
  const rows = await wrapsAfter(tx, await idsOfMember(tx, member), after, PAGE);
  const cases = rows.map(({ id, recipient, wraps }) => ({
    id,
    recipient,
    wraps: wraps.map(({ key, wrapped }) => ({ key, wrapped })),
  }));
  return { cases, next: rows.length < PAGE ? null : (rows.at(-1)?.id ?? null) };
}

/** Keeps what a browser sealed to the key in use. */
export async function reseal(
  at: Moment,
  member: MemberRow,
  wraps: readonly { id: CaseId; wrapped: Uint8Array }[],
): Promise<'ok' | 'no_key'> {
  const { tx, ctx } = at;
  const key = fingerprint(ctx.team.recipient);
  if (!(await grantsOf(tx, member.id)).some((grant) => grant.fingerprint === key)) return 'no_key';
  const ids = wraps.map(({ id }) => id);
  const known = await knownCases(tx, await idsOfMember(tx, member), ids);
  // One of which they must not know is passed over, like one that is gone.
  for (const { id, wrapped } of wraps) if (known.has(id)) await saveWrap(tx, { caseId: id, key, wrapped });
  await audit(at, {
    memberId: member.id,
    what: 'cases_resealed',
    detail: { count: wraps.length },
  });
  return 'ok';
}

/** Forgets every other key, once all cases are sealed to the one in use. */
export async function forgetOldKeys(at: Moment, by: MemberId): Promise<'ok' | 'not_all'> {
  const { tx, ctx } = at;
  const inUse = fingerprint(ctx.team.recipient);
  if (await someLacking(tx, inUse)) return 'not_all';
  await forgetOtherKeys(tx, inUse, (await nextKey(tx, inUse))?.fingerprint);
  await audit(at, { memberId: by, what: 'old_keys_forgotten', detail: { fingerprint: inUse } });
  return 'ok';
}
