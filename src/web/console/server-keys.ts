/**
 * The keys with which the server signs, as this browser knows them.
 *
 * Invariants: what was seen first is remembered, and a new key counts only if one that is remembered signed it; otherwise
 * things are checked with the remembered ones alone, until a person who compared the new one's fingerprint accepts it.
 */
import type { Me } from '../../contract/signing-in.ts';
import { fingerprint } from '../../crypto/fingerprint.ts';
import { vouchedKeys } from '../../crypto/signing-keys.ts';
import { createVerify, type SigningPublicKey, type Verify } from '../../crypto/verifier.ts';
import { toBytes } from './bytes.ts';
import { type Memory, rememberedKeys, rememberKeys } from './remembered.ts';

export type ServerKeys = {
  /** Whether the server signed something, as far as this browser knows its keys. */
  verify: Verify;
  /** Of the key with which the server says that it signs now. */
  fingerprint: string;
  /** `first`: this browser had none to compare with; `changed`: it has, and none of them signed this one. */
  is: 'known' | 'first' | 'changed';
};

export async function serverKeys(offered: Me['signing'], memory: Memory): Promise<ServerKeys> {
  const remembered = rememberedKeys(memory);
  const shown = fingerprint(offered[0]?.publicKey ?? '');
  const known = (keys: readonly SigningPublicKey[], is: ServerKeys['is']) => ({
    verify: createVerify(keys),
    fingerprint: shown,
    is,
  });
  if (remembered.length === 0) {
    rememberKeys(memory, offered);
    return known(offered, 'first');
  }
  const keys = offered.map(({ signature, ...key }) => ({
    ...key,
    ...(signature ? { signature: toBytes(signature) } : {}),
  }));
  const isRemembered = (key: SigningPublicKey) =>
    remembered.some(({ keyId, publicKey }) => keyId === key.keyId && publicKey === key.publicKey);
  const vouched = await vouchedKeys(keys, isRemembered, (key) => createVerify([key]));
  if (vouched.length === 0) return known(remembered, 'changed');
  const fresh = vouched.filter((key) => !isRemembered(key));
  if (fresh.length > 0) rememberKeys(memory, [...fresh, ...remembered]);
  return known([...fresh, ...remembered], 'known');
}

/** A member compared the fingerprint: from now on these count, and none from before. */
export function acceptServerKeys(offered: Me['signing'], memory: Memory): void {
  rememberKeys(memory, offered);
}
