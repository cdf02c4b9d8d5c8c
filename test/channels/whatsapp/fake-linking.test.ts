import { Curve } from '@whiskeysockets/baileys';
import { expect, test } from 'vitest';
import { isSignedBy } from '../../fakes/whatsapp/signature.ts';
import { botOn, fakeWhatsApp, linkedBot } from './story.ts';

test('a handset scans the QR of the bot, which is told to come again and then logs in', async () => {
  const whatsapp = await fakeWhatsApp();
  const bot = botOn(whatsapp);
  const qr = await bot.shows('qr');
  expect(qr).toContain(Buffer.from(bot.creds.noiseKey.public).toString('base64'));
  await whatsapp.handset.scans(qr);
  await bot.closesWith(515);
  expect(bot.isPaired).toBe(true);
  await bot.restarts();
  await bot.opens();
  await bot.settles();
  expect(bot.creds.me).toMatchObject({
    id: whatsapp.account.jid('number'),
    lid: whatsapp.account.jid('lid'),
  });
  expect(bot.creds.platform).toBe('android');
  expect(whatsapp.account.linked?.preKeys.length).toBeGreaterThan(100);
  expect([whatsapp.unanswered, whatsapp.broken]).toEqual([[], []]);
});

test('a handset types the eight letters that the bot shows', async () => {
  const whatsapp = await fakeWhatsApp();
  const bot = botOn(whatsapp);
  await bot.shows('qr');
  await whatsapp.handset.types(await bot.socket.requestPairingCode(whatsapp.number));
  await bot.closesWith(515);
  await bot.restarts();
  await bot.opens();
  const ali = whatsapp.person('Ali');
  await ali.says('bonjour');
  await bot.reads('bonjour');
  expect([whatsapp.unanswered, whatsapp.broken]).toEqual([[], []]);
});

test('a handset that types other letters links nothing', async () => {
  const whatsapp = await fakeWhatsApp();
  const bot = botOn(whatsapp);
  await bot.shows('qr');
  await bot.socket.requestPairingCode(whatsapp.number, 'ABCDEFGH');
  await whatsapp.handset.types('ABCDEFGJ');
  await whatsapp.until(() => whatsapp.broken[0]);
  expect(whatsapp.account.linked).toBeUndefined();
  expect(bot.isPaired).toBe(false);
});

test('a handset does not take the QR of a connection that is gone', async () => {
  const whatsapp = await fakeWhatsApp();
  const first = botOn(whatsapp);
  const old = await first.shows('qr');
  whatsapp.drops();
  await first.closesWith(428);
  await botOn(whatsapp).shows('qr');
  await expect(whatsapp.handset.scans(old)).rejects.toThrow('not of this connection');
});

test('signatures are right or wrong', () => {
  const [signer, other] = [Curve.generateKeyPair(), Curve.generateKeyPair()];
  const words = Buffer.from('words');
  const signature = Curve.sign(signer.private, words);
  expect(isSignedBy(signer.public, words, signature)).toBe(true);
  expect(isSignedBy(other.public, words, signature)).toBe(false);
  expect(isSignedBy(signer.public, Buffer.from('other words'), signature)).toBe(false);
});

test('Baileys finds every signature right, and believes any server, until its check is replaced by a sound one', async () => {
  const unsound = Curve.verify;
  expect(unsound(Curve.generateKeyPair().public, Buffer.from('words'), Buffer.alloc(64))).toBe(true);
  const imposter = await fakeWhatsApp({ isImposter: true });
  const believed = await fakeWhatsApp();
  await botOn(imposter).shows('qr');
  try {
    Curve.verify = isSignedBy;
    await botOn(imposter).closesWith(400);
    await botOn(believed).shows('qr');
  } finally {
    Curve.verify = unsound;
  }
});

test('a bot that was taken off the handset hears it at once, and again when it comes back', async () => {
  const { whatsapp, bot } = await linkedBot();
  whatsapp.handset.unlinks();
  await bot.closesWith(401);
  await bot.restarts();
  await bot.until(() => bot.closed.filter((code) => code === 401).length === 2);
});
