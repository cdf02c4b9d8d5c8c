/** What no backup may bring back, done again to a database that is restored from one. */
import type { Erased, Held } from '../../backup/erased.ts';
import { findAlertOfCase, logAlert, updateAlert } from '../../db/alerts.ts';
import { codeReplacedAt, deleteCase, deleteReceiptCode, findCase, saveReceiptCode } from '../../db/cases.ts';
import { deleteAlert, type ErasureRow, emptied, keepEmptied, keepErasure } from '../../db/erasures.ts';
import {
  allMembers,
  findMember,
  findPasskeyById,
  passkeysOf,
  removeMember,
  revokePasskey,
} from '../../db/members.ts';
import { allOfficers, findContactBrief, findOfficerContact } from '../../db/officers.ts';
import type { CaseId, ContactId, MemberId, OfficerId, PasskeyId, PersonId } from '../../kernel/ids.ts';
import { emptyCase, sealIntoCase } from '../alerts/case-record.ts';
import { addExclusions, openExclusions } from '../duty/duty-plan.ts';
import { letContactGo, removeOfficer } from '../duty/officers.ts';
import type { Moment } from '../ground/transaction.ts';
import { audit } from '../records/audit.ts';

/** What was done again to a restored database. */
export type Again = { cases: number; people: number; codes: number; excluded: number };

const AGAIN: Readonly<
  Record<
    Erased['what'],
    readonly [keyof Omit<Again, 'excluded'>, (at: Moment, each: Erased) => Promise<boolean>]
  >
> = {
  erased: ['cases', (at, each) => eraseOne(at, each)],
  emptied: ['cases', (at, each) => emptyOne(at, each)],
  code: ['codes', (at, each) => replaceCode(at, each)],
  officer: ['people', (at, { id }) => removeOfficer(at, id as OfficerId)],
  member: ['people', (at, { id }) => takeMember(at, id as MemberId)],
  device: ['people', (at, { id }) => takeDevice(at, id as PasskeyId)],
  contact: ['people', (at, { id, at: when }) => takeContact(at, id as ContactId, new Date(when))],
};

/** Does again what had been done since. What is so in this database already stays as it is. */
export async function eraseAgain(at: Moment, entries: readonly Erased[], held?: Held): Promise<Again> {
  const again = { cases: 0, people: 0, codes: 0, excluded: 0 };
  for (const each of entries) {
    const [counted, work] = AGAIN[each.what];
    if (await work(at, each)) again[counted] += 1;
  }
  if (held) again.excluded = await excludeAgain(at, held);
  return again;
}

/** It signs in no more, and nothing is pushed to it. */
async function takeDevice(at: Moment, id: PasskeyId): Promise<boolean> {
  const device = await findPasskeyById(at.tx, id);
  if (!device || device.revokedAt) return false;
  if (device.pushContactId) await takeContact(at, device.pushContactId, at.now);
  await revokePasskey(at.tx, id, at.now);
  return true;
}

/** Nothing is sent to them, and nothing of theirs signs in or opens a case. */
async function takeMember(at: Moment, id: MemberId): Promise<boolean> {
  const { tx, now } = at;
  if (!(await findMember(tx, id))) return false;
  for (const { pushContactId } of await passkeysOf(tx, [id]))
    if (pushContactId) await takeContact(at, pushContactId, now);
  await removeMember(tx, id, now);
  await audit(at, { memberId: null, what: 'member_removed', detail: { member: id, restored: true } });
  return true;
}

/** A phone that was revoked: nothing goes there, and what is typed there is nobody's of the team. One that was verified since stays. */
async function takeContact(at: Moment, contactId: ContactId, when: Date): Promise<boolean> {
  const row = await findOfficerContact(at.tx, contactId);
  const contact = row && (await findContactBrief(at.tx, contactId));
  if (!row || !contact || (row.verifiedAt && row.verifiedAt > when)) return false;
  await letContactGo(at, { contactId, channel: contact.channel });
  return true;
}

