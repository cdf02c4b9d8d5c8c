/**
 * The list of what was erased and who was taken out, beside the backups: what no backup may bring back.
 *
 * Invariants: sealed by the server key, so that it opens only as this server wrote it, and says nothing to one who has the
 * place; it only grows; an older one is told from the backup, which says how long it was.
 */
import { z } from 'zod';
import type { Keyring } from '../crypto/keyring.ts';
import { LakanaError } from '../kernel/errors.ts';
import { ERASED, type Target } from './names.ts';

const LIST = z.strictObject({
  lakana: z.literal('erased'),
  version: z.literal(1),
  /** Everything that was erased before. */
  at: z.iso.datetime(),
  entries: z.array(
    z.strictObject({
      /** Of a case, an officer, a member or a device of one. */
      id: z.uuid(),
      /** `emptied`: the case stays, and nothing that was in it. `officer`, `member`, `device`: was taken out. */
      what: z.enum(['erased', 'emptied', 'officer', 'member', 'device']),
      at: z.iso.datetime(),
      /** Of one that was erased: the row that is left of it, as the database has it. */
      left: z.record(z.string(), z.unknown()).optional(),
    }),
  ),
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

/**
 * Adds to the list what it does not hold yet; returns how long it is. One that was changed, or taken away, is written anew: the
 * database knows all of it. `asOf`: of a backup that is being made; the list is written then, also if nothing came.
 */
export async function addErased(
  keyring: Pick<Keyring, 'open' | 'seal'>,
  target: Target,
  more: readonly Erased[],
  { at, isBackup }: { at: Date; isBackup: boolean },
): Promise<{ count: number; wasChanged: boolean }> {
  const found = await readErased(keyring, target).catch((error: unknown) => {
    if (error instanceof LakanaError && error.code === 'erased_changed') return 'changed' as const;
    throw error;
  });
  const known = found === 'changed' ? [] : (found?.entries ?? []);
  const entries = joined(known, more);
  const isNews = JSON.stringify(entries) !== JSON.stringify(known);
  if (isBackup || found === undefined || found === 'changed' || isNews) {
    const list: List = { lakana: 'erased', version: 1, at: at.toISOString(), entries };
    await target.write(ERASED, once(keyring.seal(PURPOSE, CONTEXT, Buffer.from(JSON.stringify(list)))));
  }
  return {
    count: entries.length,
    wasChanged: found === 'changed' || (found === undefined && more.length > 0),
  };
}

/** One entry for each case and what was done to it, the latest. */
function joined(known: readonly Erased[], more: readonly Erased[]): Erased[] {
  const all = new Map<string, Erased>();
  for (const each of [...known, ...more]) {
    const key = `${each.what}/${each.id}`;
    const before = all.get(key);
    if (!before || before.at < each.at) all.set(key, each);
  }
  return [...all.values()];
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
