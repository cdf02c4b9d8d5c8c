import { z } from 'zod';
import { seconds } from '../kernel/time.ts';
import type { App } from './zod-provider.ts';

/**
 * Handles one update and says with which status to answer: 200 only after the commit, 401 for a wrong secret.
 * A rejection becomes a 500, and Telegram delivers again.
 */
export type TelegramWebhook = (body: unknown, secret: string | undefined) => Promise<{ status: number }>;

const SECRET_HEADER = 'x-telegram-bot-api-secret-token';
/** An update carries no file, only words about it; a text has 4,096 characters at most. */
const MAX_UPDATE_BYTES = 1_024 * 1_024;

/** `POST /telegram/webhook`. Checking the secret is the webhook function's work, in constant time. */
export async function telegramRoutes(app: App, parts: { webhook: TelegramWebhook }): Promise<void> {
  app.post(
    '/telegram/webhook',
    {
      bodyLimit: MAX_UPDATE_BYTES,
      // Telegram gives up after about a minute; it must learn before that that nothing was saved.
      handlerTimeout: seconds(45),
      // Everything comes from a few addresses of Telegram's or one load balancer's: turning those away at a
      // busy hour would delay somebody's SOS. The secret keeps strangers out.
      config: { rateLimit: false },
      schema: { body: z.looseObject({ update_id: z.int() }) },
    },
    async (request, reply) => {
      const header = request.headers[SECRET_HEADER];
      const { status } = await parts.webhook(request.body, typeof header === 'string' ? header : undefined);
      return reply.code(status).send({});
    },
  );
}
