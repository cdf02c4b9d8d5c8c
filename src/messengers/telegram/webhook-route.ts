import { z } from 'zod';
import type { Routes } from '../../http/app.ts';
import { refuseUnread, tooMany } from '../../http/limits.ts';
import { seconds } from '../../kernel/time.ts';

export type TelegramWebhook = {
  /** Whether a request with this secret header is Telegram's; in constant time. */
  isTelegram: (secret: string | undefined) => boolean;
  /**
   * Handles one update and says with which status to answer: 200 only after the commit.
   * A rejection becomes a 500, and Telegram delivers again.
   */
  handle: (body: unknown, secret: string | undefined) => Promise<{ status: number }>;
};

const SECRET_HEADER = 'x-telegram-bot-api-secret-token';
/** An update carries no file, only words about it; a text has 4,096 characters at most. */
const MAX_UPDATE_BYTES = 1_024 * 1_024;

/**
 * `POST /telegram/webhook`. The secret is compared before anything of the body is read: a stranger's megabyte is never
 * parsed. Wrong secrets are counted, right ones never are: everything comes from a few addresses of Telegram's or one
 * load balancer's, and turning those away at a busy hour would delay a reporter's SOS.
 */
export const telegramRoutes =
  (webhook: TelegramWebhook): Routes =>
  async (app, { limits }) => {
    app.addHook('onRequest', async (request, reply) => {
      if (webhook.isTelegram(secretOf(request.headers))) return undefined;
      const wait = limits.secrets(request);
      return wait > 0 ? tooMany(request, reply, wait) : refuseUnread(request, reply, 401);
    });
    app.post(
      '/telegram/webhook',
      {
        bodyLimit: MAX_UPDATE_BYTES,
        // Telegram gives up after about a minute; it must learn before that that nothing was saved.
        handlerTimeout: seconds(45),
        config: { counted: 'none' },
        schema: { body: z.looseObject({ update_id: z.int() }) },
      },
      async (request, reply) => {
        const { status } = await webhook.handle(request.body, secretOf(request.headers));
        return reply.code(status).send({});
      },
    );
  };

function secretOf(headers: Record<string, string | string[] | undefined>): string | undefined {
  const header = headers[SECRET_HEADER];
  return typeof header === 'string' ? header : undefined;
}
