/**
 * Web pushes to the browsers in which officers are signed in.
 *
 * Invariants: a browser gets pushes only as one of its officer's contacts, so that what holds for those holds for it
 * (fates, repeats, "stop reaching me there"); it goes with the device.
 */
import { createHash } from 'node:crypto';
import { isPushService } from '../../channels/push/push-channel.ts';
import { type Subscription, subscription } from '../../channels/push/subscription.ts';
import type { HeldPush } from '../../contract/team.ts';
import { findPasskeyById, type MemberRow, type PasskeyRow, updatePasskey } from '../../db/members.ts';
import { contactsWithAddress, findOfficerContact } from '../../db/officers.ts';
import type { PasskeyId } from '../../kernel/ids.ts';
import { revokeContact } from '../decisions/contact-revoking.ts';
import { addPush } from '../duty/officer-contacts.ts';
import { letContactGo } from '../duty/officers.ts';
import type { Moment } from '../ground/transaction.ts';
import { openAddress } from '../keys/addresses.ts';
import type { Site } from './passkeys.ts';

/** What is held for this device: the page compares it with what the browser has. */
export async function heldPush(
  { tx, ctx }: Moment,
  device: PasskeyRow | undefined,
): Promise<HeldPush | null> {
  const officer = device?.pushContactId && (await findOfficerContact(tx, device.pushContactId));
  if (!officer) return null;
  const found = (await contactsWithAddress(tx, officer.officerId)).find(
    ({ contactId }) => contactId === officer.contactId,
  );
  if (!found) return null;
  const address = openAddress(ctx, { id: found.contactId, addressSealed: found.addressSealed });
  const { endpoint } = subscription.parse(JSON.parse(address));
  return {
    endpoint: createHash('sha256').update(endpoint).digest('base64'),
    isDead: found.blockedAt !== null,
  };
}

/** From now on pages go to this browser too. */
export async function startPushes(
  at: Moment,
  who: { member: MemberRow; passkeyId: PasskeyId; site: Site },
  subscribed: Subscription,
): Promise<'ok' | 'no_officer' | 'no_such'> {
  if (!who.member.officerId) return 'no_officer';
  if (!isPushService(subscribed.endpoint, who.site.rpId === 'localhost')) return 'no_such';
  const device = await findPasskeyById(at.tx, who.passkeyId);
  const contactId = await addPush(at, who.member.officerId, subscribed);
  if (!device || !contactId) return 'no_such';
  // The browser subscribed anew.
  if (device.pushContactId !== contactId) await stopPushes(at, device);
  await updatePasskey(at.tx, who.passkeyId, { pushContactId: contactId });
  return 'ok';
}

/** No push goes to this device any more; what was paged there only rings with others. */
export async function stopPushes(at: Moment, device: PasskeyRow): Promise<void> {
  if (!device.pushContactId) return;
  const contactId = device.pushContactId;
  const revoked = await revokeContact(at, contactId, { isTold: false });
  // Also if it is the last contact that works: the device may be in wrong hands.
  if (!revoked.ok && revoked.reason === 'last_one') await letContactGo(at, { contactId, channel: 'push' });
  await updatePasskey(at.tx, device.id, { pushContactId: null });
}
