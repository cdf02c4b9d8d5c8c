/**
 * Ed25519 signatures of the server, each with the id of the key that made it.
 *
 * Invariants: a signature is `key id (4) + Ed25519 (64)`; what is signed begins with what it is for (the
 * caller's `domain`), so that a signature for one thing never counts for another; verifying never throws.
 * Verifying needs public keys only, so it can be done where cases are opened, away from the server: `verifier.ts` does it
 * without Node.
 */
import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { LakanaError } from '../kernel/errors.ts';
import {
  publicKeyBytes,
  type Signer,
  type SigningPublicKey,
  signatureParts,
  signedBytes,
  type Verifier,
} from './verifier.ts';

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
      new Uint8Array(Buffer.concat([prefix, sign(null, signedBytes(domain, message), current.key)])),
  };
}

/** Verifier from exported public keys. */
export function createVerifier(publicKeys: readonly SigningPublicKey[]): Verifier {
  const keys = new Map<string, KeyObject>();
  for (const { keyId, publicKey } of publicKeys) keys.set(keyId, parsePublicKey(publicKey));
  return {
    verify(domain, message, signature) {
      const parts = signatureParts(signature);
      const key = parts && keys.get(parts.keyId);
      return (
        key !== undefined && verify(null, signedBytes(domain, message), key, parts?.bare ?? new Uint8Array())
      );
    },
  };
}

function privateKey(seed: Uint8Array): KeyObject {
  if (seed.length !== 32) throw new LakanaError('bad_key', 'a signing seed has 32 bytes');
  return createPrivateKey({ key: Buffer.concat([PKCS8_PREFIX, seed]), format: 'der', type: 'pkcs8' });
}

function parsePublicKey(base64: string): KeyObject {
  return createPublicKey({
    key: Buffer.concat([SPKI_PREFIX, publicKeyBytes(base64)]),
    format: 'der',
    type: 'spki',
  });
}
