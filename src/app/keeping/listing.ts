/**
 * The list beside the backups, kept up to date: at once after each erasing and each taking out, and looked at every few minutes.
 *
 * Invariants: one process writes at a time, and each writing holds everything that was committed before it; that a case is erased
 * is said only once the list holds it, so that no restore makes that untrue.
 */
import { addErased, type List } from '../../backup/erased.ts';
import { backupNotesOf, noteBackup } from '../../db/backups.ts';
import type { Db } from '../../db/database.ts';
import { noteTold, untoldErasures } from '../../db/erasures.ts';
import { onListLock } from '../../db/snapshot.ts';
import type { ErasureId } from '../../kernel/ids.ts';
import { hours } from '../../kernel/time.ts';
import type { Context } from '../ground/context.ts';
import { transact } from '../ground/transaction.ts';
import { tellOfErasure } from '../reporters/erasure-stops.ts';
import type { Keeping } from './keeping.ts';
import { erasedHere, heldHere } from './known.ts';
import { requireKnownPlace } from './place.ts';

/** The list says of what time it is, also when nothing was erased: a restore tells by that how much it may lack. */
const WRITTEN_EACH = hours(1);

type Needed = Pick<Keeping, 'db' | 'url' | 'clock' | 'keyring' | 'epochs' | 'target'>;
export type Noted = { count: number; number: number; wasChanged: boolean };

/**
 * Brings the list up to date. `isBackup`: a backup is being made, which says the number that is written for it. `isNewPlace`: there is
 * none there yet, and that is right.
 */
export function noteErased(
  { db, url, clock, keyring, epochs, target }: Needed,
  { isBackup, isNewPlace = false }: { isBackup: boolean; isNewPlace?: boolean },
): Promise<Noted> {
  return onListLock(url, async () => {
    const at = await clock.now(db);
    const entries = await erasedHere(db);
    const { held, looked } = await heldHere({ epochs }, db, at);
    const number = await numberNoted(db);
    const isNeeded = (found: List) => isBackup || at.getTime() - Date.parse(found.at) >= WRITTEN_EACH;
    const noted = await addErased(keyring, target, { entries, held, looked, at, number }, isNeeded);
    if (noted.number !== number) await noteBackup(db, { what: 'list', at, detail: String(noted.number) });
    return { ...noted, wasChanged: noted.wasChanged && !isNewPlace };
  });
}

const numberNoted = async (db: Db): Promise<number> => Number((await backupNotesOf(db)).list?.detail ?? 0);

/** The same in the place of the last backup, and what waits for it is said then. Before the first one nothing could come back. */
export async function keepErased(ctx: Context, keeping: Needed): Promise<Noted | undefined> {
  if (keeping.target.mark && !(await backupNotesOf(ctx.db)).place) {
    await tellErased(ctx);
    return undefined;
  }
  await requireKnownPlace(keeping);
  const waiting = await untoldErasures(ctx.db);
  const noted = await noteErased(keeping, { isBackup: false });
  await tellErased(ctx, waiting);
  return noted;
}

/** Says of erasings that they are done: `waiting`, those that were done before the list was written; absent: no list is kept. */
export async function tellErased(ctx: Context, waiting?: readonly ErasureId[]): Promise<void> {
  for (const id of waiting ?? (await untoldErasures(ctx.db)))
    await transact(ctx, async (at) => {
      const row = await noteTold(at.tx, id);
      if (row) await tellOfErasure(at, row, 'erasure.done');
    });
}
