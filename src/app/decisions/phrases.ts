/**
 * Fixed phrases from the officer who has an alert to the reporter.
 *
 * Invariants: nothing but these phrases can be sent; none goes to a reporter who must not be written to; each
 * is sealed into the case; "sent" is said once it was.
 */
import { randomUUID } from 'node:crypto';
import { logAlert } from '../../db/alerts.ts';
import type { ContactId } from '../../kernel/ids.ts';
import type { Phrase } from '../../kernel/vocabulary.ts';
import { sealIntoCase } from '../alerts/case-record.ts';
import { writeToReporter } from '../alerts/writing-to-reporter.ts';
import type { Moment } from '../ground/transaction.ts';
import { noteReply } from '../records/reporter-link.ts';
import { type Decider, lockOwn, type NotOwn, noteWork } from './deciding.ts';
import { type Decided, refused, type Unwritten } from './what-came.ts';

/**
 * Sends the reporter a phrase. `chosenIn`: the chat that is told what becomes of it; absent: only the console's room shows
 * it, and the officer is told if it fails.
 */
export async function sendPhrase(
  at: Moment,
  by: Decider,
  reference: string,
  phrase: Phrase,
  chosenIn?: ContactId,
): Promise<Decided<'phrase_sent', NotOwn | Unwritten>> {
  const own = await lockOwn(at, by, reference);
  if (!own.ok) return own;
  const { id: officerId } = by.officer;
  const notice = chosenIn && randomUUID();
  const told = chosenIn && notice ? { phrase: { is: phrase, contactId: chosenIn, notice } } : {};
  const tells = { officerId, reference, ...told };
  const written = await writeToReporter(at, own.alert, `status.phrase_${phrase}`, {}, tells);
  if (!written.ok) return refused(written.reason);
  // Only the take has moved on: the link to the reporter is as it was read.
  const row = await noteWork(at, own.alert);
  if (row.caseId) {
    const place = await sealIntoCase(at, row.caseId, 'phrase', { phrase, officer: officerId });
    await noteReply(at, row, { place, delivery: written.delivery });
  }
  await logAlert(at.tx, at.now, row.id, 'phrase', { officerId, detail: { phrase } });
  return { ok: true, came: 'phrase_sent', phrase, notice };
}
