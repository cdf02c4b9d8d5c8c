/**
 * The last change of each text that was seen here before, so that a database that was set back as a whole is known by that.
 *
 * Invariants: what is kept outside the database only takes away: a text whose last change is gone is said as the files say it. It
 * is let go once a change says that it is lost (`Change.lost`), which only the server can say: what people say anew then counts.
 */
import type { OpenChange } from '../changes/rows.ts';
import { nameOf } from '../changes/states.ts';
import type { TextName } from '../changes/what-holds.ts';

/** Hash of the last change of a text, and of those that said it was lost. */
export type SeenText = TextName & { hash: string; lost: readonly string[] };

/** Where it is kept. */
export type SeenTexts = {
  read(): Promise<readonly SeenText[]>;
  /** Rejects never: where it cannot be kept a set-back database is not known by it. */
  write(seen: readonly SeenText[]): Promise<void>;
};

/** Texts of which something was seen that is no more, without any change that says so. */
export function goneSince(seen: readonly SeenText[], changes: readonly OpenChange[]): TextName[] {
  const there = new Set(changes.map(({ hash }) => hash));
  const now = lastOf(changes);
  return seen.flatMap(({ language, key, hash, lost }) => {
    const isSaid = now.get(nameOf({ language, key }))?.lost.some((each) => !lost.includes(each));
    return there.has(hash) || isSaid ? [] : [{ language, key }];
  });
}

/** What is to be kept from now on: of what is gone still what was there. */
export function nextSeen(seen: readonly SeenText[], changes: readonly OpenChange[]): SeenText[] {
  const gone = new Set(goneSince(seen, changes).map(nameOf));
  const next = lastOf(changes);
  for (const each of seen) {
    const now = next.get(nameOf(each));
    const lost = [...new Set([...each.lost, ...(now?.lost ?? [])])];
    next.set(nameOf(each), gone.has(nameOf(each)) || !now ? each : { ...now, lost });
  }
  return [...next.values()];
}

function lastOf(changes: readonly OpenChange[]): Map<string, SeenText> {
  const last = new Map<string, SeenText>();
  for (const { language, key, hash, lost = [] } of changes) {
    for (const each of lost) {
      const before = last.get(nameOf(each))?.lost ?? [];
      last.set(nameOf(each), { language: each.language, key: each.key, hash, lost: [...before, hash] });
    }
    const name = nameOf({ language, key });
    last.set(name, { language, key, hash, lost: last.get(name)?.lost ?? [] });
  }
  return last;
}
