/**
 * How a backup is written inside its seal: frames, each with its kind and length, over which one hash runs.
 *
 * Invariants: a frame is at most `LARGEST` bytes, so that a reader never keeps more; what comes after the end, or an
 * end that does not come, is no backup; numbers are big-endian, as on the network.
 */
import { createHash } from 'node:crypto';
import { LakanaError } from '../kernel/errors.ts';

/** `H` header, `T` a table begins, `D` some of its rows, `S` what stands behind the tables, `E` the end. */
export type Kind = 'H' | 'T' | 'D' | 'S' | 'E';
export type Frame = { kind: Kind; payload: Buffer };

/** The format's number stands in it. */
const START = Buffer.from('lakana-backup/1\n');
const ANY_START = 'lakana-backup/';
const HEAD = 5;
const LARGEST = 1_048_576;
const KINDS: ReadonlySet<string> = new Set(['H', 'T', 'D', 'S', 'E']);

export type Hash = { add(bytes: Uint8Array): void; digest(): Buffer };

export function createFrameHash(): Hash {
  const hash = createHash('sha256');
  return { add: (bytes) => void hash.update(bytes), digest: () => hash.copy().digest() };
}

/** The first bytes of every backup. */
export const frameStart = (): Buffer => Buffer.from(START);

/** A frame, or several if there is much in it. */
export function* framed(kind: Kind, payload: Uint8Array): Generator<Buffer, void> {
  for (let from = 0; from === 0 || from < payload.length; from += LARGEST) {
    const part = payload.subarray(from, from + LARGEST);
    const frame = Buffer.allocUnsafe(HEAD + part.length);
    frame.write(kind, 0, 'latin1');
    frame.writeUInt32BE(part.length, 1);
    frame.set(part, HEAD);
    yield frame;
  }
}

export const notABackup = (): LakanaError =>
  new LakanaError('not_a_backup', 'this is no backup of Lakana, or it was cut off or changed');

/** What this program is too old for. `version`: of the program that made it, where that is known. */
export const newerBackup = (version?: string): LakanaError =>
  new LakanaError(
    'newer_backup',
    `this backup was made by a newer Lakana${version === undefined ? '' : ` (${version})`}: install ${version === undefined ? 'the newest' : 'that'} version here, and type the same again`,
  );

const isOfAnyFormat = (start: Buffer): boolean => start.toString('latin1', 0, ANY_START.length) === ANY_START;

type Taken = Frame & { raw: Buffer };

/** Takes bytes as they come, and gives the frames that are whole, with the bytes as they were (for the hash). */
export function createFrameReader(): {
  take(bytes: Uint8Array): Generator<Taken, void>;
  /** Nothing is left over. */
  isEmpty(): boolean;
} {
  let left: Buffer = Buffer.alloc(0);
  let hasStarted = false;
  const cut = (length: number): Buffer => {
    const piece = left.subarray(0, length);
    left = left.subarray(length);
    return piece;
  };
  return {
    *take(bytes) {
      left = left.length === 0 ? Buffer.from(bytes) : Buffer.concat([left, bytes]);
      if (!hasStarted) {
        if (left.length < START.length) return;
        const start = cut(START.length);
        if (!start.equals(START)) throw isOfAnyFormat(start) ? newerBackup() : notABackup();
        hasStarted = true;
      }
      for (let length = lengthOfNext(left); length <= left.length; length = lengthOfNext(left)) {
        const raw = cut(length);
        yield { kind: raw.toString('latin1', 0, 1) as Kind, payload: raw.subarray(HEAD), raw };
      }
    },
    isEmpty: () => hasStarted && left.length === 0,
  };
}

/** Of the frame that begins here; more than there is: it has not come yet. */
function lengthOfNext(left: Buffer): number {
  if (left.length < HEAD) return Number.POSITIVE_INFINITY;
  const length = left.readUInt32BE(1);
  if (!KINDS.has(left.toString('latin1', 0, 1)) || length > LARGEST) throw notABackup();
  return HEAD + length;
}
