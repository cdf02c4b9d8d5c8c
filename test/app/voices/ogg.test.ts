/** Joining recordings: what comes out is read by an independent reader of Ogg. That a browser plays it: test/web. */
import { describe, expect, test } from 'vitest';
import { asHeard } from '../../../src/app/voices/as-heard.ts';
import { join, measure, remake, secondsOf } from '../../../src/app/voices/ogg.ts';
import { namesIn, pagesOf, piecesIn, recording } from '../../ogg.ts';

const SKIPPED = 312 / 48_000;

describe('a voice note of several recordings', () => {
  test('is one whole Ogg file: each page follows the one before, and the checksums fit', async () => {
    const { bytes } = await join([recording('danger'), recording('oui'), recording('un')]);
    const pages = pagesOf(bytes);
    expect(pages.map(({ sequence }) => sequence)).toEqual(pages.map((_, n) => n));
    expect(new Set(pages.map(({ serial }) => serial)).size).toBe(1);
    expect(pages.map(({ isFirst }) => isFirst)).toEqual(pages.map((_, n) => n === 0));
    expect(pages.map(({ isLast }) => isLast)).toEqual(pages.map((_, n) => n === pages.length - 1));
    expect(Buffer.from(pages[0]?.packets[0] ?? []).toString('latin1', 0, 8)).toBe('OpusHead');
    expect(Buffer.from(pages[1]?.packets[0] ?? []).toString('latin1', 0, 8)).toBe('OpusTags');
  });

  test('says them in their order, each packet as it was recorded, with a pause between', async () => {
    const { bytes } = await join([recording('danger', { seconds: 0.4 }), recording('oui', { seconds: 0.2 })]);
    expect(namesIn(bytes)).toEqual([
      ...Array.from({ length: 20 }, () => 'danger'),
      ...Array.from({ length: 16 }, () => '–'),
      ...Array.from({ length: 10 }, () => 'oui'),
    ]);
  });

  test('lasts as long as its recordings and the pauses, by every page of it', async () => {
    const note = await join([
      recording('a', { seconds: 2.5 }),
      recording('b'),
      recording('c', { seconds: 0.3 }),
    ]);
    const expected = 2.5 + 1 + 0.3 + 2 * 0.32 - SKIPPED;
    expect(note.seconds).toBeCloseTo(expected, 3);
    expect(await measure(note.bytes)).toEqual({ ok: true, seconds: expect.closeTo(expected, 3) });
    const granules = pagesOf(note.bytes).map(({ granule }) => granule);
    expect([...granules].sort((a, b) => Number(a - b))).toEqual(granules);
    // What stands at the end of a page is all that was said up to there (RFC 7845, section 4).
    let samples = 0;
    for (const { packets, granule } of pagesOf(note.bytes).slice(2)) {
      for (const packet of packets) samples += secondsOf(packet) * 48_000;
      expect(Number(granule)).toBeCloseTo(samples, 0);
    }
  });

  test('of recordings whose packets are of different lengths lasts as long as all of them', async () => {
    const note = await join([
      recording('a', { seconds: 1.2, frameMs: 60 }),
      recording('b', { seconds: 0.4 }),
    ]);
    expect(note.seconds).toBeCloseTo(1.2 + 0.32 + 0.4 - SKIPPED, 3);
    expect(await measure(note.bytes)).toEqual({ ok: true, seconds: expect.closeTo(note.seconds, 3) });
  });

  test('of one alone is that one', async () => {
    const { bytes, seconds } = await join([recording('seul')]);
    expect(piecesIn(bytes)).toEqual(['seul']);
    expect(seconds).toBeCloseTo(1 - SKIPPED, 3);
  });

  test('of many pieces stays small: joining adds next to nothing', async () => {
    const all = Array.from({ length: 24 }, (_, n) => recording(`p${n}`));
    const { bytes } = await join(all);
    const size = all.reduce((sum, { length }) => sum + length, 0);
    expect(bytes.length).toBeLessThan(size * 1.1);
    expect(piecesIn(bytes)).toHaveLength(24);
  });
});

describe('what is no recording', () => {
  test('is told from one, whatever it is', async () => {
    const whole = recording('x');
    expect(await measure(new Uint8Array())).toEqual({ ok: false, why: 'not_opus' });
    expect(await measure(Buffer.from('RIFF0000WAVEfmt '))).toEqual({ ok: false, why: 'not_opus' });
    expect(await measure(whole.subarray(0, 60))).toEqual({ ok: false, why: 'not_opus' });
    expect(await measure(recording('x', { channels: 2 }))).toEqual({ ok: false, why: 'not_mono' });
  });

  test('is never joined', async () => {
    await expect(join([recording('x'), Buffer.from('no')])).rejects.toThrow();
    await expect(join([])).rejects.toThrow();
  });
});

test.each([
  [[0xf8], 0.02],
  [[0xe0], 0.0025],
  [[0x00], 0.01],
  [[0x18], 0.06],
  [[0x78], 0.02],
  [[0xf9], 0.04],
  [[0xfb, 0x83], 0.06],
])('a packet that begins with %j plays %d seconds', (packet, expected) => {
  expect(secondsOf(Uint8Array.from(packet))).toBeCloseTo(expected, 5);
});

describe('the process that pages people', () => {
  test.each([
    ['heard as it came', asHeard],
    ['kept', (bytes: Uint8Array) => remake(bytes)],
    ['joined', (bytes: Uint8Array) => join([bytes, bytes])],
  ])('has its turn again and again while a minute of recording is %s', async (_, work) => {
    const minute = recording('minute', { seconds: 60 });
    await remake(recording('whatever is loaded is there'));
    let turns = 0;
    let isDone = false;
    const turn = (): void => {
      turns += 1;
      if (!isDone) setImmediate(turn);
    };
    setImmediate(turn);
    expect(await work(minute)).toBeDefined();
    isDone = true;
    // Three thousand packets are read, and written.
    expect(turns).toBeGreaterThan(50);
  });
});
