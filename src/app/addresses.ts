/**
 * Addresses of people: found by keyed hash, kept under the server key.
 *
 * Invariant: an address stands nowhere in the clear; a sealed address opens only for the contact it belongs to.
 */
import type { Keyring } from '../crypto/keyring.ts';
import type { ContactId } from '../kernel/ids.ts';

type Keys = { keyring: Keyring };

const text = new TextEncoder();
const plain = new TextDecoder();

/** Under the current key first; more than one while the server key is being rotated. */
export function addressIndexes(ctx: Keys, channel: string, address: string): [Uint8Array, ...Uint8Array[]] {
  const value = `${channel}/${address}`;
  const [, ...older] = ctx.keyring.indexes('address', value);
  return [ctx.keyring.index('address', value), ...older];
}

/**
 * Message ids of some channels hold the address, so they too are kept as keyed hashes only. Under the current key
 * first; more than one while the server key is being rotated.
 */
export function messageIndexes(ctx: Keys, channel: string, id: string): [Uint8Array, ...Uint8Array[]] {
  const value = `${channel}/${id}`;
  const [, ...older] = ctx.keyring.indexes('message-id', value);
  return [ctx.keyring.index('message-id', value), ...older];
}

export function sealAddress(ctx: Keys, contactId: ContactId, address: string): Uint8Array {
  return ctx.keyring.seal('address', `contact/${contactId}`, text.encode(address));
}

export function openAddress(ctx: Keys, contact: { id: ContactId; addressSealed: Uint8Array }): string {
  return plain.decode(ctx.keyring.open('address', `contact/${contact.id}`, contact.addressSealed));
}
