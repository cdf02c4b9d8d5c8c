/** Which room is open, as the address says behind `#`: it goes to no server. */
import { useEffect, useState } from 'preact/hooks';
import { toBase64, toBytes } from './bytes.ts';

export type Place =
  /** `linkKey`: for one more device of a member: the key that their own key travels under. */
  | { is: 'join'; code: string; linkKey?: string }
  | { is: 'inbox' }
  | { is: 'case'; reference: string }
  | { is: 'people' }
  | { is: 'me' }
  | { is: 'audit' }
  | { is: 'make_key' };

const ROOMS: Readonly<Record<string, Place>> = {
  '#/people': { is: 'people' },
  '#/me': { is: 'me' },
  '#/audit': { is: 'audit' },
  '#/make-key': { is: 'make_key' },
};

function placeOf(hash: string): Place {
  const code = /^#join=([\w-]{10,100})$/.exec(hash)?.[1];
  if (code) return { is: 'join', code };
  const device = /^#device=([\w-]{10,100})\.([\w-]{43})$/.exec(hash);
  if (device?.[1] && device[2]) return { is: 'join', code: device[1], linkKey: device[2] };
  const reference = /^#\/case\/([A-Z]{4}-\d{4})$/.exec(hash)?.[1];
  if (reference) return { is: 'case', reference };
  return ROOMS[hash] ?? { is: 'inbox' };
}

export const caseLink = (reference: string): string => `#/case/${reference}`;

/** A link by which a device is added. What stands behind `#` goes to no server. */
export function deviceLink(code: string, linkKey: Uint8Array): string {
  const key = toBase64(linkKey).replaceAll('+', '-').replaceAll('/', '_').replace('=', '');
  return `${window.location.origin}/console/#device=${code}.${key}`;
}

/** The key in such a link. 32 bytes. */
export function linkKeyOf(text: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(toBytes(text.replaceAll('-', '+').replaceAll('_', '/')));
}

export function goTo(hash: string): void {
  window.location.hash = hash;
}

export function usePlace(): Place {
  const [place, setPlace] = useState(placeOf(window.location.hash));
  useEffect(() => {
    const hear = () => setPlace(placeOf(window.location.hash));
    window.addEventListener('hashchange', hear);
    return () => window.removeEventListener('hashchange', hear);
  }, []);
  return place;
}
