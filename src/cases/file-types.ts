/**
 * Under which ending a file of a case is saved.
 *
 * Invariant: the ending is one of this list or `.bin`: what a stranger's phone says of a file never makes it something that a
 * computer runs, or shows with scripts in it (no HTML, no SVG, no macros). This file runs in a browser too.
 */
const ENDINGS: Readonly<Record<string, string>> = {
  'image/jpeg': '.jpg',
  'image/png': '.png',
  'image/webp': '.webp',
  'image/gif': '.gif',
  'image/heic': '.heic',
  'audio/ogg': '.ogg',
  'audio/mpeg': '.mp3',
  'audio/mp4': '.m4a',
  'audio/aac': '.aac',
  'audio/amr': '.amr',
  'audio/wav': '.wav',
  'audio/webm': '.weba',
  'video/mp4': '.mp4',
  'video/webm': '.webm',
  'video/3gpp': '.3gp',
  'video/quicktime': '.mov',
  'application/pdf': '.pdf',
  'text/plain': '.txt',
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document': '.docx',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': '.xlsx',
  'application/vnd.oasis.opendocument.text': '.odt',
};
const KNOWN = new Set([...Object.values(ENDINGS), '.jpeg']);

/** What a stranger's phone said, if it is words at all. */
const words = (said: unknown): string => (typeof said === 'string' ? said : '');

/** The type without what stands behind it: `audio/ogg; codecs=opus` is `audio/ogg`. */
export const bareType = (mediaType: unknown): string =>
  (words(mediaType).split(';')[0] ?? '').trim().toLowerCase();

/** By what the file is said to be, or else as its name ends. */
export function fileEnding(mediaType: unknown, name: unknown): string {
  const type = bareType(mediaType);
  if (Object.hasOwn(ENDINGS, type)) return ENDINGS[type] ?? '.bin';
  const ending = /\.[a-z0-9]{1,5}$/i.exec(words(name))?.[0].toLowerCase() ?? '';
  return KNOWN.has(ending) ? ending : '.bin';
}
