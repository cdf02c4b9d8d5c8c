/** Files that tell where, with what and by whom they were made, as phones and offices make them. */
import { strToU8, zipSync } from 'fflate';

export const CANARY = {
  device: 'CanaryPhone 9',
  author: 'Canary Diarra',
  company: 'Canary SARL',
  latitude: 16.27,
  longitude: -0.04,
};

/** The smallest picture that every reader takes: one grey point. */
const POINT = Buffer.from(
  '/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAMCAgICAgMCAgIDAwMDBAYEBAQEBAgGBgUGCQgKCgkICQkKDA8MCgsOCwkJDRENDg8QEBEQCgwSExIQEw8QEBD/yQALCAABAAEBAREA/8wABgAQEAX/2gAIAQEAAD8A0s8g/9k=',
  'base64',
);

/** A JPEG with what cameras write beside the picture. `picture`: the JPEG itself. */
export function photoThatTells(picture: Uint8Array = POINT): Buffer {
  const exif = Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), tiff()]);
  const head = Buffer.alloc(4);
  head.writeUInt16BE(0xffe1, 0);
  head.writeUInt16BE(exif.length + 2, 2);
  return Buffer.concat([picture.subarray(0, 2), head, exif, picture.subarray(2)]);
}

type Field = { tag: number; type: 1 | 2 | 3 | 4 | 5; count: number; bytes: Buffer };

const ascii = (tag: number, text: string): Field => {
  const bytes = Buffer.from(`${text}\0`, 'latin1');
  return { tag, type: 2, count: bytes.length, bytes };
};

/** Degrees as three fractions. */
function degrees(tag: number, value: number): Field {
  const bytes = Buffer.alloc(24);
  const fractions = [Math.round(Math.abs(value) * 1_000_000), 1_000_000, 0, 1, 0, 1];
  for (const [n, each] of fractions.entries()) bytes.writeUInt32LE(each, n * 4);
  return { tag, type: 5, count: 3, bytes };
}

function directory(fields: readonly Field[], at: number): Buffer {
  const table = Buffer.alloc(2 + fields.length * 12 + 4);
  table.writeUInt16LE(fields.length, 0);
  const far: Buffer[] = [];
  let next = at + table.length;
  for (const [n, { tag, type, count, bytes }] of fields.entries()) {
    const place = 2 + n * 12;
    table.writeUInt16LE(tag, place);
    table.writeUInt16LE(type, place + 2);
    table.writeUInt32LE(count, place + 4);
    if (bytes.length <= 4) {
      bytes.copy(table, place + 8);
      continue;
    }
    table.writeUInt32LE(next, place + 8);
    far.push(bytes);
    next += bytes.length;
  }
  return Buffer.concat([table, ...far]);
}

function tiff(): Buffer {
  const { device, author, latitude, longitude } = CANARY;
  const own = [ascii(0x0110, device), ascii(0x013b, author)];
  const pointer: Field = { tag: 0x8825, type: 4, count: 1, bytes: Buffer.alloc(4) };
  const first = directory([...own, pointer], 8);
  pointer.bytes.writeUInt32LE(8 + first.length, 0);
  const places = directory(
    [
      ascii(0x0001, latitude < 0 ? 'S' : 'N'),
      degrees(0x0002, latitude),
      ascii(0x0003, longitude < 0 ? 'W' : 'E'),
      degrees(0x0004, longitude),
    ],
    8 + first.length,
  );
  const head = Buffer.from([0x49, 0x49, 42, 0, 8, 0, 0, 0]);
  return Buffer.concat([head, directory([...own, pointer], 8), places]);
}

/** A document of an office program. */
export const documentThatTells = (): Uint8Array =>
  zipSync({
    '[Content_Types].xml': strToU8('<Types/>'),
    'docProps/core.xml': strToU8(
      `<cp:coreProperties><dc:creator>${CANARY.author}</dc:creator><dcterms:created xsi:type="dcterms:W3CDTF">2026-11-30T10:00:00Z</dcterms:created></cp:coreProperties>`,
    ),
    'docProps/app.xml': strToU8(`<Properties><Company>${CANARY.company}</Company></Properties>`),
    'word/document.xml': strToU8('<w:document/>'),
  });

/** A song as it is saved by a program that writes who made it. */
export function soundThatTells(): Buffer {
  const frame = (name: string, text: string): Buffer => {
    const words = Buffer.concat([Buffer.from([3]), Buffer.from(text, 'utf8')]);
    const head = Buffer.alloc(10);
    head.write(name, 'latin1');
    head.writeUInt32BE(words.length, 4);
    return Buffer.concat([head, words]);
  };
  const frames = Buffer.concat([frame('TPE1', CANARY.author), frame('TIT2', 'Réunion du comité')]);
  const head = Buffer.from([0x49, 0x44, 0x33, 3, 0, 0, 0, 0, frames.length >> 7, frames.length & 0x7f]);
  // Silent frames of MPEG-1 layer III, 128 kbit/s, 44.1 kHz.
  const silent = Buffer.alloc(417);
  silent.set([0xff, 0xfb, 0x90, 0x64]);
  return Buffer.concat([head, frames, ...Array.from({ length: 20 }, () => silent)]);
}
