/** What `doctor` says of backups: whether they are made, how old the newest is, whether a person has opened one. */
import { type Line, line } from '../app/ground/lines.ts';
import { REHEARSE_EVERY, TOO_OLD } from '../app/keeping/nightly.ts';
import { isAhead } from '../app/keeping/pruning.ts';
import type { Config } from '../config.ts';
import { backupNotesOf, listBackups } from '../db/backups.ts';
import type { Db } from '../db/database.ts';
import { after, hours } from '../kernel/time.ts';
import { type Check, fail, ok, warn } from './check.ts';

export async function checkBackups(
  { backup, mode }: Pick<Config, 'backup' | 'mode'>,
  db: Db,
  now: Date,
): Promise<Check[]> {
  if (!backup)
    return mode === 'trial' ? [] : [warn('backups', line('backups.none_set'), line('backups.none_set_mend'))];
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
  const code = failed?.detail ?? line('backups.unknown');
  const andWhy = (said: Line) => (failed ? line('backups.failed', { said, code }) : said);
  const mend = line('backups.make');
  if (!newest)
    return since && after(since.at, TOO_OLD) < now
      ? fail('backups', andWhy(line('backups.never')), mend)
      : warn('backups', andWhy(line('backups.not_yet')), mend);
  const count = Math.floor((now.getTime() - newest.asOf.getTime()) / hours(1));
  const age = line('backups.age', { count });
  if (after(newest.asOf, TOO_OLD) < now) return fail('backups', andWhy(age), mend);
  if (newest.rehearsed === 'chain_broken')
    return fail('backups', line('backups.broken', { age }), line('backups.broken_mend'));
  if (newest.rehearsed !== 'same' || failed)
    return warn(
      'backups',
      andWhy(line('backups.not_tried', { age, code: newest.rehearsed })),
      line('backups.not_tried_mend'),
    );
  return ok('backups', line('backups.well', { age }));
}

function strangeBy({ strange }: Notes): Check[] {
  if (!strange) return [];
  return [
    warn(
      'place of the backups',
      line('backups.strange', { number: strange.detail ?? line('some') }),
      line('backups.strange_mend'),
    ),
  ];
}

function diskBy({ same_disk: isThere }: Notes): Check[] {
  if (!isThere) return [];
  return [warn('place of the backups', line('backups.same_disk'), line('backups.same_disk_mend'))];
}

/** Written each hour, and with each erasing. */
const LIST_TOO_OLD = hours(6);

function listBy({ list }: Notes, now: Date): Check[] {
  if (!list || after(list.at, LIST_TOO_OLD) >= now) return [];
  return [warn('list of what was erased', line('backups.list_old'), line('backups.list_old_mend'))];
}

function openedBy({ rehearsed, since }: Notes, now: Date): Check[] {
  const last = rehearsed?.at ?? since?.at;
  if (!last || after(last, REHEARSE_EVERY) >= now) return [];
  return [warn('key of the backups', line('backups.unopened'), line('backups.unopened_mend'))];
}
