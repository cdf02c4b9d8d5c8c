/** Keys out of keys: HKDF (RFC 5869) and HMAC (RFC 2104), both with SHA-256. */
import { createHmac, createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';
import { bytesOf } from './bytes.ts';

/** A secret key: as bytes, or prepared for use, which otherwise takes longer than what is done with it. */
export type SecretKey = KeyObject | Uint8Array;

/** Prepares a key that is used often. The bytes may be forgotten then. */
export function prepareKey(bytes: Uint8Array): KeyObject {
  return createSecretKey(bytes);
}

/** A key of `length` bytes (default 32) for one use, from a secret: knowing it tells nothing about the others. */
export function deriveKey(
  secret: Uint8Array,
  salt: string | Uint8Array,
  use: string | Uint8Array,
  length = 32,
): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', secret, bytesOf(salt), bytesOf(use), length));
}

/** Keyed hash of a value, 32 bytes. */
export function keyedHash(key: SecretKey, value: string | Uint8Array): Uint8Array {
  return new Uint8Array(createHmac('sha256', key).update(value).digest());
}
