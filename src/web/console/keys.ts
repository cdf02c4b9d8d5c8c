/**
 * The keys of the member who is signed in.
 *
 * Invariants: they live in this page's memory and nowhere else; after five minutes without a touch, with one key (Escape)
 * or one tap they are gone (`lock.ts`), and so is everything that was opened with them.
 */

import type { Me } from '../../contract/signing-in.ts';
import type { BoundRecipient } from '../../crypto/case-binding.ts';
import { createTeamKey, openCaseSecret, openSealed, sealToCase } from '../../crypto/case-key.ts';
import { openGrant, unwrapByDevice, unwrapByPassphrase } from '../../crypto/member-key.ts';
import type { WrappedBy } from '../../kernel/vocabulary.ts';
import { toBytes } from './bytes.ts';
import { mustBeOpen } from './lock.ts';
import { browserMemory } from './remembered.ts';
import { type ServerKeys, serverKeys } from './server-keys.ts';

/** Secret keys of the team by fingerprint: one, or two while it is being changed. */
export type Ring = ReadonlyMap<string, string>;
/** `team`: the team's secret key that is in use; undefined as long as nobody has granted it. */
export type Keys = {
  me: Me;
  own: string;
  ring: Ring;
  team: string | undefined;
  /** What the server signs is checked with these. */
  server: ServerKeys;
};

export async function keysFor(me: Me, own: string): Promise<Keys> {
  const ring = new Map<string, string>();
  for (const { fingerprint, sealed } of me.grants) {
    const secret = await openGrant(own, toBytes(sealed), fingerprint).catch(() => undefined);
    if (secret) ring.set(fingerprint, secret);
  }
  const server = await serverKeys(me.signing, browserMemory());
  return { me, own, ring, team: ring.get(me.team.fingerprint), server };
}

/** The same with one more team key, which was made or brought along here. */
export function withTeamKey(keys: Keys, fingerprint: string, secret: string): Keys {
  const ring = new Map(keys.ring).set(fingerprint, secret);
  return { ...keys, ring, team: ring.get(keys.me.team.fingerprint) };
}

/**
 * The secret key of a case, by whichever team key opens it. Throws if none does.
 */
export async function caseSecretBy(
  ring: Ring,
  caseId: string,
  wraps: readonly { key: string; wrapped: Promise<Uint8Array> }[],
): Promise<string> {
  mustBeOpen();
  // First what should fit; which key a wrap is for may not have been noted.
  const tries = wraps.flatMap(({ key, wrapped }) =>
    [...ring].map(([fingerprint, secret]) => ({ fits: key === fingerprint, secret, wrapped })),
  );
  tries.sort((a, b) => Number(b.fits) - Number(a.fits));
  let problem: unknown = new Error('no key of the team');
  for (const { secret, wrapped } of tries) {
    try {
      return await openCaseSecret(secret, caseId, await wrapped);
    } catch (error) {
      problem = error;
    }
  }
  throw problem;
}

/** The member's own key, by what the device computed or by the passphrase. Throws if it does not unwrap. */
export function unwrap(
  wrapped: { wrappedBy: WrappedBy; wrappedSecret: string },
  by: { prf?: Uint8Array<ArrayBuffer> | undefined; passphrase?: string },
): Promise<string> {
  const bytes = toBytes(wrapped.wrappedSecret);
  if (wrapped.wrappedBy === 'prf') return unwrapByDevice(by.prf ?? new Uint8Array(), bytes);
  return unwrapByPassphrase(by.passphrase ?? '', bytes);
}

/**
 * Opens something of its own a few times, while the network is waited for: a browser compiles what it has run, and opens the
 * real thing in half the time.
 */
export async function rehearse(): Promise<void> {
  const { secret, recipient } = await createTeamKey();
  const header = { type: 'rehearsal', version: 1, caseId: '', place: 0 };
  const sealed = await sealToCase(recipient as BoundRecipient, header, new Uint8Array(300));
  for (let n = 0; n < 5; n++) await openSealed(secret, header, sealed);
}
