/**
 * A browser in which a member has signed in before.
 *
 * It is counted by itself when it signs in again, so that a stranger behind the same address (a phone network's, an
 * office's, a proxy's that we were not told of) cannot use up its tries. It proves nothing else and opens nothing.
 *
 * Invariant: only the service can make such a cookie; it holds a random word and says nothing of who signed in.
 */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { Keyring } from '../../crypto/keyring.ts';
import { days } from '../../kernel/time.ts';

type Keys = Pick<Keyring, 'index' | 'indexes'>;

export const BROWSER_COOKIE = 'lakana_browser';
export const BROWSER_COOKIE_SECONDS = days(180) / 1_000;

/** A random word, and the proof that it is ours. */
const FORM = /^[\w-]{22}\.[\w-]{20,100}$/;

/** What the cookie of a new browser says. */
export function newBrowser(keyring: Keys): string {
  const id = randomBytes(16).toString('base64url');
  return `${id}.${Buffer.from(keyring.index('browser', id)).toString('base64url')}`;
}

/** The browser's random word, if the header `cookie` has one that this service made. */
export function browserIn(keyring: Keys, cookies: string): string | undefined {
  const all = cookies.split(';').map((each) => each.trim());
  const value = all.find((each) => each.startsWith(`${BROWSER_COOKIE}=`))?.slice(BROWSER_COOKIE.length + 1);
  if (value === undefined || !FORM.test(value)) return undefined;
  const [id = '', proof = ''] = value.split('.');
  const given = Buffer.from(proof, 'base64url');
  const isOurs = keyring
    .indexes('browser', id)
    .some((made) => made.length === given.length && timingSafeEqual(made, given));
  return isOurs ? id : undefined;
}
