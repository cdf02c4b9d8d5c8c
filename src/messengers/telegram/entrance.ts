/** How people find the bot: by its name, which only Telegram knows for sure. */
import type { Entrance } from '../../channels/entrance.ts';
import { LakanaError } from '../../kernel/errors.ts';
import type { MessengerEntrance } from '../messenger.ts';
import type { TelegramSettings } from './settings.ts';

/** As @BotFather gives them: 5 to 32 letters, digits and `_`. */
const NAME = /^(?:https:\/\/t\.me\/|@)?([A-Za-z]\w{4,31})$/;

const named = (username: string): Entrance => ({
  kind: 'telegram',
  shown: `@${username}`,
  link: `https://t.me/${username}`,
});

export const entrance: MessengerEntrance<TelegramSettings> = {
  async known(settings) {
    const bot = await (await import('./ask-bot.ts')).askBot(settings);
    if (bot.ok) return named(bot.username);
    if (bot.isRefused) return undefined;
    throw new LakanaError('no_answer', 'the bot has not said who it is');
  },
  read(said) {
    const [, username] = NAME.exec(said.trim()) ?? [];
    return username === undefined ? undefined : named(username);
  },
  mend: 'set TELEGRAM_BOT_TOKEN and see that Telegram answers, or give --reach telegram=@NameOfTheBot',
};
