/**
 * Files that a person heard as they came, while reporters hear their packets: recordings from before 0035, and those in folders.
 *
 * Invariant: such a file counts only if a player plays of it what its packets say, no more and no less: one stream, nothing
 * passed over, nothing louder or softer, each page where its packets are (RFC 3533, 6; RFC 7845, 4 and 5.1).
 */
import { open, remake, SAMPLES_A_SECOND, secondsOf } from './ogg.ts';

/** Too short for a word. */
const UNHEARD = 0.15 * SAMPLES_A_SECOND;

/** The file made anew; undefined: it was not heard as it is. */
export async function asHeard(bytes: Uint8Array): Promise<Uint8Array | undefined> {
  const opened = await open(bytes);
  if (!opened.ok || !isPlain(bytes, opened.packets)) return undefined;
  const remade = await remake(bytes);
  return remade.ok ? remade.note.bytes : undefined;
}

type Page = { granule: number; serial: number; ended: number; body: DataView };

function isPlain(bytes: Uint8Array, packets: readonly Uint8Array[]): boolean {
  const pages = pagesIn(bytes);
  const [first, tags, ...rest] = pages ?? [];
  if (!first || !tags || first.ended !== 1 || tags.ended !== 1) return false;
  if (pages?.some(({ serial }) => serial !== first.serial)) return false;
  const head = first.body;
  if (head.byteLength < 18 || head.getUint16(10, true) > UNHEARD || head.getInt16(16, true) !== 0)
    return false;
  let count = 0;
  let samples = 0;
  for (const { granule, ended } of rest) {
    const here = packets.slice(count, count + ended);
    count += ended;
    samples += here.reduce((sum, packet) => sum + secondsOf(packet), 0) * SAMPLES_A_SECOND;
    if (ended > 0 && Math.abs(granule - samples) > UNHEARD) return false;
  }
  return count === packets.length;
}

/** Undefined: these are no pages from the first byte to the last. */
function pagesIn(bytes: Uint8Array): Page[] | undefined {
  const pages: Page[] = [];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at < bytes.length; ) {
    const lacing =
      at + 27 <= bytes.length ? bytes.subarray(at + 27, at + 27 + view.getUint8(at + 26)) : undefined;
    if (!lacing || view.getUint32(at) !== 0x4f676753) return undefined;
    const from = at + 27 + lacing.length;
    const length = lacing.reduce((sum, each) => sum + each, 0);
    if (from + length > bytes.length) return undefined;
    pages.push({
      granule: Number(view.getBigInt64(at + 6, true)),
      serial: view.getUint32(at + 14, true),
      ended: lacing.filter((each) => each < 255).length,
      body: new DataView(bytes.buffer, bytes.byteOffset + from, length),
    });
    at = from + length;
  }
  return pages;
}
