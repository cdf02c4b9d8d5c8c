/**
 * Who did something to a text, as it is told to who works on texts.
 *
 * Invariant: a translator who is not of the team reads no name of the team.
 */
import type { SaidBy } from '../../contract/texts.ts';
import { allMembers, type MemberRow } from '../../db/members.ts';
import { mayHoldKey } from '../../kernel/vocabulary.ts';
import type { Context } from '../ground/context.ts';
import type { Moment } from '../ground/transaction.ts';
import { openMemberName } from '../records/member-name.ts';

/** By the id of a member; null: the operator, from the command line. */
export async function saidBy(
  { tx, ctx }: Moment<Pick<Context, 'keyring'>>,
  reader: MemberRow,
): Promise<(by: string | null) => SaidBy> {
  const all = mayHoldKey(reader.role) ? await allMembers(tx) : [];
  const names = new Map<string, string>(all.map((row) => [row.id, openMemberName(ctx, row)]));
  return (by) => {
    if (by === null) return { is: 'operator', name: null };
    return by === reader.id ? { is: 'me', name: null } : { is: 'member', name: names.get(by) ?? null };
  };
}
