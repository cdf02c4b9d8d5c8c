/**
 * The chain over what is in a case: one link per item, each signed by the server.
 *
 * Invariants: a link is the hash of the link before it, the case, the place, the kind and the ciphertext, in an
 * encoding that no two different items share (every part is preceded by its length); an item that was moved, changed,
 * added or dropped makes a link wrong. A cut-off end is seen when the head or the length is known from elsewhere (the
 * case's row, an export, the audit log). Limits: an intruder who holds the server's signing key can write a new chain;
 * the chain shows tampering to others, it does not prevent it. This file runs in a browser too: nothing of Node here,
 * and nothing that imports it.
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { isSameBytes } from './bytes.ts';
import { hashOfParts } from './hash-of-parts.ts';
import type { Signer, Verifier } from './verifier.ts';

/** What a link is signed for. */
export const CHAIN_DOMAIN = 'lakana/case-chain/v1';

export type ChainItem = {
  place: number;
  kind: string;
  ciphertext: Uint8Array;
  link: Uint8Array;
  signature: Uint8Array;
};

/** What is wrong with a chain: a word of a closed list, and the place where it shows. */
export type ChainVerdict =
  | { ok: true; length: number; head: Uint8Array | null }
  | {
      ok: false;
      problem: 'out_of_place' | 'wrong_link' | 'wrong_signature' | 'wrong_length' | 'wrong_head';
      place: number;
    };

/** The link of the next item. `previous` is the head of the chain so far, null for the first item. */
export function nextLink(item: {
  previous: Uint8Array | null;
  caseId: string;
  place: number;
  kind: string;
  ciphertext: Uint8Array;
}): Uint8Array {
  return hashOfParts([
    CHAIN_DOMAIN,
    item.previous ?? '',
    item.caseId,
    String(item.place),
    item.kind,
    sha256(item.ciphertext),
  ]);
}

/** The server's signature of a link, with the id of the key. */
export function signLink(keyring: { signer: Pick<Signer, 'sign'> }, link: Uint8Array): Uint8Array {
  return keyring.signer.sign(CHAIN_DOMAIN, link);
}

/**
 * Checks a whole chain. `items` in the order of their places; `expected` is what the case's row (or another
 * record) says of its end: without it a chain that was cut off at the end still looks whole.
 */
export function verifyChain(chain: {
  caseId: string;
  items: readonly ChainItem[];
  verifier: Verifier;
  expected?: { head?: Uint8Array | null; length?: number };
}): ChainVerdict {
  let head: Uint8Array | null = null;
  for (const [place, item] of chain.items.entries()) {
    if (item.place !== place) return { ok: false, problem: 'out_of_place', place };
    const link = nextLink({ previous: head, caseId: chain.caseId, ...item });
    if (!isSameBytes(link, item.link)) return { ok: false, problem: 'wrong_link', place };
    if (!chain.verifier.verify(CHAIN_DOMAIN, link, item.signature))
      return { ok: false, problem: 'wrong_signature', place };
    head = link;
  }
  const length = chain.items.length;
  const { expected } = chain;
  if (expected?.length !== undefined && expected.length !== length) {
    return { ok: false, problem: 'wrong_length', place: length };
  }
  if (expected?.head !== undefined && !isSameBytes(head, expected.head)) {
    return { ok: false, problem: 'wrong_head', place: length };
  }
  return { ok: true, length, head };
}
