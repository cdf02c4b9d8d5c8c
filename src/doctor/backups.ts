/** What `doctor` says of backups: whether they are made, how old the newest is, whether a person has opened one. */
import { REHEARSE_EVERY, TOO_OLD } from '../app/keeping/nightly.ts';
import { isAhead } from '../app/keeping/pruning.ts';
import type { Config } from '../config.ts';
import { backupNotesOf, listBackups } from '../db/backups.ts';
import type { Db } from '../db/database.ts';
import { after, hours } from '../kernel/time.ts';
import { TOOL } from '../kernel/tool.ts';
import { type Check, fail, ok, warn } from './check.ts';

export async function checkBackups(
  { backup, mode }: Pick<Config, 'backup' | 'mode'>,
  db: Db,
  now: Date,
): Promise<Check[]> {
  if (!backup)
    return mode === 'trial'
      ? []
      : [
          warn(
            'backups',
            'none are made: if this machine breaks down, everything is lost',
            'set BACKUP_RECIPIENT_FILE and BACKUP_TARGET (docs/operating/backup.md)',
          ),
        ];
  const newest = (await listBackups(db)).find(({ asOf }) => !isAhead(asOf, now));
  const notes = await backupNotesOf(db);
  return [
    ageOf(newest, notes, now),
    ...strangeBy(notes),
    ...diskBy(notes),
    ...listBy(notes, now),
    ...openedBy(notes, now),
  ];
}

type Notes = Awaited<ReturnType<typeof backupNotesOf>>;
type Newest = Awaited<ReturnType<typeof listBackups>>[number] | undefined;

function ageOf(newest: Newest, { failed, since }: Notes, now: Date): Check {
  const why = failed ? `; the last try failed (${failed.detail ?? 'unknown'})` : '';
  const mend = `make one now, which says what is wrong: ${TOOL} backup`;
  if (!newest)
    return since && after(since.at, TOO_OLD) < now
      ? fail('backups', `none was ever made${why}`, mend)
      : warn('backups', `none was made yet${why}`, mend);
  const old = `the newest is ${Math.floor((now.getTime() - newest.asOf.getTime()) / hours(1))} hours old`;
  if (after(newest.asOf, TOO_OLD) < now) return fail('backups', `${old}${why}`, mend);
  if (newest.rehearsed === 'chain_broken')
    return fail(
      'backups',
      `${old}, and something in the database is not as this server wrote it`,
      `tell the CNDH; which it is, is said by: ${TOOL} backup`,
    );
  if (newest.rehearsed !== 'same' || failed)
    return warn(
      'backups',
      `${old}, and was not tried out (${newest.rehearsed})${why}`,
      `why is said by: ${TOOL} backup`,
    );
  return ok('backups', `${old}, and was put back beside and compared`);
}

function strangeBy({ strange }: Notes): Check[] {
  if (!strange) return [];
  return [
    warn(
      'place of the backups',
      `${strange.detail ?? 'some'} files there are strange: no files, not to be removed, or named by a clock that was wrong`,
      `${TOOL} backup list names them; look who writes there, and take them away by hand`,
    ),
  ];
}

function diskBy({ same_disk: isThere }: Notes): Check[] {
  if (!isThere) return [];
  return [
    warn(
      'place of the backups',
      'lies on the same disk as the data: a disk that breaks, or a machine that is stolen, takes both',
      'give another disk, another machine that is mounted, or a bucket as BACKUP_TARGET',
    ),
  ];
}

/** Written each hour, and with each erasing. */
const LIST_TOO_OLD = hours(6);

function listBy({ list }: Notes, now: Date): Check[] {
  if (!list || after(list.at, LIST_TOO_OLD) >= now) return [];
  return [
    warn(
      'list of what was erased',
      'was not written beside the backups for hours: a restore would bring back what was erased since, and nobody is told that it is done',
      `see whether the place of the backups answers: ${TOOL} backup`,
    ),
  ];
}

function openedBy({ rehearsed, since }: Notes, now: Date): Check[] {
  const last = rehearsed?.at ?? since?.at;
  if (!last || after(last, REHEARSE_EVERY) >= now) return [];
  return [
    warn(
      'key of the backups',
      'no backup was opened with it for three months',
      `${TOOL} backup rehearse --identity …, with the person who keeps it`,
    ),
  ];
}
