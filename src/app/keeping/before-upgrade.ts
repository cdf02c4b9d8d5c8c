/**
 * A backup of a database that a new version is about to change.
 *
 * Invariants: nothing but what every version has is asked of the tables; without a backup that was written whole nothing is
 * changed. It has no links beside it: those of the night before lie there.
 */
import { readErased } from '../../backup/erased.ts';
import { nameOf } from '../../backup/names.ts';
import { sealed } from '../../backup/sealing.ts';
import { startBackup } from '../../backup/writing.ts';
import { modeOf } from '../../db/service-state.ts';
import { onSnapshot } from '../../db/snapshot.ts';
import { LakanaError } from '../../kernel/errors.ts';
import { VERSION } from '../../kernel/project.ts';
import type { Keeping } from './keeping.ts';
import { inWords } from './make-backup.ts';

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
      await target.tidy();
      const asOf = await clock.now(db);
      const erased = (await readErased(keyring, target))?.entries.length ?? 0;
      const mode = (await modeOf(db)) ?? 'trial';
      const about = { version: VERSION, asOf: asOf.toISOString(), mode, erased };
      const { bytes } = await startBackup({ tx, about, keyring, settings });
      const name = nameOf(asOf, 'backup');
      await target.write(name, await sealed(settings.recipient, bytes));
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
