/**
 * Telegram's webhook.
 *
 * Invariants: no webhook without a secret, since anyone could then speak for any reporter; the secret is
 * compared in constant time; 200 only after everything is committed, since Telegram then forgets the update.
 * Anything else makes Telegram deliver again (it waits longer each time and gives up after a while).
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import { LakanaError } from '../../kernel/errors.ts';
import type { Log } from '../../kernel/log.ts';
import type { ChatQueues } from './chat-queues.ts';
import type { ReadUpdate } from './update.ts';

type WebhookAnswer = { status: 200 | 400 | 401 | 500 | 503 };

export type HandleWebhook = (body: unknown, secretHeader: string | undefined) => Promise<WebhookAnswer>;

/** Telegram's updates are a few kilobytes; a body as text beyond this is not from there. */
const MAX_BODY_CHARACTERS = 1_000_000;

/** Checks what Telegram allows as a secret; the name of the setting is said, never its value. */
export function checkSecret(secret: string | undefined): string {
  if (!secret)
    throw new LakanaError(
      'telegram_webhook_secret_missing',
      'Telegram webhook without a secret: set TELEGRAM_WEBHOOK_SECRET to a long random word',
    );
  if (!/^[A-Za-z0-9_-]{16,256}$/.test(secret))
    throw new LakanaError(
      'telegram_webhook_secret_invalid',
      'TELEGRAM_WEBHOOK_SECRET must be 16 to 256 characters of A-Z, a-z, 0-9, _ and -',
    );
  return secret;
}

type Parts = {
  secret: string;
  queues: ChatQueues;
  log: Log;
  read: (raw: unknown) => ReadUpdate | null;
  handle: (update: ReadUpdate) => Promise<void>;
  /** False before the start and while stopping. */
  isOpen: () => boolean;
};

/** Whether what was given as the secret is the one that was set; takes as long for every word. */
export function createSecretCheck(secret: string): (given: string | undefined) => boolean {
  const expected = digest(checkSecret(secret));
  return (given) => timingSafeEqual(expected, digest(given ?? ''));
}

/** Makes the handler of `POST` requests. Updates of one chat wait for each other. */
export function createWebhook({ secret, queues, log, read, handle, isOpen }: Parts): HandleWebhook {
  const isTelegram = createSecretCheck(secret);
  return async (body, secretHeader) => {
    if (!isTelegram(secretHeader)) return { status: 401 };
    const update = read(toJson(body));
    if (!update) return { status: 400 };
    if (!isOpen()) return { status: 503 };
    let status: 200 | 500 = 500;
    await queues.run(update.chat, async () => {
      try {
        await handle(update);
        status = 200;
      } catch {
        log.warn('message_failed', { channel: 'telegram', attempts: 1, error: 'NotCommitted' });
      }
    });
    return { status };
  };
}

/** Hashed first, so that the comparison takes as long for every length. */
function digest(value: string): Buffer {
  return createHash('sha256').update(value).digest();
}

function toJson(body: unknown): unknown {
  if (typeof body !== 'string') return body;
  if (body.length > MAX_BODY_CHARACTERS) return undefined;
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
