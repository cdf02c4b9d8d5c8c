/**
 * The list of what no backup may bring back, beside the backups: what was erased, who was taken out, and what people chose since
 * to be protected by.
 *
 * Invariants: sealed by the server key, so that it opens only as this server wrote it, and says nothing to one who has the
 * place; what was erased or taken out only grows; each writing has a number, so that an older list is told from a newer one, and
 * from the backup, which says the number that it was made with.
 */
import { z } from 'zod';
import type { Keyring } from '../crypto/keyring.ts';
import { LakanaError } from '../kernel/errors.ts';
import { after, days } from '../kernel/time.ts';
import { ERASED, type Target } from './names.ts';

const time = z.iso.datetime();
const ids = z.array(z.uuid());

/** What counts now of what people chose: each writing says it anew. */
const HELD = z.strictObject({
  /** Who must not know of which case. */
  excluded: z.array(z.strictObject({ case: z.uuid(), people: ids })),
  /** What the newest plan says of it, under the server key, and when that came into force. */
  plan: z.strictObject({ at: time, exclusions: z.base64() }).optional(),
  /** Chats of reporters that may not be written to at any time, with what they said. */
  silent: z.array(z.strictObject({ contact: z.uuid(), may: z.unknown(), at: time })),
  /** Chats that lost a case: they were cut, or refused. */
  apart: z.array(z.strictObject({ alert: z.uuid(), contacts: ids, at: time })),
});
export type Held = z.infer<typeof HELD>;
export const NOTHING_HELD: Held = { excluded: [], silent: [], apart: [] };

const LIST = z.strictObject({
  lakana: z.literal('erased'),
  /** 1: without a number and without `held`. */
  version: z.union([z.literal(1), z.literal(2)]),
  /** One more with each writing. */
  number: z.int().nonnegative().default(0),
  /** Everything that was erased before. */
  at: time,
  entries: z.array(
    z.strictObject({
      /** Of a case, an officer, a member, a device of one, or a contact that was an officer's. */
      id: z.uuid(),
      /**
       * `emptied`: the case stays, and nothing that was in it. `officer`, `member`, `device`, `contact`: was taken out. `code`: the
       * case's receipt code was replaced.
       */
      what: z.enum(['erased', 'emptied', 'officer', 'member', 'device', 'contact', 'code']),
      at: time,
      /** Of one that was erased: the row that is left of it, as the database has it. Of a code: what is stored of the new one. */
      left: z.record(z.string(), z.unknown()).optional(),
    }),
  ),
  held: HELD.default(NOTHING_HELD),
});
export type List = z.infer<typeof LIST>;
export type Erased = List['entries'][number];

const PURPOSE = 'backup-erased';
const CONTEXT = 'list';

/** The list as it lies there; undefined: none does. Throws `erased_changed`. */
export async function readErased(
  keyring: Pick<Keyring, 'open'>,
  target: Pick<Target, 'read' | 'shown'>,
): Promise<List | undefined> {
  const box = await wholeOf(target.read(ERASED)).catch((error: unknown) => {
    if (error instanceof LakanaError && error.code === 'no_such_backup') return undefined;
    throw error;
  });
  if (!box) return undefined;
  try {
    const text = Buffer.from(keyring.open(PURPOSE, CONTEXT, box)).toString('utf8');
    return LIST.parse(JSON.parse(text));
  } catch {
    throw new LakanaError(
      'erased_changed',
      `the list of what was erased (${ERASED} in ${target.shown}) was changed or cut off, or was written with another server key: an intruder may want something back that was erased. To restore without it all the same, move it away first`,
    );
  }
}

export type Known = {
  entries: readonly Erased[];
  held: Held;
  /** Contacts and alerts of which this database knows at this moment what is held, be it nothing. */
  looked: ReadonlySet<string>;
  at: Date;
  /** Of the last writing; 0: this database never wrote one. */
  number: number;
};

