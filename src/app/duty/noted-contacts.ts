/**
 * What is noted of an officer's contact when something was sent there: that it was taken, or that this very address was
 * refused, which its officer is told elsewhere, once.
 *
 * Invariant: noting holds up and breaks nothing: a send that was done stays done.
 */
import type { SendResult } from '../../channels/channel.ts';
import { enrolledOfficers, noteRefused, noteTaken } from '../../db/officers.ts';
import type { ContactId } from '../../kernel/ids.ts';
import { reduceError } from '../../kernel/log.ts';
import type { Context } from '../ground/context.ts';
import { transact } from '../ground/transaction.ts';
import { isChat } from '../records/contact-address.ts';
import { notifyOfficers } from './officer-notices.ts';
import { channelName, languageOfOfficer } from './officer-wording.ts';

/** Notes it, as of `claimedAt`. A refusal of our account, or one that passes, says nothing of the contact. */
export async function noteContact(
  ctx: Context,
  {
    contactId,
    channel,
    claimedAt,
    isToBeNoted,
  }: { contactId: ContactId; channel: string; claimedAt: Date; isToBeNoted: boolean },
  result: SendResult,
): Promise<void> {
  try {
    if (result.ok) return isToBeNoted ? await noteTaken(ctx.db, contactId, claimedAt) : undefined;
    if (result.reason === 'blocked') return await refused(ctx, contactId, channel, 'blocked');
    if (result.reason === 'rejected') return await refused(ctx, contactId, channel, result.code);
  } catch (error) {
    ctx.log.warn('cycle_failed', { cycle: 'contacts', ...reduceError(error) });
  }
}

/** An officer who blocked the bot in a chat knows it. */
async function refused(ctx: Context, contactId: ContactId, channel: string, code: string): Promise<void> {
  if (isChat(channel)) return;
  await transact(ctx, async (at) => {
    const { tx, ctx } = at;
    const officerId = await noteRefused(tx, contactId, code);
    const officer = officerId && (await enrolledOfficers(tx)).find(({ id }) => id === officerId);
    if (!officer) return;
    const way = channelName(ctx, languageOfOfficer(ctx, officer), channel);
    const elsewhere = {
      ...officer,
      contacts: officer.contacts.filter((each) => each.contactId !== contactId),
    };
    const key = channel === 'push' ? 'contact.blocked_push' : 'contact.refused_now';
    await notifyOfficers(at, [elsewhere], { key, params: { way } });
  });
}
