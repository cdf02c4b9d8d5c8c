/**
 * Pushes updates to the bot's webhook and tries again until it answers 2xx, like Telegram: one after another
 * within a chat, chats side by side.
 */
import type { Updates } from './updates.ts';
import type { Json, Update } from './wire.ts';

export class WebhookPush {
  /** Milliseconds between tries. Telegram takes its time; tests do not want to. */
  readonly #pause: number;
  readonly #chains = new Map<string, Promise<void>>();
  readonly #stop = new AbortController();

  constructor(pause: number) {
    this.#pause = pause;
  }

  push(update: Update, updates: Updates): void {
    const chat = chatOf(update);
    const before = this.#chains.get(chat) ?? Promise.resolve();
    this.#chains.set(
      chat,
      before.then(() => this.#untilTaken(update, updates)),
    );
  }

  close(): void {
    this.#stop.abort();
  }

  async #untilTaken(update: Update, updates: Updates): Promise<void> {
    while (!this.#stop.signal.aborted && updates.webhook && updates.pending.includes(update)) {
      if (await this.#once(update, updates)) return updates.confirm(update.update_id);
      updates.webhookFailedAt = Math.floor(Date.now() / 1_000);
      await new Promise((resolve) => setTimeout(resolve, this.#pause));
    }
  }

  async #once(update: Update, { webhook }: Updates): Promise<boolean> {
    if (!webhook) return false;
    try {
      const response = await fetch(webhook.url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          ...(webhook.secret === undefined ? {} : { 'x-telegram-bot-api-secret-token': webhook.secret }),
        },
        body: JSON.stringify(update),
        signal: this.#stop.signal,
      });
      await response.arrayBuffer();
      return response.ok;
    } catch {
      return false;
    }
  }
}

function chatOf(update: Update): string {
  const part = Object.values(update).find((value) => typeof value === 'object') as Json | undefined;
  const chat = (part?.chat ?? (part?.message as Json | undefined)?.chat) as Json | undefined;
  return String(chat?.id);
}
