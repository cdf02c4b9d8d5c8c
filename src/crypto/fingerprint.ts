/** Keys as people compare them aloud. Runs in a browser too. */
import { sha256 } from '@noble/hashes/sha2.js';

/** What people compare aloud: eight groups of four hex digits over the public half (128 bits of its SHA-256). */
export function fingerprint(recipient: string): string {
  const hash = sha256(new TextEncoder().encode(recipient.trim()));
  const hex = Array.from(hash.subarray(0, 16), (byte) => byte.toString(16).padStart(2, '0')).join('');
  return hex.replace(/(.{4})(?=.)/g, '$1 ');
}
