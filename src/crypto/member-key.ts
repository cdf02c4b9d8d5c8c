/**
 * A member's own key, and the team's key as it is handed to them. Runs in a browser; the server keeps only what comes out
 * wrapped.
 *
 * Invariants: a secret leaves this file only wrapped: by what the member's device computes (WebAuthn PRF), by their
 * passphrase (age's scrypt), or sealed to a member's public half; a grant opens only to the team's key whose
 * fingerprint is given; the key that comes after another is vouched for by a member who has that one; a passphrase has
 * at least 16 characters and is the same on every keyboard (`passphrase.ts`); no error carries a key or a passphrase.
 * This file runs in a browser too: nothing of Node here, and nothing that imports it.
 */
import { Decrypter, Encrypter } from 'age-encryption';
import { LakanaError } from '../kernel/errors.ts';
import { decrypterFor, encrypterFor, opening, recipientOf } from './age.ts';
import { createTeamKey, parseTeamSecret } from './case-key.ts';
import { fingerprint } from './fingerprint.ts';
import { normalPassphrase, passphrasesToTry } from './passphrase.ts';

const DOMAIN = 'lakana/member-key/v1';
const GRANT = 'lakana/team-grant/v1\n';
const SUCCESSION = 'lakana/team-succession/v1';
const NONCE_BYTES = 12;
const LEAST_PASSPHRASE = 16;

/** What a device is asked to compute with (PRF): the same each time, for this service. 32 bytes. */
export async function prfSalt(): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes(`${DOMAIN}/prf`)));
}

/** A key pair for a member, made where they sit. */
export const createMemberKey = createTeamKey;

/** Wraps a secret key with what the device computed (32 bytes). */
export async function wrapByDevice(prf: Uint8Array<ArrayBuffer>, secret: string): Promise<Uint8Array> {
  const iv = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
  const key = await deviceKey(prf, 'encrypt');
  const additionalData = bytes(DOMAIN);
  const box = await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData }, key, bytes(secret));
  const wrapped = new Uint8Array(NONCE_BYTES + box.byteLength);
  wrapped.set(iv);
  wrapped.set(new Uint8Array(box), NONCE_BYTES);
  return wrapped;
}

/** The secret key out of `wrapByDevice`. Throws `cannot_open`. */
export async function unwrapByDevice(prf: Uint8Array<ArrayBuffer>, wrapped: Uint8Array): Promise<string> {
  const iv = new Uint8Array(wrapped.subarray(0, NONCE_BYTES));
  const box = new Uint8Array(wrapped.subarray(NONCE_BYTES));
  const key = await deviceKey(prf, 'decrypt');
  try {
    const additionalData = bytes(DOMAIN);
    const opened = await crypto.subtle.decrypt({ name: 'AES-GCM', iv, additionalData }, key, box);
    return parseTeamSecret(new TextDecoder().decode(opened));
  } catch {
    throw new LakanaError('cannot_open', 'this device does not unwrap this key');
  }
}

async function deviceKey(prf: Uint8Array<ArrayBuffer>, use: 'encrypt' | 'decrypt') {
  if (prf.length !== 32) throw new LakanaError('bad_prf', 'a device computes 32 bytes');
  const base = await crypto.subtle.importKey('raw', prf, 'HKDF', false, ['deriveKey']);
  const how = { name: 'HKDF', hash: 'SHA-256', salt: bytes(DOMAIN), info: bytes('wrap') };
  return crypto.subtle.deriveKey(how, base, { name: 'AES-GCM', length: 256 }, false, [use]);
}

/** Wraps a secret key with a passphrase: where a device computes nothing. Throws `short_passphrase`. */
export async function wrapByPassphrase(passphrase: string, secret: string): Promise<Uint8Array> {
  const normal = normalPassphrase(passphrase);
  if ([...normal].length < LEAST_PASSPHRASE)
    throw new LakanaError('short_passphrase', `a passphrase has at least ${LEAST_PASSPHRASE} characters`);
  const encrypter = new Encrypter();
  encrypter.setPassphrase(normal);
  return encrypter.encrypt(secret);
}

/** The secret key out of `wrapByPassphrase`. Throws `cannot_open`. */
export async function unwrapByPassphrase(passphrase: string, wrapped: Uint8Array): Promise<string> {
  for (const each of passphrasesToTry(passphrase)) {
    // One at a time: each try takes a phone seconds, and the first is nearly always the one.
    const decrypter = new Decrypter();
    decrypter.addPassphrase(each);
    const secret = await decrypter.decrypt(wrapped, 'text').catch(() => undefined);
    if (secret !== undefined) return parseTeamSecret(secret);
  }
  throw new LakanaError('cannot_open', 'this passphrase does not unwrap this key');
}

/** The team's secret key, sealed to one member. */
export function sealGrant(memberRecipient: string, teamSecret: string): Promise<Uint8Array> {
  decrypterFor(teamSecret);
  return encrypterFor(memberRecipient).encrypt(`${GRANT}${teamSecret}`);
}

/** The team's secret key out of a grant. Throws `other_team` if its public half has another fingerprint. */
export async function openGrant(
  memberSecret: string,
  sealed: Uint8Array,
  teamFingerprint: string,
): Promise<string> {
  const text = new TextDecoder().decode(await opening(() => decrypterFor(memberSecret).decrypt(sealed)));
  if (!text.startsWith(GRANT)) throw new LakanaError('cannot_open', 'this is no grant');
  const secret = text.slice(GRANT.length);
  if (fingerprint(await recipientOf(secret)) !== teamFingerprint) throw otherTeam();
  return secret;
}

/**
 * A member who has a team's secret key vouches for the public half of the one that comes after it: 32 bytes. Cases are
 * sealed anew only to a key that was vouched for, so a server cannot slip in one of its own.
 */
export async function vouchFor(teamSecret: string, nextRecipient: string): Promise<Uint8Array> {
  const key = await voucherKey(teamSecret, 'sign');
  return new Uint8Array(await crypto.subtle.sign('HMAC', key, bytes(nextRecipient)));
}

/** Whether a member who has this secret key vouched for that public half. */
export async function isVouchedFor(
  teamSecret: string,
  nextRecipient: string,
  voucher: Uint8Array,
): Promise<boolean> {
  const key = await voucherKey(teamSecret, 'verify');
  return crypto.subtle.verify('HMAC', key, new Uint8Array(voucher), bytes(nextRecipient));
}

async function voucherKey(teamSecret: string, use: 'sign' | 'verify') {
  decrypterFor(teamSecret);
  const base = await crypto.subtle.importKey('raw', bytes(teamSecret), 'HKDF', false, ['deriveKey']);
  const how = { name: 'HKDF', hash: 'SHA-256', salt: bytes(SUCCESSION), info: bytes('vouch') };
  return crypto.subtle.deriveKey(how, base, { name: 'HMAC', hash: 'SHA-256', length: 256 }, false, [use]);
}

/** A team's secret key as a member brings it in a file or on paper. Throws `bad_identity` or `other_team`. */
export async function readTeamSecret(text: string, teamRecipient: string): Promise<string> {
  const secret = parseTeamSecret(text.trim());
  await mustBelong(secret, teamRecipient);
  return secret;
}

async function mustBelong(secret: string, recipient: string): Promise<void> {
  if ((await recipientOf(secret)) !== recipient) throw otherTeam();
}

const otherTeam = () => new LakanaError('other_team', 'this is the key of another team');

const bytes = (text: string): Uint8Array<ArrayBuffer> => new Uint8Array(new TextEncoder().encode(text));
