/**
 * What everybody sees: the chats of the fake, their messages, and the files that were sent.
 *
 * Emits `change` whenever a screen changes (a message arrives, is edited or deleted), so that tests wait for
 * events and never for time.
 */
import { EventEmitter } from 'node:events';
import type { Button, Chat, Json, User } from './wire.ts';

export type StoredMessage = {
  message_id: number;
  from: User;
  /** Seconds since 1970, as on the wire. */
  date: number;
  /** What is shown: text or caption. */
  text: string;
  rows: Button[][];
  silent: boolean;
  edited: boolean;
  deleted: boolean;
  /** Number of the change that last touched it: grows with every change in the whole fake. */
  changed: number;
  /** The message as the Bot API shows it, without `text` and `reply_markup`. */
  wire: Json;
};

export type Room = {
  chat: Chat;
  messages: StoredMessage[];
  /** The person blocked the bot. */
  blocked: boolean;
  /** A bot cannot write to a person who never wrote to it. */
  started: boolean;
  /** The account was deleted. */
  deactivated: boolean;
  /** The person takes voice notes only from their contacts. */
  takesNoVoice?: boolean;
};

export type StoredFile = { bytes: Uint8Array; path: string; size: number };

/** What a text can have beside it and is still one. */
const BESIDE_WORDS = ['entities', 'reply_to_message'];

export class Chats extends EventEmitter<{ change: [] }> {
  readonly rooms = new Map<number, Room>();
  readonly files = new Map<string, StoredFile>();
  changes = 0;
  readonly #now: () => number;
  #lastMessageId = 100;

  constructor(now: () => number) {
    super();
    this.setMaxListeners(0);
    this.#now = now;
  }

  open(chat: Chat, started: boolean): Room {
    const room: Room = { chat, messages: [], blocked: false, started, deactivated: false };
    this.rooms.set(chat.id, room);
    return room;
  }

  /** Seconds since 1970, as dates are told on the wire. */
  seconds(): number {
    return Math.floor(this.#now() / 1000);
  }

  add(room: Room, from: User, content: { text?: string; rows?: Button[][]; silent?: boolean; wire?: Json }) {
    this.#lastMessageId += 1;
    this.changes += 1;
    const message: StoredMessage = {
      message_id: this.#lastMessageId,
      from,
      date: this.seconds(),
      text: content.text ?? '',
      rows: content.rows ?? [],
      silent: content.silent ?? false,
      edited: false,
      deleted: false,
      changed: this.changes,
      wire: content.wire ?? {},
    };
    room.messages.push(message);
    this.emit('change');
    return message;
  }

  change(
    message: StoredMessage,
    to: { text?: string; rows?: Button[][]; wire?: Json; deleted?: true },
  ): void {
    this.changes += 1;
    message.changed = this.changes;
    if (to.text !== undefined) message.text = to.text;
    if (to.rows !== undefined) message.rows = to.rows;
    if (to.wire !== undefined) message.wire = to.wire;
    if (to.deleted) message.deleted = true;
    else message.edited = true;
    this.emit('change');
  }

  find(room: Room, messageId: number): StoredMessage | undefined {
    return room.messages.find((message) => message.message_id === messageId && !message.deleted);
  }

  /** Keeps a file; `size` may claim more than the bytes, so that big files cost a test nothing. */
  keep(fileId: string, path: string, bytes: Uint8Array, size = bytes.length): void {
    this.files.set(fileId, { bytes, path, size });
  }

  /** The message as Telegram would send it. */
  onWire(room: Room, message: StoredMessage): Json {
    const media = Object.keys(message.wire).some((key) => !BESIDE_WORDS.includes(key));
    const words = message.text === '' ? {} : { [media ? 'caption' : 'text']: message.text };
    return {
      message_id: message.message_id,
      from: message.from,
      chat: room.chat,
      date: message.date,
      ...(message.edited ? { edit_date: this.seconds() } : {}),
      ...message.wire,
      ...words,
      ...(message.rows.length > 0 ? { reply_markup: { inline_keyboard: message.rows } } : {}),
    };
  }
}
