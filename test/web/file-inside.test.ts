/** What the page finds in files of strangers, whatever they are. */
import { randomInt } from 'node:crypto';
import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { lookInside } from '../../src/web/console/files/inside.ts';
import { CANARY, documentThatTells, photoThatTells, soundThatTells } from '../files-that-tell.ts';

const inside = (bytes: Uint8Array) => lookInside(new Blob([bytes as Uint8Array<ArrayBuffer>]));

describe('a file that tells more than is seen in it', () => {
  it('is a photo with the place, the phone and the name', async () => {
    const { type, tells } = await inside(photoThatTells());
    expect(type).toBe('image/jpeg');
    expect(tells).toContainEqual({ what: 'place', value: '16.27000, -0.04000' });
    expect(tells).toContainEqual({ what: 'device', value: CANARY.device });
    expect(tells).toContainEqual({ what: 'author', value: CANARY.author });
  });

  it('is a document with its author and the day', async () => {
    const { tells } = await inside(documentThatTells());
    expect(tells).toContainEqual({ what: 'author', value: `${CANARY.author} · ${CANARY.company}` });
    expect(tells).toContainEqual({ what: 'taken', value: '2026-11-30T10:00:00Z' });
  });

  it('is a sound with its maker', async () => {
    const { type, tells } = await inside(soundThatTells());
    expect(type).toBe('audio/mpeg');
    expect(tells).toContainEqual({ what: 'author', value: CANARY.author });
  });

  it('is what its bytes are, and not what it was called', async () => {
    expect((await inside(Buffer.from('%PDF-1.7\n'))).type).toBe('application/pdf');
    expect((await inside(Buffer.from('bonjour'))).type).toBeUndefined();
  });
});

/** Says that a part of a packed file is small, which it is not. */
function lying(packed: Uint8Array): Uint8Array {
  const bytes = Buffer.from(packed);
  for (let at = 0; at < bytes.length - 46; at++) {
    const mark = bytes.readUInt32LE(at);
    if (mark === 0x04034b50) bytes.writeUInt32LE(100, at + 22);
    if (mark === 0x02014b50) bytes.writeUInt32LE(100, at + 24);
  }
  return bytes;
}

describe('a file that was made to do harm', () => {
  it('is packed to fill the memory of the phone, and no part of it is unpacked', async () => {
    const bomb = zipSync({ 'docProps/core.xml': new Uint8Array(60_000_000) });
    for (const each of [bomb, lying(bomb)]) {
      const before = process.memoryUsage().rss;
      expect((await inside(each)).tells).toEqual([]);
      expect(process.memoryUsage().rss - before).toBeLessThan(50_000_000);
    }
  });

  it('is cut, changed or two things at once: it tells something or nothing, and is over soon', async () => {
    const whole = [photoThatTells(), documentThatTells(), soundThatTells(), Buffer.from('%PDF-1.7\n%%EOF')];
    const files = whole.flatMap((one) => [
      ...Array.from({ length: 20 }, (_, n) => one.subarray(0, Math.floor((one.length * n) / 20))),
      ...Array.from({ length: 25 }, () => {
        const changed = Buffer.from(one);
        for (let n = 0; n < 8; n++) changed[randomInt(changed.length)] = randomInt(256);
        return changed;
      }),
      ...whole.map((other) => Buffer.concat([one, other])),
      Buffer.concat([one, Buffer.alloc(1_000_000, 0xff)]),
    ]);
    expect(files.length).toBeGreaterThanOrEqual(200);
    for (const file of files) {
      const { tells } = await inside(file);
      for (const { value } of tells) expect(value.length).toBeLessThanOrEqual(200);
    }
  });
});
