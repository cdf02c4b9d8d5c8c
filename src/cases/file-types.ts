/**
 * As what a file of a case is opened, and under which name and type it is saved.
 *
 * Invariant: type and ending are of this list, or `.bin` and bytes of no kind: what a stranger's phone says of a file never
 * makes it something that a computer runs, or shows with scripts in it (no HTML, no SVG, no macros); no sign of theirs
 * stands in its name. This file runs in a browser too.
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
  'audio/webm': '.webm',
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
/** Other names of the same, as phones give them. */
const ALSO: Readonly<Record<string, string>> = {
  'image/jpg': 'image/jpeg',
  'image/heif': 'image/heic',
  'application/ogg': 'audio/ogg',
  'audio/opus': 'audio/ogg',
  'audio/mp3': 'audio/mpeg',
  'audio/m4a': 'audio/mp4',
  'audio/x-m4a': 'audio/mp4',
  'audio/3gpp': 'video/3gpp',
  'audio/amr-wb': 'audio/amr',
  'audio/x-wav': 'audio/wav',
};
/** What a file is that begins so (families of `file-check.ts`), whatever was said of it. */
const FOUND: Readonly<Record<string, string>> = {
  jpeg: 'image/jpeg',
  png: 'image/png',
  gif: 'image/gif',
  webp: 'image/webp',
  wav: 'audio/wav',
  ogg: 'audio/ogg',
  mpeg: 'audio/mpeg',
  amr: 'audio/amr',
  pdf: 'application/pdf',
};
const BYTES = 'application/octet-stream';

/** What a stranger's phone said, if it is words at all. */
const words = (said: unknown): string => (typeof said === 'string' ? said : '');
const within = (list: Readonly<Record<string, string>>, key: string): string | undefined =>
  Object.hasOwn(list, key) ? list[key] : undefined;

/** The type without what stands behind it: `audio/ogg; codecs=opus` is `audio/ogg`. */
export const bareType = (mediaType: unknown): string =>
  (words(mediaType).split(';')[0] ?? '').trim().toLowerCase();

/** What the case says of a file: `media` is ours, all else what a stranger's phone said; read from a case, any of it may be anything. */
type About = { media: unknown; mediaType?: unknown; name?: unknown; differs?: unknown };

/**
 * The type of a file, of the list: by how it begins if that is known to be another thing than was said, by what it is said to
 * be, or as its name ends. A voice note of which nothing is said is what messengers make of one.
 */
export function fileType({ media, mediaType, name, differs }: About): string {
  const found = within(FOUND, words((differs as { type?: { found?: unknown } } | undefined)?.type?.found));
  if (found) return found;
  const said = bareType(mediaType);
  const known = within(ALSO, said) ?? said;
  if (Object.hasOwn(ENDINGS, known)) return known;
  const ending = (/\.[a-z0-9]{1,5}$/i.exec(words(name))?.[0].toLowerCase() ?? '').replace('.jpeg', '.jpg');
  const named = Object.entries(ENDINGS).find(([, each]) => each === ending)?.[0];
  return named ?? (said === '' && media === 'voice' ? 'audio/ogg' : BYTES);
}

/** `02-photo-1f3a.jpg`: the place in the case, the kind, the beginning of its id. */
export function fileName(place: number, id: string, about: About): string {
  const media = words(about.media);
  const kind = /^[a-z]{1,12}$/.test(media) ? media : 'file';
  const ending = within(ENDINGS, fileType(about)) ?? '.bin';
  return `${String(place).padStart(2, '0')}-${kind}-${id.slice(0, 4)}${ending}`;
}