/** The code that was replaced opens nothing; the new one, if the person had it already, does. */
async function replaceCode({ tx }: Moment, { id, at: when, left }: Erased): Promise<boolean> {
  const caseId = id as CaseId;
  const then = new Date(when);
  const known = await codeReplacedAt(tx, caseId);
  if (!(await findCase(tx, caseId)) || (known && known >= then)) return false;
  await deleteReceiptCode(tx, caseId, then);
  if (!left) return true;
  const { salt, hash, keyId } = left;
  const bytes = (value: unknown) => Buffer.from(String(value), 'base64');
  await saveReceiptCode(tx, { caseId, salt: bytes(salt), hash: bytes(hash), keyId: String(keyId) }, then);
  return true;
}

/** Nobody is let in again by this: who is excluded in the backup, or was since, is. */
async function excludeAgain(at: Moment, { excluded, plan }: Held): Promise<number> {
  const { tx, ctx, now } = at;
  let count = 0;
  for (const { case: caseId, people } of excluded) {
    const row = await findAlertOfCase(tx, caseId as CaseId);
    const more = people.filter((id) => !row?.excluded.includes(id as PersonId)) as PersonId[];
    if (!row || more.length === 0) continue;
    await updateAlert(tx, row.id, { excluded: [...row.excluded, ...more] });
    await logAlert(tx, now, row.id, 'excluded', { detail: { restored: true } });
    count += more.length;
  }
  if (!plan) return count;
  const said = openExclusions(ctx, Buffer.from(plan.exclusions, 'base64'));
  const known = new Set<string>([...(await allOfficers(tx)), ...(await allMembers(tx))].map(({ id }) => id));
  const theirs = said.filter(({ officer, member }) => known.has(officer ?? member ?? ''));
  return count + (await addExclusions(at, theirs, new Date(plan.at)));
}

async function eraseOne(at: Moment, { id, left }: Erased): Promise<boolean> {
  const { tx } = at;
  const caseId = id as CaseId;
  const row = await findCase(tx, caseId);
  const alert = row && (await findAlertOfCase(tx, caseId));
  if (alert) await deleteAlert(tx, alert.id);
  if (row) await deleteCase(tx, caseId);
  const kept = left && (await keepErasure(tx, fromJson(left)));
  if (!row) return false;
  const { reference = row.reference ?? '', because = 'unknown', askedBy, agreedBy, rule } = kept ?? {};
  const people = rule ? { rule } : { asked: askedBy ?? '', agreed: agreedBy ?? '' };
  const detail = { reference, because, ...people, restored: true };
  await audit(at, {
    memberId: null,
    what: 'case_erased',
    caseId,
    detail: kept ? { erasure: kept.id, ...detail } : detail,
  });
  return true;
}

async function emptyOne(at: Moment, { id, at: when }: Erased): Promise<boolean> {
  const caseId = id as CaseId;
  if (!(await findCase(at.tx, caseId))) return false;
  const then = new Date(when);
  // What came into it after it was emptied stays.
  if ((await emptied(at.tx)).some((each) => each.caseId === caseId && each.at >= then)) return false;
  await emptyCase(at, caseId);
  await keepEmptied(at.tx, caseId, then);
  await sealIntoCase(at, caseId, 'event', { what: 'asked_for_help_and_refused_consent' });
  return true;
}

const TIMES = ['askedAt', 'agreedAt', 'dueAt', 'postponedAt', 'endedAt'] as const;

/** The row as the database wants it: its times are words in the list, and its bytes base64. */
function fromJson(left: Record<string, unknown>): ErasureRow {
  const times = TIMES.map((name) => [name, left[name] ? new Date(String(left[name])) : null]);
  const { statistics } = left;
  const bytes = typeof statistics === 'string' ? Buffer.from(statistics, 'base64') : null;
  return { ...left, ...Object.fromEntries(times), statistics: bytes } as ErasureRow;
}
