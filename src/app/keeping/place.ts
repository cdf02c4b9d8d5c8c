/**
 * Whether the place of the backups is the one of the last backup.
 *
 * Invariant: no night makes a folder, so that a disk that is not mounted is said, and what goes into the folder below its mount
 * point is never taken for a backup.
 */
import type { Target } from '../../backup/names.ts';
import { backupNotesOf, noteBackup } from '../../db/backups.ts';
import { LakanaError } from '../../kernel/errors.ts';
import { TOOL } from '../../kernel/tool.ts';
import type { Keeping } from './keeping.ts';

/** What an operator who is there allows: to make the folder of the first backup, or to go on in another place. */
export type Beginning = 'first' | 'new';

/** Throws `other_place`, or `no_place` if there is none and nobody allows to make it. */
export async function requirePlace(
  { db, clock, target }: Pick<Keeping, 'db' | 'clock' | 'target'>,
  beginning?: Beginning,
): Promise<void> {
  const { mark } = target;
  if (!mark) return;
  const known = (await backupNotesOf(db)).place?.detail;
  const there = await mark.read();
  if (known && beginning !== 'new') {
    if (there === known) return;
    throw otherPlace(target);
  }
  const id = there ?? (await mark.make({ isMade: beginning !== undefined }));
  await noteBackup(db, { what: 'place', at: await clock.now(db), detail: id });
}

/** Of what makes no place: throws `other_place` if another one was known. */
export async function requireKnownPlace({ db, target }: Pick<Keeping, 'db' | 'target'>): Promise<void> {
  const known = (await backupNotesOf(db)).place?.detail;
  if (target.mark && known && (await target.mark.read()) !== known) throw otherPlace(target);
}

const otherPlace = ({ shown }: Pick<Target, 'shown'>): LakanaError =>
  new LakanaError(
    'other_place',
    `BACKUP_TARGET ${shown} is not the place of the last backup: is the disk mounted? If it is a new place: ${TOOL} backup --new-place`,
  );
