/**
 * What a stranger's phone, or a messenger gone wrong, may hand over: real messages with parts of them changed. The same
 * seed gives the same messages.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { proto } from '@whiskeysockets/baileys';

const LONGEST = 24_000;
/** As in the samples. */
export const BOT_ID = '700000';
const FIRST_PERSON = 41_000_000;
/** Message ids are used anew after so many. */
const PEOPLE = 2_000;

export type Malformed<T> = {
  raw: T;
  /** Whose phone it is, if it still says so. */
  person: string;
  /** It comes from a person in a private chat and holds these words: they must get an answer. */
  words?: string;
};

type Json = unknown;
type Tree = Record<string, Json> | Json[];
const isTree = (value: Json): value is Tree =>
  typeof value === 'object' && value !== null && !(value instanceof Uint8Array);
const isObject = (value: Json): value is Record<string, Json> => isTree(value) && !Array.isArray(value);

/** Numbers from 0 up to 1 (mulberry32). */
type Dice = {
  below(n: number): number;
  isOneIn(n: number): boolean;
  of<T>(all: readonly [T, ...T[]]): T;
};

function dice(seed: number): Dice {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (n: number): number => Math.floor(next() * n);
  return { below, isOneIn: (n) => below(n) === 0, of: (all) => all[below(all.length)] ?? all[0] };
}

const NUMBERS = [
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  1e300,
  -1,
  -0,
  0,
  0.5,
  20_000.5,
  2 ** 31,
  2 ** 53 - 1,
  2 ** 53 + 2,
  -(2 ** 63),
  8.64e15,
] as const;

const STRINGS = [
  '',
  ' ',
  '\u0000',
  'a\u0000b',
  '\ud800',
  'x\udc00y',
  '\u202e\u202d\u2067abc\u2069',
  '\u200f\u200e',
  '\ufeff',
  '__proto__',
  'constructor',
  'toString',
  'NaN',
  '-1',
  '1e300',
  '99999999999999999999',
  '{{y}}$t(z)',
  '../../etc/passwd',
  "'; drop table contacts; --",
  'SOS',
  '/start',
  '1',
  'c:sos',
  'r:1:yes',
  'r:0:constructor',
  'r:NaN:__proto__',
  'private',
  'supergroup',
  'secret',
] as const;

const PIECES = [
  'a',
  '\u0000',
  '\u202e',
  '\ud83d',
  '\u0301',
  '{',
  ' ',
  '\n',
  'SOS ',
  '👍🏽',
  'é',
  '1',
] as const;

const deep = (levels: number, key: string | undefined): Json => {
  let value: Json = 'x';
  for (let level = 0; level < levels; level += 1) value = key === undefined ? [value] : { [key]: value };
  return value;
};

/** `JSON.parse` makes `__proto__` a key like any other, as a body does. */
const withOddKeys = (inner: Json): Json =>
  JSON.parse(
    `{"__proto__":${JSON.stringify(inner) ?? 'null'},"constructor":{"prototype":{"id":1}},"toString":1,"then":{},"length":-1}`,
  );

function anything({ of, below }: Dice): Json {
  return of<() => Json>([
    () => of(NUMBERS),
    () => of(STRINGS),
    () => of(PIECES).repeat(LONGEST).slice(0, LONGEST),
    () => of([null, true, false, undefined]),
    () => of([[], {}, [[]], [null], [{}]]),
    () => deep(1 + below(500), of([undefined, 'text', 'chat', 'message', 'blocks'])),
    () => withOddKeys({ id: 5, type: 'private', text: 'x' }),
    () => ({ id: of(NUMBERS), type: of(STRINGS) }),
    () => Array.from({ length: 200 }, () => of(STRINGS)),
    () => ({ blocks: Array.from({ length: 50 }, () => ({ text: deep(60, 'text') })) }),
  ])();
}

/** Every place of a tree: what holds it, and under which key. */
function places(tree: Tree, depth = 0): [Tree, string][] {
  if (depth > 12) return [];
  return Object.entries(tree).flatMap(([key, value]): [Tree, string][] => [
    [tree, key],
    ...(isTree(value) ? places(value, depth + 1) : []),
  ]);
}

function set(holder: Tree, key: string, value: Json): void {
  Object.defineProperty(holder, key, { value, enumerable: true, configurable: true, writable: true });
}

