/** Telegram in the list of messengers. */
import { otherInRoom } from '../../app/ground/lines.ts';
import { TELEGRAM_ACCOUNT, TELEGRAM_CAPABILITIES } from '../../channels/telegram/capabilities.ts';
import { saidProblem } from '../../config-keys.ts';
import { fail, ok, warn } from '../../doctor/check.ts';
import type { Messenger } from '../messenger.ts';
import { entrance } from './entrance.ts';
import { line } from './lines.ts';
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
    if (!settings) return [warn('telegram', line('off'), line('off_mend'))];
    const bot = await askBot(settings);
    const way = settings.webhookSecret ? 'webhook' : 'polling';
    if (bot.ok) return [ok('telegram', line('on', { name: bot.username, way: line(way) }))];
    if (bot.isRefused) return [fail('telegram', line('unknown_token'), line('unknown_token_mend'))];
    const { host } = new URL(settings.apiRoot);
    return [fail('telegram', line('silent', { host, code: bot.reason }), line('silent_mend'))];
  },

  /** 401: taken back or mistyped; 404: no token at all. */
  async problem(settings) {
    const bot = await askBot(settings);
    if (bot.ok || !bot.isRefused) return undefined;
    return saidProblem('TELEGRAM_BOT_TOKEN', line('refused', { code: bot.reason }), line('refused_mend'));
  },

  unfetched({ apiRoot }, files) {
    if (apiRoot === OWN_API) return undefined;
    const lost = otherInRoom(line('unfetched', { count: files }), line('unfetched_some'));
    return saidProblem('TELEGRAM_API_ROOT', lost, line('unfetched_mend', { path: '/file/bot<token>/' }));
  },

  async link(settings, code) {
    const bot = await askBot(settings);
    return bot.ok
      ? { ok: true, link: `https://t.me/${bot.username}?start=${code}` }
      : { ok: false, problem: `Telegram did not tell the bot's name (${bot.reason}): there is no link.` };
  },
};
