/**
 * WhatsApp behind the port `Channel`, through Baileys.
 *
 * Invariants: a message is receipted only once it is in our store, and forgotten there only once it is handled
 * (`staging.ts`, `arrivals.ts`); one process at a time has a socket; only people who wrote first are ever written to.
 */
import {
  type BaileysEventMap,
  type BinaryNode,
  type ConnectionState,
  jidNormalizedUser,
  proto,
  type WACallEvent,
} from '@whiskeysockets/baileys';
import { type Log, reduceError } from '../../kernel/log.ts';
import { seconds } from '../../kernel/time.ts';
import {
  type Arriving,
  type Channel,
  type ChannelHealth,
  type FetchResult,
  type IncomingFile,
  type NoteFates,
  type OutgoingMessage,
  type Receive,
  type SendResult,
  UNMARKED,
} from '../channel.ts';
import type { Patience } from '../outside.ts';
import { type Arrivals, createArrivals } from './arrivals.ts';
import { lidOfNumber } from './auth-state.ts';
import { WHATSAPP_CAPABILITIES } from './capabilities.ts';
import { answersPing, type ConnectionParts, type Socket } from './connection.ts';
import { contentOf, contentOfRef } from './content.ts';
import { rememberTimer, timerOf } from './disappearing.ts';
import { LinkedConnection, type Unlinking } from './linked-connection.ts';
import { fetchMedia } from './media.ts';
import { buttonsOf, numbered, rememberMenu } from './menus.ts';
import { createNotes, type NoteKeeper, type Notes } from './notes.ts';
import { createPace, type Pace } from './pace.ts';
import { destinationOf, isPerson, type Jids } from './people.ts';
import { messageIdOf, NOT_CONNECTED, retractionOf, sendOn, textOf, timerOfChat, voiceOf } from './sending.ts';
import type { SentMessages, SessionStore, StagedMessages } from './session-store.ts';
import { Staging } from './staging.ts';
import { createUnreadable } from './unreadable.ts';
import { uploadVoice } from './uploading.ts';

/** So long the timer of a chat may take to be set. */
const TIMER_PATIENCE = seconds(10);

/** The account is used from another phone now: the person who has that must prove who they are. */
const OTHER_PHONE: SendResult = { ok: false, reason: 'blocked' };

export type WhatsappOptions = {
  store: SessionStore;
  staged: StagedMessages;
  sent: SentMessages;
  /** Seconds after which messages go from both phones, set once for each person; 0: never. */
  disappearAfter: number;
  /** Most messages a minute that this number sends, but for those that cannot wait. */
  perMinute: number;
  /** Of the process that holds the socket. */
  lease: { isHeld(): boolean; start(): Promise<void>; stop(): Promise<void> };
  /** Default: WhatsApp's own. */
  socketUrl?: string;
  log: Log;
  unlinking: Unlinking;
  /** Default: nothing is marked. */
  arriving?: Arriving;
  notes: NoteKeeper;
  /** How long a file may take; only tests bring their own. */
  filePatience?: Partial<Patience>;
  /** How the connection waits; only tests bring their own. */
  connection?: Pick<ConnectionParts, 'timing' | 'dice' | 'wait'> & { lookMs?: number };
};

/** Makes the channel. It waits, and leaves the lease alone, until a number is linked. */
export function createWhatsappChannel(options: WhatsappOptions): Channel {
  return new WhatsApp(options);
}

class WhatsApp implements Channel {
  readonly kind = 'whatsapp';
  readonly can = WHATSAPP_CAPABILITIES;
  readonly #options: WhatsappOptions;
  readonly #connection: LinkedConnection;
  readonly #notes: Notes;
  readonly #staging: Staging;
  readonly #unreadable = createUnreadable();
  readonly #pace: Pace;
  #noteFates: NoteFates = () => undefined;
  #arrivals: Arrivals | undefined;

