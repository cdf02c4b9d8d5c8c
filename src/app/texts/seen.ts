/**
 * The last change of each text that was seen here before, so that a database that was set back as a whole is known by that.
 *
 * Invariants: what is kept outside the database only takes away: a text whose last change is gone is said as the files say it. It
 * is let go once a change says that this very one is lost (`Change.lost`, by its hash), which only the server can say: what people
 * say anew then counts. A row that says it of another one, or of no certain one, lets nothing go: it may have been prepared before.
 */
import type { Lost, OpenChange } from '../changes/rows.ts';
import { nameOf } from '../changes/states.ts';
import type { TextName } from '../changes/what-holds.ts';

/** Hash of the last change of a text. */
export type SeenText = TextName & { hash: string };

/** Where it is kept. */
export type SeenTexts = {
  read(): Promise<readonly SeenText[]>;
  /** Rejects never: where it cannot be kept a set-back database is not known by it. */
  write(seen: readonly SeenText[]): Promise<void>;
};

/** Texts of which something was seen that is no more, without any change that says so. */
export function goneSince(seen: readonly SeenText[], changes: readonly OpenChange[]): SeenText[] {
  const there = new Set(changes.map(({ hash }) => hash));
  const lost = new Set(changes.flatMap((change) => (change.lost ?? []).map(lostName)));
  return seen.filter((each) => !there.has(each.hash) && !lost.has(lostName(each)));
}

const lostName = ({ language, key, hash = '' }: Lost): string => `${nameOf({ language, key })} ${hash}`;

/** What is to be kept from now on: of what is gone still what was there. */
export function nextSeen(seen: readonly SeenText[], changes: readonly OpenChange[]): SeenText[] {
  const next = lastOf(changes);
  for (const each of goneSince(seen, changes)) next.set(nameOf(each), each);
  return [...next.values()];
}

/** The same where nothing is gone, and only these came since. */
export function seenBesides(seen: readonly SeenText[], came: readonly OpenChange[]): SeenText[] {
  const all = new Map(seen.map((each) => [nameOf(each), each]));
  for (const [name, each] of lastOf(came)) all.set(name, each);
  return [...all.values()];
}

function lastOf(changes: readonly OpenChange[]): Map<string, SeenText> {
  const last = new Map<string, SeenText>();
  for (const { language, key, hash, lost = [] } of changes) {
    // Gone as well is what says that it is lost.
    for (const each of lost) last.set(nameOf(each), { language: each.language, key: each.key, hash });
    last.set(nameOf({ language, key }), { language, key, hash });
  }
  return last;
}
