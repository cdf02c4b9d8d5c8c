/**
 * What is too old goes: backups after the days that the settings say, links after three.
 *
 * Invariants: so that "erased" has a date, nothing is kept for longer than 35 days; the newest backup that this database knows,
 * and that lies there as long as it was written, stays as long as there is no other; a name alone proves nothing, so that without
 * a known one no backup goes, and one from the future stays and is named; nothing goes that is none of ours, and what does not
 * go holds nothing else back.
 */
import { LINKS_KEPT } from '../../backup/links.ts';
import { readName, type Stored } from '../../backup/names.ts';
import { keepBackups, listBackups } from '../../db/backups.ts';
import { after, days } from '../../kernel/time.ts';
import type { Keeping } from './keeping.ts';

export type Pruned = {
  /** How many files went. */
  pruned: number;
  /** What is no file, has a name from the future, or does not go. */
  strange: string[];
};

/** A name this much ahead was given by a clock that was wrong, or by an intruder. */
const AHEAD = days(1);

/** To be called in a place that is known, at a time that can be trusted. */
export async function prune({
  db,
  clock,
  target,
  settings,
}: Pick<Keeping, 'db' | 'clock' | 'target' | 'settings'>): Promise<Pruned> {
  const stored = await target.list();
  const now = await clock.now(db);
  const old = tooOld(stored, { now, keepDays: settings.keepDays, known: await listBackups(db) });
  const stuck: string[] = [];
  for (const name of old) await target.remove(name).catch(() => stuck.push(name));
  const gone = new Set(old.filter((name) => !stuck.includes(name)));
  await keepBackups(
    db,
    stored.flatMap(({ name }) => (gone.has(name) ? [] : [name])),
  );
  return { pruned: gone.size, strange: [...stuck, ...(await strangeIn(target, stored, now))] };
}

/** What an operator should look at. */
export async function strangeIn(
  target: Pick<Keeping['target'], 'strange'>,
  stored: readonly Stored[],
  now: Date,
): Promise<string[]> {
  const ahead = stored.filter(({ name }) => isAhead(readName(name)?.asOf, now));
  return [...((await target.strange?.()) ?? []), ...ahead.map(({ name }) => name)];
}

/** Whether a moment lies further ahead than any clock of ours may. */
export const isAhead = (asOf: Date | undefined, now: Date): boolean =>
  asOf !== undefined && asOf > after(now, AHEAD);

type Known = { name: string; asOf: Date; bytes: number };

/** Names of those that go. `known`: what the database says it has made. */
export function tooOld(
  stored: readonly Stored[],
  { now, keepDays, known }: { now: Date; keepDays: number; known: readonly Known[] },
): string[] {
  const last = newestThere(stored, known, now);
  const before = { backup: after(now, -days(keepDays)), links: after(now, -LINKS_KEPT) };
  return stored.flatMap(({ name }) => {
    const read = readName(name);
    if (!read || read.asOf >= before[read.part]) return [];
    return read.part === 'links' || (last !== undefined && name !== last) ? [name] : [];
  });
}

function newestThere(stored: readonly Stored[], known: readonly Known[], now: Date): string | undefined {
  const sizes = new Map(stored.map(({ name, bytes }) => [name, bytes]));
  return known
    .filter(({ name, bytes, asOf }) => sizes.get(name) === bytes && !isAhead(asOf, now))
    .sort((a, b) => b.asOf.getTime() - a.asOf.getTime())[0]?.name;
}
