/** A picture from the person's device as the simulator takes it: a small enough JPEG, or the file as it is. */

/** What the service takes at most, in bytes (MAX_FILE_BYTES of the simulator). */
const MAX_BYTES = 5 * 1024 * 1024;
const BIG_BYTES = 1024 * 1024;
const LONGEST_SIDE = 1_920;

/** Null: too big, and this browser cannot make it smaller. */
export async function prepared(file: Blob): Promise<Blob | null> {
  if (file.size <= BIG_BYTES && /^image\/(jpeg|png|webp|gif)$/.test(file.type)) return file;
  const smaller = await shrunk(file).catch(() => null);
  if (smaller) return smaller;
  return file.size <= MAX_BYTES ? file : null;
}

async function shrunk(file: Blob): Promise<Blob | null> {
  const picture = await createImageBitmap(file);
  const scale = Math.min(1, LONGEST_SIDE / Math.max(picture.width, picture.height));
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  canvas.getContext('2d')?.drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  return await new Promise((resolve) => canvas.toBlob(resolve, 'image/jpeg', 0.85));
}

/** The bytes as base64, without the data URL around them. */
export async function base64Of(blob: Blob): Promise<string> {
  const bytes = new Uint8Array(await blob.arrayBuffer());
  const pieces: string[] = [];
  for (let at = 0; at < bytes.length; at += 0x8000)
    pieces.push(String.fromCharCode(...bytes.subarray(at, at + 0x8000)));
  return btoa(pieces.join(''));
}
