/**
 * What is too old goes: backups after the days that the settings say, links after three.
 *
 * Invariants: so that "erased" has a date, nothing is kept for longer than 35 days; the newest backup stays as long as there
 * is no other; nothing goes that is none of ours.
 */
import { LINKS_KEPT } from '../../backup/links.ts';
import { readName, type Stored } from '../../backup/names.ts';
import { keepBackups } from '../../db/backups.ts';
import { after, days } from '../../kernel/time.ts';
import type { Keeping } from './keeping.ts';

/** Returns how many files went. */
export async function prune({
  db,
  clock,
  target,
  settings,
}: Pick<Keeping, 'db' | 'clock' | 'target' | 'settings'>): Promise<number> {
  const stored = await target.list();
  const old = tooOld(stored, await clock.now(db), settings.keepDays);
  for (const name of old) await target.remove(name);
  const left = stored.map(({ name }) => name).filter((name) => !old.includes(name));
  await keepBackups(db, left);
  return old.length;
}

/** Names of those that go. */
export function tooOld(stored: readonly Stored[], now: Date, keepDays: number): string[] {
  const known = stored.flatMap(({ name }) => {
    const read = readName(name);
    return read ? [{ name, ...read }] : [];
  });
  const newest = Math.max(...known.flatMap(({ part, asOf }) => (part === 'backup' ? [asOf.getTime()] : [])));
  const before = { backup: after(now, -days(keepDays)), links: after(now, -LINKS_KEPT) };
  return known.flatMap(({ name, asOf, part }) => {
    const isLast = part === 'backup' && asOf.getTime() === newest;
    return asOf < before[part] && !isLast ? [name] : [];
  });
}
