/**
 * The list of what was erased, beside the backups: what no backup may bring back.
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
  entries: z.array(
    z.strictObject({
      caseId: z.uuid(),
      /** `emptied`: the case stays, and nothing that was in it. */
      what: z.enum(['erased', 'emptied']),
      at: z.iso.datetime(),
      /** Of one that was erased: the row that is left of it, as the database has it. */
      left: z.record(z.string(), z.unknown()).optional(),
    }),
  ),
});
export type Erased = z.infer<typeof LIST>['entries'][number];

const PURPOSE = 'backup-erased';
const CONTEXT = 'list';

/** The list as it lies there; undefined: none does. Throws `erased_changed`. */
export async function readErased(
  keyring: Pick<Keyring, 'open'>,
  target: Pick<Target, 'read' | 'shown'>,
): Promise<Erased[] | undefined> {
  const box = await wholeOf(target.read(ERASED)).catch((error: unknown) => {
    if (error instanceof LakanaError && error.code === 'no_such_backup') return undefined;
    throw error;
  });
  if (!box) return undefined;
  try {
    const text = Buffer.from(keyring.open(PURPOSE, CONTEXT, box)).toString('utf8');
    return LIST.parse(JSON.parse(text)).entries;
  } catch {
    throw new LakanaError(
      'erased_changed',
      `the list of what was erased (${ERASED} in ${target.shown}) was changed or cut off, or was written with another server key: an intruder may want something back that was erased. To restore without it all the same, move it away first`,
    );
  }
}

/**
 * Adds to the list what it does not hold yet; returns how long it is. One that was changed is written anew: the database
 * knows all of it.
 */
export async function addErased(
  keyring: Pick<Keyring, 'open' | 'seal'>,
  target: Target,
  more: readonly Erased[],
): Promise<{ count: number; wasChanged: boolean }> {
  const found = await readErased(keyring, target).catch((error: unknown) => {
    if (error instanceof LakanaError && error.code === 'erased_changed') return 'changed' as const;
    throw error;
  });
  const known = found === 'changed' ? [] : (found ?? []);
  const has = new Set(known.map(({ caseId, what }) => `${what}/${caseId}`));
  const entries = [...known, ...more.filter(({ caseId, what }) => !has.has(`${what}/${caseId}`))];
  if (!Array.isArray(found) || entries.length > known.length) {
    const text = JSON.stringify({ lakana: 'erased', version: 1, entries } satisfies z.infer<typeof LIST>);
    await target.write(ERASED, once(keyring.seal(PURPOSE, CONTEXT, Buffer.from(text))));
  }
  return { count: entries.length, wasChanged: found === 'changed' };
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
