/**
 * The server's keys, from a file outside the database.
 *
 * Invariants: the secrets are used only to derive one subkey per use and purpose (HKDF), never directly;
 * every ciphertext, index and signature begins with the id of the key that made it, so that a new key can
 * be added while the old ones still open; what was sealed for one purpose or context does not open for
 * another; no error carries any part of the file. An intruder who has this file and the database can find out who
 * wrote (phone numbers are few enough to try), though not what a submitted report says.
 */
import { type KeyObject, randomBytes } from 'node:crypto';
import { z } from 'zod';
import { LakanaError } from '../kernel/errors.ts';
import { decrypt, encrypt, KEY_BYTES, OVERHEAD_BYTES } from './aead.ts';
import { bytesOf } from './bytes.ts';
import { deriveKey, keyedHash, prepareKey } from './derive.ts';
import { createSigner } from './signer.ts';
import { type SignedKey, successionOf } from './signing-keys.ts';
import type { Signer } from './verifier.ts';
import { KEY_ID_BYTES } from './verifier.ts';

export type Keyring = {
  /** Encrypts with the current key. `context` says what it is and whose. */
  seal(purpose: string, context: string, bytes: Uint8Array): Uint8Array;
  /** Opens with whichever key sealed it. Throws `unknown_key` or `cannot_open`. */
  open(purpose: string, context: string, box: Uint8Array): Uint8Array;
  /** Keyed hash for storing: equal values give equal hashes, and nobody without the key can try values. */
  index(purpose: string, value: string): Uint8Array;
  /** Keyed hashes under all keys, newest first: for finding what was stored before a rotation. */
  indexes(purpose: string, value: string): Uint8Array[];
  /** Secret that goes into the hash of receipt codes; of the current key unless one is named. */
  pepper(keyId?: string): { keyId: string; bytes: Uint8Array };
  /** Signs and verifies the chains of cases. */
  readonly signer: Signer;
  /** Public halves of the signing keys, newest first, each signed by the one before it. */
  readonly signingKeys: readonly SignedKey[];
  /** Id of the key that is used for everything new. */
  readonly currentKeyId: string;
  /** Made by trial mode: protects nothing, and live mode refuses it. */
  readonly isTrial: boolean;
};

const FORMAT = 1;
const BOX_START = 1 + KEY_ID_BYTES;
const SALT = 'lakana/server-key/v1';

const secret = z.base64().refine((text) => Buffer.from(text, 'base64').length === KEY_BYTES);
const fileSchema = z.strictObject({
  lakana: z.literal('server-key'),
  version: z.literal(1),
  /** Only in files that trial mode makes. */
  trial: z.literal(true).optional(),
  /** Newest first: the first one is the current one. */
  keys: z
    .array(
      z.strictObject({
        id: z.string().regex(/^[0-9a-f]{8}$/),
        created: z.iso.datetime(),
        secret,
        /** Ed25519 seed. */
        signing: secret,
      }),
    )
    .min(1)
    .refine((keys) => new Set(keys.map((key) => key.id)).size === keys.length),
});
type KeyFile = z.infer<typeof fileSchema>;

/** Content of a new key file. It must be kept outside `DATA_DIR`, readable by the service only. */
export function generateKeyringFile(options: { trial?: boolean; now?: Date } = {}): string {
  const keys = [newKey(options.now ?? new Date(), [])];
  return print({ lakana: 'server-key', version: 1, ...(options.trial ? { trial: true } : {}), keys });
}

/** The same file with a new current key; what the old keys sealed still opens. */
export function addKey(fileContent: string, now = new Date()): string {
  const file = parseFile(fileContent);
  return print({ ...file, keys: [newKey(now, file.keys), ...file.keys] });
}

/** Reads a key file's content (or the same text from the environment). Throws `server_key_unreadable`. */
export function parseKeyring(fileContent: string): Keyring {
  const file = parseFile(fileContent);
  const keys = new Map(file.keys.map((key) => [key.id, createSubkeys(Buffer.from(key.secret, 'base64'))]));
  const currentKeyId = file.keys[0]?.id ?? '';
  const keyOf = (id: string): Subkeys => {
    const key = keys.get(id);
    if (!key) throw new LakanaError('unknown_key', 'no key with this id is in the server key file');
    return key;
  };
  const current = keyOf(currentKeyId);
  const currentPrefix = Buffer.from(currentKeyId, 'hex');
  const seeds = file.keys.map((key) => ({ keyId: key.id, seed: Buffer.from(key.signing, 'base64') }));
  const signer = createSigner(seeds);
  return {
    currentKeyId,
    isTrial: file.trial === true,
    signer,
    signingKeys: successionOf(signer.publicKeys, (keyId, domain, message) =>
      createSigner(seeds.filter((each) => each.keyId === keyId)).sign(domain, message),
    ),
    seal: (purpose, context, bytes) =>
      concat(
        Uint8Array.of(FORMAT),
        currentPrefix,
        encrypt(current('seal', purpose), bytesOf(context), bytes),
      ),
    open(purpose, context, box) {
      if (box.length < BOX_START + OVERHEAD_BYTES || box[0] !== FORMAT) {
        throw new LakanaError('cannot_open', 'not something the server key sealed');
      }
      const key = keyOf(Buffer.from(box.subarray(1, BOX_START)).toString('hex'));
      return decrypt(key('seal', purpose), bytesOf(context), box.subarray(BOX_START));
    },
    index: (purpose, value) => concat(currentPrefix, keyedHash(current('index', purpose), value)),
    indexes: (purpose, value) =>
      [...keys].map(([id, key]) => concat(Buffer.from(id, 'hex'), keyedHash(key('index', purpose), value))),
    pepper: (keyId = currentKeyId) => ({
      keyId,
      bytes: new Uint8Array(keyOf(keyId)('pepper', 'receipt-code').export()),
    }),
  };
}

type Use = 'seal' | 'index' | 'pepper';
type Subkeys = (use: Use, purpose: string) => KeyObject;

/** Derives each subkey once: deriving costs more than sealing a message. Purposes are few and not user input. */
function createSubkeys(secretKey: Uint8Array): Subkeys {
  const known = new Map<string, KeyObject>();
  return (use, purpose) => {
    const name = `${use}/${purpose}`;
    let key = known.get(name);
    if (!key) {
      key = prepareKey(deriveKey(secretKey, SALT, name));
      known.set(name, key);
    }
    return key;
  };
}

/** Parse errors quote what they could not parse, so they are dropped, not passed on as a cause. */
function parseFile(text: string): KeyFile {
  let json: unknown;
  try {
    json = JSON.parse(text.replace(/^\ufeff/, ''));
  } catch {
    throw new LakanaError('server_key_unreadable', 'the server key is not JSON');
  }
  const parsed = fileSchema.safeParse(json);
  if (!parsed.success) {
    throw new LakanaError(
      'server_key_unreadable',
      'the server key is JSON, but not a server key of version 1',
    );
  }
  return parsed.data;
}

function newKey(now: Date, others: KeyFile['keys']): KeyFile['keys'][number] {
  const id = randomBytes(KEY_ID_BYTES).toString('hex');
  if (others.some((key) => key.id === id)) return newKey(now, others);
  return {
    id,
    created: now.toISOString(),
    secret: randomBytes(KEY_BYTES).toString('base64'),
    signing: randomBytes(KEY_BYTES).toString('base64'),
  };
}

function print(file: KeyFile): string {
  return `${JSON.stringify(file, null, 2)}\n`;
}

function concat(...parts: Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}
