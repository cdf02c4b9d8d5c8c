/**
 * Muting a reporter who abuses the service, with a reason, and letting them speak again.
 *
 * Invariants: the reason is kept under the server key; an SOS of a muted person still passes once an hour (that
 * is intake's); muting closes no alert; while it is not decided which phone is the person's, none is muted. The reporter's
 * row is locked before the alert's, as intake does.
 */
import { type AlertRow, logAlert } from '../../db/alerts.ts';
import { updateContact } from '../../db/contacts.ts';
import { findAlertFor } from '../../db/known.ts';
import { lockAlert } from '../../db/locks.ts';
import type { ContactId } from '../../kernel/ids.ts';
import type { Moment } from '../ground/transaction.ts';
import { chatsOf, openReporter } from '../records/reporter-link.ts';
import { type Decider, mayDecide, type NotOwn, noteWorkOfTaker } from './deciding.ts';
import { type Decided, type Refused, refused } from './what-came.ts';

const LONGEST_REASON = 2_000;

type NotFound = Extract<Refused, { reason: NotOwn | 'unknown' }>;
type NotMuted = NotFound | Extract<Refused, { reason: 'undecided' }>;

/** Whether this officer may mute the reporter of an alert now: asked before the reason is. */
export async function mayMute(at: Moment, by: Decider, reference: string): Promise<Found | NotMuted> {
  const found = await findReporter(at, by, reference);
  // Another person may have come in with the code: muting all of the phones would mute the person with them.
  return found.ok && found.isUndecided ? refused('undecided') : found;
}

export async function mute(
  at: Moment,
  by: Decider,
  reference: string,
  reason: string,
): Promise<Decided<'muted', never> | NotMuted> {
  const { tx, ctx, now } = at;
  const found = await mayMute(at, by, reference);
  if (!found.ok) return found;
  const bytes = new TextEncoder().encode(reason.slice(0, LONGEST_REASON));
  for (const contactId of found.contacts)
    await updateContact(tx, contactId, {
      mutedAt: now,
      mutedBy: by.officer.id,
      mutedReasonSealed: ctx.keyring.seal('mute-reason', contactId, bytes),
    });
  await note(at, by, found.alert, 'muted');
  return { ok: true, came: 'muted' };
}

export async function unmute(
  at: Moment,
  by: Decider,
  reference: string,
): Promise<Decided<'unmuted', never> | NotFound> {
  const found = await findReporter(at, by, reference);
  if (!found.ok) return found;
  const none = { mutedAt: null, mutedBy: null, mutedReasonSealed: null, mutedSosAt: null };
  for (const contactId of found.contacts) await updateContact(at.tx, contactId, none);
  await note(at, by, found.alert, 'unmuted');
  return { ok: true, came: 'unmuted' };
}

async function note(at: Moment, by: Decider, found: AlertRow, what: 'muted' | 'unmuted'): Promise<void> {
  const row = await lockAlert(at.tx, found);
  if (!row) return;
  await noteWorkOfTaker(at, row, by);
  await logAlert(at.tx, at.now, row.id, what, { officerId: by.officer.id });
}

type Found = { ok: true; alert: AlertRow; contacts: ContactId[]; isUndecided: boolean };

/** The reporter of an alert this officer may decide about, or had when it was closed. */
async function findReporter(at: Moment, by: Decider, reference: string): Promise<Found | NotFound> {
  const row = await findAlertFor(at.tx, by.ids, reference);
  if (!row) return refused('no_such');
  const wasTheirs = row.state === 'closed' && row.takenBy === by.officer.id;
  const may = wasTheirs ? undefined : await mayDecide(at, by, row);
  if (may && !may.ok) return may;
  const link = await openReporter(at, row);
  if (!link) return refused('unknown');
  // In one order everywhere, so that none waits for one that waits for it.
  const contacts = chatsOf(link).map(({ contactId }) => contactId);
  return { ok: true, alert: row, contacts: contacts.sort(), isUndecided: link.isUndecided === true };
}