  constructor(options: WhatsappOptions) {
    const { store, staged, sent, lease, socketUrl, log, unlinking, notes, connection } = options;
    this.#options = options;
    this.#staging = new Staging(staged);
    this.#pace = createPace(options.perMinute);
    this.#notes = createNotes({ keeper: notes, log });
    this.#connection = new LinkedConnection({
      store,
      lease,
      staging: this.#staging,
      sent,
      log,
      unlinking,
      hasUnhandled: async () => (await staged.waiting(1)).length > 0,
      ...(socketUrl === undefined ? {} : { socketUrl }),
      ...connection,
      ...(options.arriving ? { arriving: options.arriving } : {}),
      onSocket: (socket) => this.#listen(socket),
      onStatus: (status) => this.#notes.became(status),
    });
  }

  async start(receive: Receive, noteFates: NoteFates = () => undefined): Promise<void> {
    this.#noteFates = noteFates;
    const { store, staged, lease, log } = this.#options;
    this.#arrivals = createArrivals({
      store,
      staged,
      log,
      whoIs: (jids) => this.#whoIs(jids),
      mayRun: () => lease.isHeld(),
      receive,
      arriving: this.#options.arriving ?? UNMARKED,
      onBegun: ({ jid }) => this.#showTyping(jid),
      onHandled: ({ jid, id }) => this.#markRead(jid, id),
    });
    // What was decrypted before a crash is handled by the process that holds the lease, connected or not.
    this.#arrivals.start();
    this.#notes.start();
    this.#connection.start();
  }

  async stop(): Promise<void> {
    this.#unreadable.stop();
    await this.#connection.stop();
    await this.#arrivals?.stop();
    await this.#notes.stop();
    await this.#options.lease.stop();
  }

  async send(address: string, message: OutgoingMessage, signal: AbortSignal): Promise<SendResult> {
    const { socket } = this.#connection;
    if (!socket) return NOT_CONNECTED;
    const { store, sent } = this.#options;
    const jid = await destinationOf(store, address);
    if (jid === undefined) return OTHER_PHONE;
    const wait = this.#pace.take(message.urgent === true);
    if (wait > 0)
      return { ok: false, reason: 'rate_limited', retryAfterSeconds: Math.ceil(wait / seconds(1)) };
    const messageId = messageIdOf(message.key);
    const timer = await timerOf(store, address);
    const up = message.voice && (await uploadVoice(socket, message.voice, signal));
    if (up?.ok === false) return up;
    // Before it leaves: the answer may be quicker than our commit.
    const first = await rememberMenu(store, address, { id: messageId, ...buttonsOf(message) });
    const expiration = timer ?? this.#options.disappearAfter;
    const parcel = up ? voiceOf(up.audio, expiration) : textOf(numbered(message, first), expiration);
    await sent.keep(messageId, proto.Message.encode(parcel.content).finish());
    const result = await sendOn(socket, jid, parcel, signal, messageId);
    this.#notes.sent(result);
    if (result.ok && timer === undefined) void this.#setsTimer(socket, address, jid);
    return result;
  }

  async edit(): Promise<SendResult> {
    return { ok: false, reason: 'rejected', code: 'no_edits' };
  }

  async retract(address: string, messageRef: string, signal: AbortSignal): Promise<SendResult> {
    const { socket } = this.#connection;
    if (!socket) return NOT_CONNECTED;
    const jid = await destinationOf(this.#options.store, address);
    if (jid === undefined) return OTHER_PHONE;
    return sendOn(socket, jid, retractionOf(jid, messageRef), signal);
  }

  async fetchFile({ ref, size }: IncomingFile, signal: AbortSignal): Promise<FetchResult> {
    if (size !== undefined && size > WHATSAPP_CAPABILITIES.maxFileBytes)
      return { ok: false, reason: 'too_big', code: 'too_big' };
    const content = contentOfRef(ref);
    const found = MEDIA.flatMap(([key, type]) => {
      const media = content[key];
      return media ? [{ media, type }] : [];
    })[0];
    if (!found) return { ok: false, reason: 'gone', code: 'no_media' };
    return fetchMedia(found.media, found.type, {
      maxBytes: WHATSAPP_CAPABILITIES.maxFileBytes,
      signal,
      patience: this.#options.filePatience,
    });
  }

  /** Another process has the socket. */
  maySend(): boolean {
    return this.#connection.status.is !== 'standby';
  }

  async probe(): Promise<string | undefined> {
    const { is } = this.#connection.status;
    // Another process has it, or there is no number: neither is for this one to ask.
    if (is === 'standby' || is === 'unlinked') return undefined;
    const { socket } = this.#connection;
    return socket ? answersPing(socket) : is;
  }

  health(): ChannelHealth {
    const { is, since, code, because } = this.#connection.status;
    if (is === 'unlinked') return { state: 'down', since, lastError: 'not_linked' };
    if (is === 'standby') return { state: 'up', since, isStandby: true };
    if (is === 'open' && this.#notes.isRestricted()) return { state: 'up', since, lastError: 'restricted' };
    const lastError = because ?? (code === undefined ? undefined : String(code));
    const state = is === 'open' ? 'up' : is === 'stopped' ? 'down' : 'starting';
    return { state, since, ...(lastError ? { lastError } : {}) };
  }

  #listen(socket: Socket): void {
    this.#notes.listen(socket);
    // Emitted after Baileys has decrypted, hence after it is staged.
    socket.ev.on('messages.upsert', ({ messages }) => {
      this.#arrivals?.nudge();
      for (const message of messages) this.#looksAt(message);
    });
    socket.ev.on('connection.update', ({ connection }: Partial<ConnectionState>) => {
      if (connection === 'open') this.#arrivals?.nudge();
    });
    socket.ev.on('messages.update', (updates) => this.#tellsFates(updates));
    socket.ws.on('CB:notification,type:encrypt', (notice: BinaryNode) => void this.#hearsOfKey(notice));
    socket.ev.on('call', (calls) => {
      for (const call of calls) void this.#declines(socket, call);
    });
  }

  /** A number that comes alone may be that of a person whose LID we have seen. */
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
    await this.#logged(this.#arrivals?.brings(from, id, content));
  }

  /** "The security code has changed": the account has been set up on another phone, or anew on this one. */
  async #hearsOfKey({ attrs, content }: BinaryNode): Promise<void> {
    const isOfKey = Array.isArray(content) && content.some(({ tag }) => tag === 'identity');
    if (isOfKey && isPerson(attrs.from)) await this.#logged(this.#arrivals?.leavesPhone(attrs));
  }

  async #logged(work: Promise<void> | undefined): Promise<void> {
    try {
      await work;
    } catch (error) {
      this.#options.log.warn('channel_failed', { channel: 'whatsapp', ...reduceError(error) });
    }
  }

  /** After the first answer to a person, which must not wait for it. If it fails it is set after the next one. */
  async #setsTimer(socket: Socket, address: string, jid: string): Promise<void> {
    const { store, disappearAfter, log } = this.#options;
    if (disappearAfter === 0) return;
    try {
      const signal = AbortSignal.timeout(TIMER_PATIENCE);
      const result = await sendOn(socket, jid, timerOfChat(disappearAfter), signal);
      if (result.ok) await rememberTimer(store, address, disappearAfter);
    } catch (error) {
      log.warn('channel_failed', { channel: 'whatsapp', ...reduceError(error) });
    }
  }

  /** One grey tick more, or the blue ones, under messages of ours. */
  #tellsFates(updates: BaileysEventMap['messages.update']): void {
    const fates = updates.flatMap(({ key, update }) => {
      const { DELIVERY_ACK, READ } = proto.WebMessageInfo.Status;
      if (!key.fromMe || !key.id || !update.status || update.status < DELIVERY_ACK) return [];
      const is = update.status >= READ ? ('read' as const) : ('delivered' as const);
      const at = new Date(Number(update.messageTimestamp ?? 0) * 1_000 || Date.now());
      return [{ channel: this.kind, messageRef: key.id, is, at } as const];
    });
    if (fates.length === 0) return;
    this.#noteFates(fates);
    this.#options.sent.arrived(fates.map(({ messageRef }) => messageRef)).catch((error: unknown) => {
      this.#options.log.warn('channel_failed', { channel: 'whatsapp', ...reduceError(error) });
    });
  }

  #showTyping(jid: string): void {
    this.#connection.socket?.sendPresenceUpdate('composing', jidNormalizedUser(jid)).catch(() => undefined);
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
