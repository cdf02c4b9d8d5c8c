/**
 * age's hybrid keys (ML-KEM-768 + X25519) computed by Node's own crypto, which takes a tenth of the library's time and
 * needs no warming up: a case key is made while a person waits for the next question.
 *
 * Formats: stanza `mlkem768x25519` of C2SP's age specification, inside it X-Wing (draft-connolly-cfrg-xwing-kem) and
 * HPKE in base mode (RFC 9180) with HKDF-SHA256 and ChaCha20-Poly1305. Everything else of a file (header, chunks) stays
 * with the library.
 *
 * Invariants: what is made here opens with the library and the other way round, and keys are the same byte for byte
 * (tests: the library is the judge); where Node has no ML-KEM (before 24.7) this is `undefined` and the library
 * computes; randomness comes from OpenSSL's generator, as the library's does; bytes of a secret are overwritten after
 * use, as far as the library does so too. No browser gets this file: see `#hybrid` in package.json.
 */

/**
 * age's hybrid keys (ML-KEM-768 + X25519) computed by Node's own crypto, which takes a tenth of the library's time and
 * needs no warming up: a case key is made while a person waits for the next question.
 *
 * Formats: stanza `mlkem768x25519` of C2SP's age specification, inside it X-Wing (draft-connolly-cfrg-xwing-kem) and
 * HPKE in base mode (RFC 9180) with HKDF-SHA256 and ChaCha20-Poly1305. Everything else of a file (header, chunks) stays
 * with the library.
 *
 * Invariants: what is made here opens with the library and the other way round, and keys are the same byte for byte
 * (tests: the library is the judge); where Node has no ML-KEM (before 24.7) this is `undefined` and the library
 * computes; randomness comes from OpenSSL's generator, as the library's does; bytes of a secret are overwritten after
 * use, as far as the library does so too. No browser gets this file: see `#hybrid` in package.json.
 */
import nodeCrypto, {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  type KeyObject,
} from 'node:crypto';
import { base64nopad, bech32 } from '@scure/base';
import { type Identity, type Recipient, Stanza } from 'age-encryption';
import type { Hybrid } from './hybrid-by-library.ts';

const STANZA = 'mlkem768x25519';
const INFO = Buffer.from('age-encryption.org/mlkem768x25519');
const [ML_KEM_PUBLIC, ML_KEM_CIPHERTEXT, ML_KEM_SEED, X25519_BYTES] = [1184, 1088, 64, 32];
const [KEY_BYTES, NONCE_BYTES, TAG_BYTES, FILE_KEY_BYTES] = [32, 12, 16, 16];
const X_WING_LABEL = Buffer.from('\\.//^\\');
/** What stands before the raw bytes of a key in DER: Node 24 takes no raw ones. */
const DER = {
  mlKemPublic: Buffer.from('308204b2300b0609608648016503040402038204a100', 'hex'),
  mlKemSeed: Buffer.from('3054020100300b060960864801650304040204428040', 'hex'),
  x25519Public: Buffer.from('302a300506032b656e032100', 'hex'),
  x25519Secret: Buffer.from('302e020100300506032b656e04220420', 'hex'),
};

type PublicKeys = { mlKem: KeyObject; x25519: KeyObject; x25519Raw: Uint8Array };
type SecretKeys = PublicKeys & { mlKemSecret: KeyObject; x25519Secret: KeyObject };

function recipientFrom(text: string): Recipient {
  const { prefix, words } = bech32.decode(text as `${string}1${string}`, false);
  const raw = bech32.fromWords(words);
  if (prefix !== 'age1pq' || raw.length !== ML_KEM_PUBLIC + X25519_BYTES) throw new TypeError('no recipient');
  return {
    wrapFileKey(fileKey) {
      const { share, secret } = encapsulated(publicKeys(raw));
      const { key, nonce } = schedule(secret);
      const cipher = createCipheriv('chacha20-poly1305', key, nonce, { authTagLength: TAG_BYTES });
      const body = Buffer.concat([cipher.update(fileKey), cipher.final(), cipher.getAuthTag()]);
      erase(secret, key);
      return [new Stanza([STANZA, base64nopad.encode(share)], body)];
    },
  };
}

