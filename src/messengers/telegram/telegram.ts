/** Telegram in the list of messengers. */
import { TELEGRAM_ACCOUNT, TELEGRAM_CAPABILITIES } from '../../channels/telegram/capabilities.ts';
import { problem } from '../../config-keys.ts';
import { fail, ok, warn } from '../../doctor/check.ts';
import type { Messenger } from '../messenger.ts';
import { entrance } from './entrance.ts';
import { OWN_API, type TelegramSettings, telegramSettings } from './settings.ts';

const askBot = async (settings: TelegramSettings) => (await import('./ask-bot.ts')).askBot(settings);

export const telegram: Messenger<TelegramSettings> = {
  kind: 'telegram',
  can: TELEGRAM_CAPABILITIES,
  account: TELEGRAM_ACCOUNT,
  settings: telegramSettings,

  entrance,

  async open(settings, parts) {
    return (await import('./open.ts')).openTelegram(settings, parts);
  },

  /** Asks the Bot API who the bot is. */
  async checks(settings) {
    if (!settings) return [warn('telegram', 'is off', 'set TELEGRAM_BOT_TOKEN to the token of @BotFather')];
    const bot = await askBot(settings);
    const way = settings.webhookSecret ? 'webhook' : 'polling';
    if (bot.ok) return [ok('telegram', `@${bot.username}, by ${way}`)];
    if (bot.isRefused)
      return [fail('telegram', 'does not know this token', 'copy TELEGRAM_BOT_TOKEN from @BotFather again')];
    const root = new URL(settings.apiRoot).host;
    return [
      fail('telegram', `${root} does not answer (${bot.reason})`, 'see the network and TELEGRAM_API_ROOT'),
    ];
  },

  /** 401: taken back or mistyped; 404: no token at all. */
  async problem(settings) {
    const bot = await askBot(settings);
    if (bot.ok || !bot.isRefused) return undefined;
    return problem(
      'TELEGRAM_BOT_TOKEN',
      `is refused (${bot.reason}): nobody is heard on Telegram`,
      'copy it from @BotFather again, then start the service again',
    );
  },

  unfetched({ apiRoot }, files) {
    if (apiRoot === OWN_API) return undefined;
    return problem(
      'TELEGRAM_API_ROOT',
      `does not give files that people sent (${files} in the last 7 days)`,
      'have that server give files under /file/bot<token>/ too (without --local), and see the log (evidence_refused)',
    );
  },

  async link(settings, code) {
    const bot = await askBot(settings);
    return bot.ok
      ? { ok: true, link: `https://t.me/${bot.username}?start=${code}` }
      : { ok: false, problem: `Telegram did not tell the bot's name (${bot.reason}): there is no link.` };
  },
};
