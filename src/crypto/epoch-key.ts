/**
 * The day's key, and JSON under it.
 *
 * Invariants: an epoch key is random and derived from nothing, so that destroying its wrapped copy destroys
 * everything sealed with it, also for an intruder who holds the server key; a wrapped key opens only for its own
 * epoch's id; lengths are padded; no error carries any part of a value.
 */
import { type KeyObject, randomBytes } from 'node:crypto';
import { LakanaError } from '../kernel/errors.ts';
import { decrypt, encrypt, KEY_BYTES } from './aead.ts';
import { bytesOf } from './bytes.ts';
import { prepareKey, type SecretKey } from './derive.ts';
import type { Keyring } from './keyring.ts';
import { pad, unpad } from './padding.ts';

const PURPOSE = 'epoch-key';
const decoder = new TextDecoder('utf-8', { fatal: true });

/** A fresh random key. */
export function createEpochKey(): Uint8Array {
  return new Uint8Array(randomBytes(KEY_BYTES));
}

/** The key under the server key, for its row in the database. */
export function wrapEpochKey(keyring: Keyring, id: string, key: Uint8Array): Uint8Array {
  return keyring.seal(PURPOSE, id, key);
}

/** The key out of its row. Throws `cannot_open` for another epoch's, `unknown_key` without the server key. */
export function unwrapEpochKey(keyring: Keyring, id: string, wrapped: Uint8Array): KeyObject {
  return prepareKey(keyring.open(PURPOSE, id, wrapped));
}

/** Seals a JSON value; `context` says what it is and whose, and must be given again to open. */
export function sealJson(key: SecretKey, context: string, value: unknown): Uint8Array {
  return encrypt(key, bytesOf(context), pad(bytesOf(print(value))));
}

/** Opens what `sealJson` sealed. Throws `cannot_open`. The caller checks the value's shape where it matters. */
export function openJson(key: SecretKey, context: string, box: Uint8Array): unknown {
  const bytes = unpad(decrypt(key, bytesOf(context), box));
  try {
    return JSON.parse(decoder.decode(bytes));
  } catch {
    throw new LakanaError('cannot_open', 'what was sealed is not JSON');
  }
}

function print(value: unknown): string {
  let text: string | undefined;
  try {
    text = JSON.stringify(value);
  } catch {
    // Falls through: the error would quote names of fields.
  }
  if (text === undefined) throw new LakanaError('not_json', 'the value to seal cannot be written as JSON');
  return text;
}
