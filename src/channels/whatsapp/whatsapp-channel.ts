/**
 * WhatsApp behind the port `Channel`, through Baileys.
 *
 * Invariants: a message is receipted only once it is in our store, and forgotten there only once it is handled
 * (`staging.ts`, `arrivals.ts`); one process at a time has the sockets; only people who wrote first are ever written to; what is
 * to leave from one of our numbers leaves from no other.
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
import { spacedPhoneNumber } from '../../kernel/phone-number.ts';
import { seconds } from '../../kernel/time.ts';
import {
  type Arriving,
  type Channel,
  type ChannelHealth,
  type FetchResult,
  type IncomingFile,
  type NoteFates,
  type NumberName,
  type OurNumber as NumberNow,
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
import { fetchMedia } from './media.ts';
import { buttonsOf, numbered, rememberMenu } from './menus.ts';
import { type NumberParts, OurNumber } from './our-number.ts';
import { destinationOf, isPerson, type Jids } from './people.ts';
import {
  isOf,
  messageIdOf,
  NOT_CONNECTED,
  retractionOf,
  sendOn,
  textOf,
  timerOfChat,
  voiceOf,
} from './sending.ts';
import type { Seat, SessionStore, StagedMessages } from './session-store.ts';
import { seatIn, seatOf } from './staging.ts';
import { createUnreadable } from './unreadable.ts';
import { uploadVoice } from './uploading.ts';

/** So long the timer of a chat may take to be set. */
const TIMER_PATIENCE = seconds(10);

/** The account is used from another phone now: the person who has that must prove who they are. */
const OTHER_PHONE: SendResult = { ok: false, reason: 'blocked' };

export type WhatsappOptions = {
  /** One for each seat in which a number can be linked, the first one first. */
  numbers: readonly [NumberParts, ...NumberParts[]];
  staged: StagedMessages;
  /** Seconds after which messages go from both phones, set once for each person; 0: never. */
  disappearAfter: number;
  /** Most messages a minute that this number sends, but for those that cannot wait. */
  perMinute: number;
  /** Of the process that holds the sockets: no other handles what came. */
  lease: { isHeld(): boolean; start(): Promise<void>; stop(): Promise<void> };
  /** Default: WhatsApp's own. */
  socketUrl?: string;
  log: Log;
  /** Default: nothing is marked. */
  arriving?: Arriving;
  /** How long a file may take; only tests bring their own. */
  filePatience?: Partial<Patience>;
  /** How the connection waits; only tests bring their own. */
  connection?: Pick<ConnectionParts, 'timing' | 'dice' | 'wait'> & { lookMs?: number };
};

/** Makes the channel. It waits, and leaves the leases of the numbers alone, until they are linked. */
export function createWhatsappChannel(options: WhatsappOptions): Channel {
  return new WhatsApp(options);
}

class WhatsApp implements Channel {
  readonly kind = 'whatsapp';
  readonly can = WHATSAPP_CAPABILITIES;
  readonly #options: WhatsappOptions;
  readonly #numbers: readonly OurNumber[];
  /** Who is who is one thing for all numbers: read and written through one store. */
  readonly #people: SessionStore;
  readonly #unreadable = createUnreadable();
  #noteFates: NoteFates = () => undefined;
  #arrivals: Arrivals | undefined;

