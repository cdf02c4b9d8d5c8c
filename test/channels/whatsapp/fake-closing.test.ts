import { once } from 'node:events';
import { proto } from '@whiskeysockets/baileys';
import { describe, expect, test, vi } from 'vitest';
import type { CloseCode } from '../../fakes/whatsapp/line.ts';
import { botOn, fakeWhatsApp, linkedBot } from './story.ts';

describe('a connection', () => {
  test('that WhatsApp ends, for whatever reason, tells the bot which', async () => {
    const { whatsapp, bot } = await linkedBot();
    const codes: CloseCode[] = [401, 403, 411, 428, 440, 500, 503, 515];
    for (const code of codes) {
      whatsapp.closes(code);
      await bot.closesWith(code);
      await bot.restarts();
      await bot.opens();
    }
    expect(bot.closed).toEqual(codes);
  });

  test('that is cut is told as 428', async () => {
    const { whatsapp, bot } = await linkedBot();
    whatsapp.drops();
    await bot.closesWith(428);
  });

  test('that falls silent is told as 408 within a minute', async () => {
    const { whatsapp, bot } = await linkedBot();
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'Date'] });
    try {
      await bot.restarts();
      await bot.opens();
      whatsapp.fallsSilent();
      vi.advanceTimersByTime(60_000);
      await bot.closesWith(408);
    } finally {
      vi.useRealTimers();
    }
    whatsapp.heal();
    await bot.restarts();
    await bot.opens();
  });

  test('that never answers the first words is told as 408', async () => {
    const { whatsapp, bot } = await linkedBot();
    whatsapp.fail({ on: 'connect', with: 'hang' });
    await bot.restarts({ connectTimeoutMs: 200 });
    await bot.closesWith(408);
  });

  test('that is refused by HTTP, as by a proxy, is not told at all: only the socket itself knows', async () => {
    const { whatsapp, bot } = await linkedBot();
    whatsapp.fail({ on: 'connect', with: 503 });
    await bot.restarts({ connectTimeoutMs: 200 });
    const [, response] = await once(bot.socket.ws, 'unexpected-response');
    expect(response.statusCode).toBe(503);
    await once(response.socket, 'close');
    expect(bot.closed).toEqual([0]);
  });

  test('that another process takes over ends the first with 440', async () => {
    const { whatsapp, bot } = await linkedBot();
    const first = bot.socket;
    const second = botOn(whatsapp, { auth: { creds: bot.creds, keys: first.authState.keys } });
    await second.opens();
    await bot.closesWith(440);
  });
});

test('a login that is refused tells the bot why', async () => {
  const { whatsapp, bot } = await linkedBot();
  for (const code of [401, 403, 405, 500, 503]) {
    whatsapp.fail({ on: 'login', with: code });
    await bot.restarts();
    await bot.closesWith(code);
  }
  await bot.restarts();
  await bot.opens();
});

describe('a message of the bot', () => {
  test.each([463, 479])(
    'that is refused with %i is told as an error, once and without another try',
    async (code) => {
      const { whatsapp, bot } = await linkedBot();
      const ali = whatsapp.person('Ali');
      whatsapp.fail({ on: 'message', with: code });
      const sent = await bot.socket.sendMessage(ali.jid, { text: 'premier contact' });
      const refused = await bot.until(() => bot.updates.find(({ key }) => key.id === sent?.key.id));
      expect(refused.update.status).toBe(proto.WebMessageInfo.Status.ERROR);
      expect(refused.update.messageStubParameters?.[0]).toBe(String(code));
      expect(whatsapp.callsOf('message')).toHaveLength(1);
      expect(ali.screen()).toEqual([]);
    },
  );

  test('can have arrived although the connection broke: the bot cannot know', async () => {
    const { whatsapp, bot } = await linkedBot();
    const ali = whatsapp.person('Ali');
    ali.turnsOff();
    whatsapp.fail({ on: 'message', with: 'accept_then_drop' });
    await bot.socket.sendMessage(ali.jid, { text: 'arrivé' });
    await bot.closesWith(428);
    expect(bot.updates).toEqual([]);
    await ali.turnsOn();
    await ali.seesText('arrivé');
  });
});

test('a question the fake was told to refuse, or not to answer, leaves the bot running', async () => {
  const whatsapp = await fakeWhatsApp();
  const bot = botOn(whatsapp, { defaultQueryTimeoutMs: 200 });
  await whatsapp.handset.scans(await bot.shows('qr'));
  await bot.closesWith(515);
  whatsapp.fail({ on: 'iq:abt', with: 500 });
  whatsapp.fail({ on: 'iq:blocklist', with: 'hang' });
  await bot.restarts();
  await bot.opens();
  const ali = whatsapp.person('Ali');
  await ali.says('bonjour');
  await bot.reads('bonjour');
});
