/**
 * Addresses of people: found by keyed hash, kept under the server key.
 *
 * Invariant: an address stands nowhere in the clear; a sealed address opens only for the contact it belongs to.
 */
import type { IncomingMessage } from '../../channels/channel.ts';
import type { Keyring } from '../../crypto/keyring.ts';
import type { Arrival } from '../../db/arrivals.ts';
import { type ContactId, newId } from '../../kernel/ids.ts';
import type { ChannelKind } from '../../kernel/vocabulary.ts';

type Keys = { keyring: Keyring };

const text = new TextEncoder();
const plain = new TextDecoder();

/**
 * A message as the database knows it: whom it is from and whether it was there before. Message ids of some channels
 * hold the address, so they too are kept as keyed hashes only. `older`: hashes under older keys, while the server key
 * is being rotated.
 */
export function arrivalOf(
  ctx: Keys,
  { channel, address, id, to }: IncomingMessage,
): Arrival & { older: { addresses: Uint8Array[]; messages: Uint8Array[] } } {
  const contactId = newId<ContactId>();
  const [addressIndex, ...addresses] = indexes(ctx, 'address', `${channel}/${address}`);
  const [messageIndex, ...messages] = indexes(ctx, 'message-id', `${channel}/${id}`);
  const addressSealed = sealAddress(ctx, contactId, address);
  return {
    channel,
    messageIndex,
    contactId,
    addressIndex,
    addressSealed,
    number: to ?? null,
    older: { addresses, messages },
  };
}

/** Under the current key first. */
function indexes({ keyring }: Keys, purpose: string, value: string): [Uint8Array, ...Uint8Array[]] {
  const [current, ...older] = keyring.indexes(purpose, value);
  return [current ?? keyring.index(purpose, value), ...older];
}

function sealAddress(ctx: Keys, contactId: ContactId, address: string): Uint8Array {
  return ctx.keyring.seal('address', `contact/${contactId}`, text.encode(address));
}

export function openAddress(ctx: Keys, contact: { id: ContactId; addressSealed: Uint8Array }): string {
  return plain.decode(ctx.keyring.open('address', `contact/${contact.id}`, contact.addressSealed));
}

/** A contact of an officer that nobody writes from: as its row, and the hashes by which one that is there is found. */
export function outgoingContact(ctx: Keys, channel: ChannelKind, address: string) {
  const id = newId<ContactId>();
  const [addressIndex, ...older] = indexes(ctx, 'address', `${channel}/${address}`);
  const row = { id, channel, addressIndex, addressSealed: sealAddress(ctx, id, address) };
  return { row, indexes: [addressIndex, ...older] };
}
