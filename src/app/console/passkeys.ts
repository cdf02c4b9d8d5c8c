/**
 * Passkeys (WebAuthn), by SimpleWebAuthn.
 *
 * Invariants: a challenge is answered once and within five minutes; the person is verified by the device (fingerprint,
 * face or PIN) each time; nothing of the device's maker is asked or kept.
 */
import {
  type AuthenticationResponseJSON,
  generateAuthenticationOptions,
  generateRegistrationOptions,
  type RegistrationResponseJSON,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from '@simplewebauthn/server';
import type { Keyring } from '../../crypto/keyring.ts';
import type { Tx } from '../../db/database.ts';
import {
  findPasskey,
  insertChallenge,
  type PasskeyRow,
  takeChallenge,
  updatePasskey,
} from '../../db/members.ts';
import type { InvitationId } from '../../kernel/ids.ts';
import { after, minutes } from '../../kernel/time.ts';

type Keys = { keyring: Keyring };
/** Where the console stands: `https://lakana.example.org`, and its host name. */
export type Site = { origin: string; rpId: string };

const CHALLENGE_LIFE = minutes(5);
const APP = 'Lakana';

type For = { purpose: 'join'; invitationId: InvitationId; name: string } | { purpose: 'sign_in' };

/** What the browser hands to the device; its challenge is noted. */
export async function challengeFor(tx: Tx, ctx: Keys, now: Date, { rpId }: Site, what: For) {
  const options =
    what.purpose === 'join'
      ? await generateRegistrationOptions({
          rpName: APP,
          rpID: rpId,
          userName: what.name,
          attestationType: 'none',
          authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
        })
      : await generateAuthenticationOptions({ rpID: rpId, userVerification: 'required' });
  const row = {
    challengeIndex: ctx.keyring.index('challenge', options.challenge),
    purpose: what.purpose,
    invitationId: what.purpose === 'join' ? what.invitationId : null,
    expiresAt: after(now, CHALLENGE_LIFE),
  };
  await insertChallenge(tx, row, now);
  return options;
}

type Device = Pick<PasskeyRow, 'credentialId' | 'publicKey' | 'counter' | 'transports'>;

/** The device behind an answer to the challenge of an invitation; undefined: it proves nothing. */
export async function verifiedDevice(
  tx: Tx,
  ctx: Keys,
  now: Date,
  { origin, rpId }: Site,
  response: RegistrationResponseJSON,
  invitationId: InvitationId,
): Promise<Device | undefined> {
  const expectedChallenge = async (challenge: string): Promise<boolean> => {
    const taken = await takeChallenge(tx, ctx.keyring.indexes('challenge', challenge), 'join', now);
    return taken?.invitationId === invitationId;
  };
  const verified = await quietly(() =>
    verifyRegistrationResponse({ response, expectedChallenge, expectedOrigin: origin, expectedRPID: rpId }),
  );
  if (!verified?.verified) return undefined;
  const { id, publicKey, counter, transports = [] } = verified.registrationInfo.credential;
  return { credentialId: id, publicKey, counter, transports };
}

/** The passkey behind an answer to a challenge of signing in; undefined: it proves nothing, or may sign in no more. */
export async function provedPasskey(
  tx: Tx,
  ctx: Keys,
  now: Date,
  { origin, rpId }: Site,
  response: AuthenticationResponseJSON,
): Promise<PasskeyRow | undefined> {
  const passkey = await findPasskey(tx, response.id);
  if (!passkey) return undefined;
  const { credentialId, publicKey, counter, transports } = passkey;
  const verified = await quietly(() =>
    verifyAuthenticationResponse({
      response,
      expectedChallenge: async (challenge) =>
        (await takeChallenge(tx, ctx.keyring.indexes('challenge', challenge), 'sign_in', now)) !== undefined,
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
  if (!verified?.verified) return undefined;
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
