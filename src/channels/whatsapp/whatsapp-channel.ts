/**
 * WhatsApp behind the port `Channel`, through Baileys.
 *
 * Invariants: a message is receipted only once it is in our store, and forgotten there only once it is handled
 * (`staging.ts`, `arrivals.ts`); one process at a time has a socket; only people who wrote first are ever written to.
 */
import { Readable } from 'node:stream';
import {
  type BaileysEventMap,
  type ConnectionState,
  downloadContentFromMessage,
  jidNormalizedUser,
  type WACallEvent,
} from '@whiskeysockets/baileys';
import { type Log, reduceError } from '../../kernel/log.ts';
import { seconds } from '../../kernel/time.ts';
import { pause } from '../back-off.ts';
import type {
  Capabilities,
  Channel,
  ChannelHealth,
  FetchResult,
  IncomingFile,
  OutgoingMessage,
  Receive,
  SendResult,
} from '../channel.ts';
import { type Arrivals, createArrivals } from './arrivals.ts';
import { isLinked, lidOfNumber } from './auth-state.ts';
import { Connection, type Socket } from './connection.ts';
import { contentOf, contentOfRef } from './content.ts';
import { createMenuMemory, numbered } from './menus.ts';
import { destinationOf, isPerson, type Jids } from './people.ts';
import { NOT_CONNECTED, newMessageId, sendOn } from './sending.ts';
import type { SessionStore, StagedMessages } from './session-store.ts';
import { Staging } from './staging.ts';
import { createUnreadable } from './unreadable.ts';

const CAPABILITIES: Capabilities = {
  buttons: false,
  editText: false,
  deleteOwn: true,
  deleteTheirs: false,
  silent: false,
  maxTextLength: 4_000,
  maxButtonData: 64,
  maxFileBytes: 64_000_000,
};

const LINK_CHECK = seconds(2);

export type WhatsappOptions = {
  store: SessionStore;
  staged: StagedMessages;
  /** Of the process that holds the socket. */
  lease: { isHeld(): boolean; start(): Promise<void>; stop(): Promise<void> };
  /** Default: WhatsApp's own. */
  socketUrl?: string;
  log: Log;
  /** Only people can mend it: `because` says what. */
  onStopped?: (because: string) => void;
};

/** Makes the channel. It waits, and leaves the lease alone, until a number is linked. */
export function createWhatsappChannel(options: WhatsappOptions): Channel {
  return new WhatsApp(options);
}

class WhatsApp implements Channel {
  readonly kind = 'whatsapp';
  readonly can = CAPABILITIES;
  readonly #options: WhatsappOptions;
  readonly #connection: Connection;
  readonly #staging: Staging;
  readonly #unreadable = createUnreadable();
  readonly #rememberMenu: ReturnType<typeof createMenuMemory>;
  readonly #stopping = new AbortController();
  #arrivals: Arrivals | undefined;
  #linking: Promise<void> = Promise.resolve();
  #isLinked = false;

