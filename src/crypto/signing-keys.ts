/**
 * The server's signing keys as others know them: their public halves, each signed by the one before it.
 *
 * Invariant: a reader who trusts one of them (a pinned file, a fingerprint on paper) can tell which of the newer ones
 * come after it, and no others. This file runs in a browser too.
 */
import { LakanaError } from '../kernel/errors.ts';
import { fingerprint } from './fingerprint.ts';
import { hashOfParts } from './hash-of-parts.ts';
import type { SigningPublicKey, Verify } from './verifier.ts';

const DOMAIN = 'lakana/signing-key/v1';

/** A public half; `signature` by the key that was there before it, `signedBy`. The oldest one has none. */
export type SignedKey = SigningPublicKey & {
  fingerprint: string;
  signedBy?: string;
  signature?: Uint8Array;
};

/** Keys newest first, each with the word of the one before it. `signWith`: signs with the key of this id. */
export function successionOf(
  keys: readonly SigningPublicKey[],
  signWith: (keyId: string, domain: string, message: Uint8Array) => Uint8Array,
): SignedKey[] {
  return keys.map((key, at) => {
    const before = keys[at + 1];
    return {
      ...key,
      fingerprint: fingerprint(key.publicKey),
      ...(before
        ? { signedBy: before.keyId, signature: signWith(before.keyId, DOMAIN, messageOf(key)) }
        : {}),
    };
  });
}

/**
 * Of `keys`, newest first, those that a trusted one vouches for: from the trusted one on, each signed by the one before it.
 * `verifyBy`: how something is checked with one public key (`createVerify`). Empty: the trusted one is not among them, or
 * one that came after it is not signed.
 */
export async function vouchedKeys(
  keys: readonly SignedKey[],
  isTrusted: (key: SigningPublicKey & { fingerprint: string }) => boolean,
  verifyBy: (key: SigningPublicKey) => Verify,
): Promise<SignedKey[]> {
  const vouched: SignedKey[] = [];
  for (const key of [...keys].reverse()) {
    const before = vouched[0];
    const isNext =
      before !== undefined &&
      key.signature !== undefined &&
      (await verifyBy(before)(DOMAIN, messageOf(key), key.signature));
    if (isNext || isTrusted({ ...key, fingerprint: fingerprint(key.publicKey) })) vouched.unshift(key);
    else if (before) return [];
  }
  return vouched;
}

function messageOf({ keyId, publicKey }: SigningPublicKey): Uint8Array {
  return hashOfParts([DOMAIN, keyId, publicKey]);
}

/** The content of the public file that is pinned elsewhere: all keys, newest first. */
export function printSigningKeys(keys: readonly SigningPublicKey[]): string {
  const lines = keys.map(
    ({ keyId, publicKey }) => `# Fingerprint: ${fingerprint(publicKey)}\n${keyId} ${publicKey}\n`,
  );
  return `# Lakana server key, public half: whoever has it can check what the server signed.\n${lines.join('')}`;
}

/** What is in such a file. Throws `bad_key`. */
export function parseSigningKeys(fileContent: string): SigningPublicKey[] {
  const lines = fileContent.split('\n').map((line) => line.trim());
  const keys = lines.flatMap((line) => {
    if (line === '' || line.startsWith('#')) return [];
    const [, keyId, publicKey] = /^([0-9a-f]{8}) ([A-Za-z0-9+/]{43}=)$/.exec(line) ?? [];
    if (!keyId || !publicKey) throw new LakanaError('bad_key', 'no public half of a server key');
    return [{ keyId, publicKey }];
  });
  if (keys.length === 0) throw new LakanaError('bad_key', 'no public half of a server key');
  return keys;
}
