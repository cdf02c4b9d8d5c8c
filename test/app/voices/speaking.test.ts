/** What is heard goes through the outbox like words: after them, in order, and never in their place. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createVoices } from '../../../src/app/voices/recordings.ts';
import { readVoiceFiles } from '../../../src/app/voices/voice-files.ts';
import type { OutgoingMessage, SendResult } from '../../../src/channels/channel.ts';
import { minutes, seconds } from '../../../src/kernel/time.ts';
import { piecesIn } from '../../ogg.ts';
import { recordedFolder } from '../../spoken.ts';
import { type House, openHouse } from '../house.ts';
import type { Phone } from '../messenger.ts';

let house: House;
let awa: Phone;
/** What came to Awa's phone: words, or the names of what she heard. */
let came: string[];
/** What becomes of the next voice notes, instead of arriving. */
let trouble: SendResult[];

beforeEach(async () => {
  house = await openHouse();
  const { flows, texts } = house.ctx.conversation;
  const recordings = await readVoiceFiles([await recordedFolder(flows, texts)]);
  const voices = createVoices(recordings, () => house.ctx.conversation);
  house.ctx.voices = voices;
  house.ctx.conversation.isSpoken = voices.isSpoken;
  came = [];
  trouble = [];
  const { send } = house.phones.channel;
  house.phones.channel.send = async (address, message, signal) => {
    const failure = message.voice && trouble.shift();
    if (failure) return failure;
    came.push(shown(message));
    return send(address, message, signal);
  };
  awa = house.person('Awa', { languageHint: 'fr' });
  await awa.says('Bonjour');
});
afterEach(() => house.close());

const shown = ({ text, voice }: OutgoingMessage): string =>
  voice
    ? `🔊 ${piecesIn(voice.bytes)[0]}`
    : (text.split('\n').findLast((line) => line.endsWith('?')) ?? text);
const DANGER = 'Êtes-vous en danger maintenant, vous ou la personne pour qui vous écrivez ?';
const WAYS = 'Comment pouvons-nous vous aider ?';
const unreachable: SendResult = { ok: false, reason: 'unreachable', code: 'upload_503' };
const rows = () =>
  house.database.sql<
    { state: string; failure: string | null; size: number | null; coalesce: string | null }[]
  >`
    select state, failure, octet_length(body_sealed) as size, coalesce from deliveries order by id`;

describe('a reporter who listens', () => {
  test('gets the words first, then the voice, question after question', async () => {
    await awa.says('🔊');
    await awa.says('4');
    expect(came).toEqual([DANGER, DANGER, '🔊 report.danger.ask', WAYS, '🔊 menu.ways.ask']);
  });

  test('gets words alone where a recording is missing', async () => {
    await awa.says('🔊');
    house.ctx.voices = { ...house.ctx.voices, heardOf: () => undefined };
    await awa.says('4');
    expect(came.slice(3)).toEqual([WAYS]);
  });

  test('hears nothing of what an officer writes, or what the service says by itself', async () => {
    const kadi = await house.officer('Kadi');
    await awa.says('🔊');
    await awa.says('1');
    await house.cycle();
    await kadi.presses('Je prends');
    house.clock.advance(minutes(3));
    await house.cycle();
    const said = came.filter((each) => each.startsWith('🔊'));
    expect(said).toEqual(['🔊 report.danger.ask', '🔊 sos.where.ask']);
  });
});

describe('the outbox', () => {
  test('holds only which recordings are to be heard', async () => {
    house.phones.failing.set('Awa', unreachable);
    await awa.says('🔊');
    const waiting = (await rows()).filter(({ state }) => state !== 'sent');
    // And nothing that stands in the clear says that a person listens.
    expect(waiting.map(({ coalesce }) => coalesce)).toEqual(['question', 'question']);
    // Eleven names; as recordings they would be a hundred times as much.
    for (const { size } of waiting) expect(size).toBeLessThan(4_000);
  });

  test('takes back what has not been heard when the person goes on', async () => {
    trouble = [unreachable];
    await awa.says('🔊');
    expect(came).toEqual([DANGER, DANGER]);
    await awa.says('4');
    expect(came).toEqual([DANGER, DANGER, WAYS, '🔊 menu.ways.ask']);
    expect((await rows()).map(({ state }) => state)).toEqual(['sent', 'sent', 'replaced', 'sent', 'sent']);
  });
});

