/**
 * How officers are reached: contacts in order, with delays, each verified by a code that was sent there.
 *
 * Invariants: nothing but its code goes to a contact that is not verified; a code is six digits, kept as a keyed hash,
 * ends after half an hour and after five wrong tries, and there are ten a day, so that nobody guesses one; one address is
 * one officer's, once it is verified; supervisors learn of every new contact.
 */
import { randomBytes, randomInt } from 'node:crypto';
import { newTopic } from '../../channels/ntfy/ntfy-channel.ts';
import type { Subscription } from '../../channels/push/subscription.ts';
import { listTroubles } from '../../db/channel-troubles.ts';
import { countTry } from '../../db/code-tries.ts';
import { findContactByAddress, insertContact, updateContact } from '../../db/contacts.ts';
import type { Tx } from '../../db/database.ts';
import {
  contactsWithAddress,
  deleteOfficerContact,
  enrolledOfficers,
  findOfficerContact,
  insertOfficerContact,
  updateOfficerContact,
} from '../../db/officers.ts';
import type { ContactId, OfficerId } from '../../kernel/ids.ts';
import { after, days, minutes } from '../../kernel/time.ts';
import { type ChannelKind, CLASS, type Way } from '../../kernel/vocabulary.ts';
import type { Context } from '../ground/context.ts';
import type { Moment } from '../ground/transaction.ts';
import { openAddress, outgoingContact } from '../keys/addresses.ts';
import { maskAddress, readAddress } from '../records/contact-address.ts';
import { shortName } from '../records/officer-names.ts';
import { type ContactState, contactState } from './contact-state.ts';
import { notify, notifyOfficers } from './officer-notices.ts';
import { sayTime } from './officer-wording.ts';

const CODE_LIFE = minutes(30);
const WRONG_TRIES = 5;
/** Codes a day for one officer: each may cost an SMS, and each gives five tries. */
const CODES_A_DAY = 10;
/** For so long the last code counts, if it can: an officer who asks twice is sent one. */
const ONE_CODE_IN = minutes(1);
/** Further contacts are paged so many seconds after the first one, unless the officer says otherwise. */
const USUAL_DELAY = 60;
/** Delays that can be chosen, in seconds. */
export const DELAYS: readonly number[] = [0, 60, 120, 300];

export type Added =
  | { ok: true; contactId: ContactId; address: string }
  | { ok: false; reason: 'bad_address' | 'not_set' | 'taken' | 'too_many' };

/** Adds a contact, or renews the code of one that waits; sends the code there. `text` is left out for ntfy: a topic is made. */
export async function addContact(
  at: Moment,
  to: { officerId: OfficerId; language: string },
  way: Way,
  text?: string,
): Promise<Added> {
  const { tx, ctx, now } = at;
  if (!ctx.channels.has(way)) return { ok: false, reason: 'not_set' };
  const address = way === 'ntfy' && !text ? newTopic() : readAddress(way, text ?? '');
  if (address === undefined) return { ok: false, reason: 'bad_address' };
  const kept = way === 'webhook' ? webhookAddress(address) : address;
  const contactId = await contactFor(at, to.officerId, way, kept);
  if (contactId === undefined) return { ok: false, reason: 'taken' };
  if (await isCodeFresh(at, contactId)) return { ok: true, contactId, address: kept };
  const codes = await countTry(
    tx,
    ctx.keyring.index('contact-codes', to.officerId),
    now,
    after(now, -days(1)),
  );
  if (codes > CODES_A_DAY) return { ok: false, reason: 'too_many' };
  await sendCode(at, { contactId, language: to.language });
  return { ok: true, contactId, address: kept };
}

/** The receiver's secret is made here and shown once. */
const webhookAddress = (url: string): string =>
  JSON.stringify({ url, secret: randomBytes(24).toString('base64url') });

/** The contact of this officer with this address, made if it is new; undefined: it is in use. */
async function contactFor(
  { tx, ctx, now }: Moment,
  officerId: OfficerId,
  way: Way | 'push',
  address: string,
): Promise<ContactId | undefined> {
  const { row, indexes } = outgoingContact(ctx, way, address);
  const known = await findContactByAddress(tx, way, indexes);
  const owner = known && (await findOfficerContact(tx, known.id));
  if (owner && owner.verifiedAt !== null) return undefined;
  if (owner?.officerId === officerId) return owner.contactId;
  // Another officer mistyped it, or never had it.
  if (owner) await deleteOfficerContact(tx, owner.contactId, now);
  if (!known) await insertContact(tx, { ...row, createdAt: now });
  const contactId = known?.id ?? row.id;
  const others = await contactsWithAddress(tx, officerId);
  const position = Math.max(-1, ...others.map((each) => each.position)) + 1;
  const delaySeconds = position === 0 ? 0 : USUAL_DELAY;
  await insertOfficerContact(tx, { contactId, officerId, position, delaySeconds, verifiedAt: null });
  return contactId;
}

async function isCodeFresh({ tx, now }: Moment, contactId: ContactId): Promise<boolean> {
  const row = await findOfficerContact(tx, contactId);
  if (!row?.codeExpiresAt || row.codeTries >= WRONG_TRIES) return false;
  return after(row.codeExpiresAt, -CODE_LIFE) > after(now, -ONE_CODE_IN);
}

