/**
 * Padding that hides how long a text is: a length, the bytes, zeros up to the next 256.
 *
 * Without it the length of a ciphertext would tell "yes" from "they came at night".
 */
import { LakanaError } from '../kernel/errors.ts';

const BLOCK_BYTES = 256;
const LENGTH_BYTES = 4;

/** Pads to a multiple of 256 bytes. */
export function pad(bytes: Uint8Array): Uint8Array {
  const needed = LENGTH_BYTES + bytes.length;
  const padded = new Uint8Array(Math.ceil(needed / BLOCK_BYTES) * BLOCK_BYTES);
  new DataView(padded.buffer).setUint32(0, bytes.length);
  padded.set(bytes, LENGTH_BYTES);
  return padded;
}

/** What was padded. It comes out of a seal, so a wrong length is a bug or another format: `cannot_open`. */
export function unpad(padded: Uint8Array): Uint8Array {
  const view = new DataView(padded.buffer, padded.byteOffset, padded.byteLength);
  const length = padded.length < LENGTH_BYTES ? Number.NaN : view.getUint32(0);
  if (!(length <= padded.length - LENGTH_BYTES))
    throw new LakanaError('cannot_open', 'padding is not as it should be');
  return padded.subarray(LENGTH_BYTES, LENGTH_BYTES + length);
}
