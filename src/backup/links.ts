/**
 * The second file beside a backup: what leads from what is open to the people.
 *
 * Invariants: sealed twice: each line by the server key, so that the key of the backups alone shows nobody, and all of it to the
 * key of the backups, so that the server alone cannot read it again; a line opens only as what it was, of the backup beside
 * which it lay; it goes after three days, as what it says would be forgotten.
 */
import { z } from 'zod';
import type { Keyring } from '../crypto/keyring.ts';
import { days } from '../kernel/time.ts';
import { notABackup } from './frames.ts';

/** So long such a file is kept. */
export const LINKS_KEPT = days(3);

const LINK = z.strictObject({
  of: z.enum(['alert', 'conversation', 'evidence']),
  id: z.uuid(),
  value: z.unknown(),
});
/** `value`: what lay under the key of the day. */
export type Link = z.infer<typeof LINK>;

const PURPOSE = 'backup-link';
const HEAD = 'lakana-links/1';

/** The lines of the file, not yet sealed to anybody. */
export async function* writeLinks(
  keyring: Pick<Keyring, 'seal'>,
  asOf: Date,
  links: AsyncIterable<Link>,
): AsyncGenerator<Uint8Array, void> {
  yield Buffer.from(`${HEAD} ${asOf.toISOString()}\n`);
  for await (const link of links) {
    const box = keyring.seal(PURPOSE, asOf.toISOString(), Buffer.from(JSON.stringify(link)));
    yield Buffer.from(`${Buffer.from(box).toString('base64')}\n`);
  }
  yield Buffer.from(
    `${Buffer.from(keyring.seal(PURPOSE, `${asOf.toISOString()}/end`, new Uint8Array())).toString('base64')}\n`,
  );
}

/** The links of the backup of that moment. Throws `cannot_open` or `not_a_backup` if one of them is another one. */
export async function* readLinks(
  keyring: Pick<Keyring, 'open'>,
  asOf: string,
  bytes: AsyncIterable<Uint8Array>,
): AsyncGenerator<Link, void> {
  let isFirst = true;
  let last: string | undefined;
  const open = (line: string): Link => {
    const box = keyring.open(PURPOSE, asOf, Buffer.from(line, 'base64'));
    return LINK.parse(JSON.parse(Buffer.from(box).toString('utf8')));
  };
  for await (const line of linesOf(bytes)) {
    if (isFirst && line !== `${HEAD} ${asOf}`) throw notABackup();
    if (!isFirst && last !== undefined) yield open(last);
    if (!isFirst) last = line;
    isFirst = false;
  }
  if (last === undefined) throw notABackup();
  keyring.open(PURPOSE, `${asOf}/end`, Buffer.from(last, 'base64'));
}

/** A link of a conversation has some hundred bytes. */
const LONGEST = 1_048_576;

async function* linesOf(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string, void> {
  let left: Buffer = Buffer.alloc(0);
  for await (const piece of bytes) {
    left = left.length === 0 ? Buffer.from(piece) : Buffer.concat([left, piece]);
    if (left.length > LONGEST && left.lastIndexOf(10, LONGEST) < 0) throw notABackup();
    for (let end = left.indexOf(10); end >= 0; end = left.indexOf(10)) {
      yield left.toString('latin1', 0, end);
      left = left.subarray(end + 1);
    }
  }
  if (left.length > 0) throw notABackup();
}
