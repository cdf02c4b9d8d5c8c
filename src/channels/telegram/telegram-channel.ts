/**
 * Telegram behind the port `Channel`.
 *
 * Invariants: the token appears in no log line, error or result; an update is acknowledged only once `receive`
 * has resolved; nothing that is merely nice to have (names of commands, "typing…", the bot's own name) can
 * keep the bot from working.
 */

import { createHash } from 'node:crypto';
import type { LanguageCode } from 'grammy/types';
import { z } from 'zod';
import type { Log } from '../../kernel/log.ts';
import { backOff, pause } from '../back-off.ts';
import { type Arriving, type Channel, type Receive, UNMARKED } from '../channel.ts';
import { type Calls, createCalls, DEFAULT_API_ROOT, type Failure, failureCode } from './calls.ts';
import { TELEGRAM_ACCOUNT, TELEGRAM_CAPABILITIES } from './capabilities.ts';
import { createChatQueues } from './chat-queues.ts';
import { fetchTelegramFile } from './files.ts';
import { createHealth } from './health.ts';
import { DEFAULT_TIMING, type Lease, Polling, type Timing } from './polling.ts';
import { edit, retract, send } from './sending.ts';
import { ALLOWED_UPDATES, type ReadUpdate, readLittle, readUpdate, updateIdOf } from './update.ts';
import { checkSecret, createSecretCheck, createWebhook, type HandleWebhook } from './webhook.ts';
import { webhookTrouble } from './webhook-trouble.ts';

export type TelegramMode =
  | { kind: 'polling'; lease: Lease }
  /**
   * `url` is public and ends at `handleWebhook`. `secret`: TELEGRAM_WEBHOOK_SECRET. `lease`: of this process alone, lost when it is
   * cut off from the database.
   */
  | { kind: 'webhook'; url: string; secret: string | undefined; lease: Lease };

/** Entries of the menu beside the text field. Neutral words: others may look at the phone. */
type Commands = { language?: string; commands: { command: string; description: string }[] };

export type TelegramOptions = {
  token: string;
  mode: TelegramMode;
  log: Log;
  /** Default: nothing is marked. */
  arriving?: Arriving;
  /** Another Bot API server. Default https://api.telegram.org. */
  apiRoot?: string;
  /** Set at the start when given. */
  commands?: Commands[];
  /** Chats whose updates are handed on at the same time; default 100: the service bounds what it works on. */
  chatsAtOnce?: number;
  /** Milliseconds since 1970; default the system's clock. Used for health and back-off only. */
  now?: () => number;
  timing?: Partial<Timing>;
};

export interface TelegramChannel extends Channel {
  /** For the HTTP route, in webhook mode. Answers 503 in polling mode, before the start and while stopping. */
  readonly handleWebhook: HandleWebhook;
  /** Whether a secret header is Telegram's, before anything else is read. */
  readonly isTelegram: (secretHeader: string | undefined) => boolean;
}

/** How often the webhook is set again: proves that Telegram is there, and repairs one that was removed. */
const WEBHOOK_CHECK = 60_000;

const me = z.looseObject({ username: z.string().regex(/^\w{1,64}$/) });

/** Makes the channel; nothing is called before `start`. Throws if a webhook has no secret. */
export function createTelegramChannel(options: TelegramOptions): TelegramChannel {
  return new Telegram(options);
}

class Telegram implements TelegramChannel {
  readonly kind = 'telegram';
  readonly can = TELEGRAM_CAPABILITIES;
  readonly account = TELEGRAM_ACCOUNT;
  readonly handleWebhook: HandleWebhook;
  readonly isTelegram: (secretHeader: string | undefined) => boolean;
  readonly #token: string;
  readonly #apiRoot: string;
  readonly #calls: Calls;
  readonly #log: Log;
  readonly #mode: TelegramMode;
  readonly #commands: Commands[];
  readonly #timing: Timing;
  readonly #now: () => number;
  readonly #queues;
  readonly #health;
  readonly #polling: Polling | undefined;
  readonly #self: { botId: string; username?: string };
  readonly #stopping = new AbortController();
  /** Calls nobody waits for, except `stop`. */
  readonly #background = new Set<Promise<unknown>>();
  #receive: Receive | undefined;

