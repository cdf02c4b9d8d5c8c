import { beforeEach, describe, expect, test } from 'vitest';
import type { TelegramChannel } from '../../../src/channels/telegram/telegram-channel.ts';
import { channelOn, type FakeTelegram, fakeTelegram } from './story.ts';

const soon = () => AbortSignal.timeout(30_000);
const BUTTONS = [[{ label: 'Je prends', data: 'o:take:KITA-4821' }]];

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

async function sent(text = 'Bonjour'): Promise<string> {
  const result = await channel.send(address, { text }, soon());
  if (!result.ok) throw new Error(`not sent: ${result.reason}`);
  return result.messageRef;
}

describe('a message to a person', () => {
  test('arrives with its buttons, as plain words, without a preview of links', async () => {
    const text = 'Voir <b>ici</b> *là* https://example.org';
    expect(await channel.send(address, { text, rows: BUTTONS }, soon())).toMatchObject({ ok: true });
    const [message] = awa.shown().slice(-1);
    expect(message?.text).toBe(text);
    expect(message?.rows).toEqual([[{ text: 'Je prends', callback_data: 'o:take:KITA-4821' }]]);
    const [call] = telegram.callsOf('sendMessage');
    expect(call).not.toHaveProperty('parse_mode');
    expect(call).toMatchObject({ link_preview_options: { is_disabled: true } });
  });

  test('makes no sound when it is meant to be quiet', async () => {
    await channel.send(address, { text: 'résumé de la nuit', silent: true }, soon());
    await channel.send(address, { text: 'alerte' }, soon());
    expect(awa.shown().map(({ silent }) => silent)).toEqual([false, true, false]);
  });

  test('has no keyboard when it has no buttons', async () => {
    await channel.send(address, { text: 'ok', rows: [[]] }, soon());
    expect(telegram.callsOf('sendMessage')[0]).not.toHaveProperty('reply_markup');
  });

  test('can be changed: other words, no buttons any more', async () => {
    const result = await channel.send(address, { text: 'ALERTE', rows: BUTTONS }, soon());
    const reference = result.ok ? result.messageRef : '';
    expect(await channel.edit(address, reference, { text: 'Prise à 14:02' }, soon())).toEqual({
      ok: true,
      messageRef: reference,
    });
    expect(awa.screen().at(-1)).toBe('bot: Prise à 14:02');
  });

  test('counts as changed when it says so already', async () => {
    const reference = await sent('Prise à 14:02');
    expect(await channel.edit(address, reference, { text: 'Prise à 14:02' }, soon())).toEqual({
      ok: true,
      messageRef: reference,
    });
  });

  test('cannot be changed once it is gone or too old, and that is said as a code', async () => {
    const reference = await sent();
    const edit = () => channel.edit(address, reference, { text: 'autre' }, soon());
    telegram.fail({
      method: 'editMessageText',
      with: 400,
      description: "Bad Request: message can't be edited",
    });
    expect(await edit()).toEqual({ ok: false, reason: 'rejected', code: 'too_old' });
    await channel.retract(address, reference, soon());
    expect(await edit()).toEqual({ ok: false, reason: 'rejected', code: 'message_not_found' });
    expect(await channel.edit(address, '', { text: 'autre' }, soon())).toMatchObject({
      code: 'message_not_found',
    });
  });

  test('can be taken back, also what the person wrote; one that is gone counts as taken back', async () => {
    const own = await sent();
    const theirs = await awa.says('mon adresse est …');
    for (const reference of [own, String(theirs.message_id), own])
      expect(await channel.retract(address, reference, soon())).toMatchObject({ ok: true });
    expect(awa.screen()).toEqual(['Awa: bonjour']);
  });

  test('cannot be taken back after 48 hours', async () => {
    let now = Date.parse('2026-03-01T08:00:00Z');
    const slow = await fakeTelegram({ now: () => now });
    const moussa = slow.person('Moussa');
    const old = await moussa.says('ancien');
    now += 49 * 3_600_000;
    const result = await channelOn(slow).channel.retract(String(moussa.id), String(old.message_id), soon());
    expect(result).toEqual({ ok: false, reason: 'rejected', code: 'too_old' });
  });
});

