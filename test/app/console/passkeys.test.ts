/** Answers of a device to the service's challenges, made by a device of the test's own. */
import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import type { AuthenticationResponseJSON } from '@simplewebauthn/server';
import { isoCBOR } from '@simplewebauthn/server/helpers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { challengeToJoin, challengeToSignIn } from '../../../src/app/members/passkeys.ts';
import { signIn } from '../../../src/app/members/sessions.ts';
import { type InvitationId, newId } from '../../../src/kernel/ids.ts';
import { minutes } from '../../../src/kernel/time.ts';
import { joins } from '../../http/console/member.ts';
import { openRoom } from '../room.ts';

const SITE = { origin: 'https://lakana.example.org', rpId: 'lakana.example.org' };
let room: Awaited<ReturnType<typeof openRoom>>;
const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const credentialId = Buffer.from('a device of the test').toString('base64url');

beforeAll(async () => {
  room = await openRoom();
  await joins(room, 'administrator', null, { credentialId, publicKey: asCose(publicKey) });
});
afterAll(() => room.close());

const begins = () => room.inside(({ ctx, now }) => challengeToSignIn(ctx, now, SITE));
const answers = (answer: AuthenticationResponseJSON) =>
  room.inside(async (at) => (await signIn(at, SITE, answer)) !== undefined);
const rows = async () => (await room.database.sql`select 1 from challenges`).length;

describe('a challenge of signing in', () => {
  it('is answered once', async () => {
    const { challenge } = await begins();
    expect(await answers(answerTo(challenge))).toBe(true);
    expect(await answers(answerTo(challenge))).toBe(false);
  });

  it('is answered within five minutes, and what was noted of it is forgotten after that', async () => {
    const { challenge } = await begins();
    room.clock.advance(minutes(6));
    expect(await answers(answerTo(challenge))).toBe(false);
    expect(await answers(answerTo((await begins()).challenge))).toBe(true);
    expect(await rows()).toBe(1);
  });

  it('is ours, whole, and for this: no other, no changed one, no time put in, none of an invitation', async () => {
    const { challenge } = await begins();
    const later = Buffer.from(challenge, 'base64url');
    later.writeUIntBE(later.readUIntBE(0, 6) + 1, 0, 6);
    const invitation = { id: newId<InvitationId>(), name: 'Awa' };
    const ofInvitation = await room.inside(({ ctx, now }) => challengeToJoin(ctx, now, SITE, invitation));
    for (const wrong of [
      '',
      Buffer.alloc(32, 7).toString('base64url'),
      Buffer.alloc(72, 7).toString('base64url'),
      challenge.slice(0, 40),
      later.toString('base64url'),
      ofInvitation.challenge,
    ])
      expect(await answers(answerTo(wrong)), wrong).toBe(false);
    expect(await answers(answerTo(challenge))).toBe(true);
  });
});

/** What a device says: the same bytes as a browser sends. */
function answerTo(challenge: string): AuthenticationResponseJSON {
  const client = Buffer.from(JSON.stringify({ type: 'webauthn.get', challenge, origin: SITE.origin }));
  const hash = (data: Buffer | string) => createHash('sha256').update(data).digest();
  // Whose site; present and verified; a counter that stays at zero.
  const device = Buffer.concat([hash(SITE.rpId), Buffer.from([0x05]), Buffer.alloc(4)]);
  const signature = sign('sha256', Buffer.concat([device, hash(client)]), privateKey);
  return {
    id: credentialId,
    rawId: credentialId,
    type: 'public-key',
    clientExtensionResults: {},
    response: {
      clientDataJSON: client.toString('base64url'),
      authenticatorData: device.toString('base64url'),
      signature: signature.toString('base64url'),
    },
  };
}

/** A public key as WebAuthn keeps it (COSE: EC2, ES256, P-256). */
function asCose(key: KeyObject): Uint8Array {
  const { x = '', y = '' } = key.export({ format: 'jwk' });
  const bytes = (text: string) => new Uint8Array(Buffer.from(text, 'base64url'));
  return isoCBOR.encode(
    new Map<number, number | Uint8Array<ArrayBuffer>>([
      [1, 2],
      [3, -7],
      [-1, 1],
      [-2, bytes(x)],
      [-3, bytes(y)],
    ]),
  );
}
