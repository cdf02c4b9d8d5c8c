/** What was erased, as it is noted beside the backups, and done again to a database that is restored from one. */
import { addErased, type Erased } from '../../backup/erased.ts';
import type { Target } from '../../backup/names.ts';
import type { Keyring } from '../../crypto/keyring.ts';
import { findAlertOfCase } from '../../db/alerts.ts';
import { deleteCase, findCase } from '../../db/cases.ts';
import type { Db } from '../../db/database.ts';
import {
  deleteAlert,
  doneErasures,
  type ErasureRow,
  emptied,
  keepEmptied,
  keepErasure,
} from '../../db/erasures.ts';
import {
  allMembers,
  findMember,
  findPasskeyById,
  removeMember,
  revokedPasskeys,
  revokePasskey,
} from '../../db/members.ts';
import { allOfficers } from '../../db/officers.ts';
import type { CaseId, MemberId, OfficerId, PasskeyId } from '../../kernel/ids.ts';
import { emptyCase, sealIntoCase } from '../alerts/case-record.ts';
import { removeOfficer } from '../duty/officers.ts';
import type { Moment } from '../ground/transaction.ts';
import { audit } from '../records/audit.ts';

/** Everything that this database knows to be erased. */
async function erasedHere(db: Db): Promise<Erased[]> {
  const done = await doneErasures(db);
  const bare = await emptied(db);
  return [
    ...done.map(
      (row): Erased => ({
        id: row.caseId,
        what: 'erased',
        at: (row.endedAt ?? row.askedAt).toISOString(),
        left: JSON.parse(JSON.stringify(row)) as Record<string, unknown>,
      }),
    ),
    ...bare.map(({ caseId, at }): Erased => ({ id: caseId, what: 'emptied', at: at.toISOString() })),
    ...takenOut('officer', await allOfficers(db)),
    ...takenOut('member', await allMembers(db)),
    ...takenOut('device', await revokedPasskeys(db)),
  ];
}

const takenOut = (
  what: 'officer' | 'member' | 'device',
  rows: readonly { id: string; removedAt: Date | null }[],
): Erased[] =>
  rows.flatMap(({ id, removedAt }) => (removedAt ? [{ id, what, at: removedAt.toISOString() }] : []));

/** Brings the list in its place up to date: within the hour after each erasing, and with each backup. */
export async function noteErased(
  { db, keyring }: { db: Db; keyring: Keyring },
  target: Target,
  when: { at: Date; isBackup: boolean },
): Promise<{ count: number; wasChanged: boolean }> {
  return addErased(keyring, target, await erasedHere(db), when);
}

/** What was done again to a restored database. */
export type Again = { cases: number; people: number };

/** Does again what had been done since. What is so in this database already stays as it is. */
export async function eraseAgain(at: Moment, entries: readonly Erased[]): Promise<Again> {
  const again = { cases: 0, people: 0 };
  for (const each of entries) {
    if (each.what === 'erased') again.cases += (await eraseOne(at, each)) ? 1 : 0;
    else if (each.what === 'emptied') again.cases += (await emptyOne(at, each)) ? 1 : 0;
    else again.people += (await takeOut(at, each)) ? 1 : 0;
  }
  return again;
}

/** Nothing is sent to them, and nothing of theirs signs in or opens a case. */
async function takeOut(at: Moment, { what, id }: Erased): Promise<boolean> {
  const { tx, now } = at;
  if (what === 'officer') return removeOfficer(at, id as OfficerId);
  if (what === 'device') {
    const device = await findPasskeyById(tx, id as PasskeyId);
    if (device && !device.revokedAt) await revokePasskey(tx, device.id, now);
    return device !== undefined && !device.revokedAt;
  }
  const member = await findMember(tx, id as MemberId);
  if (!member) return false;
  await removeMember(tx, member.id, now);
  await audit(at, { memberId: null, what: 'member_removed', detail: { member: member.id, restored: true } });
  return true;
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
  const { reference = row.reference ?? '', because = 'unknown', askedBy = '', agreedBy } = kept ?? {};
  const detail = { reference, because, asked: askedBy, agreed: agreedBy ?? '', restored: true };
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

/** The row as the database wants it: its times are words in the list. */
function fromJson(left: Record<string, unknown>): ErasureRow {
  const times = TIMES.map((name) => [name, left[name] ? new Date(String(left[name])) : null]);
  return { ...left, ...Object.fromEntries(times) } as ErasureRow;
}
