import { afterEach, describe, expect, test } from 'vitest';
import { createHttpApp } from '../../../src/http/app.ts';
import { createLog } from '../../../src/kernel/log.ts';
import { telegramRoutes } from '../../../src/messengers/telegram/webhook-route.ts';
import { channelOn, type FakeTelegram, fakeTelegram, gate, says, service } from './story.ts';

const SECRET = 'a-long-word-for-tests-only';
const HELD = { isHeld: () => true };
const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

/** The channel in webhook mode behind the real HTTP application. */
async function listening(telegram: FakeTelegram, lakana = service(), lease = HELD) {
  let line: ReturnType<typeof channelOn>['channel'] | undefined;
  const app = await createHttpApp({
    log: createLog('silent'),
    readiness: async () => ({ checks: [] }),
    routes: [
      telegramRoutes({
        isTelegram: (secret) => line?.isTelegram(secret) ?? false,
        handle: async (body, secret) => (await line?.handleWebhook(body, secret)) ?? { status: 503 },
      }),
    ],
  });
  closing.push(() => app.close());
  const url = `${await app.listen({ port: 0, host: '127.0.0.1' })}/telegram/webhook`;
  const { channel, lines } = channelOn(telegram, { mode: { kind: 'webhook', url, secret: SECRET, lease } });
  line = channel;
  await channel.start(lakana.receive);
  await telegram.until(() => telegram.updates.webhook !== undefined);
  const post = (body: unknown, secret?: string) =>
    fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(secret ? { 'x-telegram-bot-api-secret-token': secret } : {}),
      },
      body: JSON.stringify(body),
    });
  return { channel, lines, lakana, url, post };
}

const update = (text: string, update_id = 1) => ({
  update_id,
  message: { message_id: 5, chat: { id: 52001, type: 'private' }, date: 1_772_352_000, text },
});

const tap = (update_id: number) => ({
  update_id,
  callback_query: {
    id: '77',
    from: { id: 52001 },
    data: 's:yes',
    message: { message_id: 5, chat: { id: 52001, type: 'private' }, date: 1_772_352_000 },
  },
});

describe('a message that Telegram pushes', () => {
  test('arrives, and is confirmed only after the commit', async () => {
    const telegram = await fakeTelegram();
    const { open, opened } = gate();
    const begun = gate();
    const { lakana } = await listening(
      telegram,
      service(async () => {
        begun.open();
        await opened;
      }),
    );
    await telegram.person('Awa').says('SOS');
    await begun.opened;
    expect(telegram.confirmedTexts()).toEqual([]);
    open();
    await telegram.until(() => telegram.confirmed() === 1);
    expect(telegram.confirmedTexts()).toEqual(['SOS']);
    expect(lakana.texts()).toEqual(['SOS']);
  });

  test('comes again when it could not be committed, in order', async () => {
    const telegram = await fakeTelegram();
    let refusals = 2;
    const lakana = service((message) => {
      if (says('un')(message) && refusals-- > 0) throw new Error('database down');
    });
    await listening(telegram, lakana);
    const awa = telegram.person('Awa');
    await awa.says('un');
    await awa.says('deux');
    await lakana.has(says('deux'));
    expect(lakana.texts()).toEqual(['un', 'deux']);
    await telegram.until(() => telegram.unconfirmed() === 0);
  });

  test('is answered in the order it was written, one chat beside the other', async () => {
    const telegram = await fakeTelegram();
    const { open, opened } = gate();
    const lakana = service((message) => (says('lent')(message) ? opened : undefined));
    const { post } = await listening(telegram, lakana);
    const slow = [post(update('lent', 1), SECRET), post(update('après', 2), SECRET)];
    await telegram.person('Awa').says('ailleurs');
    await lakana.has(says('ailleurs'));
    open();
    expect((await Promise.all(slow)).map(({ status }) => status)).toEqual([200, 200]);
    expect(lakana.texts()).toEqual(['ailleurs', 'lent', 'après']);
  });
});

describe('the door', () => {
  test.each([
    ['no secret', undefined],
    ['another secret', 'another-long-word-for-tests'],
    ['the beginning of the secret', SECRET.slice(0, -1)],
  ])('stays shut for %s', async (_, secret) => {
    const telegram = await fakeTelegram();
    const { post, lakana } = await listening(telegram);
    expect((await post(update('I am Awa'), secret)).status).toBe(401);
    expect(lakana.committed).toEqual([]);
  });

  test('takes an update and nothing else', async () => {
    const { post } = await listening(await fakeTelegram());
    expect((await post({ hello: 1 }, SECRET)).status).toBe(400);
    expect((await post([], SECRET)).status).toBe(400);
    expect((await post(update('ok'), SECRET)).status).toBe(200);
  });

  test('says "later" while the service stops, so that Telegram keeps the message', async () => {
    const telegram = await fakeTelegram();
    const { channel, post, lakana } = await listening(telegram);
    await channel.stop();
    expect((await post(update('SOS'), SECRET)).status).toBe(503);
    expect(lakana.committed).toEqual([]);
  });

  test('is answered by no process that is cut off from the database: Telegram delivers it again, and no button is answered', async () => {
    const telegram = await fakeTelegram();
    let isHeld = true;
    const { channel, post, lakana } = await listening(telegram, service(), { isHeld: () => isHeld });
    expect((await post(update('SOS', 1), SECRET)).status).toBe(200);
    isHeld = false;
    expect((await post(update('SOS', 2), SECRET)).status).toBe(503);
    expect((await post(tap(3), SECRET)).status).toBe(503);
    expect(channel.takesIn?.()).toBe(false);
    isHeld = true;
    expect((await post(update('SOS', 2), SECRET)).status).toBe(200);
    expect(lakana.texts()).toEqual(['SOS', 'SOS']);
    expect(telegram.callsOf('answerCallbackQuery')).toEqual([]);
  });

  test.each([undefined, '', 'short', 'with spaces in the middle of it'])(
    'cannot be built with the secret %j, and the error does not repeat it',
    async (secret) => {
      const telegram = await fakeTelegram();
      const mode = {
        kind: 'webhook',
        url: 'https://lakana.example/telegram/webhook',
        secret,
        lease: HELD,
      } as const;
      let thrown: unknown;
      try {
        channelOn(telegram, { mode });
      } catch (error) {
        thrown = error;
      }
      expect(String((thrown as { code?: string }).code)).toMatch(/^telegram_webhook_secret_/);
      if (secret) expect(String(thrown)).not.toContain(secret);
    },
  );

  test('is told to Telegram with the secret, and what waits there is not dropped', async () => {
    const telegram = await fakeTelegram();
    const { url } = await listening(telegram);
    expect(telegram.callsOf('setWebhook')[0]).toMatchObject({
      url,
      secret_token: SECRET,
      drop_pending_updates: false,
    });
  });
});