  constructor(options: WhatsappOptions) {
    const { numbers, staged, perMinute, socketUrl, log, arriving, connection } = options;
    this.#options = options;
    this.#people = numbers[0].store;
    this.#numbers = numbers.map((parts) => {
      const number: OurNumber = new OurNumber(parts, {
        staged,
        perMinute,
        log,
        ...(socketUrl === undefined ? {} : { socketUrl }),
        ...connection,
        ...(arriving ? { arriving } : {}),
        onSocket: (socket) => this.#listen(number, socket),
      });
      return number;
    });
  }

  async start(receive: Receive, noteFates: NoteFates = () => undefined): Promise<void> {
    this.#noteFates = noteFates;
    const { staged, lease, log } = this.#options;
    this.#arrivals = createArrivals({
      people: this.#people,
      storeOf: (attrs) => this.#in(seatOf(attrs)).store,
      numberOf: async (attrs) => (await this.#in(seatOf(attrs)).named())?.name,
      staged,
      log,
      whoIs: (jids) => this.#whoIs(jids),
      mayRun: () => lease.isHeld(),
      receive,
      arriving: this.#options.arriving ?? UNMARKED,
      onBegun: (message) => this.#showTyping(message),
      onHandled: (message) => this.#markRead(message),
    });
    await lease.start();
    // What was decrypted before a crash is handled by the process that holds the lease, connected or not.
    this.#arrivals.start();
    for (const number of this.#numbers) number.start();
  }

  async stop(): Promise<void> {
    this.#unreadable.stop();
    await Promise.all(this.#numbers.map((number) => number.stop()));
    await this.#arrivals?.stop();
    await Promise.all(this.#numbers.map(({ notes }) => notes.stop()));
    await Promise.all(this.#options.numbers.map(({ lease }) => lease.stop()));
    await this.#options.lease.stop();
  }

  /** Nothing until it is known of each seat what is linked there, and while a command holds one of them. */
  numbers(): readonly NumberNow[] {
    if (!this.#numbers.every(({ isSettled }) => isSettled)) return [];
    return this.#numbers.flatMap((number) => {
      const { known } = number;
      if (!known) return [];
      return { name: known.name, shown: spacedPhoneNumber(`+${known.digits}`), health: number.health() };
    });
  }

  async send(address: string, message: OutgoingMessage, signal: AbortSignal): Promise<SendResult> {
    const number = this.#from(message.from);
    const socket = number?.socket;
    if (!number || !socket) return NOT_CONNECTED;
    const { store, sent, pace, notes } = number;
    const jid = await destinationOf(this.#people, address);
    if (jid === undefined) return OTHER_PHONE;
    const wait = pace.take(message.urgent === true);
    if (wait > 0)
      return { ok: false, reason: 'rate_limited', retryAfterSeconds: Math.ceil(wait / seconds(1)) };
    const messageId = messageIdOf(message.key, (await number.named())?.name);
    const timer = await timerOf(store, address);
    const up = message.voice && (await uploadVoice(socket, message.voice, signal));
    if (up?.ok === false) return up;
    // Before it leaves: the answer may be quicker than our commit.
    const first = await rememberMenu(store, address, { id: messageId, ...buttonsOf(message) });
    const expiration = timer ?? this.#options.disappearAfter;
    const parcel = up ? voiceOf(up.audio, expiration) : textOf(numbered(message, first), expiration);
    await sent.keep(messageId, proto.Message.encode(parcel.content).finish());
    const result = await sendOn(socket, jid, parcel, signal, messageId);
    notes.sent(result);
    if (result.ok && timer === undefined) void this.#setsTimer(store, socket, address, jid);
    return result;
  }

  async edit(): Promise<SendResult> {
    return { ok: false, reason: 'rejected', code: 'no_edits' };
  }

  async retract(address: string, messageRef: string, signal: AbortSignal): Promise<SendResult> {
    const number = this.#sayer(messageRef);
    if (!number) return { ok: false, reason: 'rejected', code: 'other_number' };
    if (!number.socket) return NOT_CONNECTED;
    const jid = await destinationOf(this.#people, address);
    if (jid === undefined) return OTHER_PHONE;
    return sendOn(number.socket, jid, retractionOf(jid, messageRef), signal);
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

  /** Another process has the sockets. */
  maySend(): boolean {
    const linked = this.#numbers.filter(({ isLinked }) => isLinked);
    return linked.length === 0 || linked.some(({ status }) => status.is !== 'standby');
  }

  async probe(): Promise<string | undefined> {
    // Another process has it, or there is no number: neither is for this one to ask.
    const ours = this.#numbers.filter(({ status: { is } }) => is !== 'standby' && is !== 'unlinked');
    const open = ours.find(({ socket }) => socket);
    return open?.socket
      ? answersPing(open.socket)
      : (ours.find(({ isLinked }) => isLinked) ?? ours[0])?.status.is;
  }

  /** Of the number that works best: what has become of each is told by `numbers`. */
  health(): ChannelHealth {
    const linked = this.#numbers.filter(({ isLinked }) => isLinked);
    const all = (linked.length > 0 ? linked : this.#numbers.slice(0, 1)).map((number) => number.health());
    const [best] = all.toSorted((a, b) => rankOf(a) - rankOf(b));
    if (!best) throw new Error('a channel has a seat for a number');
    return best;
  }

  #in(seat: Seat): OurNumber {
    const [first, ...others] = this.#numbers;
    const number = others.find((each) => each.seat === seat) ?? first;
    if (!number) throw new Error('a channel has a seat for a number');
    return number;
  }

  /** The number of this name; without one, the first that is connected. */
  #from(name?: NumberName): OurNumber | undefined {
    if (name !== undefined) return this.#numbers.find(({ known }) => known?.name === name);
    return this.#numbers.find(({ socket }) => socket) ?? this.#numbers[0];
  }

  /** Only the number that said it can take it back; what was said before numbers had marks is of the one that is linked. */
  #sayer(messageRef: string): OurNumber | undefined {
    const linked = this.#numbers.filter(({ isLinked }) => isLinked);
    const found = linked.find(({ known }) => known && isOf(messageRef, known.name));
    return found ?? (linked.length > 1 ? undefined : (linked[0] ?? this.#numbers[0]));
  }

  #listen(number: OurNumber, socket: Socket): void {
    number.notes.listen(socket);
    const seat = seatIn(number.seat);
    // Emitted after Baileys has decrypted, hence after it is staged.
    socket.ev.on('messages.upsert', ({ messages }) => {
      this.#arrivals?.nudge();
      for (const message of messages) this.#looksAt(message, seat);
    });
    socket.ev.on('connection.update', ({ connection }: Partial<ConnectionState>) => {
      if (connection === 'open') this.#arrivals?.nudge();
    });
    socket.ev.on('messages.update', (updates) => this.#tellsFates(number, updates));
    socket.ws.on('CB:notification,type:encrypt', (notice: BinaryNode) => void this.#hearsOfKey(notice));
    socket.ev.on('call', (calls) => {
      for (const call of calls) void this.#declines(socket, call, seat);
    });
  }

  /** A number that comes alone may be that of a person whose LID we have seen. */
  async #whoIs(jids: Jids): Promise<Jids> {
    const { lid, number } = jids;
    if (lid || !number) return jids;
    for (const { store, socket } of this.#numbers) {
      const found =
        (await lidOfNumber(store, number)) ?? (await socket?.signalRepository.lidMapping.getLIDForPN(number));
      if (found) return { number, lid: jidNormalizedUser(found) };
    }
    return jids;
  }

  /** Nobody picks up: the caller is told how to get help. */
  async #declines(socket: Socket, { id, from, status, isGroup }: WACallEvent, seat: Attrs): Promise<void> {
    if (status !== 'offer' || isGroup || !isPerson(from)) return;
    await this.#brings({ from, ...seat }, `call-${id}`, { kind: 'unsupported', what: 'call' });
    await socket.rejectCall(id, from).catch(() => undefined);
  }

  /** What holds no message was never staged: it could not be decrypted, or is kept from linked devices. */
  #looksAt(message: Upserted, seat: Attrs): void {
    const { remoteJid: from, remoteJidAlt, id, fromMe } = message.key;
    if (fromMe || !id || !from || !isPerson(from)) return;
    if (message.message) this.#unreadable.wasRead(id);
    const content = message.message ? null : contentOf(message);
    if (!content) return;
    const sender = { from, ...(remoteJidAlt ? { sender_pn: remoteJidAlt } : {}), ...seat };
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
  async #setsTimer(store: SessionStore, socket: Socket, address: string, jid: string): Promise<void> {
    const { disappearAfter, log } = this.#options;
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
  #tellsFates(number: OurNumber, updates: BaileysEventMap['messages.update']): void {
    const fates = updates.flatMap(({ key, update }) => {
      const { DELIVERY_ACK, READ } = proto.WebMessageInfo.Status;
      if (!key.fromMe || !key.id || !update.status || update.status < DELIVERY_ACK) return [];
      const is = update.status >= READ ? ('read' as const) : ('delivered' as const);
      const at = new Date(Number(update.messageTimestamp ?? 0) * 1_000 || Date.now());
      return [{ channel: this.kind, messageRef: key.id, is, at } as const];
    });
    if (fates.length === 0) return;
    this.#noteFates(fates);
    number.sent.arrived(fates.map(({ messageRef }) => messageRef)).catch((error: unknown) => {
      this.#options.log.warn('channel_failed', { channel: 'whatsapp', ...reduceError(error) });
    });
  }

  #showTyping({ from, attrs }: Handled): void {
    this.#in(seatOf(attrs))
      .socket?.sendPresenceUpdate('composing', jidNormalizedUser(from))
      .catch(() => undefined);
  }

  /** Two blue ticks: it is committed. Nice to have. */
  #markRead({ from, id, attrs }: Handled & { id: string }): void {
    this.#in(seatOf(attrs))
      .socket?.readMessages([{ remoteJid: from, id, fromMe: false }])
      .catch(() => undefined);
  }
}

/** What is connected and not restricted comes first, then what is only connected, then what tries. */
function rankOf({ state, lastError, isStandby }: ChannelHealth): number {
  if (isStandby) return 2.5;
  if (state === 'up') return lastError ? 1 : 0;
  return state === 'starting' ? 2 : 3;
}

type Attrs = ReturnType<typeof seatIn>;
type Handled = { from: string; attrs: Attrs };

const MEDIA = [
  ['audioMessage', 'audio'],
  ['imageMessage', 'image'],
  ['videoMessage', 'video'],
  ['documentMessage', 'document'],
] as const;

type Upserted = BaileysEventMap['messages.upsert']['messages'][number];