test('a number is the answer to the question that was read, also while its voice note is on its way', async () => {
  await awa.says('🔊');
  await awa.says('1');
  trouble = Array.from({ length: 9 }, () => unreachable);
  // Words, which may go on until the next question is there.
  await awa.says('Kati, derrière le marché');
  house.clock.advance(seconds(4));
  await house.deliver();
  await awa.says('1');
  // And no words wait for what cannot be heard.
  expect(came.at(-1)).toContain('Pouvez-vous continuer maintenant ?');
});

describe('a voice note that cannot be sent', () => {
  test('is tried again, as words are', async () => {
    trouble = [unreachable];
    await awa.says('🔊');
    house.clock.advance(seconds(2));
    await house.deliver();
    expect(came).toEqual([DANGER, DANGER, '🔊 report.danger.ask']);
  });

  test.each([
    [
      'when the person is muted',
      () => house.database.sql`update contacts set muted_at = ${house.clock.at()}`,
    ],
    ['when the person leaves', () => awa.says('partir')],
  ])('does not play any more %s meanwhile: it is held back as its words are', async (_, happens) => {
    trouble = [unreachable];
    await awa.says('🔊');
    house.clock.advance(seconds(1));
    await happens();
    house.clock.advance(seconds(2));
    await house.deliver();
    expect(came.filter((each) => each.startsWith('🔊'))).toEqual([]);
  });

  test('is given up after two minutes: what is said next waits for nothing', async () => {
    trouble = Array.from({ length: 40 }, () => unreachable);
    await awa.says('🔊');
    for (let n = 0; n < 8; n++) {
      house.clock.advance(seconds(30));
      await house.deliver();
    }
    expect((await rows()).at(-1)).toMatchObject({ state: 'failed', failure: 'too_late' });
  });

  test('does not play when the messenger is there again after ten minutes: the phone may be elsewhere', async () => {
    house.phones.failing.set('Awa', unreachable);
    await awa.says('🔊');
    house.phones.failing.clear();
    house.clock.advance(minutes(10));
    await house.deliver();
    expect(came.filter((each) => each.startsWith('🔊'))).toEqual([]);
    expect((await rows()).at(-1)).toMatchObject({ state: 'failed', failure: 'too_late' });
  });

  test('leaves the words where they stand, for good if it is refused', async () => {
    trouble = [{ ok: false, reason: 'rejected', code: 'voice_forbidden' }];
    await awa.says('🔊');
    await awa.says('4');
    expect(came).toEqual([DANGER, DANGER, WAYS, '🔊 menu.ways.ask']);
    expect((await rows())[2]).toMatchObject({ state: 'failed', failure: 'voice_forbidden' });
  });

  test('and whose recording is gone by then is not made of what is left', async () => {
    house.ctx.voices = { ...house.ctx.voices, note: async () => undefined };
    await awa.says('🔊');
    expect(came).toEqual([DANGER, DANGER]);
    expect((await rows())[2]).toMatchObject({ state: 'failed', failure: 'body_gone' });
  });
});

test('“partir” takes the voice notes off the phone too', async () => {
  await awa.says('🔊');
  await awa.says('partir');
  await house.deliver();
  expect(awa.screen().filter((text) => text === '')).toEqual([]);
});

test('a channel that carries no voice gets words alone', async () => {
  Object.assign(house.phones.channel.can, { voice: false });
  await awa.says('🔊');
  expect(came).toEqual([DANGER, DANGER]);
});