/**
 * Adds to the list what it does not hold yet. One that was changed, taken away, or put back as it was before is written anew: the
 * database knows all of it. `isNeeded`: of one that holds all of it already, whether it is written anew all the same.
 */
export async function addErased(
  keyring: Pick<Keyring, 'open' | 'seal'>,
  target: Pick<Target, 'read' | 'write' | 'shown'>,
  known: Known,
  isNeeded: (found: List) => boolean,
): Promise<{ count: number; number: number; wasChanged: boolean }> {
  const there = await readErased(keyring, target).catch((error: unknown) => {
    if (error instanceof LakanaError && error.code === 'erased_changed') return 'changed' as const;
    throw error;
  });
  const found = there === 'changed' ? undefined : there;
  const wasChanged = there === 'changed' || (found?.number ?? 0) < known.number;
  const { entries, held } = joined(found, known);
  const isSame =
    JSON.stringify([entries, held]) === JSON.stringify([found?.entries ?? [], found?.held ?? NOTHING_HELD]);
  const count = entries.length;
  if (found && !wasChanged && isSame && !isNeeded(found)) return { count, number: found.number, wasChanged };
  const number = Math.max(found?.number ?? 0, known.number) + 1;
  const list: List = { lakana: 'erased', version: 2, number, at: known.at.toISOString(), entries, held };
  await writeErased(keyring, target, list);
  return { count, number, wasChanged };
}

export async function writeErased(
  keyring: Pick<Keyring, 'seal'>,
  target: Pick<Target, 'write'>,
  list: List,
): Promise<void> {
  await target.write(ERASED, once(keyring.seal(PURPOSE, CONTEXT, Buffer.from(JSON.stringify(list)))));
}

function joined(found: List | undefined, known: Known): Pick<List, 'entries' | 'held'> {
  return {
    entries: joinedEntries(found?.entries ?? [], known.entries),
    held: joinedHeld(found?.held ?? NOTHING_HELD, known),
  };
}

/** One entry for each case and what was done to it, the latest. Nothing of the keys of one that was erased stays. */
function joinedEntries(known: readonly Erased[], more: readonly Erased[]): Erased[] {
  const all = new Map<string, Erased>();
  for (const each of [...known, ...more]) {
    const key = `${each.what}/${each.id}`;
    const before = all.get(key);
    if (!before || before.at < each.at) all.set(key, each);
  }
  return [...all.values()].filter(({ what, id }) => what !== 'code' || !all.has(`erased/${id}`));
}

/** Longer than any backup is kept. */
const KEPT = days(36);

/** What a chat chose counts, also once its case is closed, as long as a backup may have it otherwise. */
function joinedHeld(before: Held, { held, looked, at }: Known): Held {
  const since = after(at, -KEPT).toISOString();
  const isKept = (id: string, when: string): boolean => !looked.has(id) && when > since;
  const silent = before.silent.filter((each) => isKept(each.contact, each.at));
  const apart = before.apart.filter((each) => isKept(each.alert, each.at));
  return {
    ...held,
    silent: [...silent, ...sinceFirst(before.silent, held.silent)],
    apart: [...apart, ...sinceFirst(before.apart, held.apart)],
  };
}

/** With the time of their first writing: a list in which nothing came is the same list. */
function sinceFirst<T extends { at: string }>(before: readonly T[], now: readonly T[]): T[] {
  const known = new Map(before.map((each) => [JSON.stringify({ ...each, at: '' }), each]));
  return now.map((each) => known.get(JSON.stringify({ ...each, at: '' })) ?? each);
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array, void> {
  yield bytes;
}

/** A line for each case that was ever erased: some thousands in years. */
const MOST = 64_000_000;

async function wholeOf(bytes: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of bytes) {
    length += part.length;
    if (length > MOST)
      throw new LakanaError('erased_changed', 'the list of what was erased is too long to be one');
    parts.push(part);
  }
  return Buffer.concat(parts);
}
