/**
 * Fixed phrases from the officer who has an alert to the reporter.
 *
 * Invariants: nothing but these phrases can be sent; none goes to a reporter who must not be written to; each
 * is sealed into the case; "sent" is said once it was.
 */
import { randomUUID } from 'node:crypto';
import type { UnaskedKey } from '../../conversation/words/unasked-keys.ts';
import { logAlert } from '../../db/alerts.ts';
import type { ContactId } from '../../kernel/ids.ts';
import type { Phrase } from '../../kernel/vocabulary.ts';
import { sealIntoCase } from '../alerts/case-record.ts';
import { writeTo } from '../alerts/writing-to-reporter.ts';
import type { Moment } from '../ground/transaction.ts';
import { noteCaseEvent } from '../records/case-status.ts';
import { noteAdvice, noteReply, openReporter } from '../records/reporter-link.ts';
import { type Decider, lockOwn, type NotOwn, noteWork, timeNow } from './deciding.ts';
import { type Decided, refused, type Unwritten } from './what-came.ts';

const PHRASE_KEYS = {
  call: 'status.phrase_call',
  safe: 'status.phrase_safe',
  talk: 'status.phrase_talk',
} as const satisfies Readonly<Record<Phrase, UnaskedKey>>;

/** Phrases that say only that there is something to read: what it is, the reporter reads who asks where things stand. */
const ADVICE: readonly Phrase[] = ['safe'];

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
  const link = await openReporter(at, own.alert);
  if (!link) return refused('unknown');
  const say = (language: string): string => {
    const words = at.ctx.texts.t(language, PHRASE_KEYS[phrase]);
    return at.ctx.texts.t(language, 'status.phrase' satisfies UnaskedKey, { at: timeNow(at), words });
  };
  const written = await writeTo(at, own.alert, link, say, { while: 'live', tells });
  if (!written.ok) return refused(written.reason);
  // Only the take has moved on: the link to the reporter is as it was read.
  const row = await noteWork(at, own.alert);
  if (ADVICE.includes(phrase)) await noteAdvice(at, row, phrase);
  if (row.caseId) {
    const place = await sealIntoCase(at, row.caseId, 'phrase', { phrase, officer: officerId });
    await noteReply(at, row, { place, delivery: written.delivery });
    await noteCaseEvent(at, row.caseId, 'answered');
  }
  await logAlert(at.tx, at.now, row.id, 'phrase', { officerId, detail: { phrase } });
  const { waitsUntil } = written;
  return { ok: true, came: 'phrase_sent', phrase, notice, ...(waitsUntil ? { waitsUntil } : {}) };
}
