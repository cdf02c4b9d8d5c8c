/** Which room is open, as the address says behind `#`: it goes to no server. Needed before the program is there, so it is by itself. */
export type Place =
  /** `linkKey`: for one more device of a member: the key that their own key travels under. */
  | { is: 'join'; code: string; linkKey?: string }
  | { is: 'inbox' }
  | { is: 'case'; reference: string }
  | { is: 'dossier'; reference: string }
  | { is: 'people' }
  | { is: 'me' }
  | { is: 'audit' }
  | { is: 'doctor' }
  | { is: 'retention' }
  | { is: 'texts'; language?: string; key?: string }
  | { is: 'make_key' };

const ROOMS: Readonly<Record<string, Place>> = {
  '#/people': { is: 'people' },
  '#/me': { is: 'me' },
  '#/audit': { is: 'audit' },
  '#/doctor': { is: 'doctor' },
  '#/retention': { is: 'retention' },
  '#/make-key': { is: 'make_key' },
};

/** The room of an address, by what stands behind its `#`. */
export function placeOf(hash: string): Place {
  const code = /^#join=([\w-]{10,100})$/.exec(hash)?.[1];
  if (code) return { is: 'join', code };
  const device = /^#device=([\w-]{10,100})\.([\w-]{43})$/.exec(hash);
  if (device?.[1] && device[2]) return { is: 'join', code: device[1], linkKey: device[2] };
  const reference = /^#\/case\/([A-Z]{4}-\d{4})$/.exec(hash)?.[1];
  if (reference) return { is: 'case', reference };
  const printed = /^#\/case\/([A-Z]{4}-\d{4})\/dossier$/.exec(hash)?.[1];
  if (printed) return { is: 'dossier', reference: printed };
  const text = /^#\/texts(?:\/([a-z]{2,3})(?:\/([\w.-]{3,120}))?)?$/.exec(hash);
  if (text)
    return {
      is: 'texts',
      ...(text[1] ? { language: text[1] } : {}),
      ...(text[2] ? { key: text[2] } : {}),
    };
  return ROOMS[hash] ?? { is: 'inbox' };
}
