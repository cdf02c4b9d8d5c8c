/**
 * Backups sealed to the operator's key, as streams.
 *
 * Invariants: what is made opens with the secret half alone, which is never here; the seal is age's, so that it can be opened
 * without this program too; whatever is wrong with it is one code.
 */

import { decrypterFor, encrypterFor, opening, openingError } from '../crypto/age.ts';
import { LakanaError } from '../kernel/errors.ts';

type Bytes = AsyncIterable<Uint8Array>;

/** Seals while it flows. The source's own errors come out unchanged. */
export async function sealed(recipient: string, source: Bytes): Promise<AsyncGenerator<Uint8Array, void>> {
  const held = holding(source);
  const stream = await encrypterFor(recipient).encrypt(
    ReadableStream.from(held.bytes) as ReadableStream<Uint8Array>,
  );
  return pieces(stream, held.letGo);
}

/** Opens what `sealed` sealed; fails while it flows with `cannot_open` if a byte is another one, or the end is missing. */
export async function opened(identity: string, source: Bytes): Promise<AsyncGenerator<Uint8Array, void>> {
  const held = holding(withShortHeader(source));
  const stream = await opening(() =>
    decrypterFor(identity).decrypt(ReadableStream.from(held.bytes) as ReadableStream<Uint8Array>),
  ).catch(async (error: unknown) => {
    await held.letGo();
    throw error;
  });
  return pieces(stream, held.letGo, openingError);
}

async function* pieces(
  stream: ReadableStream<Uint8Array>,
  letGo: () => Promise<void>,
  reduced: (error: unknown) => unknown = (error) => error,
): AsyncGenerator<Uint8Array, void> {
  const reader = stream.getReader();
  let isDone = false;
  try {
    for (;;) {
      const next = await reader.read().catch((error: unknown) => {
        isDone = true;
        throw reduced(error);
      });
      isDone = next.done;
      if (next.done) return;
      yield next.value;
    }
  } finally {
    // Stopped in the middle: the source is let go by ourselves, for a stream that is piped may never pass that on.
    if (!isDone) void reader.cancel().catch(() => undefined);
    await letGo();
  }
}

/** One line for whom it is sealed to has about two thousand bytes. */
const LONGEST_HEADER = 65_536;

/** age's library keeps the header until its end has come: one that does not end is refused before it is in memory. */
async function* withShortHeader(source: Bytes): AsyncGenerator<Uint8Array, void> {
  let first: Buffer | undefined = Buffer.alloc(0);
  for await (const piece of source) {
    if (!first) {
      yield piece;
      continue;
    }
    first = Buffer.concat([first, piece]);
    const isWhole = /\n---[^\n]*\n/.test(first.toString('latin1', 0, LONGEST_HEADER));
    if (!isWhole && first.length < LONGEST_HEADER) continue;
    if (!isWhole) throw new LakanaError('cannot_open', 'not sealed by age, cut off or changed');
    yield first;
    first = undefined;
  }
  if (first) yield first;
}

/** The same bytes, and how their source is let go whatever the streams behind it do. */
function holding(source: Bytes): { bytes: Bytes; letGo: () => Promise<void> } {
  const iterator = source[Symbol.asyncIterator]();
  return {
    bytes: { [Symbol.asyncIterator]: () => ({ next: () => iterator.next() }) },
    letGo: async () => void (await iterator.return?.()),
  };
}
