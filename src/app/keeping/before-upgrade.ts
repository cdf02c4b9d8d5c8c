/**
 * A backup of a database that a new version is about to change.
 *
 * Invariants: nothing but what every version has is asked of the tables; without a backup that was written whole, in the place of
 * the last one, nothing is changed. It has no links beside it: those of the night before lie there.
 */
import { readErased, writeErased } from '../../backup/erased.ts';
import { nameOf } from '../../backup/names.ts';
import { sealed } from '../../backup/sealing.ts';
import { startBackup } from '../../backup/writing.ts';
import { modeOf } from '../../db/service-state.ts';
import { onSnapshot, type Whole } from '../../db/snapshot.ts';
import { LakanaError } from '../../kernel/errors.ts';
import { VERSION } from '../../kernel/project.ts';
import type { Keeping } from './keeping.ts';
import { inWords } from './make-backup.ts';
import { requireKnownPlace } from './place.ts';

/** Returns its name. Throws `no_backup_before`, with what is wrong. */
export async function backUpBefore({
  url,
  clock,
  keyring,
  target,
  settings,
}: Omit<Keeping, 'db' | 'epochs'>): Promise<string> {
  try {
    const made = await onSnapshot(url, async ({ tx, db }) => {
      await requirePlaceBefore({ db, tx, target });
      await target.tidy();
      const asOf = await clock.now(db);
      const list = await readErased(keyring, target);
      const mode = (await modeOf(db)) ?? 'trial';
      const about = {
        ...{ version: VERSION, asOf: asOf.toISOString(), mode },
        ...{ erased: list?.entries.length ?? 0, list: list?.number ?? 0 },
      };
      const { bytes } = await startBackup({ tx, about, keyring, settings });
      const name = nameOf(asOf, 'backup');
      await target.write(name, await sealed(settings.recipient, bytes));
      // Nobody is at work, so that nothing was erased meanwhile: the list is newer than the backup, and holds the same.
      if (list)
        await writeErased(keyring, target, {
          ...list,
          version: 2,
          number: list.number + 1,
          at: (await clock.now(db)).toISOString(),
        });
      return name;
    });
    if (made !== undefined) return made;
  } catch (error) {
    throw new LakanaError(
      'no_backup_before',
      `nothing was changed, since no backup could be made before: ${inWords(error, target)}`,
      { cause: error },
    );
  }
  throw new LakanaError(
    'no_backup_before',
    'nothing was changed, since another process is making a backup: wait for it',
  );
}

/** A database from before backups knows no place. */
async function requirePlaceBefore({ db, tx, target }: Whole & { target: Keeping['target'] }): Promise<void> {
  const [table] = await tx<{ is: boolean }[]>`select to_regclass('backup_notes') is not null as is`;
  if (table?.is) await requireKnownPlace({ db, target });
}