  constructor(options: TelegramOptions) {
    const { token, mode, log } = options;
    this.#token = token;
    this.#apiRoot = withoutSlash(options.apiRoot ?? DEFAULT_API_ROOT);
    this.#calls = createCalls(token, this.#apiRoot);
    this.#log = log;
    this.#mode = mode;
    this.#commands = options.commands ?? [];
    this.#timing = { ...DEFAULT_TIMING, ...options.timing };
    this.#self = { botId: botIdOf(token) };
    const now = options.now ?? Date.now;
    this.#now = now;
    this.#health = createHealth(now);
    this.#queues = createChatQueues(options.chatsAtOnce ?? 100);
    const parts = {
      queues: this.#queues,
      log,
      read: (raw: unknown) => this.#read(raw, options.arriving ?? UNMARKED),
      handle: (update: ReadUpdate) => this.#handle(update),
    };
    this.#polling =
      mode.kind === 'polling'
        ? new Polling({
            ...parts,
            calls: this.#calls,
            health: this.#health,
            lease: mode.lease,
            now,
            timing: this.#timing,
          })
        : undefined;
    this.isTelegram = mode.kind === 'webhook' ? createSecretCheck(checkSecret(mode.secret)) : () => false;
    this.handleWebhook =
      mode.kind === 'webhook'
        ? createWebhook({ ...parts, secret: checkSecret(mode.secret), isOpen: () => this.#isOpen() })
        : async () => ({ status: 503 });
  }

  async start(receive: Receive): Promise<void> {
    this.#receive = receive;
    this.#polling?.start();
    if (this.#mode.kind === 'webhook')
      this.#inBackground(this.#keepWebhook(this.#mode.url, checkSecret(this.#mode.secret)));
    this.#inBackground(this.#introduce());
    this.#log.info('channel_started', { channel: 'telegram' });
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#polling?.stop();
    await this.#queues.idle();
    await Promise.allSettled(this.#background);
  }

  send: Channel['send'] = (address, message, signal) => send(this.#calls, address, message, signal);

  edit: Channel['edit'] = (address, messageRef, message, signal) =>
    edit(this.#calls, address, messageRef, message, signal);

  retract: Channel['retract'] = (address, messageRef, signal) =>
    retract(this.#calls, address, messageRef, signal);

  fetchFile: Channel['fetchFile'] = (file, signal) =>
    fetchTelegramFile({ calls: this.#calls, token: this.#token, apiRoot: this.#apiRoot }, file, signal);

  async probe(signal: AbortSignal): Promise<string | undefined> {
    const asked = await this.#calls('getMe', {} as never, { signal });
    if (!asked.ok) return unanswered(asked.failure);
    // Whether it polls is seen in its health.
    if (this.#mode.kind !== 'webhook') return undefined;
    const info = await this.#calls('getWebhookInfo', {} as never, { signal });
    return info.ok ? webhookTrouble(info.result, this.#mode.url, this.#now()) : unanswered(info.failure);
  }

  health: Channel['health'] = () => this.#health.get();

  takesIn(): boolean {
    return this.#mode.lease.isHeld();
  }

  /** One that is cut off from the database answers nobody: Telegram delivers again, to one that is not. */
  #isOpen(): boolean {
    return this.#receive !== undefined && !this.#stopping.signal.aborted && this.takesIn();
  }

  #read(raw: unknown, arriving: Arriving): ReadUpdate | null {
    const id = updateIdOf(raw);
    if (id === undefined) return null;
    return arriving.read(
      this.kind,
      { id: `${this.#self.botId}:${id}`, raw: () => raw },
      () => readUpdate(raw, this.#self),
      () => readLittle(raw, this.#self),
    );
  }

  async #handle({ message, callbackId }: ReadUpdate): Promise<void> {
    try {
      if (message) await this.#receive?.(message);
    } finally {
      if (callbackId !== undefined && this.takesIn())
        this.#inBackground(this.#optional('answerCallbackQuery', { callback_query_id: callbackId }));
    }
  }

  /** Learns the bot's name and sets its menu; a server without `getMe` is fine. */
  async #introduce(): Promise<void> {
    for (let failures = 1; !this.#stopping.signal.aborted; failures += 1) {
      const outcome = await this.#calls('getMe', {} as never, { signal: this.#stopping.signal });
      if (outcome.ok) {
        const answer = me.safeParse(outcome.result);
        if (answer.success) this.#self.username = answer.data.username;
        break;
      }
      if (this.#stopping.signal.aborted) return;
      this.#logFailure('getMe', outcome.failure);
      if (outcome.failure.kind === 'refused' && outcome.failure.code === 404) break;
      await this.#pauseAfter(failures);
    }
    for (const { language, commands } of this.#commands)
      await this.#optional('setMyCommands', {
        commands,
        ...(language ? { language_code: language as LanguageCode } : {}),
      });
  }

  async #keepWebhook(url: string, secret: string): Promise<void> {
    for (let failures = 0; !this.#stopping.signal.aborted; ) {
      if (!this.takesIn()) {
        await pause(this.#timing.leaseCheck, this.#stopping.signal);
        continue;
      }
      const outcome = await this.#calls(
        'setWebhook',
        { url, secret_token: secret, allowed_updates: ALLOWED_UPDATES, drop_pending_updates: false },
        { signal: this.#stopping.signal },
      );
      if (this.#stopping.signal.aborted) return;
      if (outcome.ok) {
        failures = 0;
        this.#health.succeeded();
        await pause(WEBHOOK_CHECK, this.#stopping.signal);
        continue;
      }
      failures += 1;
      const refused = outcome.failure.kind === 'refused' ? outcome.failure.code : undefined;
      this.#health.failed(failureCode(outcome.failure), refused === 401 || refused === 404);
      this.#logFailure('setWebhook', outcome.failure);
      await this.#pauseAfter(failures);
    }
  }

  /** A call that may fail: the failure is logged and that is all. */
  async #optional(...[method, payload]: Parameters<Calls>): Promise<void> {
    const outcome = await this.#calls(method, payload, { timeoutSeconds: 5 });
    if (!outcome.ok) this.#logFailure(method, outcome.failure);
  }

  #logFailure(method: string, failure: Failure): void {
    const fields = { error: 'TelegramCall', code: failureCode(failure), method };
    this.#log.warn('channel_call_failed', { channel: 'telegram', ...fields });
  }

  #pauseAfter(failures: number): Promise<void> {
    return pause(
      backOff(failures, this.#timing.firstBackOff, this.#timing.maxBackOff),
      this.#stopping.signal,
    );
  }

  #inBackground(work: Promise<unknown>): void {
    const tracked = work.finally(() => this.#background.delete(tracked));
    this.#background.add(tracked);
  }
}

/**
 * A code if nobody answered. Servers that know little answer all the same (404, which for Telegram's own is a token that is
 * none: polling and setting the webhook show it); 401 is a token that was taken back.
 */
function unanswered(failure: Failure): string | undefined {
  if (failure.kind !== 'refused') return failure.code;
  return failure.code === 401 || failure.code >= 500 ? `http_${failure.code}` : undefined;
}

/** The number before the colon; it is public. A token of another shape gives a word that says nothing of it. */
function botIdOf(token: string): string {
  const number = /^(\d{1,20}):/.exec(token)?.[1];
  return number ?? createHash('sha256').update(token).digest('hex').slice(0, 12);
}

function withoutSlash(root: string): string {
  return root.endsWith('/') ? withoutSlash(root.slice(0, -1)) : root;
}
