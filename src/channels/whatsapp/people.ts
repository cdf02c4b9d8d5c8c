/**
 * Who is who on WhatsApp. The LID is the identity; a number is an attribute that can move. The address under which a
 * person was first known stays theirs for ever, so that one never becomes two, nor two one.
 *
 * Invariant: an account that is suddenly used from another phone (its key has changed: a new phone, a stolen SIM) is
 * somebody else until they prove otherwise. They get a new address, and with it nothing of what was said before; to
 * the old address nothing can be sent any more.
 */
import { isLidUser, isPnUser, jidDecode, jidNormalizedUser } from '@whiskeysockets/baileys';
import { inTurn } from './in-turn.ts';
import type { SessionStore, Staged } from './session-store.ts';

/** What a stanza says about its sender; at least one of them. */
export type Jids = { lid?: string; number?: string };
/**
 * `address`: with the first phone. `lid` is known once it was seen beside the address. `phones`: the keys of the
 * phones that the account was used from, in the order in which they were first seen.
 */
type Known = { address: string; lid?: string; phones?: readonly string[] };

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
  return {
    ...known,
    address: known?.address ?? lid ?? number ?? '',
    ...(theirLid ? { lid: theirLid } : {}),
  };
}

/**
 * The person's address when they write from this phone, and what is known of them then. Without a key it is the phone
 * that was seen last. Pure.
 */
function onPhone(person: Known, phone: string | undefined): { address: string; known: Known } {
  const phones = person.phones ?? [];
  const isNew = phone !== undefined && !phones.includes(phone);
  const known = isNew ? { ...person, phones: [...phones, phone] } : person;
  const place = phone === undefined ? phones.length - 1 : (known.phones ?? []).indexOf(phone);
  return { address: place <= 0 ? person.address : `${person.address}~${place + 1}`, known };
}

/** Whether a stanza comes from the phone itself, and not from a computer that is linked to it. */
export const isFromPhone = (from: string): boolean => (jidDecode(from)?.device ?? 0) === 0;

const nameOf = (jid: string): string => `person/${jid}`;
const destinationName = (address: string): string => `destination/${address}`;
const read = (text: string | undefined): Known | undefined => (text ? JSON.parse(text) : undefined);

/**
 * Finds the person's address and remembers what was learnt, before anything is done with it. `phone`: the key of the
 * phone they wrote with, if it was told.
 */
export function addressOf(store: SessionStore, jids: Jids, phone?: string): Promise<string> {
  return inTurn(store, 'person', () => learn(store, jids, phone));
}

async function learn(store: SessionStore, jids: Jids, phone: string | undefined): Promise<string> {
  const names = [jids.lid, jids.number].filter((jid) => jid !== undefined).map(nameOf);
  const found = await store.read(names);
  const of = (jid: string | undefined) => read(jid && found.get(nameOf(jid)));
  const before = identify(jids, of(jids.lid), of(jids.number));
  const { address, known } = onPhone(before, phone);
  const text = JSON.stringify(known);
  const news = new Map(names.filter((name) => found.get(name) !== text).map((name) => [name, text]));
  if (news.size === 0) return address;
  const latest = onPhone(known, undefined).address;
  const earlier = onPhone(before, undefined).address;
  // The number may be somebody else's one day: what is for this address goes to the LID.
  const destination = known.lid ?? jids.number ?? known.address;
  if (destination !== latest) news.set(destinationName(latest), destination);
  if (earlier !== latest) news.set(destinationName(earlier), NOWHERE);
  await store.write(news);
  return address;
}

const NOWHERE = '';

/**
 * Where to send what is for this address: to the LID once it is known, so never to whoever has the number now.
 * Undefined: to nobody, since the account is used from another phone now.
 */
export async function destinationOf(store: SessionStore, address: string): Promise<string | undefined> {
  const found = (await store.read([destinationName(address)])).get(destinationName(address)) ?? address;
  return found === NOWHERE ? undefined : found;
}
