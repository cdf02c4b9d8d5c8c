/** A certificate for https on 127.0.0.1, written by hand (X.509 in DER), for Baileys fetches media by https only. */
import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';

export type Certificate = { key: string; cert: string };

const TAG = { integer: 2, bits: 3, bytes: 4, object: 6, utf8: 12, time: 23, sequence: 48, set: 49 };
const OBJECT = {
  ecdsaWithSha256: [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02],
  commonName: [0x55, 0x04, 0x03],
  alternativeName: [0x55, 0x1d, 0x11],
  basicConstraints: [0x55, 0x1d, 0x13],
};

function der(tag: number, ...parts: (Uint8Array | number[] | string)[]): Buffer {
  const body = Buffer.concat(parts.map((part) => Buffer.from(part as Uint8Array)));
  if (body.length < 128) return Buffer.concat([Buffer.from([tag, body.length]), body]);
  return Buffer.concat([Buffer.from([tag, 0x82, body.length >> 8, body.length & 255]), body]);
}

let made: Certificate | undefined;

/** One for all servers of a process: it takes long to have it believed. */
export function certificate(): Certificate {
  made ??= createCertificate();
  return made;
}

function createCertificate(): Certificate {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const algorithm = der(TAG.sequence, der(TAG.object, OBJECT.ecdsaWithSha256));
  // Of two authorities of one name OpenSSL asks the first one only.
  const name = der(
    TAG.sequence,
    der(TAG.object, OBJECT.commonName),
    der(TAG.utf8, `fake WhatsApp ${randomBytes(8).toString('hex')}`),
  );
  const subject = der(TAG.sequence, der(TAG.set, name));
  const address = der(TAG.sequence, der(0x87, [127, 0, 0, 1]));
  const alternative = der(TAG.sequence, der(TAG.object, OBJECT.alternativeName), der(TAG.bytes, address));
  const isRoot = der(TAG.bytes, der(TAG.sequence, [1, 1, 255]));
  const basic = der(TAG.sequence, der(TAG.object, OBJECT.basicConstraints), isRoot);
  const content = der(
    TAG.sequence,
    der(0xa0, der(TAG.integer, [2])),
    der(TAG.integer, [1]),
    algorithm,
    subject,
    der(TAG.sequence, der(TAG.time, '240101000000Z'), der(TAG.time, '491231235959Z')),
    subject,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, der(TAG.sequence, alternative, basic)),
  );
  const signature = sign('sha256', content, privateKey);
  const whole = der(TAG.sequence, content, algorithm, der(TAG.bits, [0], signature));
  const lines = whole.toString('base64').match(/.{1,64}/g) ?? [];
  return {
    key: String(privateKey.export({ type: 'pkcs8', format: 'pem' })),
    cert: ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n'),
  };
}
