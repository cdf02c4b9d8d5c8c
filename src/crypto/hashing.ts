/** The SHA-256 of a stream while another reader takes it. Runs in a browser too. */
import { sha256 } from '@noble/hashes/sha2.js';
import { hexOf } from './bytes.ts';

/** `digest`, as hex digits, is to be asked once `through` was read to its end. */
export function hashing(stream: ReadableStream<Uint8Array>): {
  through: ReadableStream<Uint8Array>;
  digest: () => string;
} {
  const hash = sha256.create();
  const through = stream.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, out) {
        hash.update(chunk);
        out.enqueue(chunk);
      },
    }),
  );
  return { through, digest: () => hexOf(hash.digest()) };
}
