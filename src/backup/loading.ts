/**
 * The bytes of a backup put into an empty database, inside one transaction of the caller's.
 *
 * Invariants: nothing counts before `end` has answered: the caller commits only then; what this server did not sign, what
 * was changed, is cut off, has other rows than it says, or comes from a newer program is refused; only tables and columns
 * that the backup's own version of the schema has are written.
 */
import type { Keyring } from '../crypto/keyring.ts';
import { type CopyIn, copyIn, type Statements } from '../db/copying.ts';
import { countRows, isKnownVersion, migrateWithin, quoted, setSequence, shapesOf } from '../db/snapshot.ts';
import { LakanaError } from '../kernel/errors.ts';
import {
  createFrameHash,
  createFrameReader,
  type Frame,
  frameStart,
  newerBackup,
  notABackup,
} from './frames.ts';
import { type Header, parseHeader, parseTail } from './header.ts';
import { goesIn } from './tables.ts';
import { requireEnd } from './verifying.ts';

export type Loader = {
  /** Takes the next bytes; resolves when more may come. */
  take(bytes: Uint8Array): Promise<void>;
  /** Everything has come: checks it, and migrates to this program's version. Rejects with what is wrong. */
  end(): Promise<{ header: Header; migrated: number }>;
};

type Given = {
  tx: Statements;
  keyring: Pick<Keyring, 'signer' | 'signingKeys'>;
  /** Of the header, before anything is written; throws what speaks against it. */
  check?: (header: Header) => void;
};

/** Writes into a database that has no tables yet. */
export function createLoader({ tx, keyring, check }: Given): Loader {
  const reader = createFrameReader();
  const hash = createFrameHash();
  hash.add(frameStart());
  const expected: Header['tables'] = [];
  let header: Header | undefined;
  let copying: CopyIn | undefined;
  let tail: ReturnType<typeof parseTail> | undefined;
  let isOver = false;

  const closeTable = async () => {
    await copying?.end();
    copying = undefined;
  };

  const begin = async (payload: Buffer) => {
    header = parseHeader(payload);
    requireKey(header, keyring);
    if (!isKnownVersion(header.schema)) throw newerBackup(header.version);
    check?.(header);
    await migrateWithin(tx, 0, header.schema.count);
    requireTables(header, await shapesOf(tx));
    expected.push(...header.tables);
  };

  const openTable = async (payload: Buffer) => {
    await closeTable();
    const next = expected.shift();
    if (!next || next.name !== payload.toString('utf8')) throw notABackup();
    const columns = next.columns.map(quoted).join(', ');
    copying = await copyIn(tx, `copy ${quoted(next.name)} (${columns}) from stdin (format binary)`);
  };

  const takeEnd = (payload: Buffer) => {
    if (!tail) throw notABackup();
    requireEnd(payload, hash.digest(), keyring);
    isOver = true;
  };

  const takeTail = async (payload: Buffer) => {
    await closeTable();
    if (expected.length > 0 || tail) throw notABackup();
    tail = parseTail(payload);
  };

  const takeFrame = async ({ kind, payload }: Frame) => {
    if (isOver || (kind === 'H') !== (header === undefined)) throw notABackup();
    if (kind === 'H') return begin(payload);
    if (kind === 'T') return openTable(payload);
    if (kind === 'D') {
      if (!copying || tail) throw notABackup();
      return copying.write(payload);
    }
    return kind === 'S' ? takeTail(payload) : takeEnd(payload);
  };

  return {
    async take(bytes) {
      for (const frame of reader.take(bytes)) {
        const isEnd = frame.kind === 'E';
        if (!isEnd) hash.add(frame.raw);
        await takeFrame(frame);
      }
    },
    async end() {
      if (!header || !tail || !isOver || !reader.isEmpty()) throw notABackup();
      for (const { name, rows } of header.tables)
        if ((await countRows(tx, name)) !== rows)
          throw new LakanaError('rows_missing', `the backup says ${rows} rows of ${name}, and holds others`);
      for (const each of tail.sequences) await setSequence(tx, each);
      const migrated = await migrateWithin(tx, header.schema.count);
      return { header, migrated };
    },
  };
}

function requireKey({ serverKey }: Header, { signingKeys }: Given['keyring']): void {
  if (signingKeys.some(({ keyId }) => keyId === serverKey)) return;
  throw new LakanaError(
    'wrong_server_key',
    `SERVER_KEY_FILE is not the key with which this backup was made: it wants key ${serverKey}; give that file, or its copy`,
  );
}

/** The list of tables is the program's, not the backup's. */
function requireTables({ tables }: Header, shapes: Awaited<ReturnType<typeof shapesOf>>): void {
  const known = new Set(goesIn);
  for (const { name, columns } of tables) {
    const shape = shapes.find((each) => each.name === name);
    const has = new Set(shape?.columns.map((each) => each.name));
    if (!known.has(name) || columns.length !== has.size || columns.some((each) => !has.has(each)))
      throw notABackup();
  }
}
