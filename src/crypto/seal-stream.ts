/**
 * Files sealed to a case as streams: never whole in memory.
 *
 * Invariants: the header stands first inside the seal and is checked before the first byte is handed out; every
 * chunk is authenticated, and an end that was cut off makes the stream fail, so what was read is to be trusted
 * only once the stream has ended well. Lengths of files are not padded. Runs in a browser too.
 */
import { LakanaError } from '../kernel/errors.ts';
import { decrypterFor, encrypterFor, opening, openingError } from './age.ts';
import type { BoundRecipient } from './case-binding.ts';
import {
  FRAME,
  frameContent,
  frameStart,
  headerMismatch,
  joinBytes,
  type SealHeader,
} from './sealed-frame.ts';

type Bytes = ReadableStream<Uint8Array>;

/** Seals a file to a case while it flows. The input's own errors come out unchanged. */
export async function sealStream(
  recipient: BoundRecipient,
  header: SealHeader,
  input: Bytes,
): Promise<Bytes> {
  const start = frameStart(FRAME.stream, header);
  return encrypterFor(recipient).encrypt(input.pipeThrough(startingWith(start)));
}

/** Opens what `sealStream` sealed. Rejects, or fails while it flows, with the same codes as `openSealed`. */
export async function openStream(caseSecret: string, expected: SealHeader, input: Bytes): Promise<Bytes> {
  const opened = await opening(() => decrypterFor(caseSecret).decrypt(input));
  const reader = opened.getReader();
  const first = await opening(() => readAtLeast(reader, frameStart(FRAME.stream, expected).length));
  let content: Uint8Array;
  try {
    content = frameContent(FRAME.stream, expected, first);
  } catch (error) {
    await reader.cancel(error).catch(() => undefined);
    throw error;
  }
  return restOf(reader, content);
}

/** What was read already, then the rest as it is asked for. */
function restOf(reader: ReadableStreamDefaultReader<Uint8Array>, first: Uint8Array): Bytes {
  return new ReadableStream<Uint8Array>({
    start: (controller) => {
      if (first.length > 0) controller.enqueue(first);
    },
    async pull(controller) {
      try {
        const next = await reader.read();
        if (next.done) controller.close();
        else controller.enqueue(next.value);
      } catch (error) {
        controller.error(openingError(error));
      }
    },
    cancel: (reason) => reader.cancel(reason),
  });
}

async function readAtLeast(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  length: number,
): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for (let read = 0; read < length; ) {
    const next = await reader.read();
    if (next.done) throw headerMismatch();
    parts.push(next.value);
    read += next.value.length;
  }
  return joinBytes(parts);
}

function startingWith(start: Uint8Array): TransformStream<Uint8Array, Uint8Array> {
  return new TransformStream({
    start: (controller) => controller.enqueue(start),
    transform(chunk, controller) {
      if (!(chunk instanceof Uint8Array)) throw new LakanaError('not_bytes', 'a file is a stream of bytes');
      controller.enqueue(chunk);
    },
  });
}