/** Changes one part of it. */
function change(tree: Tree, luck: Dice): void {
  const all = places(tree);
  const at = all[luck.below(all.length)];
  if (!at) return;
  const [holder, key] = at;
  const old: Json = (holder as Record<string, Json>)[key];
  const other = all[luck.below(all.length)];
  luck.of<() => unknown>([
    () => set(holder, key, anything(luck)),
    () => set(holder, key, anything(luck)),
    () => void Reflect.deleteProperty(holder, key),
    () => set(holder, key, [old]),
    () => set(holder, key, isTree(old) ? Object.values(old) : { [key]: old }),
    () =>
      set(holder, key, typeof old === 'string' ? Number(old) : String(JSON.stringify(old)).slice(0, LONGEST)),
    () => set(holder, key, withOddKeys(structuredClone(old))),
    () => set(holder, luck.of(['text', 'caption', 'location', 'photo', '__proto__', 'x']), anything(luck)),
    () => other && set(holder, key, structuredClone((other[0] as Record<string, Json>)[other[1]])),
    () => typeof old === 'number' && set(holder, key, old * luck.of([1e3, 1e9, -1, 1e-3])),
    () => typeof old === 'string' && set(holder, key, old + luck.of(STRINGS) + luck.of(PIECES)),
  ])();
}

const FOLDER = new URL('../channels/telegram/samples/', import.meta.url);

/** The samples as they are. */
export const telegramSamples: Record<string, Json>[] = readdirSync(FOLDER).map(
  (file) => JSON.parse(readFileSync(new URL(file, FOLDER), 'utf8')).update,
);

/** A sample as if one of many people had sent it. */
export function asSentBy(sample: Json, person: number, updateId: number): Record<string, Json> {
  const text = JSON.stringify(sample).replaceAll('41001', String(person));
  return { ...JSON.parse(text), update_id: updateId };
}

/** Every other one has words. */
function pick(samples: readonly Record<string, Json>[], wordsOf: (sample: Record<string, Json>) => unknown) {
  const worded = samples.filter((each) => wordsOf(each) !== undefined);
  return (luck: Dice): Record<string, Json> => {
    const among = luck.isOneIn(2) ? samples : worded;
    return among[luck.below(among.length)] ?? {};
  };
}

/** Updates of the Bot API: `update_id` counts from 1, and now and then comes twice. */
export function* telegramUpdates(seed: number, count: number): Generator<Malformed<Json>> {
  const luck = dice(seed);
  const sampleOf = pick(telegramSamples, wordsOfUpdate);
  for (let n = 1; n <= count; n += 1) {
    const person = FIRST_PERSON + (n % PEOPLE);
    const update = asSentBy(sampleOf(luck), person, luck.isOneIn(40) ? n - 1 : n);
    const { update_id: id, ...parts } = update;
    for (let left = 1 + luck.below(4); left > 0; left -= 1) change(parts, luck);
    const raw = { ...parts, update_id: id };
    // Twice the same id is twice the same update: the second is left aside.
    const words = id === n ? wordsOfUpdate(raw) : undefined;
    yield { raw, person: String(person), ...(words === undefined ? {} : { words }) };
  }
}

/** Read without the adapter: the words of a person in a private chat. */
function wordsOfUpdate({ message }: Record<string, Json>): string | undefined {
  if (!isObject(message) || !isObject(message.chat)) return undefined;
  const { chat, from, text, caption } = message;
  if (!Number.isSafeInteger(chat.id) || Number(chat.id) <= 0 || chat.type !== 'private') return undefined;
  if (isObject(from) && (from.is_bot === true || from.id === Number(BOT_ID))) return undefined;
  return [text, caption].find((words): words is string => typeof words === 'string' && words.trim() !== '');
}

const AT = { degreesLatitude: 12.65, degreesLongitude: -8 };
const FILE = {
  mimetype: 'audio/ogg',
  fileLength: 4_321,
  mediaKey: Buffer.alloc(32, 7),
  directPath: '/v/t62',
};
const QUOTE = { stanzaId: 'A1', participant: '1@lid', quotedMessage: { conversation: 'avant' } };

