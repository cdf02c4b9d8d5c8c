import { z } from 'zod';
import { type Problem, problem } from '../../config-keys.ts';
import { SERVER, setting } from '../../config-kinds.ts';
import { address } from '../../config-urls.ts';
import { Secret } from '../../kernel/secret.ts';
import type { MessengerSettings } from '../messenger.ts';

/** Its own server; absent `webhookSecret`: we poll. */
export type TelegramSettings = { token: Secret; apiRoot: string; webhookSecret?: Secret };

/** Telegram's own server, which knows only tokens of one shape. */
export const OWN_API = 'https://api.telegram.org';
const TOKEN = /^\d{1,20}:[\w-]{1,200}$/;

const schema = {
  TELEGRAM_BOT_TOKEN: setting(
    z
      .string()
      .regex(/^\S{5,}$/, 'copy the token that @BotFather gave, without spaces')
      .optional(),
  ),
  TELEGRAM_API_ROOT: setting(
    address({
      ...SERVER,
      give: 'give the address of a Bot API server, or leave it out',
      path: undefined,
    }).default(OWN_API),
  ),
  TELEGRAM_WEBHOOK_SECRET: setting(
    z
      .string()
      .regex(/^[\w-]{16,256}$/, 'give 16 to 256 letters, digits, _ or -')
      .optional(),
  ),
} as const;

export const telegramSettings: MessengerSettings<TelegramSettings> = {
  schema,
  turnsOn: 'TELEGRAM_BOT_TOKEN',
  onlyLive: ['TELEGRAM_WEBHOOK_SECRET'],
  read(given: z.infer<z.ZodObject<typeof schema>>, { publicUrl }, problems: Problem[]) {
    const { TELEGRAM_BOT_TOKEN: token, TELEGRAM_API_ROOT: apiRoot, TELEGRAM_WEBHOOK_SECRET: secret } = given;
    if (secret && !publicUrl)
      problems.push(
        problem(
          'PUBLIC_URL',
          'is needed for the webhook',
          'give the https address, or take TELEGRAM_WEBHOOK_SECRET out',
        ),
      );
    if (token === undefined) return undefined;
    if (apiRoot === OWN_API && !TOKEN.test(token))
      problems.push(
        problem('TELEGRAM_BOT_TOKEN', 'is no token', 'copy it whole from @BotFather, like 123456789:AAbb…'),
      );
    return {
      token: new Secret(token),
      apiRoot,
      ...(secret ? { webhookSecret: new Secret(secret) } : {}),
    };
  },
};
