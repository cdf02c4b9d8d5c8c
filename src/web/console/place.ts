/** The room that is open, and the ways to others. */
import { useEffect, useState } from 'preact/hooks';
import { toBase64, toBytes } from './bytes.ts';
import { type Place, placeOf } from './place-of.ts';

export const caseLink = (reference: string): string => `#/case/${reference}`;

export const dossierLink = (reference: string): string => `${caseLink(reference)}/dossier`;

/** The list of a language, or one text of it. */
export const textLink = (language: string, key?: string): string =>
  key === undefined ? `#/texts/${language}` : `#/texts/${language}/${key}`;

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
