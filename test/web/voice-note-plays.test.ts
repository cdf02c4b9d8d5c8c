/** What is joined is decoded by a browser: all of it, and no more. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { join } from '../../src/app/voices/ogg.ts';
import { sharedBrowser, type TestBrowser } from '../browser.ts';
import { recording } from '../ogg.ts';

let browser: TestBrowser;
beforeAll(async () => {
  browser = await sharedBrowser();
});
afterAll(() => browser?.close());

test('a browser hears every piece of a voice note, and the pauses between them', async () => {
  const note = await join([
    recording('danger', { seconds: 1.5 }),
    recording('oui', { seconds: 0.4 }),
    recording('un', { seconds: 0.6 }),
  ]);
  const page = await browser.page();
  const base64 = Buffer.from(note.bytes).toString('base64');
  const heard = (await page.evaluate(`(async () => {
    const bytes = Uint8Array.from(atob('${base64}'), (each) => each.charCodeAt(0));
    const sound = await new OfflineAudioContext(1, 48000, 48000).decodeAudioData(bytes.buffer);
    const samples = sound.getChannelData(0);
    const loud = (from, to) => samples.subarray(from * 48000, to * 48000).some((each) => Math.abs(each) > 1e-4);
    return { seconds: sound.duration, channels: sound.numberOfChannels, loud: [loud(0, 1.5), loud(1.9, 2.2), loud(2.6, 3.1)] };
  })()`)) as { seconds: number; channels: number; loud: boolean[] };
  expect(heard.channels).toBe(1);
  expect(heard.seconds).toBeCloseTo(note.seconds, 1);
  expect(heard.loud).toEqual([true, true, true]);
});
