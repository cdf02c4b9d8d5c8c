/** One hash over several parts, for everything that is signed or chained. Runs in a browser too. */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesOf } from './bytes.ts';

/** One hash over several parts, each preceded by its length: no two different lists give the same. */
export function hashOfParts(parts: readonly (string | Uint8Array)[]): Uint8Array {
  const hash = sha256.create();
  const length = new Uint8Array(4);
  for (const part of parts) {
    const bytes = bytesOf(part);
    new DataView(length.buffer).setUint32(0, bytes.length);
    hash.update(length).update(bytes);
  }
  return hash.digest();
}
