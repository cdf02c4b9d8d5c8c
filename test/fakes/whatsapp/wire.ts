/** Stanzas as both sides speak them, in Baileys' own binary form, and the few words used to build them. */
import { type BinaryNode, getBinaryNodeChild, getBinaryNodeChildBuffer } from '@whiskeysockets/baileys';
import { pino } from 'pino';

export type Stanza = BinaryNode;

export type Attributes = Record<string, string | undefined>;

/** A stanza; attributes that are undefined are left out. */
export function stanza(tag: string, attributes: Attributes = {}, content?: Stanza['content']): Stanza {
  const attrs = Object.fromEntries(
    Object.entries(attributes).filter((pair): pair is [string, string] => pair[1] !== undefined),
  );
  return content === undefined ? { tag, attrs } : { tag, attrs, content };
}

/** A stanza that holds bytes. Text goes as bytes too: Baileys reads it so. */
export const holding = (tag: string, bytes: Uint8Array | string): Stanza =>
  stanza(tag, {}, typeof bytes === 'string' ? Buffer.from(bytes) : bytes);

export const child = (parent: Stanza | undefined, tag: string): Stanza | undefined =>
  getBinaryNodeChild(parent, tag);

export const children = (parent: Stanza | undefined): Stanza[] =>
  Array.isArray(parent?.content) ? parent.content : [];

/** The bytes of a child that has to be there. */
export function bytesOf(parent: Stanza | undefined, tag: string): Buffer {
  const bytes = getBinaryNodeChildBuffer(parent, tag);
  if (!bytes) throw new Error(`the bot sent <${parent?.tag}> without the bytes of <${tag}>`);
  return Buffer.from(bytes);
}

/** The other side of the stanza, sender or receiver, without the device. */
export const userOf = (jid: string | undefined): string => /^[^:@]*/.exec(jid ?? '')?.[0] ?? '';

/** Baileys' parts want a logger; here it stays silent, for libsignal's errors carry keys. */
export const silent = pino({ level: 'silent' });