function identityFrom(text: string): Identity {
  const keys = secretKeys(seedOf(text));
  return {
    unwrapFileKey(stanzas) {
      for (const { args, body } of stanzas) {
        if (args[0] !== STANZA) continue;
        const share = base64nopad.decode(args[1] ?? '');
        const isWhole = args.length === 2 && share.length === ML_KEM_CIPHERTEXT + X25519_BYTES;
        if (!isWhole || body.length !== FILE_KEY_BYTES + TAG_BYTES) throw new TypeError('no stanza');
        const fileKey = unwrapped(decapsulated(keys, share), body);
        if (fileKey) return fileKey;
      }
      return null;
    },
  };
}

function recipientOf(identity: string): string {
  const keys = secretKeys(seedOf(identity));
  const mlKem = keys.mlKem.export({ format: 'der', type: 'spki' }).subarray(DER.mlKemPublic.length);
  return bech32.encode('age1pq', bech32.toWords(Buffer.concat([mlKem, keys.x25519Raw])), false);
}

function seedOf(identity: string): Uint8Array {
  const { prefix, bytes } = bech32.decodeToBytes(identity);
  if (prefix.toUpperCase() !== 'AGE-SECRET-KEY-PQ-' || bytes.length !== KEY_BYTES)
    throw new TypeError('no identity');
  return bytes;
}

/** Undefined: it was wrapped to another key. */
function unwrapped(secret: Buffer, body: Uint8Array): Uint8Array | undefined {
  const { key, nonce } = schedule(secret);
  const cipher = createDecipheriv('chacha20-poly1305', key, nonce, { authTagLength: TAG_BYTES });
  cipher.setAuthTag(body.subarray(FILE_KEY_BYTES));
  try {
    return new Uint8Array(Buffer.concat([cipher.update(body.subarray(0, FILE_KEY_BYTES)), cipher.final()]));
  } catch {
    return undefined;
  } finally {
    erase(secret, key);
  }
}

function publicKeys(raw: Uint8Array): PublicKeys {
  const x25519Raw = raw.subarray(ML_KEM_PUBLIC);
  const mlKem = publicKey(DER.mlKemPublic, raw.subarray(0, ML_KEM_PUBLIC));
  return { mlKem, x25519: publicKey(DER.x25519Public, x25519Raw), x25519Raw };
}

/** X-Wing: both secret keys come out of one seed of 32 bytes. */
function secretKeys(seed: Uint8Array): SecretKeys {
  const outputLength = ML_KEM_SEED + X25519_BYTES;
  const expanded = createHash('shake256', { outputLength }).update(seed).digest();
  const mlKemSecret = secretKey(DER.mlKemSeed, expanded.subarray(0, ML_KEM_SEED));
  const x25519Secret = secretKey(DER.x25519Secret, expanded.subarray(ML_KEM_SEED));
  erase(expanded);
  const x25519 = createPublicKey(x25519Secret);
  return {
    mlKemSecret,
    x25519Secret,
    mlKem: createPublicKey(mlKemSecret),
    x25519,
    x25519Raw: rawX25519(x25519),
  };
}

/** X-Wing: the secret is a hash over both secrets and the half of the key and of the share that ML-KEM does not bind. */
function encapsulated(keys: PublicKeys): { share: Uint8Array; secret: Buffer } {
  const { sharedKey, ciphertext } = nodeCrypto.encapsulate(keys.mlKem);
  const once = generateKeyPairSync('x25519');
  const shared = diffieHellman({ privateKey: once.privateKey, publicKey: keys.x25519 });
  const x25519Share = rawX25519(once.publicKey);
  const secret = combined(sharedKey, shared, x25519Share, keys.x25519Raw);
  return { share: Buffer.concat([ciphertext, x25519Share]), secret };
}

