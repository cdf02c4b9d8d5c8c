/** What the tests of the fake WhatsApp share: a fake that is believed, a bot on it, and a quiet console. */
import { Writable } from 'node:stream';
import type { UserFacingSocketConfig } from '@whiskeysockets/baileys';
import { onTestFinished } from 'vitest';
import { captureConsole, createLog } from '../../../src/kernel/log.ts';
import type { Saved } from '../../fakes/whatsapp/account.ts';
import { trust } from '../../fakes/whatsapp/trust.ts';
import { type FakeOptions, startFakeWhatsApp } from '../../fakes/whatsapp/whatsapp.ts';
import { BareBot } from './bare-bot.ts';

/** libsignal prints whole sessions, keys and all: here as in the service only the fact that it printed is left. */
function quietly(): void {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  onTestFinished(captureConsole(createLog('debug', nowhere)));
}

export async function fakeWhatsApp(options: FakeOptions = {}) {
  quietly();
  const whatsapp = await startFakeWhatsApp(options);
  onTestFinished(trust(whatsapp.credentials));
  onTestFinished(() => whatsapp.close());
  return whatsapp;
}

type Rows = ReadonlyMap<string, string>;

export function botOn(
  whatsapp: { url: string },
  options: Partial<UserFacingSocketConfig> = {},
  rows?: Rows,
): BareBot {
  const bot = new BareBot(whatsapp.url, options, rows);
  onTestFinished(() => bot.stops());
  return bot;
}

/** Computing goes into linking (812 pre-keys, two handshakes): each bot of a process begins with a copy of the first one. */
let linked: { rows: Rows; account: Saved } | undefined;

async function links(): Promise<{ rows: Rows; account: Saved }> {
  const whatsapp = await fakeWhatsApp();
  const bot = botOn(whatsapp);
  await whatsapp.handset.scans(await bot.shows('qr'));
  await bot.closesWith(515);
  // The handset greets the bot of the test, not this one.
  (await whatsapp.until(() => whatsapp.account.linked)).greeted = true;
  await bot.restarts();
  await bot.opens();
  await bot.stops();
  return { rows: bot.rows, account: whatsapp.account.saved() };
}

/** A fake with a bot that is linked, logged in and has heard the handset's greeting. */
export async function linkedBot(options: Partial<UserFacingSocketConfig> = {}) {
  linked ??= await links();
  const whatsapp = await fakeWhatsApp();
  whatsapp.account.restore(linked.account);
  const bot = botOn(whatsapp, options, linked.rows);
  await bot.opens();
  await bot.settles();
  bot.closed.length = 0;
  return { whatsapp, bot };
}
