/** A voice note of ours on Telegram: uploaded as a form, heard by the person, refused as anything else is. */
import { beforeEach, describe, expect, test } from 'vitest';
import type { TelegramChannel } from '../../../src/channels/telegram/telegram-channel.ts';
import { recording } from '../../ogg.ts';
import { channelOn, type FakeTelegram, fakeTelegram } from './story.ts';

const soon = () => AbortSignal.timeout(30_000);
const voice = { bytes: recording('danger', { seconds: 2 }), seconds: 1.9935 };

let telegram: FakeTelegram;
let channel: TelegramChannel;
let awa: ReturnType<FakeTelegram['person']>;
let address: string;

beforeEach(async () => {
  telegram = await fakeTelegram();
  channel = channelOn(telegram).channel;
  awa = telegram.person('Awa');
  await awa.says('bonjour');
  address = String(awa.id);
});

describe('a voice note', () => {
  test('is heard as it was given, and says how long it is', async () => {
    const result = await channel.send(address, { text: '', voice, silent: true }, soon());
    const heard = await awa.hears();
    expect(result).toEqual({ ok: true, messageRef: String(heard.id) });
    expect(Buffer.from(heard.bytes)).toEqual(Buffer.from(voice.bytes));
    expect(heard.seconds).toBe(2);
    expect(awa.shown().at(-1)?.silent).toBe(true);
  });

  test('can be taken back like words', async () => {
    const result = await channel.send(address, { text: '', voice }, soon());
    const reference = result.ok ? result.messageRef : '';
    expect(await channel.retract(address, reference, soon())).toMatchObject({ ok: true });
    expect(awa.screen()).toEqual(['Awa: bonjour']);
  });

  test('to a person who takes none is refused for good, and says so as a code', async () => {
    awa.room.takesNoVoice = true;
    expect(await channel.send(address, { text: '', voice }, soon())).toEqual({
      ok: false,
      reason: 'rejected',
      code: 'telegram_400',
    });
  });

  test.each([
    ['drop', { ok: false, reason: 'ambiguous' }],
    [429, { ok: false, reason: 'rate_limited' }],
    [413, { ok: false, reason: 'rejected' }],
    [403, { ok: false, reason: 'blocked' }],
  ] as const)('that meets %s says what that means', async (how, expected) => {
    telegram.fail({ method: 'sendVoice', with: how });
    expect(await channel.send(address, { text: '', voice }, soon())).toMatchObject(expected);
  });
});
