/**
 * Fixed phrases from the officer who has an alert to the reporter.
 *
 * Invariants: nothing but these phrases can be sent; none goes to a reporter who must not be written to; each
 * is sealed into the case; "sent" is said once it was. The case's row is locked before the alert's, as intake does.
 */
import { randomUUID } from 'node:crypto';
import { logAlert } from '../../db/alerts.ts';
import { lockCase } from '../../db/cases.ts';
import { findAlertFor } from '../../db/known.ts';
import { seconds } from '../../kernel/time.ts';
import { sealIntoCase } from '../alerts/case-record.ts';
import { writeToReporter } from '../alerts/writing-to-reporter.ts';
import { officerText } from '../duty/officer-wording.ts';
import { noteReply } from '../records/reporter-link.ts';
import { noteWork } from './officer-alerts.ts';
import { answer, type Chat } from './officer-chat.ts';
import { lockOwn } from './own-alert.ts';

export const PHRASES = ['call', 'safe', 'talk'] as const;
/** Those that ask something: what the person says next is the answer. */
export const QUESTIONS: readonly Phrase[] = ['talk'];
export type Phrase = (typeof PHRASES)[number];

/** Words that have not left for so long: the officer is told that they wait. */
const PATIENCE = seconds(2);

export async function sendPhrase(chat: Chat, reference: string, phrase: Phrase): Promise<void> {
  const { tx, ctx, now, officer } = chat;
  const found = await findAlertFor(tx, chat.ids, reference);
  if (found?.caseId) await lockCase(tx, found.caseId);
  const row = await lockOwn(chat, reference);
  if (!row) return;
  await noteWork(chat, row);
  const notice = randomUUID();
  const told = { is: phrase, contactId: chat.contactId, notice };
  const tells = { officerId: officer.id, reference, phrase: told };
  const written = await writeToReporter(tx, ctx, now, row, `status.phrase_${phrase}`, {}, tells);
  if (!written.ok) {
    const decide = [[{ key: 'chats', data: `o:chats:${reference}` }]];
    const more = written.reason === 'undecided' ? { buttons: decide } : {};
    return void (await answer(chat, `phrase.${written.reason}`, { reference }, more));
  }
  if (row.caseId) {
    const place = await sealIntoCase(tx, ctx, now, row.caseId, 'phrase', { phrase, officer: officer.id });
    await noteReply(tx, ctx, now, row, { place, delivery: written.delivery });
  }
  await logAlert(tx, now, row.id, 'phrase', { officerId: officer.id, detail: { phrase } });
  const words = officerText(ctx, chat.language, `phrase.words_${phrase}`);
  // "Sent" is said when it was sent: mostly before this is needed.
  await answer(chat, 'phrase.sending', { reference, words }, { coalesce: notice, delayMs: PATIENCE });
}
