/**
 * The queue of updates, with Telegram's rules: an update stays until a later `getUpdates` asks with a higher
 * offset (or the webhook answered 2xx), and comes again until then. A second poller ends the first with 409.
 */
import { type Json, Refusal, type Update } from './wire.ts';

/** What Telegram sends when `allowed_updates` was never set: everything but these. */
const NOT_BY_DEFAULT = new Set(['chat_member', 'message_reaction', 'message_reaction_count']);

type Waiting = { give: (updates: Update[]) => void; refuse: (refusal: Refusal) => void; offset: number };

export type Webhook = { url: string; secret?: string };

export class Updates {
  /** Everything not confirmed yet, oldest first. */
  pending: Update[] = [];
  /** Everything the bot confirmed, in the order of confirming: Telegram considers it delivered for ever. */
  readonly confirmed: Update[] = [];
  /** Called when updates come or are confirmed. */
  onChange: () => void = () => undefined;
  /** Set: every `getUpdates` is answered with 409, as if another process polled. */
  conflict = false;
  webhook: Webhook | undefined;
  /** When the webhook last did not take one, in seconds since 1970. */
  webhookFailedAt: number | undefined;
  #allowed: string[] | undefined;
  #lastId: number;
  #waiting: Waiting | undefined;
  /** Pushes one update to the webhook. */
  readonly deliver: (update: Update) => void;

  constructor(firstId: number, deliver: (update: Update) => void) {
    this.#lastId = firstId - 1;
    this.deliver = deliver;
  }

  /** Queues an update and hands it to the caller that waits. Returns its id, or undefined when it is not wanted. */
  push(kind: string, content: Json): number | undefined {
    const wanted = this.#allowed ? this.#allowed.includes(kind) : !NOT_BY_DEFAULT.has(kind);
    if (!wanted) return undefined;
    this.#lastId += 1;
    this.pushRaw({ update_id: this.#lastId, [kind]: content });
    return this.#lastId;
  }

  /** Queues an update exactly as given: for recorded and for malformed ones. */
  pushRaw(update: Update): void {
    this.#lastId = Math.max(this.#lastId, update.update_id);
    this.pending.push(update);
    this.onChange();
    if (this.webhook) this.deliver(update);
    else this.#wake();
  }

  allow(kinds: unknown): void {
    if (!Array.isArray(kinds)) return;
    this.#allowed = kinds.length === 0 ? undefined : kinds.map(String);
  }

  confirm(updateId: number): void {
    this.#keepOnly((update) => update.update_id !== updateId);
  }

  /** `getUpdates`. `gone` fires when the asker hangs up. */
  async take(offset: number, limit: number, seconds: number, gone: AbortSignal): Promise<Update[]> {
    if (this.conflict) throw new Refusal(409, 'Conflict: terminated by other getUpdates request');
    if (this.webhook)
      throw new Refusal(
        409,
        "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook first",
      );
    this.#waiting?.refuse(
      new Refusal(
        409,
        'Conflict: terminated by other getUpdates request; make sure that only one bot instance is running',
      ),
    );
    this.#forget(offset);
    if (this.pending.length > 0 || seconds === 0) return this.pending.slice(0, limit);
    return await new Promise<Update[]>((resolve, reject) => {
      const timer = setTimeout(() => waiting.give([]), seconds * 1000);
      const settle = (then: () => void) => {
        clearTimeout(timer);
        if (this.#waiting === waiting) this.#waiting = undefined;
        then();
      };
      const waiting: Waiting = {
        offset,
        give: (updates) => settle(() => resolve(updates.slice(0, limit))),
        refuse: (refusal) => settle(() => reject(refusal)),
      };
      gone.addEventListener('abort', () => waiting.give([]));
      this.#waiting = waiting;
    });
  }

  /** Lets a waiting poll go, for closing. */
  release(): void {
    this.#waiting?.give([]);
  }

  /** A negative offset counts from the end, as in the documentation. */
  #forget(offset: number): void {
    const from = offset < 0 ? this.pending.at(offset)?.update_id : offset;
    this.#keepOnly((update) => update.update_id >= (from ?? 0));
  }

  #keepOnly(isOpen: (update: Update) => boolean): void {
    this.confirmed.push(...this.pending.filter((update) => !isOpen(update)));
    this.pending = this.pending.filter(isOpen);
    this.onChange();
  }

  #wake(): void {
    this.#waiting?.give(this.pending);
  }
}
