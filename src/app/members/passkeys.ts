/**
 * Passkeys (WebAuthn), by SimpleWebAuthn.
 *
 * Invariants: a challenge is answered once and within five minutes, for what it was given out for; giving one out writes
 * nothing, so that a stranger fills no table by asking; the person is verified by the device (fingerprint, face or PIN)
 * each time; nothing of the device's maker is asked or kept.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import {
  type AuthenticationResponseJSON,
  generateAuthenticationOptions,
  generateRegistrationOptions,
  type RegistrationResponseJSON,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from '@simplewebauthn/server';
import type { Keyring } from '../../crypto/keyring.ts';
import { findMember, findPasskey, type PasskeyRow, updatePasskey, useChallenge } from '../../db/members.ts';
import type { InvitationId } from '../../kernel/ids.ts';
import { after, minutes } from '../../kernel/time.ts';
import type { Moment } from '../ground/transaction.ts';
import { isOwnDevice, wasTakenOut } from './vouched-rows.ts';

type Keys = { keyring: Keyring };
/**
 * Where the console stands: `https://lakana.example.org`, and its host name. `isOnlyHere`: a live service to which nobody has given an address from outside. What it is reached by here opens on no
 * other device.
 */
export type Site = { origin: string; rpId: string; isOnlyHere?: boolean };

const CHALLENGE_LIFE = minutes(5);
const APP = 'Lakana';

/** A challenge says itself until when it may be answered, and proves that it is ours: time, random, keyed hash. */
const TIME_BYTES = 6;
const PLAIN_BYTES = TIME_BYTES + 26;

type Answered = { challengeIndex: Uint8Array; expiresAt: Date };

const purposeOf = (what: 'sign_in' | InvitationId, plain: Buffer): string =>
  `${what} ${plain.toString('base64url')}`;

function newChallenge({ keyring }: Keys, now: Date, what: 'sign_in' | InvitationId): Uint8Array<ArrayBuffer> {
  const plain = randomBytes(PLAIN_BYTES);
  plain.writeUIntBE(after(now, CHALLENGE_LIFE).getTime(), 0, TIME_BYTES);
  return new Uint8Array([...plain, ...keyring.index('challenge', purposeOf(what, plain))]);
}

/** How it is noted once it is answered, if it is ours, was given out for this and has not run out. */
function openChallenge(
  { keyring }: Keys,
  now: Date,
  what: 'sign_in' | InvitationId,
  challenge: string,
): Answered | undefined {
  const bytes = Buffer.from(challenge, 'base64url');
  const [plain, proof] = [bytes.subarray(0, PLAIN_BYTES), bytes.subarray(PLAIN_BYTES)];
  if (plain.length < PLAIN_BYTES) return undefined;
  const isOurs = keyring
    .indexes('challenge', purposeOf(what, plain))
    .some((made) => made.length === proof.length && timingSafeEqual(made, proof));
  const expiresAt = new Date(plain.readUIntBE(0, TIME_BYTES));
  if (!isOurs || expiresAt <= now) return undefined;
  return { challengeIndex: createHash('sha256').update(plain).digest(), expiresAt };
}

/** What the browser hands to the device to sign in. */
export function challengeToSignIn(ctx: Keys, now: Date, { rpId }: Site) {
  return generateAuthenticationOptions({
    rpID: rpId,
    userVerification: 'required',
    challenge: newChallenge(ctx, now, 'sign_in'),
  });
}

/** What the browser hands to the device to make a passkey. `name`: of the person who is invited. */
export function challengeToJoin(
  ctx: Keys,
  now: Date,
  { rpId }: Site,
  { id, name }: { id: InvitationId; name: string },
) {
  return generateRegistrationOptions({
    rpName: APP,
    rpID: rpId,
    userName: name,
    attestationType: 'none',
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    challenge: newChallenge(ctx, now, id),
  });
}

type Device = Pick<PasskeyRow, 'credentialId' | 'publicKey' | 'counter' | 'transports'>;

/** The device behind an answer to the challenge of an invitation; undefined: it proves nothing. */
export async function verifiedDevice(
  ctx: Keys,
  now: Date,
  { origin, rpId }: Site,
  response: RegistrationResponseJSON,
  invitationId: InvitationId,
): Promise<Device | undefined> {
  // Answered once, since the invitation works once.
  const expectedChallenge = (challenge: string): boolean =>
    openChallenge(ctx, now, invitationId, challenge) !== undefined;
  const verified = await quietly(() =>
    verifyRegistrationResponse({ response, expectedChallenge, expectedOrigin: origin, expectedRPID: rpId }),
  );
  if (!verified?.verified) return undefined;
  const { id, publicKey, counter, transports = [] } = verified.registrationInfo.credential;
  return { credentialId: id, publicKey, counter, transports };
}

/** The passkey behind an answer to a challenge of signing in; undefined: it proves nothing, or may sign in no more. */
export async function provedPasskey(
  { tx, ctx, now }: Moment<Keys>,
  { origin, rpId }: Site,
  response: AuthenticationResponseJSON,
): Promise<PasskeyRow | undefined> {
  const passkey = await findPasskey(tx, response.id);
  const member = passkey && (await findMember(tx, passkey.memberId));
  if (!passkey || !member || !isOwnDevice(ctx, passkey, member) || (await wasTakenOut(tx, passkey)))
    return undefined;
  const { credentialId, publicKey, counter, transports } = passkey;
  let answered: Answered | undefined;
  const verified = await quietly(() =>
    verifyAuthenticationResponse({
      response,
      expectedChallenge: (challenge) => {
        const opened = openChallenge(ctx, now, 'sign_in', challenge);
        answered = opened;
        return opened !== undefined;
      },
      expectedOrigin: origin,
      expectedRPID: rpId,
      credential: {
        id: credentialId,
        publicKey: new Uint8Array(publicKey),
        counter,
        transports,
      },
    }),
  );
  if (!verified?.verified || !answered) return undefined;
  if (!(await useChallenge(tx, { ...answered, purpose: 'sign_in' }, now))) return undefined;
  await updatePasskey(tx, passkey.id, { counter: verified.authenticationInfo.newCounter, lastUsedAt: now });
  return passkey;
}

/** The library throws at what does not fit: a stranger's answer is no fault of ours. */
async function quietly<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Error && 'query' in error) throw error;
    return undefined;
  }
}
