import type { WAMessage } from '@whiskeysockets/baileys';
import { describe, expect, test } from 'vitest';
import { linkedBot } from './story.ts';

const jidOf = ({ key }: WAMessage) => key.remoteJid ?? '';

describe('a bot that was away', () => {
  test('is given what waited, in order and marked as late, and then what is new', async () => {
    const { whatsapp, bot } = await linkedBot();
    const ali = whatsapp.person('Ali');
    await ali.says('avant');
    await bot.reads('avant');
    await bot.stops();
    for (const text of ['un', 'deux', 'trois']) await ali.says(text);
    expect(whatsapp.unconfirmed()).toBe(3);
    await bot.restarts();
    await bot.reads('trois');
    await ali.says('quatre');
    await bot.reads('quatre');
    const heard = bot.received.filter(({ message }) => message.key.remoteJid === ali.jid);
    expect(heard.map(({ type }) => type)).toEqual(['notify', 'append', 'append', 'append', 'notify']);
    expect(bot.texts()).toEqual(['avant', 'un', 'deux', 'trois', 'quatre']);
    await whatsapp.until(() => whatsapp.unconfirmed() === 0);
  });

  test('gets again what it had not acknowledged when the connection broke', async () => {
    const { whatsapp, bot } = await linkedBot();
    const ali = whatsapp.person('Ali');
    whatsapp.fail({ on: 'receipt', with: 'drop' });
    const sent = await ali.says('le réseau tombe');
    await bot.closesWith(428);
    expect(whatsapp.unconfirmed()).toBe(1);
    await bot.restarts();
    // The ratchet has moved on: Baileys cannot read it a second time, and answers with an error (487).
    const refusal = await whatsapp.sawCall(
      ({ method, stanza }) => method === 'ack' && stanza.attrs.id === sent.id,
    );
    expect(refusal.stanza.attrs.error).toBe('487');
  });
});

describe('a message', () => {
  test('that comes twice as the very same bytes is handed on once, and refused the second time', async () => {
    const { whatsapp, bot } = await linkedBot();
    const ali = whatsapp.person('Ali');
    const sent = await ali.says('deux fois');
    await bot.reads('deux fois');
    await ali.seesTicks(sent, 'delivered');
    whatsapp.repeats(sent);
    const refusal = await whatsapp.sawCall(
      ({ method, stanza }) => method === 'ack' && stanza.attrs.id === sent.id,
    );
    expect(refusal.stanza.attrs.error).toBe('487');
    await ali.says('ensuite');
    await bot.reads('ensuite');
    expect(bot.texts()).toEqual(['deux fois', 'ensuite']);
  });

  test('that is sealed anew under its old id is handed on twice', async () => {
    const { whatsapp, bot } = await linkedBot();
    const ali = whatsapp.person('Ali');
    const sent = await ali.says('encore');
    await bot.reads('encore');
    await ali.sendsAgain(sent);
    await bot.until(() => bot.texts().length === 2);
    expect(bot.received.filter(({ message }) => message.key.id === sent.id)).toHaveLength(2);
  });

  test('that overtakes others is read all the same', async () => {
    const { whatsapp, bot } = await linkedBot();
    const ali = whatsapp.person('Ali');
    await ali.says('zéro');
    await bot.reads('zéro');
    whatsapp.holds();
    for (const text of ['un', 'deux', 'trois']) await ali.says(text);
    whatsapp.delivers((kept) => kept.toReversed());
    await bot.reads('un');
    expect(bot.texts()).toEqual(['zéro', 'trois', 'deux', 'un']);
  });
});

describe('a message that cannot be read', () => {
  test('is asked for by the person and sealed again by the bot', async () => {
    const { whatsapp, bot } = await linkedBot();
    const ali = whatsapp.person('Ali');
    await ali.says('bonjour');
    const heard = await bot.reads('bonjour');
    await bot.socket.sendMessage(jidOf(heard), { text: 'une' });
    await ali.seesText('une');
    await ali.losesSession();
    await bot.socket.sendMessage(jidOf(heard), { text: 'deux' });
    await ali.seesText('deux');
    expect(whatsapp.callsOf('message').filter(({ attrs }) => attrs.to === ali.jid).length).toBeGreaterThan(2);
  });

  test('is given again after a restart only if the bot can tell what it said', async () => {
    const asked: (string | null | undefined)[] = [];
    const said = new Map<string, string>();
    const { whatsapp, bot } = await linkedBot({
      getMessage: async ({ id }) => {
        asked.push(id);
        return { extendedTextMessage: { text: said.get(id ?? '') ?? '' } };
      },
    });
    const ali = whatsapp.person('Ali');
    await ali.says('bonjour');
    const heard = await bot.reads('bonjour');
    await bot.socket.sendMessage(jidOf(heard), { text: 'une' });
    await ali.seesText('une');
    await ali.losesSession();
    ali.turnsOff();
    const sent = await bot.socket.sendMessage(jidOf(heard), { text: 'gardée' });
    said.set(sent?.key.id ?? '', 'gardée');
    await bot.restarts();
    await bot.opens();
    await ali.turnsOn();
    await ali.seesText('gardée');
    expect(asked).toEqual([sent?.key.id]);
  });

  test('is asked for by the bot and sealed again by the person', async () => {
    const { whatsapp, bot } = await linkedBot();
    const ali = whatsapp.person('Ali');
    await ali.says('bonjour');
    const heard = await bot.reads('bonjour');
    await bot.socket.sendMessage(jidOf(heard), { text: 'une' });
    await ali.seesText('une');
    await ali.says('lisible');
    await bot.reads('lisible');
    await bot.stops();
    for (const row of [...bot.rows.keys()])
      if (row.startsWith(`session/${ali.lidUser}`)) bot.rows.delete(row);
    await bot.restarts();
    await bot.opens();
    await ali.says('illisible');
    await bot.reads('illisible');
  });

  test('does not stop a person with a new phone from being answered', async () => {
    const { whatsapp, bot } = await linkedBot();
    const ali = whatsapp.person('Ali');
    await ali.says('bonjour');
    const heard = await bot.reads('bonjour');
    await bot.socket.sendMessage(jidOf(heard), { text: 'une' });
    await ali.seesText('une');
    ali.reinstalls();
    await bot.socket.sendMessage(jidOf(heard), { text: 'deux' });
    await ali.seesText('deux');
    await ali.says('nouveau téléphone');
    await bot.reads('nouveau téléphone');
  });
});
