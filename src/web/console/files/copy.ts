/**
 * A copy of a file without what it tells besides: a picture is drawn anew, sound and film are put into a new container.
 *
 * Invariant: what cannot be made anew here is not copied: undefined, and the page says that only the original can be saved.
 */
import type { OutputFormat } from 'mediabunny';

/** The largest picture that phones draw, in points; larger ones are made smaller. */
const MOST_POINTS = 16_000_000;

/** `type`: the file's own, by its bytes. Never rejects. */
export async function copyWithout(blob: Blob, type: string | undefined): Promise<Blob | undefined> {
  try {
    if (type?.startsWith('image/')) return await drawnAnew(blob, type);
    if (type?.startsWith('audio/') || type?.startsWith('video/')) return await packedAnew(blob, type);
  } catch {
    // A stranger's file: whatever is wrong with it, there is no copy.
  }
  return undefined;
}

/** Turned as it is to be seen: how it was held stands beside the picture too. */
async function drawnAnew(blob: Blob, type: string): Promise<Blob | undefined> {
  const picture = await createImageBitmap(blob, { imageOrientation: 'from-image' });
  try {
    const scale = Math.min(1, Math.sqrt(MOST_POINTS / (picture.width * picture.height)));
    const canvas = document.createElement('canvas');
    canvas.width = Math.max(1, Math.floor(picture.width * scale));
    canvas.height = Math.max(1, Math.floor(picture.height * scale));
    const drawing = canvas.getContext('2d');
    if (!drawing) return undefined;
    drawing.drawImage(picture, 0, 0, canvas.width, canvas.height);
    const as = type === 'image/png' || type === 'image/gif' ? 'image/png' : 'image/jpeg';
    return await new Promise((resolve) => canvas.toBlob((drawn) => resolve(drawn ?? undefined), as, 0.92));
  } finally {
    picture.close();
  }
}

type Bunny = typeof import('mediabunny');

/** What a recording is packed into: by its own type, and what that is called. The first that fits counts. */
const CONTAINERS: readonly (readonly [RegExp, (bunny: Bunny) => OutputFormat, string])[] = [
  [/ogg|opus/, ({ OggOutputFormat }) => new OggOutputFormat(), 'ogg'],
  [/webm|matroska/, ({ WebMOutputFormat }) => new WebMOutputFormat(), 'webm'],
  [/mpeg/, ({ Mp3OutputFormat }) => new Mp3OutputFormat(), 'mpeg'],
  [/wav/, ({ WavOutputFormat }) => new WavOutputFormat(), 'wav'],
  [/./, ({ Mp4OutputFormat }) => new Mp4OutputFormat(), 'mp4'],
];

async function packedAnew(blob: Blob, type: string): Promise<Blob | undefined> {
  const bunny = await import('mediabunny');
  const container = CONTAINERS.find(([pattern]) => pattern.test(type));
  if (!container) return undefined;
  const [, formatOf, name] = container;
  const input = new bunny.Input({ formats: bunny.ALL_FORMATS, source: new bunny.BlobSource(blob) });
  try {
    const target = new bunny.BufferTarget();
    const output = new bunny.Output({ format: formatOf(bunny), target });
    const conversion = await bunny.Conversion.init({ input, output, tags: {}, showWarnings: false });
    // A copy that lacks a part of what is seen or heard would be taken for the whole.
    if (!conversion.isValid || conversion.discardedTracks.length > 0) return undefined;
    await conversion.execute();
    const [kind] = type.split('/');
    return target.buffer ? new Blob([target.buffer], { type: `${kind}/${name}` }) : undefined;
  } finally {
    input.dispose();
  }
}
