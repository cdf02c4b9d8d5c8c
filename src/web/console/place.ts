/** Which room is open, as the address says behind `#`: it goes to no server. */
import { useEffect, useState } from 'preact/hooks';

export type Place =
  | { is: 'join'; code: string }
  | { is: 'inbox' }
  | { is: 'case'; reference: string }
  | { is: 'people' }
  | { is: 'me' }
  | { is: 'make_key' };

const ROOMS: Readonly<Record<string, Place>> = {
  '#/people': { is: 'people' },
  '#/me': { is: 'me' },
  '#/make-key': { is: 'make_key' },
};

function placeOf(hash: string): Place {
  const code = /^#join=([\w-]{10,100})$/.exec(hash)?.[1];
  if (code) return { is: 'join', code };
  const reference = /^#\/case\/([A-Z]{4}-\d{4})$/.exec(hash)?.[1];
  if (reference) return { is: 'case', reference };
  return ROOMS[hash] ?? { is: 'inbox' };
}

export const caseLink = (reference: string): string => `#/case/${reference}`;

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
