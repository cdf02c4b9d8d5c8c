/**
 * Which list of what was erased a restore goes by.
 *
 * Invariants: of all lists that can be found the newest counts: beside the backup, and in the place that the settings name; one that
 * is not newer than the backup is refused, since what was erased after it would be back, unless the person who restores says so.
 */
import { type List, readErased } from '../../backup/erased.ts';
import type { Header } from '../../backup/header.ts';
import { readName, type Target } from '../../backup/names.ts';
import type { Keyring } from '../../crypto/keyring.ts';
import { LakanaError } from '../../kernel/errors.ts';
import { isAhead } from './pruning.ts';

/** By what the person who restores says that what was erased may be back. */
export const MAY_RETURN = '--erased-may-return';
const OR = `If none newer can be found, what was erased since comes back, and who was taken out: say so with ${MAY_RETURN}`;

/** What lies beside the backup, and in the place of the settings. */
export type Found = {
  list: List | undefined;
  /** When the newest backup was made that lies there. */
  newestBackup: Date | undefined;
  /** The place of the settings, if it could not be looked at. */
  unread?: string;
};

/** `place`: of the settings; undefined: they name none, or the backup lies there. */
export async function findList(
  keyring: Pick<Keyring, 'open'>,
  beside: Target,
  place: Target | undefined,
  now: Date,
): Promise<Found> {
  const here = { list: await readErased(keyring, beside), newestBackup: await newestIn(beside, now) };
  if (!place) return here;
  try {
    const there = { list: await readErased(keyring, place), newestBackup: await newestIn(place, now) };
    return {
      list: newer(here.list, there.list),
      newestBackup: [here.newestBackup, there.newestBackup]
        .filter((each) => each !== undefined)
        .sort((a, b) => b.getTime() - a.getTime())[0],
    };
  } catch (error) {
    if (error instanceof LakanaError && error.code === 'erased_changed') throw error;
    return { ...here, unread: place.shown };
  }
}

function newer(one: List | undefined, other: List | undefined): List | undefined {
  if (!one || !other) return one ?? other;
  return other.number > one.number || (other.number === one.number && other.at > one.at) ? other : one;
}

async function newestIn(target: Target, now: Date): Promise<Date | undefined> {
  const dates = (await target.list()).flatMap(({ name }) => {
    const read = readName(name);
    return read?.part === 'backup' && !isAhead(read.asOf, now) ? [read.asOf] : [];
  });
  return dates.sort((a, b) => b.getTime() - a.getTime())[0];
}

/** Throws what speaks against going by this list: `no_erased`, `erased_older`, `place_unread`. */
export function requireNewest(
  { list: number = 0, erased, asOf }: Pick<Header, 'list' | 'erased' | 'asOf'>,
  { list, newestBackup, unread }: Found,
  mayReturn: boolean,
): void {
  if (mayReturn) return;
  if (unread !== undefined)
    throw new LakanaError(
      'place_unread',
      `BACKUP_TARGET ${unread} cannot be read, and the newest list of what was erased lies there: mount it, or bring its lakana-erased beside the backup and take BACKUP_TARGET out for this. ${OR}`,
    );
  if (!list && (number > 0 || erased > 0))
    throw new LakanaError(
      'no_erased',
      `no list of what was erased lies beside the backup, and there was one: bring the newest lakana-erased from the place of the backups. ${OR}`,
    );
  if (!list) return;
  if (list.entries.length < erased || list.number < number)
    throw new LakanaError(
      'erased_older',
      `the list of what was erased is older than this backup (of ${list.at}): an intruder may want something back that was erased. Bring the newest lakana-erased. ${OR}`,
    );
  if (list.number === number && number > 0)
    throw new LakanaError(
      'erased_older',
      `the list of what was erased is as old as this backup (${asOf}), and a newer one is written within the hour: bring the newest lakana-erased from the place of the backups. ${OR}`,
    );
  if (newestBackup && new Date(list.at) < newestBackup)
    throw new LakanaError(
      'erased_older',
      `a newer backup (${newestBackup.toISOString()}) lies there than the list of what was erased (${list.at}): bring the newest lakana-erased. ${OR}`,
    );
}
