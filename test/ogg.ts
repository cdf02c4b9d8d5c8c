/**
 * Recordings for tests, and an independent reader of Ogg with Opus (RFC 3533, 7845): pages, checksums and granules are
 * looked at here, by nothing that the service uses. The recordings are no voices: each packet holds a name, so that what was
 * joined can be told apart.
 */

/** Polynomial 0x04c11db7, nothing reflected. */
const CRC = Array.from({ length: 256 }, (_, n) => {
  let value = n << 24;
  for (let bit = 0; bit < 8; bit++) value = value & 0x80000000 ? (value << 1) ^ 0x04c11db7 : value << 1;
  return value >>> 0;
});
const checksum = (bytes: Uint8Array): number =>
  bytes.reduce((crc, byte) => ((crc << 8) ^ (CRC[((crc >>> 24) ^ byte) & 0xff] ?? 0)) >>> 0, 0);

const text = (words: string): Uint8Array => new TextEncoder().encode(words);

export type Page = {
  isFirst: boolean;
  isLast: boolean;
  granule: bigint;
  serial: number;
  sequence: number;
  packets: Uint8Array[];
  /** Whether the last packet goes on in the next page. */
  isOpen: boolean;
};

function pageOf(page: Omit<Page, 'isOpen'>): Uint8Array {
  const lacing = page.packets.flatMap((packet) => [
    ...Array.from({ length: Math.floor(packet.length / 255) }, () => 255),
    packet.length % 255,
  ]);
  const bytes = new Uint8Array(
    27 + lacing.length + page.packets.reduce((sum, { length }) => sum + length, 0),
  );
  const view = new DataView(bytes.buffer);
  bytes.set(text('OggS'));
  view.setUint8(5, (page.isFirst ? 2 : 0) | (page.isLast ? 4 : 0));
  view.setBigInt64(6, page.granule, true);
  view.setUint32(14, page.serial, true);
  view.setUint32(18, page.sequence, true);
  view.setUint8(26, lacing.length);
  bytes.set(lacing, 27);
  let at = 27 + lacing.length;
  for (const packet of page.packets) {
    bytes.set(packet, at);
    at += packet.length;
  }
  view.setUint32(22, checksum(bytes), true);
  return bytes;
}

/** A file of these pages. */
export const oggOf = (pages: readonly Omit<Page, 'isOpen'>[]): Uint8Array<ArrayBuffer> =>
  new Uint8Array(Buffer.concat(pages.map(pageOf)));

const SKIPPED = 312;

/** A recording of so many seconds. `name`: what its packets hold. `channels`: default 1. */
export function recording(
  name: string,
  {
    seconds = 1,
    channels = 1,
    bytesEach = 40,
    frameMs = 20,
  }: { seconds?: number; channels?: number; bytesEach?: number; frameMs?: 20 | 60 } = {},
): Uint8Array<ArrayBuffer> {
  const head = new Uint8Array(19);
  head.set(text('OpusHead'));
  const view = new DataView(head.buffer);
  view.setUint8(8, 1);
  view.setUint8(9, channels);
  view.setUint16(10, SKIPPED, true);
  view.setUint32(12, 48_000, true);
  const tags = new Uint8Array([...text('OpusTags'), 4, 0, 0, 0, ...text('test'), 0, 0, 0, 0]);
  const count = Math.max(1, Math.round((seconds * 1_000) / frameMs));
  const [mono, stereo] = frameMs === 20 ? [0xf8, 0xfc] : [0x58, 0x5c];
  const packets = Array.from({ length: count }, (_, n) => {
    const packet = new Uint8Array(bytesEach).fill(0x5a);
    packet.set([channels === 1 ? mono : stereo, n & 0xff, ...text(name)].slice(0, bytesEach));
    return packet;
  });
  const pages = Array.from({ length: Math.ceil(count / 50) }, (_, n) => packets.slice(n * 50, n * 50 + 50));
  const common = { isFirst: false, isLast: false, serial: 7 };
  const parts = [
    pageOf({ ...common, isFirst: true, granule: 0n, sequence: 0, packets: [head] }),
    pageOf({ ...common, granule: 0n, sequence: 1, packets: [tags] }),
    ...pages.map((each, n) =>
      pageOf({
        ...common,
        isLast: n === pages.length - 1,
        granule: BigInt(
          Math.min(count, (n + 1) * 50) * 48 * frameMs + (n === pages.length - 1 ? SKIPPED : 0),
        ),
        sequence: n + 2,
        packets: each,
      }),
    ),
  ];
  return new Uint8Array(Buffer.concat(parts));
}

/** Every page of a file. Throws where it is no Ogg, or a checksum does not fit. */
export function pagesOf(given: Uint8Array): Page[] {
  // A Buffer's `slice` is a view of the same bytes.
  const bytes = new Uint8Array(given);
  const pages: Page[] = [];
  for (let at = 0; at < bytes.length; ) {
    const view = new DataView(bytes.buffer, bytes.byteOffset + at);
    if (Buffer.from(bytes.subarray(at, at + 4)).toString() !== 'OggS') throw new Error(`no page at ${at}`);
    const segments = view.getUint8(26);
    const lacing = [...bytes.subarray(at + 27, at + 27 + segments)];
    const length = 27 + segments + lacing.reduce((sum, each) => sum + each, 0);
    const whole = bytes.slice(at, at + length);
    new DataView(whole.buffer).setUint32(22, 0, true);
    if (checksum(whole) !== view.getUint32(22, true)) throw new Error(`a checksum does not fit at ${at}`);
    const packets: Uint8Array[] = [];
    let from = at + 27 + segments;
    let size = 0;
    for (const each of lacing) {
      size += each;
      if (each === 255) continue;
      packets.push(bytes.slice(from, from + size));
      from += size;
      size = 0;
    }
    if (size > 0) packets.push(bytes.slice(from, from + size));
    const flags = view.getUint8(5);
    pages.push({
      isFirst: (flags & 2) !== 0,
      isLast: (flags & 4) !== 0,
      granule: view.getBigInt64(6, true),
      serial: view.getUint32(14, true),
      sequence: view.getUint32(18, true),
      packets,
      isOpen: lacing.at(-1) === 255,
    });
    at += length;
  }
  return pages;
}

/** What packets of a recording hold: its name, as often as it has packets; silence is `–`. */
export function namesIn(bytes: Uint8Array): string[] {
  return pagesOf(bytes)
    .flatMap(({ packets }) => packets)
    .slice(2)
    .map((packet) =>
      packet.length === 3 ? '–' : Buffer.from(packet.subarray(2)).toString('latin1').replace(/Z+$/, ''),
    );
}

/** The names of what was joined, each once, in their order. */
export const piecesIn = (bytes: Uint8Array): string[] =>
  namesIn(bytes).filter((name, at, all) => name !== '–' && name !== all[at - 1]);
