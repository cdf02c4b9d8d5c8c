/**
 * What is too old goes: backups after the days that the settings say, links after three.
 *
 * Invariants: so that "erased" has a date, nothing is kept for longer than 35 days; the newest backup stays as long as there
 * is no other; nothing goes that is none of ours, and nothing while the time is in doubt.
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
  mayErase = () => true,
}: Pick<Keeping, 'db' | 'clock' | 'target' | 'settings' | 'mayErase'>): Promise<number> {
  const now = await clock.now(db);
  if (!mayErase(now)) return 0;
  const stored = await target.list();
  const gone: string[] = [];
  // One that cannot be taken away keeps no other there.
  for (const name of tooOld(stored, now, settings.keepDays))
    await target.remove(name).then(
      () => gone.push(name),
      () => undefined,
    );
  await keepBackups(
    db,
    stored.map(({ name }) => name).filter((name) => !gone.includes(name)),
  );
  return gone.length;
}

/** Names of those that go. */
export function tooOld(stored: readonly Stored[], now: Date, keepDays: number): string[] {
  const known = stored.flatMap(({ name }) => {
    const read = readName(name);
    return read ? [{ name, ...read }] : [];
  });
  // One of a day that has not come was made by a clock that was wrong, or by an intruder: it keeps no real one from staying.
  const soon = after(now, days(1));
  const newest = Math.max(
    ...known.flatMap(({ part, asOf }) => (part === 'backup' && asOf < soon ? [asOf.getTime()] : [])),
  );
  const before = { backup: after(now, -days(keepDays)), links: after(now, -LINKS_KEPT) };
  return known.flatMap(({ name, asOf, part }) => {
    const isLast = part === 'backup' && asOf.getTime() === newest;
    return asOf < before[part] && !isLast ? [name] : [];
  });
}
