/**
 * A case's public key, signed by the server when the case is opened.
 *
 * Invariants: nothing is sealed to a case but by a `BoundRecipient`, and only `boundRecipient` makes one of what stands
 * in the database: an intruder who can write there cannot put a key of their own in a case's place, nor that of another
 * case; how many items lay in a case before its key was signed is signed with it (they cannot be vouched for; none in a
 * case that was opened signed). This file runs in a browser too.
 */
import { hashOfParts } from './hash-of-parts.ts';
import type { Signer, Verifier, Verify } from './verifier.ts';

/** Prefix of everything that is signed here. */
const CASE_KEY = 'lakana/case-key/v1';
const CASE_CONTINUES = 'lakana/case-continues/v1';

declare const bound: unique symbol;
/** The public half of a case's key, as it was made or as the server's signature vouches for it. */
export type BoundRecipient = string & { readonly [bound]: true };

export type CaseKeyBinding = {
  caseId: string;
  recipient: string;
  /** How many items lay in the case before its key was signed. */
  boundFrom: number;
};

export function signCaseKey({ sign }: Pick<Signer, 'sign'>, binding: CaseKeyBinding): Uint8Array {
  return sign(CASE_KEY, partsOf(binding));
}

/** The case's key if the server signed it for this case; undefined: nothing may be sealed to it. */
export function boundRecipient(
  verifier: Verifier,
  binding: CaseKeyBinding & { signature: Uint8Array | null },
): BoundRecipient | undefined {
  const { signature, recipient } = binding;
  if (!signature || !verifier.verify(CASE_KEY, partsOf(binding), signature)) return undefined;
  return recipient as BoundRecipient;
}

/** The same in a browser, whose own cryptography answers later. */
export async function boundRecipientBy(
  verify: Verify,
  binding: CaseKeyBinding & { signature: Uint8Array | null },
): Promise<BoundRecipient | undefined> {
  const { signature, recipient } = binding;
  const isSigned = signature !== null && (await verify(CASE_KEY, partsOf(binding), signature));
  return isSigned ? (recipient as BoundRecipient) : undefined;
}

function partsOf({ caseId, recipient, boundFrom }: CaseKeyBinding): Uint8Array {
  return hashOfParts([CASE_KEY, caseId, recipient, String(boundFrom)]);
}

/** That one case goes on in the place of another whose key did not fit. */
export type Continuation = { caseId: string; replaces: string };

export function signContinuation({ sign }: Pick<Signer, 'sign'>, continuation: Continuation): Uint8Array {
  return sign(CASE_CONTINUES, continuationOf(continuation));
}

export function isContinuation(
  verifier: Verifier,
  continuation: Continuation,
  signature: Uint8Array | null,
): boolean {
  return signature !== null && verifier.verify(CASE_CONTINUES, continuationOf(continuation), signature);
}

function continuationOf({ caseId, replaces }: Continuation): Uint8Array {
  return hashOfParts([CASE_CONTINUES, caseId, replaces]);
}
