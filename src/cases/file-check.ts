/**
 * Whether a file is what the message said that it is: its size, and its type by its first bytes. What differs is noted,
 * never refused: phones are careless about types, and a file may matter all the same. Pure.
 */
import { bareType } from './file-types.ts';

/** So many of the first bytes tell the type. */
export const HEAD_BYTES = 64;

export type Differs = {
  size?: { said: number; came: number };
  /** `found`: a family of `FAMILIES`, or `unknown`. */
  type?: { said: string; found: string };
};

const text = (bytes: Uint8Array, from: number, to: number): string =>
  String.fromCharCode(...bytes.subarray(from, to));

/** How files of a family begin. */
const FAMILIES: readonly (readonly [string, (head: Uint8Array) => boolean])[] = [
  ['jpeg', (head) => head[0] === 0xff && head[1] === 0xd8],
  ['png', (head) => text(head, 1, 4) === 'PNG'],
  ['gif', (head) => text(head, 0, 4) === 'GIF8'],
  ['webp', (head) => text(head, 0, 4) === 'RIFF' && text(head, 8, 12) === 'WEBP'],
  ['wav', (head) => text(head, 0, 4) === 'RIFF' && text(head, 8, 12) === 'WAVE'],
  ['ogg', (head) => text(head, 0, 4) === 'OggS'],
  // Also photos (HEIC) and sound (M4A) of phones.
  ['mp4', (head) => text(head, 4, 8) === 'ftyp'],
  ['webm', (head) => head[0] === 0x1a && head[1] === 0x45 && head[2] === 0xdf && head[3] === 0xa3],
  ['mpeg', (head) => text(head, 0, 3) === 'ID3' || (head[0] === 0xff && ((head[1] ?? 0) & 0xe0) === 0xe0)],
  ['amr', (head) => text(head, 0, 5) === '#!AMR'],
  ['pdf', (head) => text(head, 0, 5) === '%PDF-'],
  // Also the documents of offices, and programs of Android.
  ['zip', (head) => text(head, 0, 4) === 'PK\u0003\u0004'],
  ['program', (head) => text(head, 0, 2) === 'MZ' || text(head, 1, 4) === 'ELF' || text(head, 0, 2) === '#!'],
  ['web page', (head) => /^\s*<(!doctype|html|svg|script|\?xml)/i.test(text(head, 0, HEAD_BYTES))],
];

/** What a type that is said must begin like. Of others nothing is known. */
const EXPECTED: readonly (readonly [RegExp, readonly string[]])[] = [
  [/^image\/jpe?g$/, ['jpeg']],
  [/^image\/png$/, ['png']],
  [/^image\/gif$/, ['gif', 'mp4']],
  [/^image\/webp$/, ['webp']],
  [/^(audio|video|application)\/ogg$/, ['ogg']],
  [/^(image\/hei[cf]|(audio|video)\/(mp4|3gpp|quicktime|x-m4a|m4a))$/, ['mp4']],
  [/^(audio|video)\/webm$/, ['webm']],
  [/^audio\/(mpeg|mp3|aac)$/, ['mpeg']],
  [/^audio\/amr$/, ['amr']],
  [/^audio\/(x-)?wav$/, ['wav']],
  [/^application\/pdf$/, ['pdf']],
  [/^application\/(zip|vnd\.openxmlformats.*|vnd\.oasis.*)$/, ['zip']],
];

/** What these were said to be, they never are. */
const NEVER_EXPECTED = ['program', 'web page'];

/** Undefined: nothing differs, as far as one can tell. */
export function whatDiffers(
  said: { size?: number; mediaType?: string },
  { bytes, head }: { bytes: number; head: Uint8Array },
): Differs | undefined {
  const size = said.size === undefined || said.size === bytes ? undefined : { said: said.size, came: bytes };
  const type = typeThatDiffers(bareType(said.mediaType), head);
  if (!size && !type) return undefined;
  return { ...(size ? { size } : {}), ...(type ? { type } : {}) };
}

function typeThatDiffers(said: string, head: Uint8Array): Differs['type'] {
  if (said === '' || head.length === 0) return undefined;
  const found = FAMILIES.find(([, isOne]) => isOne(head))?.[0];
  const expected = EXPECTED.find(([pattern]) => pattern.test(said))?.[1];
  const isWrong = expected ? !expected.includes(found ?? '') : NEVER_EXPECTED.includes(found ?? '');
  return isWrong ? { said: said.slice(0, 60), found: found ?? 'unknown' } : undefined;
}
