/**
 * Nobody who supervises may have a case, or nobody at all: who then hears of it.
 *
 * Invariants: the operator's outside contact gets the bare reference and which of the two it is, once for each; the
 * person is told that there is no answer yet, and who asks then who else answers day and night; nothing of it reaches a person who is
 * excluded.
 */
import { type AlertRow, logAlert, logOf } from '../../db/alerts.ts';
import { findContactByAddress, insertContactOnce } from '../../db/contacts.ts';
import type { ContactId } from '../../kernel/ids.ts';
import { CLASS } from '../../kernel/vocabulary.ts';
import { enqueue } from '../ground/outbox.ts';
import type { Moment } from '../ground/transaction.ts';
import { outgoingContact } from '../keys/addresses.ts';
import { whoIsMissing } from '../records/may-know.ts';
import { tellNobodyYet } from './reporter-status.ts';

/**
 * Looks who is left for an alert from which a person is excluded, and tells the outside contact and the reporter if
 * nobody is.
 */
export async function lookWhoIsLeft(at: Moment, alert: AlertRow): Promise<void> {
  const { tx, ctx, now } = at;
  const left = await whoIsMissing(tx, alert);
  if (!left || alert.state === 'closed') return;
  const told = (await logOf(tx, alert.id)).filter(({ what }) => what === 'outside_told');
  if (told.some(({ detail }) => (detail as { because?: unknown } | null)?.because === left)) return;
  const to = await outsideContact(at);
  await logAlert(tx, now, alert.id, 'outside_told', {
    detail: { because: left, isReached: to !== undefined },
  });
  if (to)
    await enqueue(at, {
      contactId: to,
      class: CLASS.page,
      about: [alert.id],
      message: {
        text: ctx.texts.t(ctx.settings.defaultLanguage, `officer.outside.${left}`, {
          reference: alert.reference,
        }),
      },
    });
  else ctx.log.error('alert_step', { reference: alert.reference, step: 'outside_contact_missing' });
  if (left === 'nobody' && !alert.isQuiet) await tellNobodyYet(at, alert);
}

async function outsideContact({ tx, ctx, now }: Moment): Promise<ContactId | undefined> {
  const { outsideContact: set } = ctx.settings;
  if (!set) return undefined;
  const { row, indexes } = outgoingContact(ctx, set.way, set.address);
  const known = await findContactByAddress(tx, set.way, indexes);
  if (known) return known.id;
  // Of two alerts that reach for it at once for the first time, one makes it.
  if (await insertContactOnce(tx, { ...row, createdAt: now })) return row.id;
  return (await findContactByAddress(tx, set.way, indexes))?.id;
}
