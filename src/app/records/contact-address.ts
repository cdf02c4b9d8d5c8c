/**
 * How addresses of officers' further contacts are written, and shown.
 *
 * Invariant: an address is shown to its own officer and to the coordinator only, and masked.
 */
import { z } from 'zod';
import { readPhoneNumber } from '../../kernel/phone-number.ts';
import { withoutUnseen } from '../../kernel/unicode.ts';
import { ONE_WAY_KINDS, type Way } from '../../kernel/vocabulary.ts';

/** Whether people write there: only in a chat can an alert be taken. A push is set up in the console. */
export const isChat = (channel: string): boolean => !(ONE_WAY_KINDS as readonly string[]).includes(channel);

/** In characters; the longest is the address of a receiver of the office's own. */
const LONGEST = 2_000;

/** An address as it is kept, or undefined: it cannot be one. */
export function readAddress(way: Way, text: string): string | undefined {
  const value = withoutUnseen(text).trim();
  if (value.length > LONGEST) return undefined;
  switch (way) {
    case 'email': {
      const address = value.replace(/^mailto:/i, '');
      return z.email().max(200).safeParse(address).success ? address : undefined;
    }
    case 'ntfy':
      return /^[\w-]{6,64}$/.test(value) ? value : undefined;
    case 'sms':
    case 'call':
      return readPhoneNumber(value);
    case 'webhook':
      return isSafeUrl(value) ? value : undefined;
  }
}

function isSafeUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname } = new URL(text);
  return (
    protocol === 'https:' || (protocol === 'http:' && (hostname === 'localhost' || hostname === '127.0.0.1'))
  );
}

/** "a…@example.org", "+223 … 00": enough to know which one it is. */
export function maskAddress(channel: string, address: string): string {
  switch (channel) {
    case 'email':
      return `${address.slice(0, 1)}…@${address.split('@').at(-1)}`;
    case 'sms':
    case 'call':
      return `${address.slice(0, 4)} … ${address.slice(-2)}`;
    case 'ntfy':
      return `${address.slice(0, 5)}…`;
    case 'webhook':
      return new URL((JSON.parse(address) as { url: string }).url).host;
    case 'push':
      return new URL((JSON.parse(address) as { endpoint: string }).endpoint).host;
    default:
      return '';
  }
}
