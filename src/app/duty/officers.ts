/** Adding, listing and removing officers: the operator's side of enrolment. */

import type { Keyring } from '../../crypto/keyring.ts';
import { makeDueIfTakenBy } from '../../db/alerts.ts';
import { forgetAddress } from '../../db/contacts.ts';
import type { Db, Tx } from '../../db/database.ts';
import {
  cancelAllTo,
  contactsWithAddress,
  deleteOfficerContact,
  enrolledOfficers,
  insertOfficer,
  listOfficerRows,
  lockOfficer,
  updateOfficer,
} from '../../db/officers.ts';
import { type ContactId, newId, type OfficerId } from '../../kernel/ids.ts';
import { after, hours } from '../../kernel/time.ts';
import type { OfficerRole } from '../../kernel/vocabulary.ts';
import type { Context } from '../ground/context.ts';
import type { Moment } from '../ground/transaction.ts';
import { isChat } from '../records/contact-address.ts';
import { excludeIfNamesake } from '../records/may-know.ts';
import { openName, sealName } from '../records/officer-names.ts';
import { newOfficerCode, officerCodeIndex } from './officer-codes.ts';

type Keys = { keyring: Keyring };

/** How long a code can be used. */
const CODE_LIFE = hours(24);

export type NewCode = { code: string; expiresAt: Date; officerId: OfficerId };

/** Adds an officer who enrols by sending `/start CODE`. The code is shown once and kept only as a keyed hash. */
export async function addOfficer(
  at: Moment<Keys>,
  officer: { name: string; role: OfficerRole; language: string },
): Promise<NewCode> {
  const { tx, ctx, now } = at;
  const officerId = newId<OfficerId>();
  const code = newOfficerCode();
  const expiresAt = after(now, CODE_LIFE);
  await insertOfficer(tx, {
    id: officerId,
    nameSealed: sealName(ctx, officerId, officer.name),
    role: officer.role,
    language: officer.language,
    codeIndex: officerCodeIndex(ctx, code),
    codeExpiresAt: expiresAt,
    createdAt: now,
  });
  await excludeIfNamesake(at, officerId);
  return { code, expiresAt, officerId };
}

/** A fresh code for an officer who lost theirs or adds a contact; an earlier one no longer works. */
export async function newCodeFor({ tx, ctx, now }: Moment<Keys>, officerId: OfficerId): Promise<NewCode> {
  const code = newOfficerCode();
  const expiresAt = after(now, CODE_LIFE);
  await updateOfficer(tx, officerId, { codeIndex: officerCodeIndex(ctx, code), codeExpiresAt: expiresAt });
  return { code, expiresAt, officerId };
}

export type ListedOfficer = {
  id: OfficerId;
  name: string;
  role: OfficerRole;
  language: string;
  /** `waiting`: has a code and has not used it; `expired`: the code can no longer be used. */
  state: 'enrolled' | 'waiting' | 'expired';
  isOnDuty: boolean;
  /** Channels on which they are reached, in order; blocked ones are left out. */
  channels: string[];
};

/** Everybody who was added and not removed. */
export async function listOfficers(db: Db | Tx, ctx: Keys, now: Date = new Date()): Promise<ListedOfficer[]> {
  const enrolled = new Map((await enrolledOfficers(db)).map((officer) => [officer.id, officer]));
  return (await listOfficerRows(db)).map((row) => ({
    id: row.id,
    name: openName(ctx, row),
    role: row.role,
    language: row.language,
    state: row.enrolledAt ? 'enrolled' : row.codeExpiresAt > now ? 'waiting' : 'expired',
    isOnDuty: row.isOnDuty === true,
    channels: (enrolled.get(row.id)?.contacts ?? [])
      .filter((each) => !each.isBlocked)
      .map((each) => each.channel),
  }));
}

/** A contact is its officer's no longer: nothing leaves for it, and of an address that nobody writes from nothing is kept. */
export async function letContactGo(
  { tx, ctx, now }: Moment<Pick<Context, 'nudge'>>,
  { contactId, channel }: { contactId: ContactId; channel: string },
): Promise<void> {
  await cancelAllTo(tx, contactId);
  await deleteOfficerContact(tx, contactId, now);
  if (!isChat(channel)) await forgetAddress(tx, contactId);
  ctx.nudge('list');
}

/**
 * Removes an officer: their contacts are ordinary contacts again, nothing is sent to them any more, and alerts
 * they have taken are due at once, so that the escalate cycle gives them to others. False: no such officer.
 */
export async function removeOfficer(
  at: Moment<Pick<Context, 'nudge'>>,
  officerId: OfficerId,
): Promise<boolean> {
  const { tx, ctx, now } = at;
  const officer = await lockOfficer(tx, officerId);
  if (!officer || officer.removedAt) return false;
  await updateOfficer(tx, officerId, { removedAt: now, isOnDuty: false, codeExpiresAt: now });
  for (const contact of await contactsWithAddress(tx, officerId)) await letContactGo(at, contact);
  await makeDueIfTakenBy(tx, officerId, now);
  ctx.nudge('list');
  ctx.nudge('escalate');
  return true;
}
