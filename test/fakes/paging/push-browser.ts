/**
 * A browser that has subscribed to pushes, as its push service sees it: it opens what was sealed to it (RFC 8291, one record
 * of RFC 8188).
 */
import { createDecipheriv, createECDH, createPublicKey, hkdfSync, randomBytes, verify } from 'node:crypto';
import type { Subscription } from '../../../src/channels/push/subscription.ts';

const SALT_BYTES = 16;
const TAG_BYTES = 16;
/** Before the key of the sender: salt, record size (4 bytes), length of that key (1 byte). */
const KEY_AT = SALT_BYTES + 5;

export function subscribedBrowser(endpoint: string) {
  const own = createECDH('prime256v1');
  own.generateKeys();
  const auth = randomBytes(16);
  const subscription: Subscription = {
    endpoint,
    keys: { p256dh: own.getPublicKey('base64url'), auth: auth.toString('base64url') },
  };
  return {
    subscription,
    /** What a push says. */
    open(sealed: Buffer): unknown {
      const salt = sealed.subarray(0, SALT_BYTES);
      const keyEnd = KEY_AT + (sealed[KEY_AT - 1] ?? 0);
      const theirs = sealed.subarray(KEY_AT, keyEnd);
      const info = Buffer.concat([Buffer.from('WebPush: info\0'), own.getPublicKey(), theirs]);
      const secret = hkdfSync('sha256', own.computeSecret(theirs), auth, info, 32);
      const from = (what: string, bytes: number) =>
        Buffer.from(hkdfSync('sha256', Buffer.from(secret), salt, `Content-Encoding: ${what}\0`, bytes));
      const box = sealed.subarray(keyEnd);
      const opener = createDecipheriv('aes-128-gcm', from('aes128gcm', 16), from('nonce', 12));
      opener.setAuthTag(box.subarray(-TAG_BYTES));
      const padded = Buffer.concat([opener.update(box.subarray(0, -TAG_BYTES)), opener.final()]);
      return JSON.parse(padded.subarray(0, padded.lastIndexOf(2)).toString());
    },
  };
}

/** What a sender says of itself (VAPID, RFC 8292), once the signature fits; undefined: it does not. */
export function senderOf(authorization: string): { aud: string; sub: string; key: string } | undefined {
  const [, token = '', key = ''] = /^vapid t=([^,]+), k=(.+)$/.exec(authorization) ?? [];
  const [head, claims = '', signature = ''] = token.split('.');
  const raw = Buffer.from(key, 'base64url');
  const publicKey = createPublicKey({
    format: 'jwk',
    key: {
      kty: 'EC',
      crv: 'P-256',
      x: raw.subarray(1, 33).toString('base64url'),
      y: raw.subarray(33).toString('base64url'),
    },
  });
  const signed = Buffer.from(`${head}.${claims}`);
  const how = { key: publicKey, dsaEncoding: 'ieee-p1363' } as const;
  if (!verify('sha256', signed, how, Buffer.from(signature, 'base64url'))) return undefined;
  return { ...JSON.parse(Buffer.from(claims, 'base64url').toString()), key };
}
