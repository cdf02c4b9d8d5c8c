/**
 * Checking the server's signatures, with public keys only: in a browser, or wherever cases are opened.
 *
 * Invariants: a signature is `key id (4) + Ed25519 (64)`; what is signed begins with what it is for (the caller's `domain`),
 * so that a signature for one thing never counts for another; a signature that is not right is an answer and never an
 * error. This file runs in a browser too: nothing of Node here, and nothing that imports it.
 */
import { ed25519 } from '@noble/curves/ed25519.js';
import { LakanaError } from '../kernel/errors.ts';
import { bytesOf, hexOf } from './bytes.ts';

/** Public half of a signing key, as it may be exported: id as 8 hex digits, key as base64. */
export type SigningPublicKey = { keyId: string; publicKey: string };

export type Verifier = {
  /** Whether one of the known keys signed `message` for `domain`. */
  verify(domain: string, message: Uint8Array, signature: Uint8Array): boolean;
};

/** What signs, which only a server has. */
export type Signer = Verifier & {
  /** Signs with the current key. */
  sign(domain: string, message: Uint8Array): Uint8Array;
  /** Public halves of all keys, newest first. */
  readonly publicKeys: readonly SigningPublicKey[];
};

/** The same where a browser checks: its own cryptography answers later. */
export type Verify = (domain: string, message: Uint8Array, signature: Uint8Array) => Promise<boolean>;

/** Bytes of a key id in front of a signature, an index or a ciphertext; as text it is twice as many hex digits. */
export const KEY_ID_BYTES = 4;
const SIGNATURE_BYTES = 64;
const PUBLIC_KEY_BYTES = 32;

/** What is signed: a zero byte ends the domain, and no domain contains one. */
export function signedBytes(domain: string, message: Uint8Array): Uint8Array<ArrayBuffer> {
  const start = bytesOf(`${domain}\0`);
  const joined = new Uint8Array(start.length + message.length);
  joined.set(start);
  joined.set(message, start.length);
  return joined;
}

/** Key id and bare signature; undefined: this is no signature of ours. */
export function signatureParts(signature: Uint8Array): { keyId: string; bare: Uint8Array } | undefined {
  if (signature.length !== KEY_ID_BYTES + SIGNATURE_BYTES) return undefined;
  return {
    keyId: hexOf(signature.subarray(0, KEY_ID_BYTES)),
    bare: signature.subarray(KEY_ID_BYTES),
  };
}

/** Throws `bad_key`. */
export function publicKeyBytes(base64: string): Uint8Array<ArrayBuffer> {
  const bytes = /^[A-Za-z0-9+/]{43}=$/.test(base64)
    ? Uint8Array.from(atob(base64), (each) => each.charCodeAt(0))
    : undefined;
  if (bytes?.length !== PUBLIC_KEY_BYTES)
    throw new LakanaError('bad_key', 'a public signing key has 32 bytes, as base64');
  return bytes;
}

type Check = (
  key: Uint8Array<ArrayBuffer>,
  signed: Uint8Array<ArrayBuffer>,
  bare: Uint8Array,
) => Promise<boolean>;

/**
 * For a browser. Its own cryptography checks (a tenth of a millisecond) where it knows Ed25519; else a program does,
 * ten times slower. `check`: one of them, for tests.
 */
export function createVerify(
  publicKeys: readonly SigningPublicKey[],
  check: Check = whateverThereIs,
): Verify {
  const keys = new Map(publicKeys.map(({ keyId, publicKey }) => [keyId, publicKeyBytes(publicKey)]));
  return async (domain, message, signature) => {
    const parts = signatureParts(signature);
    const key = parts && keys.get(parts.keyId);
    return parts && key ? check(key, signedBytes(domain, message), parts.bare) : false;
  };
}

let isBuiltIn: Promise<boolean> | undefined;

async function whateverThereIs(...given: Parameters<Check>): Promise<boolean> {
  isBuiltIn ??= knowsEd25519();
  return (await isBuiltIn) ? checkBuiltIn(...given) : checkByProgram(...given);
}

/** The public key of RFC 8032, test 1: a browser either imports it or does not know what it is. */
async function knowsEd25519(): Promise<boolean> {
  try {
    await importKey(publicKeyBytes('11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo='));
    return true;
  } catch {
    return false;
  }
}

/** A key is read once, and used for each item of a case. */
type PublicKey = ReturnType<typeof crypto.subtle.importKey>;
const imported = new WeakMap<Uint8Array, PublicKey>();
function importKey(key: Uint8Array<ArrayBuffer>): PublicKey {
  const found = imported.get(key) ?? crypto.subtle.importKey('raw', key, 'Ed25519', false, ['verify']);
  imported.set(key, found);
  return found;
}

export const checkBuiltIn: Check = async (key, signed, bare) => {
  try {
    return await crypto.subtle.verify('Ed25519', await importKey(key), new Uint8Array(bare), signed);
  } catch {
    return false;
  }
};

export const checkByProgram: Check = async (key, signed, bare) => {
  try {
    // As RFC 8032 says, and as Node does: no leniency for points that are written in another way.
    return ed25519.verify(bare, signed, key, { zip215: false });
  } catch {
    return false;
  }
};
