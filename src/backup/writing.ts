/**
 * A snapshot as a stream of bytes, not yet sealed.
 *
 * Invariants: only what the list in `tables.ts` names goes in; a table that the list does not know stops the backup rather
 * than being left out unseen; the server signs the hash over all of it, since anybody can seal something to a public key.
 */
import type { Keyring } from '../crypto/keyring.ts';
import { copyOut, type Statements } from '../db/copying.ts';
import { countRows, quoted, type Shape, sequencesOf, shapesOf, versionOf } from '../db/snapshot.ts';
import { LakanaError } from '../kernel/errors.ts';
import { createFrameHash, framed, frameStart, type Kind } from './frames.ts';
import { BACKUP_DOMAIN, type Header, printEnd, printHeader, printTail } from './header.ts';
import type { Settings } from './settings.ts';
import { COLUMN_KINDS, goesIn, rowsThatGoIn, staysOut } from './tables.ts';

/** What the tables do not say. */
type About = Pick<Header, 'version' | 'asOf' | 'mode' | 'erased' | 'list'>;

type Given = {
  tx: Statements;
  about: About;
  keyring: Pick<Keyring, 'signer' | 'currentKeyId'>;
  settings: Pick<Settings, 'isSessionKept'>;
};

/** What will be in it, and the bytes. Reads inside the snapshot that `tx` is in. */
export async function startBackup({
  tx,
  about,
  keyring,
  settings,
}: Given): Promise<{ header: Header; bytes: AsyncGenerator<Buffer, void> }> {
  const shapes = await shapesThatGoIn(tx);
  const schema = await versionOf(tx);
  if (!schema) throw new LakanaError('no_database', 'there is nothing in this database yet');
  const tables: Header['tables'] = [];
  for (const { name, columns } of shapes) {
    const rows = await countRows(tx, name, rowsThatGoIn(name, settings));
    tables.push({ name, columns: columns.map((each) => each.name), rows });
  }
  const header: Header = {
    lakana: 'backup',
    format: 1,
    ...about,
    schema,
    serverKey: keyring.currentKeyId,
    hasSessions: settings.isSessionKept,
    tables,
  };
  return { header, bytes: bytesOf(tx, header, keyring, settings) };
}

async function* bytesOf(
  tx: Statements,
  header: Header,
  { signer }: Pick<Keyring, 'signer'>,
  settings: Given['settings'],
): AsyncGenerator<Buffer, void> {
  const hash = createFrameHash();
  function* out(kind: Kind, payload: Uint8Array): Generator<Buffer, void> {
    for (const frame of framed(kind, payload)) {
      hash.add(frame);
      yield frame;
    }
  }
  const start = frameStart();
  hash.add(start);
  yield start;
  yield* out('H', printHeader(header));
  for (const { name, columns } of header.tables) {
    yield* out('T', Buffer.from(name));
    for await (const piece of copyOut(tx, statementFor(name, columns, settings))) yield* out('D', piece);
  }
  const sequences = await sequencesOf(tx);
  yield* out('S', printTail({ sequences }));
  const digest = hash.digest();
  const signature = Buffer.from(signer.sign(BACKUP_DOMAIN, digest)).toString('base64');
  yield* framed('E', printEnd({ sha256: digest.toString('hex'), signature }));
}

function statementFor(name: string, columns: readonly string[], settings: Given['settings']): string {
  const where = rowsThatGoIn(name, settings);
  const rows = `select ${columns.map(quoted).join(', ')} from ${quoted(name)}${where ? ` where ${where}` : ''}`;
  return `copy (${rows}) to stdout (format binary)`;
}

/** In the order in which they can be put back. */
async function shapesThatGoIn(tx: Statements): Promise<Shape[]> {
  const shapes = await shapesOf(tx);
  const known = new Set(goesIn);
  const unknown = shapes.find(({ name }) => !known.has(name) && !staysOut.has(name));
  if (unknown)
    throw new LakanaError(
      'unknown_table',
      `there is a table in this database that is none of Lakana's (${unknown.name}): give Lakana a database, or a schema, of its own`,
    );
  const found = shapes.filter(({ name }) => known.has(name));
  const strange = found.flatMap(({ columns }) => columns).find(({ kind }) => !COLUMN_KINDS.has(kind));
  if (strange)
    throw new LakanaError('unknown_column', `a column has a kind that no backup knows (${strange.name})`);
  return found;
}
