/**
 * Since when a person has been a member, and until when.
 *
 * Invariant: what the audit log says under the server's signature counts, whatever the row of a member says: a week of
 * membership is not to be had by writing a date, nor is it taken from others by writing that they left. Only of a member of
 * whose joining the log has no row at all (one from before it was noted) the member's own row is believed, and only as long as
 * no row is missing in the log: that of their joining may be the one.
 */
import type { AuditRow } from '../../crypto/audit-chain.ts';
import type { Keyring } from '../../crypto/keyring.ts';
import { auditedAs } from '../../db/audit.ts';
import { allMembers, type MemberRow } from '../../db/members.ts';
import type { MemberId } from '../../kernel/ids.ts';
import { ROLES, type Role } from '../../kernel/vocabulary.ts';
import type { Moment } from '../ground/transaction.ts';
import { ownByMark, wholeDownTo } from './audit-end.ts';

export type Membership = Pick<MemberRow, 'id' | 'role'> & { joinedAt: Date; removedAt: Date | null };

type At = Pick<Moment<{ keyring: Keyring }>, 'tx' | 'ctx'>;

/** Of everybody who ever joined, also of those whose row is gone. */
export async function memberships({ tx, ctx }: At): Promise<Membership[]> {
  const rows = await allMembers(tx);
  const there = new Set<string>(rows.map(({ id }) => id));
  const joined = new Map<string | null, AuditRow>();
  const removed = new Map<unknown, Date>();
  const claimed = new Set<string>();
  for await (const page of auditedAs(tx, ['joined', 'member_removed'])) {
    for (const { what, memberId } of page)
      if (what === 'joined' && memberId !== null && there.has(memberId)) claimed.add(memberId);
    for (const row of await ownByMark(tx, ctx.keyring, page))
      if (row.what === 'joined') joined.set(row.memberId, row);
      else removed.set(row.detail.member, row.at);
  }
  const unnoted = rows.filter(({ id }) => !claimed.has(id));
  const earlier = unnoted.length > 0 && (await wholeDownTo(tx, ctx.keyring, 1)) <= 1 ? unnoted : [];
  const roles = new Map(rows.map(({ id, role }) => [id, role]));
  return [
    ...[...joined].flatMap(([id, note]): Membership[] => {
      const role = id === null ? undefined : (roleIn(note) ?? roles.get(id as MemberId));
      if (!role) return [];
      return [{ id: id as MemberId, role, joinedAt: note.at, removedAt: removed.get(id ?? '') ?? null }];
    }),
    ...earlier.map(({ id, role, createdAt, removedAt }) => ({ id, role, joinedAt: createdAt, removedAt })),
  ];
}

/** When they joined; undefined: the log has a row of it, and the server did not write it. */
export const joinedAt = async (at: At, { id }: Pick<MemberRow, 'id'>): Promise<Date | undefined> =>
  (await memberships(at)).find((each) => each.id === id)?.joinedAt;

const roleIn = ({ detail }: AuditRow): Role | undefined => ROLES.find((each) => each === detail.role);
