/** Keys and bytes that the tests of this folder share. */
import { type Keyring, parseKeyring } from '../../src/crypto/keyring.ts';
import { LakanaError } from '../../src/kernel/errors.ts';

/** `length` bytes that count up from `start`. */
export const counting = (start: number, length: number): Uint8Array =>
  Uint8Array.from({ length }, (_, index) => start + index);
export const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
export const unhex = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'hex'));
export const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

/** A key file that never changes: its keys are counted, not random. */
export const FIXED_FILE = JSON.stringify({
  lakana: 'server-key',
  version: 1,
  keys: [
    {
      id: '0000000b',
      created: '2026-11-02T00:00:00.000Z',
      secret: base64(counting(32, 32)),
      signing: base64(counting(128, 32)),
    },
    {
      id: '0000000a',
      created: '2026-11-01T00:00:00.000Z',
      secret: base64(counting(0, 32)),
      signing: base64(counting(96, 32)),
    },
  ],
});
export const fixedKeyring = (): Keyring => parseKeyring(FIXED_FILE);

/** The code of the `LakanaError` that `work` throws; anything else thrown is passed on. */
export function codeOf(work: () => unknown): string | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    return code(error);
  }
}
export async function codeOfRejection(work: Promise<unknown>): Promise<string | undefined> {
  try {
    await work;
    return undefined;
  } catch (error) {
    return code(error);
  }
}
function code(error: unknown): string {
  if (error instanceof LakanaError) return error.code;
  throw error;
}

/** The same bytes with one bit of the byte at `at` (from 0 to 1, of the whole) turned over. */
export function flipped(bytes: Uint8Array, at: number, bit: number): Uint8Array {
  const copy = bytes.slice();
  const index = Math.min(copy.length - 1, Math.floor(at * copy.length));
  copy[index] = (copy[index] ?? 0) ^ (1 << bit);
  return copy;
}