async function sendCode(at: Moment, to: { contactId: ContactId; language: string }): Promise<void> {
  const code = String(randomInt(1_000_000)).padStart(6, '0');
  await updateOfficerContact(at.tx, to.contactId, {
    codeIndex: codeIndex(at.ctx, to.contactId, code),
    codeExpiresAt: after(at.now, CODE_LIFE),
    codeTries: 0,
  });
  await notify(at, to, {
    key: 'contact.code',
    params: { code },
    coalesce: 'code',
  });
}

const codeIndex = ({ keyring }: Pick<Context, 'keyring'>, contactId: ContactId, code: string): Uint8Array =>
  keyring.index('contact-code', `${contactId}/${code}`);

/**
 * Adds a browser that gets pushes. It is verified as it comes: the member who asks is signed in there with a passkey.
 * Undefined: it is another member's.
 */
export async function addPush(
  at: Moment,
  officerId: OfficerId,
  subscribed: Subscription,
): Promise<ContactId | undefined> {
  const { tx, ctx, now } = at;
  const address = JSON.stringify(subscribed);
  const known = await findContactByAddress(tx, 'push', outgoingContact(ctx, 'push', address).indexes);
  const owner = known && (await findOfficerContact(tx, known.id));
  if (owner?.officerId === officerId && owner.verifiedAt) {
    // The browser says that it is there, whatever its push service said once.
    await updateContact(tx, owner.contactId, { blockedAt: null });
    return owner.contactId;
  }
  const contactId = await contactFor(at, officerId, 'push', address);
  if (contactId === undefined) return undefined;
  // It rings beside the chat, at once: a push costs nothing.
  await updateOfficerContact(tx, contactId, { verifiedAt: now, delaySeconds: 0 });
  await tellOfNewContact(at, officerId, contactId);
  return contactId;
}

export type Verified = { ok: true; contactId: ContactId; channel: string } | { ok: false };

/** Takes a code that was typed, and tells supervisors; a wrong one counts against every contact that waits. */
export async function verifyContact(at: Moment, officerId: OfficerId, code: string): Promise<Verified> {
  const { tx, ctx, now } = at;
  const waiting = (await contactsWithAddress(tx, officerId)).filter(
    (each) =>
      each.verifiedAt === null &&
      each.codeIndex !== null &&
      each.codeTries < WRONG_TRIES &&
      (each.codeExpiresAt ?? now) > now,
  );
  for (const each of waiting) {
    if (Buffer.compare(each.codeIndex ?? Buffer.alloc(0), codeIndex(ctx, each.contactId, code)) !== 0)
      continue;
    await updateOfficerContact(tx, each.contactId, { verifiedAt: now, codeIndex: null, codeExpiresAt: null });
    await tellOfNewContact(at, officerId, each.contactId);
    return { ok: true, contactId: each.contactId, channel: each.channel };
  }
  for (const { contactId, codeTries } of waiting)
    await updateOfficerContact(tx, contactId, { codeTries: codeTries + 1 });
  return { ok: false };
}

/** Supervisors can take it back. */
async function tellOfNewContact(at: Moment, officerId: OfficerId, contactId: ContactId): Promise<void> {
  const { tx, ctx, now } = at;
  const officers = await enrolledOfficers(tx);
  const owner = officers.find((each) => each.id === officerId);
  if (!owner) return;
  const supervisors = officers.filter((each) => each.role === 'supervisor' && each.id !== officerId);
  await notifyOfficers(at, supervisors, {
    key: 'enrol.told_contact',
    params: { name: shortName(ctx, owner), at: sayTime(now, now, ctx.settings.timeZone) },
    class: CLASS.page,
    buttons: [[{ key: 'undo', data: `o:undo_c:${contactId}` }]],
  });
}

/** Sends what a page would look like there, with its sound. */
export async function testContact(at: Moment, to: { contactId: ContactId; language: string }): Promise<void> {
  await notify(at, to, { key: 'contact.test', class: CLASS.page });
}

export type ContactLine = {
  contactId: ContactId;
  channel: ChannelKind;
  /** Masked; empty for chats. */
  address: string;
  delaySeconds: number;
  state: ContactState;
};

/** An officer's contacts in order, as they may be shown. */
export async function listContacts(
  tx: Parameters<typeof contactsWithAddress>[0],
  ctx: Pick<Context, 'keyring'>,
  now: Date,
  officerId: OfficerId,
): Promise<ContactLine[]> {
  const troubled = new Set((await listTroubles(tx)).map(({ channel }) => channel));
  return (await contactsWithAddress(tx, officerId)).map((each) => ({
    contactId: each.contactId,
    channel: each.channel,
    address: maskAddress(
      each.channel,
      openAddress(ctx, { id: each.contactId, addressSealed: each.addressSealed }),
    ),
    delaySeconds: each.delaySeconds,
    state: contactState(each, troubled, now),
  }));
}

/** Puts contacts into this order; the first one is paged at once. Those that are not named follow as they were. */
export async function orderContacts(
  tx: Tx,
  officerId: OfficerId,
  first: readonly ContactId[],
): Promise<void> {
  const all = (await contactsWithAddress(tx, officerId)).map(({ contactId }) => contactId);
  const order = [...first.filter((id) => all.includes(id)), ...all.filter((id) => !first.includes(id))];
  for (const [position, contactId] of order.entries())
    await updateOfficerContact(tx, contactId, { position, ...(position === 0 ? { delaySeconds: 0 } : {}) });
}
