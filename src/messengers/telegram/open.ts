import { createTelegramChannel } from '../../channels/telegram/telegram-channel.ts';
import { createLease, createOwnLease } from '../../db/lease.ts';
import type { MessengerParts, Opened } from '../messenger.ts';
import type { TelegramSettings } from './settings.ts';
import { telegramRoutes } from './webhook-route.ts';

/** By polling, as the one process that may, or by webhook if there is a secret for it: in each process that reaches the database. */
export function openTelegram(settings: TelegramSettings, parts: MessengerParts): Opened {
  const { db, log, texts, arriving, defaultLanguage, publicUrl } = parts;
  const secret = settings.webhookSecret?.reveal();
  const lease =
    secret === undefined
      ? createLease(db, 'telegram', { log })
      : createOwnLease(db, 'telegram-webhook', { log });
  const channel = createTelegramChannel({
    token: settings.token.reveal(),
    apiRoot: settings.apiRoot,
    mode:
      secret === undefined
        ? { kind: 'polling', lease }
        : { kind: 'webhook', url: new URL('/telegram/webhook', publicUrl).href, secret, lease },
    log,
    arriving,
    commands: texts.languages.map((language) => ({
      ...(language === defaultLanguage ? {} : { language }),
      commands: ['sos', 'help', 'language', 'status', 'leave'].map((command) => ({
        command,
        description: texts.t(language, `commands.${command}.label`),
      })),
    })),
  });
  const { isTelegram, handleWebhook: handle } = channel;
  const routes = secret === undefined ? {} : { routes: telegramRoutes({ isTelegram, handle }) };
  return { channel, lease, ...routes };
}
