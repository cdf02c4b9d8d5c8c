/**
 * What a file tells besides what is seen and heard in it: where and when it was made, with what, by whom.
 *
 * Invariants: a file is a stranger's and may be anything: whatever cannot be read tells nothing and harms nothing; nothing of it
 * leaves the page. What is not found may be there all the same, and it is never said that a file tells nothing.
 */
import ExifReader from 'exifreader';
import { strFromU8, unzip } from 'fflate';
import { fileTypeFromBuffer } from 'file-type';

/** What is told; in words `case.tells.*`. */
const TELLS = ['place', 'taken', 'device', 'author', 'software', 'title', 'comment'] as const;
type Told = { what: (typeof TELLS)[number]; value: string };

export type Inside = {
  /** What it is by its bytes; undefined: nothing that is known. */
  type: string | undefined;
  tells: readonly Told[];
};

/** Nobody needs more of it to know that it should not be passed on. */
const LONGEST = 200;
/** The parts of an office document that are looked at are smaller. */
const LARGEST_PART = 200_000;

/** Looks through the bytes of a file. Never rejects. */
export async function lookInside(blob: Blob): Promise<Inside> {
  const bytes = new Uint8Array(await blob.arrayBuffer());
  const type = (await fileTypeFromBuffer(bytes).catch(() => undefined))?.mime;
  const found = [...ofPicture(bytes), ...(await ofDocument(bytes)), ...(await ofRecording(blob, type))];
  const tells = found.flatMap(({ what, value }) => {
    const said = value
      .replace(/\p{Cc}+/gu, ' ')
      .trim()
      .slice(0, LONGEST);
    return said === '' ? [] : [{ what, value: said }];
  });
  return { type, tells: tells.filter((each, at) => at === tells.findIndex((other) => same(each, other))) };
}

const same = (one: Told, other: Told): boolean => one.what === other.what && one.value === other.value;

/** Names of tags, as cameras and programs write them. */
const OF_PICTURES: readonly (readonly [Told['what'], readonly string[]])[] = [
  ['taken', ['DateTimeOriginal', 'CreateDate', 'DateTime', 'DateCreated']],
  ['device', ['Make', 'Model', 'BodySerialNumber', 'CameraOwnerName']],
  ['author', ['Artist', 'creator', 'Creator', 'By-line', 'Copyright', 'rights', 'OwnerName']],
  ['software', ['Software', 'CreatorTool']],
  ['title', ['ImageDescription', 'title', 'Title', 'Headline']],
  ['comment', ['UserComment', 'Comment', 'description', 'Caption/Abstract', 'Keywords']],
];

function ofPicture(bytes: Uint8Array): Told[] {
  try {
    const found = ExifReader.load(bytes.buffer as ArrayBuffer, { expanded: true });
    const all = { ...found.xmp, ...found.iptc, ...found.png, ...found.exif } as Record<string, unknown>;
    const { Latitude, Longitude } = found.gps ?? {};
    const place: Told[] =
      Latitude === undefined || Longitude === undefined
        ? []
        : [{ what: 'place', value: `${Latitude.toFixed(5)}, ${Longitude.toFixed(5)}` }];
    const others = OF_PICTURES.flatMap(([what, names]) => {
      const values = names.flatMap((name) => shown(all[name]));
      return values.length > 0 ? [{ what, value: [...new Set(values)].join(' · ') }] : [];
    });
    return [...place, ...others];
  } catch {
    return [];
  }
}

function shown(tag: unknown): string[] {
  const { description, value } = (tag ?? {}) as { description?: unknown; value?: unknown };
  const text = typeof description === 'string' && description !== '' ? description : value;
  return typeof text === 'string' || typeof text === 'number' ? [String(text)] : [];
}

/** Where documents of offices say who made them, and with what. */
const OF_DOCUMENTS: readonly (readonly [Told['what'], RegExp])[] = [
  ['author', /<(?:dc:creator|cp:lastModifiedBy|meta:initial-creator|Company|Manager)>([^<]{1,500})</g],
  ['taken', /<(?:dcterms:created|dcterms:modified|meta:creation-date|dc:date)[^<>]{0,100}>([^<]{1,100})</g],
  ['software', /<(?:Application|meta:generator)>([^<]{1,500})</g],
  ['title', /<dc:(?:title|subject)>([^<]{1,500})</g],
  ['comment', /<(?:dc:description|cp:keywords)>([^<]{1,500})</g],
];
const PARTS = ['docProps/core.xml', 'docProps/app.xml', 'meta.xml'];

async function ofDocument(bytes: Uint8Array): Promise<Told[]> {
  if (bytes[0] !== 0x50 || bytes[1] !== 0x4b) return [];
  const parts = await new Promise<readonly Uint8Array[]>((resolve) => {
    try {
      const isWanted = ({ name, originalSize }: { name: string; originalSize: number }) =>
        PARTS.includes(name) && originalSize <= LARGEST_PART;
      unzip(bytes, { filter: isWanted }, (error, found) => resolve(error ? [] : Object.values(found)));
    } catch {
      resolve([]);
    }
  });
  const said = parts.map((part) => strFromU8(part.subarray(0, LARGEST_PART))).join('\n');
  return OF_DOCUMENTS.flatMap(([what, pattern]) => {
    const values = [...said.matchAll(pattern)].map(([, value = '']) => value);
    return values.length > 0 ? [{ what, value: [...new Set(values)].join(' · ') }] : [];
  });
}

async function ofRecording(blob: Blob, type: string | undefined): Promise<Told[]> {
  if (!/^(audio|video)\//.test(type ?? '')) return [];
  const { ALL_FORMATS, BlobSource, Input } = await import('mediabunny');
  const input = new Input({ formats: ALL_FORMATS, source: new BlobSource(blob) });
  try {
    const { title, artist, album, comment, description, date, raw = {} } = await input.getMetadataTags();
    const texts = Object.entries(raw).flatMap(([name, value]): [string, string][] =>
      typeof value === 'string' ? [[name, value]] : [],
    );
    const named = (pattern: RegExp) =>
      texts.flatMap(([name, value]) => (pattern.test(name) ? [value] : [])).join(' · ');
    return [
      { what: 'place', value: named(/location|xyz|loci/i) },
      { what: 'taken', value: date ? date.toISOString() : named(/creationdate|^(©day|date|TDRC)$/i) },
      { what: 'device', value: named(/(^|[.©])(make|model|mak|mod)$/i) },
      { what: 'author', value: [artist, named(/author|©aut/i)].filter(Boolean).join(' · ') },
      { what: 'software', value: named(/software|encoder|^(©swr|©too|TSSE)$/i) },
      { what: 'title', value: [title, album].filter(Boolean).join(' · ') },
      { what: 'comment', value: [comment, description].filter(Boolean).join(' · ') },
    ];
  } catch {
    return [];
  } finally {
    input.dispose();
  }
}