/** Messages of the kinds that `test/channels/whatsapp/content.test.ts` and the fake know. */
export const whatsappSamples: Record<string, Json>[] = [
  { conversation: 'Ils sont devant la porte' },
  { extendedTextMessage: { text: 'SOS', contextInfo: QUOTE } },
  { ephemeralMessage: { message: { extendedTextMessage: { text: 'à Kati' } } } },
  { buttonsResponseMessage: { selectedDisplayText: 'oui' } },
  { listResponseMessage: { title: 'oui' } },
  { audioMessage: { ...FILE, ptt: true, seconds: 7 } },
  { imageMessage: { ...FILE, caption: 'devant chez moi', contextInfo: QUOTE } },
  { viewOnceMessageV2: { message: { imageMessage: { ...FILE, caption: 'devant' } } } },
  { documentWithCaptionMessage: { message: { documentMessage: { ...FILE, fileName: 'a', caption: 'b' } } } },
  { locationMessage: AT },
  { liveLocationMessage: { ...AT, sequenceNumber: 5, timeOffset: 60 } },
  { reactionMessage: { text: '👍', key: { id: 'A1' } } },
  { protocolMessage: { type: 14, key: { id: 'A1' }, editedMessage: { conversation: 'à Kati' } } },
  { protocolMessage: { type: 0, key: { id: 'A1' } } },
  { protocolMessage: { type: 3, ephemeralExpiration: 86_400 } },
  { pollCreationMessageV3: { name: 'x', options: [{ optionName: 'y' }] } },
  { contactMessage: { displayName: 'x', vcard: 'BEGIN:VCARD' } },
  { messageContextInfo: {}, conversation: '1' },
];

export const encoded = (message: proto.IMessage): Uint8Array =>
  proto.Message.encode(proto.Message.fromObject(message)).finish();

/** What phones send: the protocol's bytes, as they are when they were decrypted. */
export function* whatsappMessages(seed: number, count: number): Generator<Malformed<Uint8Array>> {
  const luck = dice(seed);
  const sampleOf = pick(whatsappSamples, (sample) => wordsOfMessage(encoded(sample)));
  for (let n = 1; n <= count; n += 1) {
    const sample = structuredClone(sampleOf(luck));
    const usual = encoded(sample);
    for (let left = luck.below(4); left > 0; left -= 1) change(sample, luck);
    const bytes = luck.isOneIn(3) ? scrambled(orElse(sample, usual), luck) : orElse(sample, usual);
    const words = wordsOfMessage(bytes);
    // As it is padded: the last byte says how much.
    const raw = Buffer.concat([bytes, Buffer.from([1])]);
    yield { raw, person: `${FIRST_PERSON + (n % PEOPLE)}@lid`, ...(words === undefined ? {} : { words }) };
  }
}

/** Not everything can be said in the protocol. */
function orElse(message: Json, usual: Uint8Array): Uint8Array {
  try {
    return encoded(message as proto.IMessage);
  } catch {
    return usual;
  }
}

/** Fields of the protocol that hold a whole message again: `ephemeralMessage.message`, a quotation under a photo. */
const WITHIN: readonly [number[][], ...number[][][]] = [
  [[0xc2, 0x02], [0x0a]],
  [[0x1a], [0x8a, 0x01], [0x1a]],
];

const varint = (n: number): number[] => (n < 128 ? [n] : [(n & 127) | 128, ...varint(n >>> 7)]);

function nested(bytes: Uint8Array, levels: number, tags: readonly (readonly number[])[]): Uint8Array {
  const heads: Buffer[] = [];
  let { length } = bytes;
  for (let level = 0; level < levels; level += 1)
    for (const tag of tags.toReversed()) {
      const head = Buffer.from([...tag, ...varint(length)]);
      heads.unshift(head);
      length += head.length;
    }
  return Buffer.concat([...heads, bytes]);
}

/** Bytes that no phone writes. */
function scrambled(bytes: Uint8Array, luck: Dice): Uint8Array {
  const at = luck.below(bytes.length + 1);
  const junk = Uint8Array.from({ length: 1 + luck.below(20) }, () => luck.below(256));
  const flipped = bytes.map((byte, place) => (place === at ? byte ^ (1 << luck.below(8)) : byte));
  return luck.of([
    () => flipped,
    () => flipped,
    () => bytes.subarray(0, at),
    () => Buffer.concat([bytes, bytes]),
    () => Buffer.concat([bytes.subarray(0, at), junk, bytes.subarray(at)]),
    () => Buffer.concat([bytes, encoded(luck.of(whatsappSamples as [Record<string, Json>]))]),
    () => nested(bytes, luck.isOneIn(40) ? 4_000 : 1 + luck.below(30), luck.of(WITHIN)),
  ])();
}

/** Read without the adapter: what was written, if the bytes are a message at all. */
function wordsOfMessage(bytes: Uint8Array): string | undefined {
  try {
    const { conversation, extendedTextMessage } = proto.Message.decode(new Uint8Array(bytes));
    const words = [conversation, extendedTextMessage?.text];
    return words.find((text): text is string => typeof text === 'string' && text.trim() !== '');
  } catch {
    return undefined;
  }
}