function decapsulated(keys: SecretKeys, share: Uint8Array): Buffer {
  const x25519Share = share.subarray(ML_KEM_CIPHERTEXT);
  const sharedKey = nodeCrypto.decapsulate(keys.mlKemSecret, share.subarray(0, ML_KEM_CIPHERTEXT));
  const publicKeyOfShare = publicKey(DER.x25519Public, x25519Share);
  const shared = diffieHellman({ privateKey: keys.x25519Secret, publicKey: publicKeyOfShare });
  return combined(sharedKey, shared, x25519Share, keys.x25519Raw);
}

function combined(mlKem: Buffer, x25519: Buffer, share: Uint8Array, key: Uint8Array): Buffer {
  const hash = createHash('sha3-256');
  for (const part of [mlKem, x25519, share, key, X_WING_LABEL]) hash.update(part);
  erase(mlKem, x25519);
  return hash.digest();
}

/** HPKE's key schedule in base mode (RFC 9180, 5.1): KEM X-Wing 0x647a, KDF 1, AEAD 3. */
const SUITE = Buffer.concat([Buffer.from('HPKE'), Buffer.from('647a00010003', 'hex')]);
const VERSION = Buffer.from('HPKE-v1');
const NOTHING = Buffer.alloc(0);
const CONTEXT = Buffer.concat([
  Buffer.of(0),
  extract(NOTHING, 'psk_id_hash', NOTHING),
  extract(NOTHING, 'info_hash', INFO),
]);

function schedule(shared: Buffer): { key: Buffer; nonce: Buffer } {
  const secret = extract(shared, 'secret', NOTHING);
  const key = expand(secret, 'key', KEY_BYTES);
  const nonce = expand(secret, 'base_nonce', NONCE_BYTES);
  erase(secret);
  return { key, nonce };
}

function extract(salt: Uint8Array, label: string, input: Uint8Array): Buffer {
  // An empty salt and one of 32 zeros are the same to HMAC.
  return hmac(salt, [VERSION, SUITE, Buffer.from(label), input]);
}

/** One block of HKDF is enough: nothing here is longer than a hash. */
function expand(secret: Uint8Array, label: string, length: number): Buffer {
  const parts = [Buffer.of(0, length), VERSION, SUITE, Buffer.from(label), CONTEXT, Buffer.of(1)];
  return hmac(secret, parts).subarray(0, length);
}

function hmac(key: Uint8Array, parts: readonly Uint8Array[]): Buffer {
  const hash = createHmac('sha256', key);
  for (const part of parts) hash.update(part);
  return hash.digest();
}

const publicKey = (start: Uint8Array, raw: Uint8Array): KeyObject =>
  createPublicKey({ key: Buffer.concat([start, raw]), format: 'der', type: 'spki' });

function secretKey(start: Uint8Array, raw: Uint8Array): KeyObject {
  const der = Buffer.concat([start, raw]);
  const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  erase(der);
  return key;
}

const rawX25519 = (key: KeyObject): Uint8Array =>
  key.export({ format: 'der', type: 'spki' }).subarray(DER.x25519Public.length);

function erase(...secrets: Uint8Array[]): void {
  for (const secret of secrets) secret.fill(0);
}

/** Undefined where this Node cannot. Stands last: everything above is there when it is tried. */
export const hybridOfMachine: Hybrid | undefined = isAble()
  ? { recipient: recipientFrom, identity: identityFrom, recipientOf }
  : undefined;

function isAble(): boolean {
  if (typeof nodeCrypto.encapsulate !== 'function') return false;
  try {
    secretKeys(new Uint8Array(KEY_BYTES));
    return true;
  } catch {
    return false;
  }
}