  constructor(options: WhatsappOptions) {
    const { store, staged, lease, socketUrl, log } = options;
    this.#options = options;
    this.#rememberMenu = createMenuMemory(store);
    this.#staging = new Staging(staged);
    this.#connection = new Connection({
      store,
      lease,
      staging: this.#staging,
      log,
      ...(socketUrl === undefined ? {} : { socketUrl }),
      onSocket: (socket) => this.#listen(socket),
      onStatus: ({ because }) => because && options.onStopped?.(because),
    });
  }

  async start(receive: Receive): Promise<void> {
    const { store, staged, lease, log } = this.#options;
    this.#arrivals = createArrivals({
      store,
      staged,
      earliestUnderWay: () => this.#staging.earliestUnderWay(),
      log,
      whoIs: (jids) => this.#whoIs(jids),
      mayRun: () => lease.isHeld(),
      receive,
      onHandled: ({ jid, id }) => this.#markRead(jid, id),
    });
    // What was decrypted before a crash is handled by whoever holds the lease, connected or not.
    this.#arrivals.start();
    this.#linking = this.#startOnceLinked();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#unreadable.stop();
    await this.#linking;
    if (this.#isLinked) await this.#connection.stop();
    await this.#arrivals?.stop();
    await this.#options.lease.stop();
  }

  async send(address: string, message: OutgoingMessage, signal: AbortSignal): Promise<SendResult> {
    const { socket } = this.#connection;
    if (!socket) return NOT_CONNECTED;
    const { store } = this.#options;
    const { text, ...menu } = numbered(message);
    const messageId = newMessageId();
    // Before it leaves: the answer may be quicker than our commit.
    await this.#rememberMenu(address, { id: messageId, ...menu });
    return sendOn(socket, await destinationOf(store, address), { text }, signal, messageId);
  }

  async edit(): Promise<SendResult> {
    return { ok: false, reason: 'rejected', code: 'no_edits' };
  }

  async retract(address: string, messageRef: string, signal: AbortSignal): Promise<SendResult> {
    const { socket } = this.#connection;
    if (!socket) return NOT_CONNECTED;
    const jid = await destinationOf(this.#options.store, address);
    return sendOn(socket, jid, { delete: { remoteJid: jid, id: messageRef, fromMe: true } }, signal);
  }

  async fetchFile({ ref, size }: IncomingFile, signal: AbortSignal): Promise<FetchResult> {
    if (size !== undefined && size > CAPABILITIES.maxFileBytes)
      return { ok: false, reason: 'too_big', code: 'too_big' };
    const content = contentOfRef(ref);
    const found = MEDIA.flatMap(([key, type]) => {
      const media = content[key];
      return media ? [{ media, type }] : [];
    })[0];
    if (!found) return { ok: false, reason: 'gone', code: 'no_media' };
    try {
      const stream = await downloadContentFromMessage(found.media, found.type, { options: { signal } });
      return { ok: true, stream: Readable.toWeb(stream) as ReadableStream<Uint8Array> };
    } catch (error) {
      const status = (error as { output?: { statusCode?: unknown } }).output?.statusCode;
      const isGone = status === 404 || status === 410;
      return { ok: false, reason: isGone ? 'gone' : 'unreachable', code: reduceError(error).error };
    }
  }

  health(): ChannelHealth {
    const { is, since, code, because } = this.#connection.status;
    if (!this.#isLinked) return { state: 'down', since, lastError: 'not_linked' };
    const lastError = because ?? (code === undefined ? undefined : String(code));
    const state = is === 'open' || is === 'standby' ? 'up' : is === 'stopped' ? 'down' : 'starting';
    return { state, since, ...(lastError ? { lastError } : {}) };
  }

  /** `whatsapp pair` needs the lease until then. */
  async #startOnceLinked(): Promise<void> {
    const { signal } = this.#stopping;
    const { store, lease, log } = this.#options;
    while (!signal.aborted) {
      this.#isLinked = await isLinked(store).catch((error: unknown) => {
        log.warn('channel_failed', { channel: 'whatsapp', ...reduceError(error) });
        return false;
      });
      if (this.#isLinked) {
        await lease.start();
        return this.#connection.start();
      }
      await pause(LINK_CHECK, signal);
    }
  }

  #listen(socket: Socket): void {
    // Emitted after Baileys has decrypted, hence after it is staged.
    socket.ev.on('messages.upsert', ({ messages }) => {
      this.#arrivals?.nudge();
      for (const message of messages) this.#looksAt(message);
    });
    socket.ev.on('connection.update', ({ connection }: Partial<ConnectionState>) => {
      if (connection === 'open') this.#arrivals?.nudge();
    });
    socket.ev.on('call', (calls) => {
      for (const call of calls) void this.#declines(socket, call);
    });
  }

  /** A number that comes alone may be that of somebody whose LID we have seen. */
  async #whoIs(jids: Jids): Promise<Jids> {
    const { lid, number } = jids;
    if (lid || !number) return jids;
    const found =
      (await lidOfNumber(this.#options.store, number)) ??
      (await this.#connection.socket?.signalRepository.lidMapping.getLIDForPN(number));
    return found ? { number, lid: jidNormalizedUser(found) } : jids;
  }

  /** Nobody picks up: the caller is told how to get help. */
  async #declines(socket: Socket, { id, from, status, isGroup }: WACallEvent): Promise<void> {
    if (status !== 'offer' || isGroup || !isPerson(from)) return;
    await this.#brings({ from }, `call-${id}`, { kind: 'unsupported', what: 'call' });
    await socket.rejectCall(id, from).catch(() => undefined);
  }

  /** What holds no message was never staged: it could not be decrypted, or is kept from linked devices. */
  #looksAt(message: Upserted): void {
    const { remoteJid: from, remoteJidAlt, id, fromMe } = message.key;
    if (fromMe || !id || !from || !isPerson(from)) return;
    if (message.message) this.#unreadable.wasRead(id);
    const content = message.message ? null : contentOf(message);
    if (!content) return;
    const sender = { from, ...(remoteJidAlt ? { sender_pn: remoteJidAlt } : {}) };
    // Another id than its own, under which it may still come.
    this.#unreadable.came(id, () => void this.#brings(sender, `unreadable-${id}`, content));
  }

  async #brings(...[from, id, content]: Parameters<Arrivals['brings']>): Promise<void> {
    try {
      await this.#arrivals?.brings(from, id, content);
    } catch (error) {
      this.#options.log.warn('channel_failed', { channel: 'whatsapp', ...reduceError(error) });
    }
  }

  /** Two blue ticks: it is committed. Nice to have. */
  #markRead(jid: string, id: string): void {
    this.#connection.socket?.readMessages([{ remoteJid: jid, id, fromMe: false }]).catch(() => undefined);
  }
}

const MEDIA = [
  ['audioMessage', 'audio'],
  ['imageMessage', 'image'],
  ['videoMessage', 'video'],
  ['documentMessage', 'document'],
] as const;

type Upserted = BaileysEventMap['messages.upsert']['messages'][number];
