/**
 * AES-256-GCM boxes: version, nonce, ciphertext, tag.
 *
 * Invariants: every box has a fresh random nonce, which no caller can choose; the context is authenticated
 * with it, so a box moved to another place does not open; a box that does not open says only that
 * (`cannot_open`), never how far it got. One key seals at most 2^32 boxes (NIST SP 800-38D, 8.3): an epoch
 * key lives a day, the server's subkeys are one per purpose.
 */
import { createCipheriv, createDecipheriv, randomFillSync } from 'node:crypto';
import { LakanaError } from '../kernel/errors.ts';
import type { SecretKey } from './derive.ts';

const VERSION = 1;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const START = 1 + NONCE_BYTES;

/** Bytes of a key. */
export const KEY_BYTES = 32;

/** Bytes by which a box is longer than what is in it. */
export const OVERHEAD_BYTES = START + TAG_BYTES;

/** Encrypts bytes; `context` (which may be empty) must be given again to decrypt. */
export function encrypt(key: SecretKey, context: Uint8Array, plain: Uint8Array): Uint8Array {
  checkKey(key);
  const box = new Uint8Array(plain.length + OVERHEAD_BYTES);
  box[0] = VERSION;
  randomFillSync(box, 1, NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, box.subarray(1, START), {
    authTagLength: TAG_BYTES,
  });
  cipher.setAAD(context);
  box.set(cipher.update(plain), START);
  // GCM keeps nothing back: `final` only closes the tag.
  cipher.final();
  box.set(cipher.getAuthTag(), START + plain.length);
  return box;
}

/** Decrypts a box; throws `cannot_open` when key, context or any byte is not what it was. */
export function decrypt(key: SecretKey, context: Uint8Array, box: Uint8Array): Uint8Array {
  checkKey(key);
  if (box.length < OVERHEAD_BYTES || box[0] !== VERSION) throw cannotOpen();
  const end = box.length - TAG_BYTES;
  const decipher = createDecipheriv('aes-256-gcm', key, box.subarray(1, START), {
    authTagLength: TAG_BYTES,
  });
  decipher.setAAD(context);
  decipher.setAuthTag(box.subarray(end));
  const plain = new Uint8Array(end - START);
  plain.set(decipher.update(box.subarray(START, end)));
  try {
    decipher.final();
  } catch {
    plain.fill(0);
    throw cannotOpen();
  }
  return plain;
}

function checkKey(key: SecretKey): void {
  const length = key instanceof Uint8Array ? key.length : key.symmetricKeySize;
  if (length !== KEY_BYTES) throw new LakanaError('bad_key', `a key has ${KEY_BYTES} bytes`);
}

function cannotOpen(): LakanaError {
  return new LakanaError('cannot_open', 'wrong key, wrong context or changed bytes');
}
