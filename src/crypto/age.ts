/**
 * age with hybrid post-quantum keys only (ML-KEM-768 + X25519), and its errors reduced to codes.
 *
 * Invariants: no key without the post-quantum half is accepted, for sealing or opening; the library's error
 * messages quote keys, so none of them leaves this file, not even as a cause. Runs in a browser too: there the library
 * computes, and elsewhere the machine where it can, to the same bytes (`#hybrid`).
 */
import { Decrypter, Encrypter, generateHybridIdentity, identityToRecipient } from 'age-encryption';
import { hybridOfMachine } from '#hybrid';
import { LakanaError } from '../kernel/errors.ts';

const RECIPIENT = /^age1pq1[a-z0-9]+$/;
const IDENTITY = /^AGE-SECRET-KEY-PQ-1[A-Z0-9]+$/;

/** For sealing to one recipient. Throws `bad_recipient`. */
export function encrypterFor(recipient: string): Encrypter {
  const encrypter = new Encrypter();
  try {
    if (!RECIPIENT.test(recipient)) throw new Error('not hybrid');
    encrypter.addRecipient(hybridOfMachine?.recipient(recipient) ?? recipient);
  } catch {
    throw new LakanaError('bad_recipient', 'not a hybrid post-quantum age recipient');
  }
  return encrypter;
}

/** For opening with one secret key. Throws `bad_identity`. */
export function decrypterFor(identity: string): Decrypter {
  const decrypter = new Decrypter();
  try {
    if (!IDENTITY.test(identity)) throw new Error('not hybrid');
    decrypter.addIdentity(hybridOfMachine?.identity(identity) ?? identity);
  } catch {
    throw new LakanaError('bad_identity', 'not a hybrid post-quantum age secret key');
  }
  return decrypter;
}

/** A fresh secret key. */
export const createIdentity = (): Promise<string> => generateHybridIdentity();

/** The public half of a secret key. Throws `bad_identity`. */
export async function recipientOf(identity: string): Promise<string> {
  try {
    if (!IDENTITY.test(identity)) throw new Error('not hybrid');
    return hybridOfMachine?.recipientOf(identity) ?? (await identityToRecipient(identity));
  } catch {
    throw new LakanaError('bad_identity', 'not a hybrid post-quantum age secret key');
  }
}

/** Turns whatever the library throws while opening into `not_a_recipient` or `cannot_open`. */
export async function opening<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw openingError(error);
  }
}

/** The wording is that of age-encryption 0.3.1; a test notices when it changes. */
const NOT_A_RECIPIENT = "no identity matched any of the file's recipients";

export function openingError(error: unknown): LakanaError {
  if (error instanceof LakanaError) return error;
  return error instanceof Error && error.message === NOT_A_RECIPIENT
    ? new LakanaError('not_a_recipient', 'sealed to somebody else')
    : new LakanaError('cannot_open', 'not sealed by age, cut off or changed');
}
