/**
 * Sealed cases a page at a time, for a member who opens all of them to search in their words.
 *
 * Invariants: each case of a page is noted in the audit log like any other look; of cases of which this member must not
 * know nothing shows, not in a page and not in where the next one begins.
 */
import { findAlertOfCase } from '../../db/alerts.ts';
import { itemsOf } from '../../db/cases.ts';
import { casesAfterFor } from '../../db/known.ts';
import type { MemberRow } from '../../db/members.ts';
import type { CaseId } from '../../kernel/ids.ts';
import type { Moment } from '../ground/transaction.ts';
import { audit } from '../records/audit.ts';
import { idsOfMember } from '../records/may-know.ts';
import { shortNames } from '../records/officer-names.ts';
import { bindingOf, type SealedCase, type SealedItem, teamWraps, toSealedItem } from './case-room.ts';
import { holderOf, type InboxCase, inList } from './inbox.ts';
import { watchOpening } from './many-opened.ts';

const PAGE = 25;

export type SealedWords = {
  id: CaseId;
  /** As it stands in the list. */
  row: InboxCase;
  wraps: { key: string; wrapped: Uint8Array }[];
  items: SealedItem[];
} & Pick<SealedCase, 'recipient' | 'recipientSignature' | 'boundFrom' | 'replaces' | 'chainHead' | 'length'>;

/** The cases after `after` by reference, and after which one to go on; undefined: that was all. */
export async function sealedCases(
  at: Moment,
  member: MemberRow,
  after: string,
): Promise<{ cases: SealedWords[]; next: string | null }> {
  const { tx } = at;
  const rows = await casesAfterFor(tx, await idsOfMember(tx, member), after, PAGE);
  const cases: SealedWords[] = [];
  for (const each of rows) {
    const { id } = each;
    const alert = await findAlertOfCase(tx, id);
    const [row] = inList(each, holderOf(alert, await shortNames(at, [alert?.takenBy ?? null]), member));
    if (!row) continue;
    await audit(at, {
      memberId: member.id,
      what: 'case_opened',
      caseId: id,
      detail: { by: 'search' },
    });
    const items = (await itemsOf(tx, id)).map(toSealedItem);
    const binding = { ...(await bindingOf(at, member, each)), length: each.chainLength };
    cases.push({ id, row, ...binding, wraps: await teamWraps(tx, id), items });
  }
  if (cases.length > 0) await watchOpening(at, member);
  return { cases, next: rows.length < PAGE ? null : (rows.at(-1)?.reference ?? null) };
}