describe('a refusal', () => {
  test.each([
    ['the person blocked the bot', 403, 'Forbidden: bot was blocked by the user', { reason: 'blocked' }],
    ['the account is gone', 403, 'Forbidden: user is deactivated', { reason: 'blocked' }],
    ['the chat is gone', 400, 'Bad Request: chat not found', { reason: 'blocked' }],
    [
      'the text is too long',
      400,
      'Bad Request: message is too long',
      { reason: 'rejected', code: 'too_long' },
    ],
    ['the text is empty', 400, 'Bad Request: message text is empty', { reason: 'rejected', code: 'empty' }],
    ['a button is bad', 400, 'Bad Request: BUTTON_DATA_INVALID', { reason: 'rejected', code: 'bad_buttons' }],
    ['any other 400', 400, 'Bad Request: never heard of', { reason: 'rejected', code: 'telegram_400' }],
    ['the token was revoked', 401, undefined, { reason: 'unreachable', code: 'telegram_401' }],
    ['Telegram is broken', 500, undefined, { reason: 'unreachable', code: 'telegram_500' }],
    ['a gateway is broken', 502, undefined, { reason: 'unreachable', code: 'telegram_502' }],
    ['a gateway gave up waiting', 504, undefined, { reason: 'ambiguous', code: 'telegram_504' }],
  ] as const)('says what to do next: %s', async (_, status, description, expected) => {
    telegram.fail({ method: 'sendMessage', with: status, ...(description ? { description } : {}) });
    expect(await channel.send(address, { text: 'x' }, soon())).toEqual({ ok: false, ...expected });
  });

  test('for sending too fast says how long to wait', async () => {
    telegram.fail({ method: 'sendMessage', with: 429, retryAfter: 17 });
    expect(await channel.send(address, { text: 'x' }, soon())).toEqual({
      ok: false,
      reason: 'rate_limited',
      retryAfterSeconds: 17,
    });
  });

  test('is met by the fake’s own rules too: blocked, never started, unknown', async () => {
    await awa.blocks();
    const stranger = telegram.person('Moussa');
    for (const to of [address, String(stranger.id), '999', 'not-a-number'])
      expect(await channel.send(to, { text: 'x' }, soon())).toEqual({ ok: false, reason: 'blocked' });
  });
});

describe('a line that fails', () => {
  test('is known to have carried nothing when there was no connection', async () => {
    await telegram.close();
    expect(await channel.send(address, { text: 'x' }, soon())).toEqual({
      ok: false,
      reason: 'unreachable',
      code: 'econnrefused',
    });
  });

  test('may have carried the message when it broke afterwards, and this is not hidden', async () => {
    telegram.fail({ method: 'sendMessage', with: 'accept_then_drop' });
    expect(await channel.send(address, { text: 'une fois' }, soon())).toMatchObject({ reason: 'ambiguous' });
    expect(awa.screen()).toContain('bot: une fois');
  });

  test('is given up after the caller’s time, and the fate is unknown', async () => {
    telegram.fail({ method: 'sendMessage', with: 'hang' });
    const result = await channel.send(address, { text: 'x' }, AbortSignal.timeout(100));
    expect(result).toEqual({ ok: false, reason: 'ambiguous', code: 'timeout' });
  });

  test('is not even tried when the time is over already', async () => {
    const result = await channel.send(address, { text: 'x' }, AbortSignal.abort());
    expect(result).toEqual({ ok: false, reason: 'unreachable', code: 'aborted' });
    expect(telegram.callsOf('sendMessage')).toEqual([]);
  });

  test('with a proxy’s page in between is an error of the proxy', async () => {
    telegram.fail({ method: 'sendMessage', with: 'html' });
    expect(await channel.send(address, { text: 'x' }, soon())).toEqual({
      ok: false,
      reason: 'unreachable',
      code: 'telegram_502',
    });
  });

  test('is never tried twice by the channel itself: whether to repeat is the outbox’s to say', async () => {
    telegram.fail({ method: 'sendMessage', with: 500, times: 5 });
    await channel.send(address, { text: 'x' }, soon());
    expect(telegram.callsOf('sendMessage')).toHaveLength(1);
  });
});

describe('Telegram, asked whether it is there,', () => {
  test('says so; a token that was taken back and a broken server are told apart from that', async () => {
    expect(await channel.probe?.(soon())).toBeUndefined();
    telegram.fail({ method: 'getMe', with: 401, times: 1 });
    expect(await channel.probe?.(soon())).toBe('http_401');
    telegram.fail({ method: 'getMe', with: 502, times: 1 });
    expect(await channel.probe?.(soon())).toBeDefined();
  });
});
