/** One-time codes by which officers enrol: 12 characters without look-alikes, 60 bits, kept as a keyed hash. */
import { randomInt } from 'node:crypto';
import type { Keyring } from '../crypto/keyring.ts';

type Keys = { keyring: Keyring };

const ALPHABET = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ';
const LENGTH = 12;

export function newOfficerCode(): string {
  return Array.from({ length: LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
}

/** Whether something is written like a code; people type it in any case and with dashes. */
export function isOfficerCode(text: string): boolean {
  const code = plain(text);
  return code.length === LENGTH && [...code].every((character) => ALPHABET.includes(character));
}

export function officerCodeIndex(ctx: Keys, code: string): Uint8Array {
  return ctx.keyring.index('officer-code', plain(code));
}

/** Under all keys: a code may have been made before the server key was rotated. */
export function officerCodeIndexes(ctx: Keys, code: string): Uint8Array[] {
  return ctx.keyring.indexes('officer-code', plain(code));
}

function plain(text: string): string {
  return text.toUpperCase().replace(/[\s_-]/g, '');
}
