/**
 * Who is who on WhatsApp. The LID is the identity; a number is an attribute that can move. The address under which a
 * person was first known stays theirs for ever, so that one never becomes two, nor two one.
 *
 * Invariant: an account that is suddenly used from another phone (its key has changed: a new phone, a stolen SIM)
 * counts as another person until they prove otherwise. They get a new address, and with it nothing of what was said
 * before; to the old address nothing can be sent any more, from the moment on at which WhatsApp or the new phone tells
 * of it.
 */
import { isLidUser, isPnUser, jidDecode, jidNormalizedUser } from '@whiskeysockets/baileys';
import { minutes } from '../../kernel/time.ts';
import { inTurn } from './in-turn.ts';
import type { SessionStore, Staged } from './session-store.ts';

/** What a stanza says about its sender; at least one of them. */
export type Jids = { lid?: string; number?: string };
/**
 * `address`: with the first phone. `lid` is known once it was seen beside the address. `phones`: the keys of the
 * phones that the account was used from, in the order in which they were first seen. `isMoved`: WhatsApp says that it is
 * on another phone, which has not written yet. `since`: when the latest phone followed an earlier one, in ms.
 */
type Known = { address: string; lid?: string; phones?: readonly string[]; isMoved?: true; since?: number };

/** Hears of an address that reaches nobody any more, before that is remembered: if it fails, it hears again. */
export type Left = (address: string) => Promise<void>;

/** What WhatsApp says of a new phone may come after the first words from there: so long it is about that one. */
const SAME_NEWS = minutes(1);

/** Stands for the key of a phone that was never told. */
const NEVER_SEEN = '';

/** Not a group, a broadcast, a status or a newsletter: those are ignored. */
export const isPerson = (jid = ''): boolean => isLidUser(jid) === true || isPnUser(jid) === true;

/** The names of the sender of a stanza; the device is left out. */
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
 * LID than before has moved to another person. Pure.
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
  const { isMoved: _, ...settled } = person;
  const known = isNew ? { ...settled, phones: [...phones, phone] } : phone === undefined ? person : settled;
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
export function addressOf(
  store: SessionStore,
  jids: Jids,
  phone?: string,
  left: Left = async () => undefined,
): Promise<string> {
  return inTurn(store, 'person', () => learn(store, jids, phone, left));
}

/**
 * WhatsApp says that the account is on another phone now: until that one writes, or the one before it after all,
 * nothing is sent there. Of a person who never wrote to us nothing is noted.
 */
export function leavesPhone(store: SessionStore, jids: Jids, left: Left, heardAt: number): Promise<void> {
  return inTurn(store, 'person', async () => {
    const { names, found, before } = await remembered(store, jids);
    if (before.isMoved || !names.some((name) => found.has(name))) return;
    if (before.since !== undefined && heardAt < before.since + SAME_NEWS) return;
    const { address } = onPhone(before, undefined);
    await left(address);
    const phones = before.phones?.length ? before.phones : [NEVER_SEEN];
    const text = JSON.stringify({ ...before, phones, isMoved: true } satisfies Known);
    await store.write(
      new Map([...names.map((name) => [name, text] as const), [destinationName(address), NOWHERE]]),
    );
  });
}

async function remembered(store: SessionStore, jids: Jids) {
  const names = [jids.lid, jids.number].filter((jid) => jid !== undefined).map(nameOf);
  const found = await store.read(names);
  const of = (jid: string | undefined) => read(jid && found.get(nameOf(jid)));
  return { names, found, before: identify(jids, of(jids.lid), of(jids.number)) };
}

async function learn(
  store: SessionStore,
  jids: Jids,
  phone: string | undefined,
  left: Left,
): Promise<string> {
  const { names, found, before } = await remembered(store, jids);
  const { address, known: person } = onPhone(before, phone);
  const follows = before.phones?.length && person.phones?.length !== before.phones.length;
  const known = follows ? { ...person, since: Date.now() } : person;
  const text = JSON.stringify(known);
  const news = new Map(names.filter((name) => found.get(name) !== text).map((name) => [name, text]));
  if (news.size === 0) return address;
  const latest = onPhone(known, undefined).address;
  const earlier = onPhone(before, undefined).address;
  // The number may be another person's one day: what is for this address goes to the LID.
  const destination = known.lid ?? jids.number ?? known.address;
  if (!known.isMoved && (before.isMoved || destination !== latest))
    news.set(destinationName(latest), destination);
  if (earlier !== latest) {
    await left(earlier);
    news.set(destinationName(earlier), NOWHERE);
  }
  await store.write(news);
  return address;
}

const NOWHERE = '';

/**
 * Where to send what is for this address: to the LID once it is known, so never to the number's present owner.
 * Undefined: to nobody, since the account is used from another phone now.
 */
export async function destinationOf(store: SessionStore, address: string): Promise<string | undefined> {
  const found = (await store.read([destinationName(address)])).get(destinationName(address)) ?? address;
  return found === NOWHERE ? undefined : found;
}
