/**
 * Ed25519 signatures of the server, each with the id of the key that made it.
 *
 * Invariants: a signature is `key id (4) + Ed25519 (64)`; what is signed begins with what it is for (the
 * caller's `domain`), so that a signature for one thing never counts for another; verifying never throws.
 * Verifying needs public keys only, so it can be done where cases are opened, away from the server.
 */
import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { LakanaError } from '../kernel/errors.ts';
import { bytesOf } from './derive.ts';

/** Public half of a signing key, as it may be exported. */
export type SigningPublicKey = { keyId: string; publicKey: string };

export type Verifier = {
  /** Whether one of the known keys signed `message` for `domain`. */
  verify(domain: string, message: Uint8Array, signature: Uint8Array): boolean;
};

export type Signer = Verifier & {
  /** Signs with the current key. */
  sign(domain: string, message: Uint8Array): Uint8Array;
  /** Public halves of all keys, newest first. */
  readonly publicKeys: readonly SigningPublicKey[];
};

/** Bytes of a key id in front of a signature, an index or a ciphertext; as text it is twice as many hex digits. */
export const KEY_ID_BYTES = 4;

// RFC 8410: how a bare Ed25519 seed and a bare public key are wrapped for Node.
const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');

/** Signer from seeds of 32 bytes, newest first. */
export function createSigner(seeds: readonly { keyId: string; seed: Uint8Array }[]): Signer {
  const keys = seeds.map(({ keyId, seed }) => ({ keyId, key: privateKey(seed) }));
  const [current] = keys;
  if (!current) throw new LakanaError('unknown_key', 'a signer needs a key');
  const publicKeys = keys.map(({ keyId, key }) => ({
    keyId,
    publicKey: createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(-32).toString('base64'),
  }));
  const prefix = Buffer.from(current.keyId, 'hex');
  return {
    publicKeys,
    verify: createVerifier(publicKeys).verify,
    sign: (domain, message) =>
      new Uint8Array(Buffer.concat([prefix, sign(null, framed(domain, message), current.key)])),
  };
}

/** Verifier from exported public keys. */
export function createVerifier(publicKeys: readonly SigningPublicKey[]): Verifier {
  const keys = new Map<string, KeyObject>();
  for (const { keyId, publicKey } of publicKeys) keys.set(keyId, parsePublicKey(publicKey));
  return {
    verify(domain, message, signature) {
      if (signature.length !== KEY_ID_BYTES + 64) return false;
      const key = keys.get(Buffer.from(signature.subarray(0, KEY_ID_BYTES)).toString('hex'));
      return (
        key !== undefined && verify(null, framed(domain, message), key, signature.subarray(KEY_ID_BYTES))
      );
    },
  };
}

/** A zero byte ends the domain: no domain contains one. */
function framed(domain: string, message: Uint8Array): Uint8Array {
  return Buffer.concat([bytesOf(`${domain}\0`), message]);
}

function privateKey(seed: Uint8Array): KeyObject {
  if (seed.length !== 32) throw new LakanaError('bad_key', 'a signing seed has 32 bytes');
  return createPrivateKey({ key: Buffer.concat([PKCS8_PREFIX, seed]), format: 'der', type: 'pkcs8' });
}

function parsePublicKey(base64: string): KeyObject {
  const bytes = Buffer.from(base64, 'base64');
  if (bytes.length !== 32) throw new LakanaError('bad_key', 'a public signing key has 32 bytes');
  return createPublicKey({ key: Buffer.concat([SPKI_PREFIX, bytes]), format: 'der', type: 'spki' });
}
