/**
 * A member opens many cases in a short time: the other administrators hear of it.
 *
 * Invariants: the member who opens them is not asked and not told; it is said once an hour about each member, and names
 * no case; it stands in the log, and so in the room of the administrators, also if nobody can be told in a chat.
 */
import type { ManyOpened } from '../../contract/cases.ts';
import { hasAudited, manyOpenedSince, openedSince } from '../../db/audit.ts';
import type { Tx } from '../../db/database.ts';
import { allMembers, listMembers, type MemberRow } from '../../db/members.ts';
import { enrolledOfficers } from '../../db/officers.ts';
import { after, days, hours } from '../../kernel/time.ts';
import { notifyOfficers } from '../duty/officer-notices.ts';
import type { Moment } from '../ground/transaction.ts';
import { audit } from '../records/audit.ts';
import { openMemberName } from '../records/member-name.ts';

/** More different cases than this in an hour are not read to help people: three minutes for each. */
const MANY = 20;
const WITHIN = hours(1);
/** How long it stands in the room. */
const SHOWN = days(1);

/** To be called after each look that was noted, in its transaction. Returns what was told now. */
export async function watchOpening(
  at: Moment,
  member: MemberRow,
): Promise<'many_opened' | 'all_searched' | undefined> {
  const { tx, ctx, now } = at;
  const since = after(now, -WITHIN);
  const { all, oneByOne } = await openedSince(tx, member.id, since);
  if (all <= MANY) return undefined;
  // A search opens every case: that is what it is for, and it is told as that.
  const what = oneByOne > MANY ? 'many_opened' : 'all_searched';
  if (await hasAudited(tx, what, since, member.id)) return undefined;
  const count = what === 'many_opened' ? oneByOne : all;
  await audit(at, { memberId: member.id, what, detail: { count } });
  const name = openMemberName(ctx, member).trim().split(/\s+/)[0] ?? '';
  await notifyOfficers(at, await whomToTell(tx, member), {
    key: `notice.${what}`,
    params: { name, count },
    silent: what === 'all_searched',
  });
  return what;
}

/** The other administrators, as far as they have a chat; if none has, supervisors. */
async function whomToTell(tx: Tx, member: MemberRow) {
  const others = (await enrolledOfficers(tx)).filter(({ id }) => id !== member.officerId);
  const administrators = new Set(
    (await listMembers(tx)).flatMap(({ role, officerId, id }) =>
      role === 'administrator' && id !== member.id ? [officerId] : [],
    ),
  );
  const told = others.filter(({ id }) => administrators.has(id));
  return told.length > 0 ? told : others.filter(({ role }) => role === 'supervisor');
}

/** Of the last day, the newest first; never what this member did. Nothing for members who are no administrators. */
export async function manyOpened({ tx, ctx, now }: Moment, member: MemberRow): Promise<ManyOpened[]> {
  if (member.role !== 'administrator') return [];
  const rows = (await manyOpenedSince(tx, after(now, -SHOWN))).filter((row) => row.memberId !== member.id);
  if (rows.length === 0) return [];
  const names = new Map((await allMembers(tx)).map((row) => [row.id, openMemberName(ctx, row)]));
  return rows.map(({ at, memberId, what, detail }) => ({
    who: (memberId && names.get(memberId)) ?? '',
    count: Number(detail.count),
    at: at.toISOString(),
    isSearch: what === 'all_searched',
  }));
}
