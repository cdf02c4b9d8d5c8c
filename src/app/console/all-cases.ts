/**
 * Sealed cases a page at a time, for a member who opens all of them to search in their words.
 *
 * Invariants: each case of a page is noted in the audit log like any other look; of cases of which this member must not
 * know nothing shows, not in a page and not in where the next one begins.
 */
import type { SealedPage, SealedWords } from '../../contract/cases.ts';
import { findAlertOfCase } from '../../db/alerts.ts';
import { itemsOf } from '../../db/cases.ts';
import { casesAfterFor } from '../../db/known.ts';
import type { MemberRow } from '../../db/members.ts';
import type { Moment } from '../ground/transaction.ts';
import { audit } from '../records/audit.ts';
import { idsOfMember } from '../records/may-know.ts';
import { shortNames } from '../records/officer-names.ts';
import { bindingOf, teamWraps, toSealedItem } from './case-room.ts';
import { namesOfResponsible } from './following.ts';
import { holderOf, inList } from './inbox.ts';
import { watchOpening } from './many-opened.ts';

const PAGE = 25;

/** The cases after `after` by reference, and after which one to go on; undefined: that was all. */
export async function sealedCases(at: Moment, member: MemberRow, after: string): Promise<SealedPage> {
  const { tx } = at;
  const rows = await casesAfterFor(tx, await idsOfMember(tx, member), after, PAGE);
  const answering = await namesOfResponsible(at);
  const cases: SealedWords[] = [];
  for (const each of rows) {
    const { id } = each;
    const alert = await findAlertOfCase(tx, id);
    const holder = holderOf(alert, await shortNames(at, [alert?.takenBy ?? null]), member);
    const [row] = inList(each, { holder, answering, member });
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
