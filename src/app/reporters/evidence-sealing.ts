/**
 * A file on its way: sealed to its case while it flows, and kept in pieces.
 *
 * Invariant: it never lies in the clear anywhere, and of a try that fails nothing stays.
 */
import { createHash, randomInt } from 'node:crypto';
import { evidenceHeader } from '../../cases/evidence-seal.ts';
import { HEAD_BYTES } from '../../cases/file-check.ts';
import type { BoundRecipient } from '../../crypto/case-binding.ts';
import { sealStream } from '../../crypto/seal-stream.ts';
import { dropChunks, type EvidenceRow, putChunk } from '../../db/evidence.ts';
import { LakanaError } from '../../kernel/errors.ts';
import type { Context } from '../ground/context.ts';
import type { Declined, Weigh } from './file-budgets.ts';

/** Bytes of one piece in the database. */
const CHUNK = 256 * 1024;
/** A try's pieces are numbered from a random multiple of this: more than any file has. */
const MOST_CHUNKS = 1_024;

/** `size` and `hash` are of the ciphertext; `came` is how many bytes were sent, `plainHash` their SHA-256, `head` the first of them. */
export type Kept = {
  base: number;
  count: number;
  size: number;
  hash: Uint8Array;
  came: number;
  plainHash: Uint8Array;
  head: Uint8Array;
};

/** `over`: the file was saved, refused or erased meanwhile. `weigh`: asked before each piece is kept. */
export async function sealFile(
  ctx: Context,
  row: EvidenceRow,
  recipient: BoundRecipient,
  plain: ReadableStream<Uint8Array>,
  maxBytes: number,
  weigh: Weigh,
): Promise<Kept | Declined | 'too_big' | 'cut' | 'altered' | 'over'> {
  const base = (1 + randomInt(1_000_000)) * MOST_CHUNKS;
  const hash = createHash('sha256');
  const meter = metered(maxBytes);
  let count = 0;
  let size = 0;
  try {
    const header = evidenceHeader(row.caseId, row.id);
    const sealed = await sealStream(recipient, header, plain.pipeThrough(meter.stream));
    for await (const piece of pieces(sealed)) {
      hash.update(piece);
      size += piece.length;
      const declined = await ours(weigh(meter.came()));
      if (declined) return declined;
      if (!(await ours(putChunk(ctx.db, row.id, base + count, piece)))) return 'over';
      count += 1;
    }
  } catch (error) {
    if (meter.came() > maxBytes) return 'too_big';
    if (codeOf(error) === NOT_KEPT) throw error;
    await dropChunks(ctx.db, row.id, { base, count });
    return codeOf(error) === 'file_altered' ? 'altered' : 'cut';
  }
  const { came, plainHash, head } = meter;
  return { base, count, size, hash: hash.digest(), came: came(), plainHash: plainHash(), head: head() };
}

const NOT_KEPT = 'evidence_not_kept';
const codeOf = (error: unknown): string | undefined =>
  error instanceof LakanaError ? error.code : undefined;

/** What goes wrong here is the database's and says nothing about the file: it is no reason to refuse it. */
async function ours<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    throw new LakanaError(NOT_KEPT, 'a piece of a file could not be saved', { cause });
  }
}

type Meter = {
  stream: TransformStream<Uint8Array, Uint8Array>;
  came: () => number;
  plainHash: () => Uint8Array;
  head: () => Uint8Array;
};

/** Passes bytes on and breaks off beyond `max`: a messenger's word about a size is only a word. */
function metered(max: number): Meter {
  const hash = createHash('sha256');
  let seen = 0;
  let head: Uint8Array = new Uint8Array();
  const stream = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      seen += chunk.length;
      hash.update(chunk);
      if (head.length < HEAD_BYTES) head = Buffer.concat([head, chunk]).subarray(0, HEAD_BYTES);
      if (seen > max) controller.error(new LakanaError('evidence_too_big', 'a file is bigger than allowed'));
      else controller.enqueue(chunk);
    },
  });
  return { stream, came: () => seen, plainHash: () => hash.digest(), head: () => head };
}

async function* pieces(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  let held: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of stream) {
    held.push(chunk);
    length += chunk.length;
    if (length < CHUNK) continue;
    yield Buffer.concat(held);
    held = [];
    length = 0;
  }
  if (length > 0) yield Buffer.concat(held);
}
