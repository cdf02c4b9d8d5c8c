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
import type { CaseId } from '../../kernel/ids.ts';
import { emptyCase, sealIntoCase } from '../alerts/case-record.ts';
import type { Moment } from '../ground/transaction.ts';
import { audit } from '../records/audit.ts';

/** Everything that this database knows to be erased. */
async function erasedHere(db: Db): Promise<Erased[]> {
  const done = await doneErasures(db);
  const bare = await emptied(db);
  return [
    ...done.map(
      (row): Erased => ({
        caseId: row.caseId,
        what: 'erased',
        at: (row.endedAt ?? row.askedAt).toISOString(),
        left: JSON.parse(JSON.stringify(row)) as Record<string, unknown>,
      }),
    ),
    ...bare.map(({ caseId, at }): Erased => ({ caseId, what: 'emptied', at: at.toISOString() })),
  ];
}

/** Brings the list in its place up to date: within the hour after each erasing, and with each backup. */
export async function noteErased(
  { db, keyring }: { db: Db; keyring: Keyring },
  target: Target,
  when: { at: Date; isBackup: boolean },
): Promise<{ count: number; wasChanged: boolean }> {
  return addErased(keyring, target, await erasedHere(db), when);
}

/** Erases again what had been erased since; returns how many cases. What is erased in this database already stays as it is. */
export async function eraseAgain(at: Moment, entries: readonly Erased[]): Promise<number> {
  let done = 0;
  for (const each of entries) if (await (each.what === 'erased' ? eraseOne : emptyOne)(at, each)) done += 1;
  return done;
}

async function eraseOne(at: Moment, { caseId: id, left }: Erased): Promise<boolean> {
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

async function emptyOne(at: Moment, { caseId: id, at: when }: Erased): Promise<boolean> {
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
