/**
 * The secret by which a reporter finds the case again from another phone.
 *
 * Invariants: 16 random digits (53 bits), each equally likely; stored only as scrypt over a keyed hash of the
 * code, so that a stolen database alone cannot be tried, and one with the server key only slowly; compared in
 * constant time. The limit on tries, and on how many are hashed at a time, belongs to the caller and comes before the hash: it
 * costs 32 MB and one of Node's four threads.
 */
import { randomBytes, randomInt, scrypt, timingSafeEqual } from 'node:crypto';
import { LakanaError } from '../kernel/errors.ts';
import { digitsToAscii, normalForm } from '../kernel/unicode.ts';
import { keyedHash } from './derive.ts';
import type { Keyring } from './keyring.ts';

const DIGITS = 16;
const SALT_BYTES = 16;
const HASH_BYTES = 32;
/** What one hash costs. */
type HashCost = { N: number; r: number; p: number; maxmem: number };
// 128 * N * r = 32 MB; Node's own limit is exactly that and would refuse.
const COST: HashCost = { N: 2 ** 15, r: 8, p: 1, maxmem: 64 * 1024 * 1024 };

export type ReceiptCodeHash = { salt: Uint8Array; hash: Uint8Array; keyId: string };

/** A fresh code: 16 digits without spaces. */
export function newReceiptCode(): string {
  return Array.from({ length: DIGITS }, () => randomInt(10)).join('');
}

/** "1234 5678 9012 3456": how a code is shown and said. */
export function formatReceiptCode(code: string): string {
  return code.replace(/(\d{4})(?=\d)/g, '$1 ');
}

/**
 * The code in what a person typed, with spaces, dashes, dots or words around it, in the digits of any script;
 * undefined if there is none or more than one.
 */
export function parseReceiptCode(text: string): string | undefined {
  const plain = digitsToAscii(normalForm('NFKC', text));
  const runs = plain.match(/\d(?:[\s\p{Pd}\p{Cf}._,/]*\d)*/gu) ?? [];
  const codes = new Set(runs.map((run) => run.replace(/\D/g, '')).filter((run) => run.length === DIGITS));
  const [code] = codes;
  return codes.size === 1 ? code : undefined;
}

/** What is stored of a code. About 60 ms on a thread of its own. `cost`: other than real, for tests. */
export async function hashReceiptCode(
  keyring: Pick<Keyring, 'pepper'>,
  code: string,
  cost = COST,
): Promise<ReceiptCodeHash> {
  const salt = new Uint8Array(randomBytes(SALT_BYTES));
  const { keyId, bytes } = keyring.pepper();
  return { salt, hash: await stretch(bytes, code, salt, cost), keyId };
}

/** Whether `code` is the one that was stored. Throws `unknown_key` if the server key of that time is gone. */
export async function verifyReceiptCode(
  keyring: Pick<Keyring, 'pepper'>,
  code: string,
  stored: ReceiptCodeHash,
  cost = COST,
): Promise<boolean> {
  const hash = await stretch(keyring.pepper(stored.keyId).bytes, code, stored.salt, cost);
  return hash.length === stored.hash.length && timingSafeEqual(hash, stored.hash);
}

function stretch(pepper: Uint8Array, code: string, salt: Uint8Array, cost: HashCost): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    scrypt(keyedHash(pepper, code), salt, HASH_BYTES, cost, (error, hash) => {
      if (error) reject(new LakanaError('hash_failed', 'scrypt could not run'));
      else resolve(new Uint8Array(hash));
    });
  });
}
