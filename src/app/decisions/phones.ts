/**
 * "Which phone?": in which chats a case is, and which of them are the person's.
 *
 * Invariant: only the officer who has the alert, or a supervisor, decides; what was decided is in the case and in the
 * alert's log.
 */
import { type AlertRow, logAlert } from '../../db/alerts.ts';
import type { ContactId } from '../../kernel/ids.ts';
import { sealIntoCase } from '../alerts/case-record.ts';
import type { Moment } from '../ground/transaction.ts';
import { allChats } from '../records/reporter-chats.ts';
import { openReporter, type ReporterLink } from '../records/reporter-link.ts';
import { admitAgain, decideChats } from '../reporters/two-phones.ts';
import { type Decider, lockDecidable, type NotOwn, noteWorkOfTaker } from './deciding.ts';
import { type Decided, type Refused, refused } from './what-came.ts';

/** Of a contact's id as much as tells a few apart: it stands in a button and travels to the console. */
const SHORT = 8;
export const shortOf = (contactId: ContactId): string => contactId.slice(0, SHORT);

type NotFound = NotOwn | 'unknown';

/** The chats of a case about which this officer may decide. */
export async function phonesOf(
  at: Moment,
  by: Decider,
  reference: string,
): Promise<{ ok: true; alert: AlertRow; link: ReporterLink } | Extract<Refused, { reason: NotFound }>> {
  const found = await lockDecidable(at, by, reference);
  if (!found.ok) return found;
  const link = await openReporter(at, found.alert);
  return link ? { ok: true, alert: found.alert, link } : refused('unknown');
}

/** All of the phones are the person's, or (`only`: the beginning of a contact's id) one of them. */
export async function keepPhones(
  at: Moment,
  by: Decider,
  reference: string,
  only?: string,
): Promise<Decided<'one_phone_kept' | 'all_phones_kept', NotFound | 'one_phone' | 'no_such_phone'>> {
  const found = await phonesOf(at, by, reference);
  if (!found.ok) return found;
  const { alert, link } = found;
  const chats = allChats(link);
  if (chats.length < 2) return refused('one_phone');
  const n = chats.findIndex(({ contactId }) => isCalled(contactId, only));
  const kept = chats[n]?.contactId;
  if (only !== undefined && !kept) return refused('no_such_phone');
  await decideChats(at, alert, link, kept);
  await note(at, by, alert, kept ? 'one_phone_kept' : 'all_phones_kept');
  return kept ? { ok: true, came: 'one_phone_kept', n: n + 1 } : { ok: true, came: 'all_phones_kept' };
}

/** A phone that was refused has the case again: the wrong one was. */
export async function admitPhone(
  at: Moment,
  by: Decider,
  reference: string,
  which: string,
): Promise<Decided<'phone_admitted_again', NotFound | 'no_such_phone'>> {
  const found = await phonesOf(at, by, reference);
  if (!found.ok) return found;
  const { alert, link } = found;
  const again = link.refused?.find(({ contactId }) => isCalled(contactId, which));
  if (!again) return refused('no_such_phone');
  await admitAgain(at, alert, link, again.contactId);
  await note(at, by, alert, 'phone_admitted_again');
  return { ok: true, came: 'phone_admitted_again' };
}

const isCalled = (contactId: ContactId, which: string | undefined): boolean =>
  which !== undefined && which !== '' && contactId.startsWith(which);

type Decision = 'one_phone_kept' | 'all_phones_kept' | 'phone_admitted_again';

async function note(at: Moment, by: Decider, row: AlertRow, what: Decision): Promise<void> {
  const { id: officerId } = by.officer;
  await noteWorkOfTaker(at, row, by);
  if (row.caseId) await sealIntoCase(at, row.caseId, 'event', { what, officer: officerId });
  await logAlert(at.tx, at.now, row.id, what, { officerId });
}
