/**
 * Becoming an officer by sending a code.
 *
 * Invariants: a code works once and for 24 hours and stands in the database only as a keyed hash, and in no case; a wrong,
 * used or expired code is answered the same way and tells nothing; all supervisors learn of every enrolment and can
 * undo it.
 */
import { randomBytes } from 'node:crypto';
import { updateContact } from '../../db/contacts.ts';
import {
  contactsOfOfficer,
  findContactBrief,
  findOfficer,
  findOfficerContact,
  insertOfficerContact,
  lockOfficerByCode,
  type OfficerRow,
  updateOfficer,
} from '../../db/officers.ts';
import type { ContactId, OfficerId } from '../../kernel/ids.ts';
import { CLASS } from '../../kernel/vocabulary.ts';
import { revokeContact } from '../decisions/contact-revoking.ts';
import { tellSupervisors } from '../decisions/deciding.ts';
import { type FoundCode, officerCodeIndexes } from '../duty/officer-codes.ts';
import { notify } from '../duty/officer-notices.ts';
import { newCodeFor, removeOfficer } from '../duty/officers.ts';
import { languageOf } from '../ground/service-texts.ts';
import type { Moment } from '../ground/transaction.ts';
import { shortName } from '../records/officer-names.ts';
import { answer, type Chat, openChat, timeIn } from './officer-chat.ts';
import { askDuty } from './on-and-off-duty.ts';

/** Seconds until a page goes to an officer's further contacts, unless they choose otherwise. */
const SECOND_AFTER = 60;

/** `refused`: it is answered that the code does not work. `no_code`: nothing came of it, and nothing was said. */
type Met = 'enrolled' | 'answered' | 'refused' | 'no_code';

/** Takes what may be a code: a valid one enrols; another is answered only if nothing else can be meant by it. */
export async function meetCode(
  at: Moment,
  contactId: ContactId,
  { code, isMeant }: Pick<FoundCode, 'code' | 'isMeant'>,
  languageHint?: string,
): Promise<Met> {
  const { tx, ctx, now } = at;
  const officer = await lockOfficerByCode(tx, officerCodeIndexes(ctx, code), now);
  const existing = await findOfficerContact(tx, contactId);
  if (officer && !existing) {
    await enrol(at, officer, contactId);
    return 'enrolled';
  }
  if (!officer && !isMeant) return 'no_code';
  const contact = await findContactBrief(tx, contactId);
  const language = languageOf(ctx, contact ?? { language: null }, languageHint);
  await notify(at, { contactId, language }, { key: `enrol.${whatOf(officer, existing)}` });
  return officer ? 'answered' : 'refused';
}

/** An enrolled officer touches the link a second time, or has a code for another chat. */
function whatOf(
  officer: OfficerRow | undefined,
  existing: { officerId: OfficerId } | undefined,
): 'not_valid' | 'already' | 'elsewhere' | 'other' {
  if (!existing) return 'not_valid';
  if (!officer) return 'already';
  return officer.id === existing.officerId ? 'elsewhere' : 'other';
}

async function enrol(at: Moment, officer: OfficerRow, contactId: ContactId): Promise<void> {
  const { tx, ctx, now } = at;
  const others = await contactsOfOfficer(tx, officer.id);
  const position = Math.max(-1, ...others.map((each) => each.position)) + 1;
  // A further contact is paged a little after the first one, unless an officer has taken the alert by then.
  const delaySeconds = position === 0 ? 0 : SECOND_AFTER;
  await insertOfficerContact(tx, {
    contactId,
    officerId: officer.id,
    position,
    delaySeconds,
    verifiedAt: now,
  });
  await updateOfficer(tx, officer.id, {
    enrolledAt: officer.enrolledAt ?? now,
    // Nothing has this hash: the code is gone, whatever the clock does.
    codeIndex: new Uint8Array(randomBytes(36)),
    codeExpiresAt: now,
  });
  await updateContact(tx, contactId, { language: officer.language });
  ctx.log.info('officer_enrolled', { role: officer.role });
  const chat = await openChat(at, contactId);
  if (!chat) return;
  const isFirst = others.length === 0;
  const name = shortName(ctx, officer);
  await answer(chat, isFirst ? 'enrol.welcome' : 'enrol.second', { name });
  if (isFirst) await askDuty(chat);
  await testPage(chat);
  await tellSupervisors(at, chat, {
    key: isFirst ? `enrol.told_${officer.role}` : 'enrol.told_contact',
    params: { name, at: timeIn(chat, now) },
    class: CLASS.page,
    buttons: [[{ key: 'undo', data: isFirst ? `o:undo:${officer.id}` : `o:undo_c:${contactId}` }]],
  });
}

/** A page as it will come, with how to let it through "do not disturb". */
export function testPage(chat: Chat): Promise<unknown> {
  return answer(
    chat,
    'test.page',
    {},
    { class: CLASS.criticalPage, buttons: [[{ key: 'test_seen', data: 'o:test:seen' }]] },
  );
}

/** A code by which the officer enrols a further contact: shown in their own chat only. */
export async function codeForContact(chat: Chat): Promise<void> {
  const { code, expiresAt } = await newCodeFor(chat.at, chat.officer.id);
  await answer(chat, 'enrol.code', { code, at: timeIn(chat, expiresAt) });
}

/** A supervisor takes an enrolment back: the officer is removed. */
export async function undoEnrolment(chat: Chat, officerId: OfficerId): Promise<void> {
  const officer = await mayUndo(chat, officerId);
  if (!officer) return;
  await removeOfficer(chat.at, officerId);
  await sayUndone(chat, officer);
}

/** A supervisor takes a contact back; the officer stays if they have another chat. */
export async function undoContact(chat: Chat, contactId: ContactId): Promise<void> {
  const { at } = chat;
  const row = await findOfficerContact(at.tx, contactId);
  const officer = await mayUndo(chat, row?.officerId);
  if (!officer) return;
  const revoked = await revokeContact(at, contactId, { isTold: false });
  if (!revoked.ok) await removeOfficer(at, officer.id);
  await sayUndone(chat, officer);
}

async function mayUndo(chat: Chat, officerId: OfficerId | undefined): Promise<OfficerRow | undefined> {
  if (chat.officer.role !== 'supervisor') return void (await answer(chat, 'enrol.supervisors_only'));
  const officer = officerId && (await findOfficer(chat.at.tx, officerId));
  if (!officer || officer.removedAt) return void (await answer(chat, 'enrol.undone_already'));
  return officer;
}

async function sayUndone(chat: Chat, officer: OfficerRow): Promise<void> {
  const params = { name: shortName(chat.at.ctx, officer), by: shortName(chat.at.ctx, chat.officer) };
  await answer(chat, 'enrol.undone', params);
  if (officer.id !== chat.officer.id)
    await tellSupervisors(chat.at, chat, { key: 'enrol.undone_by', params });
}
