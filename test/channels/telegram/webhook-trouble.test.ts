import { describe, expect, test } from 'vitest';
import { webhookTrouble } from '../../../src/channels/telegram/webhook-trouble.ts';
import { minutes } from '../../../src/kernel/time.ts';
import { channelOn, fakeTelegram, service } from './story.ts';

const OURS = 'https://lakana.example.org/telegram/webhook';
const NOW = 1_795_600_000_000;
const ago = (ms: number) => (NOW - ms) / 1_000;

describe('what Telegram says of our webhook', () => {
  test('is good while nothing waits, also when it failed a moment ago', () => {
    const info = { url: OURS, pending_update_count: 0, last_error_date: ago(1_000) };
    expect(webhookTrouble(info, OURS, NOW)).toBeUndefined();
  });

  test('is good while a message is just being handed over, and an error is long ago', () => {
    const info = { url: OURS, pending_update_count: 1, last_error_date: ago(minutes(16)) };
    expect(webhookTrouble(info, OURS, NOW)).toBeUndefined();
    expect(webhookTrouble({ url: OURS, pending_update_count: 1 }, OURS, NOW)).toBeUndefined();
  });

  test('is bad when people wait and it could not hand over what they wrote', () => {
    const info = { url: OURS, pending_update_count: 3, last_error_date: ago(minutes(14)) };
    expect(webhookTrouble(info, OURS, NOW)).toBe('webhook_unreached');
  });

  test('is bad when what people write goes nowhere, or to another server', () => {
    expect(webhookTrouble({ url: '', pending_update_count: 0 }, OURS, NOW)).toBe('webhook_missing');
    const other = { url: 'https://elsewhere.example.org/', pending_update_count: 0 };
    expect(webhookTrouble(other, OURS, NOW)).toBe('webhook_elsewhere');
  });

  test('is believed to be good when a server says less than Telegram', () => {
    expect(webhookTrouble({ ok: true }, OURS, NOW)).toBeUndefined();
  });
});

test('a bot that says who it is and does not get what people write does not count as well', async () => {
  const telegram = await fakeTelegram();
  const nobody = 'http://127.0.0.1:1/telegram/webhook';
  const mode = {
    kind: 'webhook' as const,
    url: nobody,
    secret: 'a-long-word-for-tests-only',
    lease: { isHeld: () => true },
  };
  const { channel } = channelOn(telegram, { mode });
  await channel.start(service().receive);
  await telegram.until(() => telegram.updates.webhook !== undefined);
  const soon = () => AbortSignal.timeout(30_000);
  expect(await channel.probe?.(soon())).toBeUndefined();
  await telegram.person('Awa').says('SOS');
  await expect.poll(() => telegram.updates.webhookFailedAt).toBeDefined();
  expect(await channel.probe?.(soon())).toBe('webhook_unreached');
  expect(channel.health().state).toBe('up');
});
