/**
 * Checks a signature of a Curve25519 key (XEdDSA).
 *
 * Baileys 7.0.0-rc14 cannot: its `Curve.verify` (lib/Utils/crypto.js) drops the answer of libsignal's
 * `verifySignature`, which returns false and does not throw, and so finds every signature right.
 */
import { createPublicKey, verify } from 'node:crypto';

const P = 2n ** 255n - 19n;
const ED25519_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');

export function isSignedBy(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  const bytes = Buffer.from(signature);
  if (bytes.length !== 64) return false;
  // The key on the Edwards curve, y = (u - 1) / (u + 1); its sign travels in the signature's last bit.
  const u = littleEndian(publicKey.slice(-32)) & (2n ** 255n - 1n);
  const y = Buffer.from(toHex(mod((u - 1n) * power(u + 1n, P - 2n))), 'hex').reverse();
  y.writeUInt8(y.readUInt8(31) | (bytes.readUInt8(63) & 128), 31);
  bytes.writeUInt8(bytes.readUInt8(63) & 127, 63);
  const key = createPublicKey({ key: Buffer.concat([ED25519_PREFIX, y]), format: 'der', type: 'spki' });
  return verify(null, message, key, bytes);
}

const mod = (value: bigint): bigint => ((value % P) + P) % P;
const toHex = (value: bigint): string => value.toString(16).padStart(64, '0');
const littleEndian = (bytes: Uint8Array): bigint =>
  BigInt(`0x${Buffer.from(bytes).reverse().toString('hex')}`);

function power(base: bigint, exponent: bigint): bigint {
  let [result, square] = [1n, mod(base)];
  for (let left = exponent; left > 0n; left >>= 1n) {
    if (left & 1n) result = mod(result * square);
    square = mod(square * square);
  }
  return result;
}
