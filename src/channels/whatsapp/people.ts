/**
 * Who is who on WhatsApp. The LID is the identity; a number is an attribute that can move. The address under which a
 * person was first known stays theirs for ever, so that one never becomes two, nor two one.
 */
import { isLidUser, isPnUser, jidNormalizedUser } from '@whiskeysockets/baileys';
import type { SessionStore, Staged } from './session-store.ts';

/** What a stanza says about its sender; at least one of them. */
export type Jids = { lid?: string; number?: string };
/** `lid` is known once it was seen beside the address. */
type Known = { address: string; lid?: string };

/** Not a group, a broadcast, a status or a newsletter: those are ignored. */
export const isPerson = (jid = ''): boolean => isLidUser(jid) === true || isPnUser(jid) === true;

/** The names of whoever sent a stanza; the device is left out. */
export function jidsOf(attrs: Staged['attrs']): Jids {
  const all = [attrs.from, attrs.sender_lid, attrs.sender_pn, attrs.participant_lid, attrs.participant_pn]
    .filter((jid) => jid !== undefined)
    .map((jid) => jidNormalizedUser(jid));
  const lid = all.find((jid) => isLidUser(jid));
  const number = all.find((jid) => isPnUser(jid));
  return { ...(lid ? { lid } : {}), ...(number ? { number } : {}) };
}

/**
 * The person behind these names. `byLid`, `byNumber`: what is remembered of them. A number that comes with another
 * LID than before has moved to somebody else. Pure.
 */
export function identify(
  { lid, number }: Jids,
  byLid: Known | undefined,
  byNumber: Known | undefined,
): Known {
  const isTheirs = byNumber && (!lid || !byNumber.lid || byNumber.lid === lid);
  const known = byLid ?? (isTheirs ? byNumber : undefined);
  const theirLid = lid ?? known?.lid;
  return { address: known?.address ?? lid ?? number ?? '', ...(theirLid ? { lid: theirLid } : {}) };
}

const nameOf = (jid: string): string => `person/${jid}`;
const destinationName = (address: string): string => `destination/${address}`;
const read = (text: string | undefined): Known | undefined => (text ? JSON.parse(text) : undefined);

/** Finds the person's address and remembers what was learnt, before anything is done with it. */
export async function addressOf(store: SessionStore, jids: Jids): Promise<string> {
  const names = [jids.lid, jids.number].filter((jid) => jid !== undefined).map(nameOf);
  const found = await store.read(names);
  const of = (jid: string | undefined) => read(jid && found.get(nameOf(jid)));
  const person = identify(jids, of(jids.lid), of(jids.number));
  const text = JSON.stringify(person);
  const news = new Map(names.filter((name) => found.get(name) !== text).map((name) => [name, text]));
  if (news.size === 0) return person.address;
  // The number may be somebody else's one day: what is for this address goes to the LID.
  if (person.lid && person.lid !== person.address) news.set(destinationName(person.address), person.lid);
  await store.write(news);
  return person.address;
}

/** Where to send what is for this address: to the LID once it is known, so never to whoever has the number now. */
export async function destinationOf(store: SessionStore, address: string): Promise<string> {
  return (await store.read([destinationName(address)])).get(destinationName(address)) ?? address;
}
