/**
 * Whose case it is, where its alert does not say so: two days after it was closed the link to the person is erased, and a
 * case from before there were quiet alerts never had one.
 *
 * Conversations lead from contacts to cases, each sealed under its day's key. They are gone through when such a case is
 * opened again, and when a reporter finds theirs again from another phone.
 */
import { conversationsAfter } from '../../db/conversations.ts';
import type { CaseId, ContactId } from '../../kernel/ids.ts';
import type { Moment } from '../ground/transaction.ts';
import { loadConversation } from './conversation-record.ts';
import type { ReporterChat } from './reporter-link.ts';

const PAGE = 500;

/**
 * The chats, other than that of `but`, whose conversations are about this case: those that found it again by its code last.
 * None if it is forgotten, or was taken back.
 */
export async function reportersOf(at: Moment, caseId: CaseId, but?: ContactId): Promise<ReporterChat[]> {
  const found: ReporterChat[] = [];
  let after: ContactId | undefined;
  for (;;) {
    const rows = await conversationsAfter(at.tx, after, PAGE);
    for (const row of rows) {
      const { contactId } = row;
      if (contactId === but) continue;
      const state = await loadConversation(at, contactId, row);
      if (!state || (state.caseId !== caseId && state.earlier?.caseId !== caseId)) continue;
      const { mayWrite, cameBack } = state;
      found.push({
        contactId,
        ...(mayWrite === undefined ? {} : { mayWrite }),
        ...(cameBack?.caseId === caseId ? { cameBackAt: cameBack.at } : {}),
      });
    }
    if (rows.length < PAGE)
      return found.sort((a, b) => (a.cameBackAt ?? '').localeCompare(b.cameBackAt ?? ''));
    after = rows.at(-1)?.contactId;
  }
}
