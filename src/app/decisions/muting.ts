/**
 * Muting a reporter who abuses the service, with a reason, and letting them speak again.
 *
 * Invariants: the reason is kept under the server key; an SOS of a muted person still passes once an hour (that
 * is intake's); muting closes no alert; while it is not decided which phone is the person's, none is muted. The reporter's
 * row is locked before the alert's, as intake does.
 */
import { type AlertRow, logAlert } from '../../db/alerts.ts';
import { updateContact } from '../../db/contacts.ts';
import type { Tx } from '../../db/database.ts';
import { findAlertFor } from '../../db/known.ts';
import type { ContactId } from '../../kernel/ids.ts';
import type { Context } from '../ground/context.ts';
import { chatsOf, openReporter } from '../records/reporter-link.ts';
import { type Decider, lockKnown, mayDecide, noteWorkOfTaker } from './deciding.ts';
import { type Decided, type Refused, refused } from './what-came.ts';

const LONGEST_REASON = 2_000;

type NotFound = Extract<
  Refused,
  { reason: 'no_such' | 'closed' | 'not_taken' | 'already_taken' | 'unknown' }
>;
type NotMuted = NotFound | Extract<Refused, { reason: 'undecided' }>;

/** Whether this officer may mute the reporter of an alert now: asked before the reason is. */
export async function mayMute(
  tx: Tx,
  ctx: Context,
  by: Decider,
  reference: string,
): Promise<Found | NotMuted> {
  const found = await findReporter(tx, ctx, by, reference);
  // Another person may have come in with the code: muting all of the phones would mute the person with them.
  return found.ok && found.isUndecided ? refused('undecided') : found;
}

export async function mute(
  tx: Tx,
  ctx: Context,
  now: Date,
  by: Decider,
  reference: string,
  reason: string,
): Promise<Decided<'muted', never> | NotMuted> {
  const found = await mayMute(tx, ctx, by, reference);
  if (!found.ok) return found;
  const bytes = new TextEncoder().encode(reason.slice(0, LONGEST_REASON));
  for (const contactId of found.contacts)
    await updateContact(tx, contactId, {
      mutedAt: now,
      mutedBy: by.officer.id,
      mutedReasonSealed: ctx.keyring.seal('mute-reason', contactId, bytes),
    });
  await note(tx, now, by, reference, 'muted');
  return { ok: true, came: 'muted' };
}

export async function unmute(
  tx: Tx,
  ctx: Context,
  now: Date,
  by: Decider,
  reference: string,
): Promise<Decided<'unmuted', never> | NotFound> {
  const found = await findReporter(tx, ctx, by, reference);
  if (!found.ok) return found;
  const none = { mutedAt: null, mutedBy: null, mutedReasonSealed: null, mutedSosAt: null };
  for (const contactId of found.contacts) await updateContact(tx, contactId, none);
  await note(tx, now, by, reference, 'unmuted');
  return { ok: true, came: 'unmuted' };
}

async function note(
  tx: Tx,
  now: Date,
  by: Decider,
  reference: string,
  what: 'muted' | 'unmuted',
): Promise<void> {
  const row = await lockKnown(tx, by, reference);
  if (!row) return;
  await noteWorkOfTaker(tx, now, row, by);
  await logAlert(tx, now, row.id, what, { officerId: by.officer.id });
}

type Found = { ok: true; alert: AlertRow; contacts: ContactId[]; isUndecided: boolean };

/** The reporter of an alert this officer may decide about, or had when it was closed. */
async function findReporter(tx: Tx, ctx: Context, by: Decider, reference: string): Promise<Found | NotFound> {
  const row = await findAlertFor(tx, by.ids, reference);
  if (!row) return refused('no_such');
  const wasTheirs = row.state === 'closed' && row.takenBy === by.officer.id;
  const may = wasTheirs ? undefined : await mayDecide(tx, ctx, by, row);
  if (may && !may.ok) return may;
  const link = await openReporter(tx, ctx, row);
  if (!link) return refused('unknown');
  // In one order everywhere, so that none waits for one that waits for it.
  const contacts = chatsOf(link).map(({ contactId }) => contactId);
  return { ok: true, alert: row, contacts: contacts.sort(), isUndecided: link.isUndecided === true };
}
