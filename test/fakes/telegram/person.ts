/**
 * A person with a phone, for tests that read like a story:
 *
 *     const awa = telegram.person('Awa');
 *     await awa.says('SOS');
 *     await awa.presses('Take');
 *     await awa.seesText(/received/);
 *
 * Waiting is for events, with a deadline that fails with what she has on her screen.
 */
import { WITHIN } from '../within.ts';
import type { Chats, Room, StoredMessage } from './chats.ts';
import type { Updates } from './updates.ts';
import type { Button, Chat, Json, User } from './wire.ts';

export type Seeing = {
  /** Milliseconds before it fails; default 30 000. */
  within?: number;
  /** How many such messages; default 1. */
  times?: number;
  /** Count the whole screen, not only what arrived or changed since the person last did something. */
  ever?: boolean;
  /** Only a message with buttons beneath: the last one of a long text. */
  buttons?: boolean;
};

export type Sent = { message_id: number; update_id: number | undefined };

type FileOptions = {
  caption?: string;
  /** What Telegram tells as size, when it should differ from the bytes. */
  size?: number;
  name?: string;
  mediaType?: string;
  seconds?: number;
  /** Photos of one album have the same. */
  album?: string;
};

export class Person {
  readonly user: User;
  readonly room: Room;
  readonly #bot: User;
  readonly #chats: Chats;
  readonly #updates: Updates;
  #lastAct = 0;

  constructor(user: User, bot: User, chats: Chats, updates: Updates) {
    this.user = user;
    this.#bot = bot;
    this.#chats = chats;
    this.#updates = updates;
    const chat: Chat = { id: user.id, type: 'private', first_name: user.first_name };
    this.room = chats.open(user.username ? { ...chat, username: user.username } : chat, false);
  }

  get id(): number {
    return this.user.id;
  }

  /** Sends a text. Resolves when Telegram has it, not when the bot has handled it. */
  async says(text: string): Promise<Sent> {
    return this.#send({ text });
  }

  /** Says something in a group. */
  async saysIn(group: Room, text: string): Promise<Sent> {
    return this.#send({ text, wire: entities(text) }, group);
  }

  /** Changes an earlier message of this person: its words, or its wire part (a position shared live). */
  async edits(sent: Sent, to: string | Json): Promise<void> {
    const message = this.#chats.find(this.room, sent.message_id);
    if (!message) throw new Error(`${this.user.first_name} has no message ${sent.message_id} to edit`);
    this.#acts();
    this.#chats.change(message, typeof to === 'string' ? { text: to } : { wire: to });
    this.#updates.push('edited_message', this.#chats.onWire(this.room, message));
  }

  /** Presses the button whose label contains `label`, in the newest message that has one; waits for it. */
  async presses(label: string, options: Seeing = {}): Promise<void> {
    const { message, button } = await this.#until(`a button “${label}”`, options, () => this.#button(label));
    await this.pressesData(String(button.callback_data), message);
  }

  /** Presses a button by its data: also one that is no longer there, or whose message is gone. */
  async pressesData(data: string, message?: StoredMessage): Promise<void> {
    this.#acts();
    const shown = message && !message.deleted ? this.#chats.onWire(this.room, message) : undefined;
    this.#updates.push('callback_query', {
      id: String(1000 + this.#chats.changes),
      from: this.user,
      message: shown ?? { chat: this.room.chat, message_id: message?.message_id ?? 1, date: 0 },
      chat_instance: String(this.user.id),
      data,
    });
  }

  async sendsVoice(bytes: Uint8Array, options: FileOptions = {}): Promise<Sent> {
    const mime_type = options.mediaType ?? 'audio/ogg';
    return this.#sendFile('voice', 'voice/file.oga', bytes, options, {
      duration: options.seconds ?? 3,
      mime_type,
    });
  }

  async sendsVideo(bytes: Uint8Array, options: FileOptions = {}): Promise<Sent> {
    const more = {
      duration: options.seconds ?? 3,
      mime_type: options.mediaType ?? 'video/mp4',
      width: 640,
      height: 360,
    };
    return this.#sendFile('video', 'videos/file.mp4', bytes, options, more);
  }

  async sendsDocument(bytes: Uint8Array, options: FileOptions = {}): Promise<Sent> {
    const more = { file_name: options.name ?? 'note.pdf', mime_type: options.mediaType ?? 'application/pdf' };
    return this.#sendFile('document', 'documents/file.pdf', bytes, options, more);
  }

  /** A photo, with the small copies that Telegram makes of it. */
  async sendsPhoto(bytes: Uint8Array, options: FileOptions = {}): Promise<Sent> {
    const big = this.#keep('photo', 'photos/file.jpg', bytes, options.size);
    const small = this.#keep('photo', 'photos/small.jpg', bytes.subarray(0, 8));
    const photo = [
      { ...small, width: 90, height: 51 },
      { ...big, width: 1280, height: 720 },
    ];
    const group = options.album ? { media_group_id: options.album } : {};
    return this.#send({ text: options.caption ?? '', wire: { photo, ...group } });
  }

  async sendsLocation(latitude: number, longitude: number): Promise<Sent> {
    return this.#send({ text: '', wire: { location: { latitude, longitude } } });
  }

  /** A place with its name and address; `location` comes twice, as Telegram has it. */
  async sendsVenue(latitude: number, longitude: number, title: string, address: string): Promise<Sent> {
    const location = { latitude, longitude };
    return this.#send({ text: '', wire: { venue: { location, title, address }, location } });
  }

  /** Writes in reply to a message, which comes with it whole, but for what that one replied to. */
  async quotes(text: string, messageId: number): Promise<Sent> {
    const quoted = this.#chats.find(this.room, messageId);
    if (!quoted) throw new Error(`${this.user.first_name} has no message ${messageId} to quote`);
    const { reply_to_message: _, ...reply_to_message } = this.#chats.onWire(this.room, quoted);
    return this.#send({ text, wire: { reply_to_message } });
  }

  /** Anything else, as its wire part: `awa.sends({ sticker: {…} })`. */
  async sends(wire: Json): Promise<Sent> {
    return this.#send({ text: '', wire });
  }

  /** Reacts to the newest message of the bot. */
  async reacts(emoji: string): Promise<void> {
    const message = this.shown().findLast((candidate) => candidate.from.id === this.#bot.id);
    this.#acts();
    this.#updates.push('message_reaction', {
      chat: this.room.chat,
      message_id: message?.message_id ?? 1,
      user: this.user,
      date: this.#chats.seconds(),
      old_reaction: [],
      new_reaction: [{ type: 'emoji', emoji }],
    });
  }

  async blocks(): Promise<void> {
    this.#member('member', 'kicked');
    this.room.blocked = true;
  }

  async unblocks(): Promise<void> {
    this.room.blocked = false;
    this.#member('kicked', 'member');
  }

  /** What is on the screen now, newest last, edits and deletions applied. */
  shown(): StoredMessage[] {
    return this.room.messages.filter((message) => !message.deleted);
  }

  /** The screen as text, one line a message; buttons in brackets. */
  screen(): string[] {
    return this.shown().map((message) => {
      const who = message.from.id === this.#bot.id ? 'bot' : message.from.first_name;
      const what = message.text || `(${Object.keys(message.wire)[0] ?? 'empty'})`;
      const buttons = message.rows.flat().map((button) => ` [${button.text}]`);
      return `${who}: ${what}${buttons.join('')}`;
    });
  }

  /** Resolves with the newest message of the bot that says this, once there is one. */
  async seesText(pattern: RegExp | string, options: Seeing = {}): Promise<StoredMessage> {
    const matches = (text: string) =>
      typeof pattern === 'string' ? text.includes(pattern) : pattern.test(text);
    return await this.#until(String(pattern), options, () => {
      const found = this.shown().filter(
        (message) =>
          message.from.id === this.#bot.id &&
          (options.ever || message.changed > this.#lastAct) &&
          (!options.buttons || message.rows.length > 0) &&
          matches(message.text),
      );
      return found.length >= (options.times ?? 1) ? found.at(-1) : undefined;
    });
  }

  /** Resolves with the newest voice note of the bot, once there is one. */
  async hears(options: Seeing = {}): Promise<{ id: number; bytes: Uint8Array; seconds: number }> {
    const { message_id, wire } = await this.#until('a voice note', options, () =>
      this.shown().findLast(
        ({ from, changed, wire }) =>
          from.id === this.#bot.id && (options.ever || changed > this.#lastAct) && 'voice' in wire,
      ),
    );
    const { file_id, duration } = wire.voice as { file_id: string; duration: number };
    const file = this.#chats.files.get(file_id);
    if (!file) throw new Error(`no file ${file_id}`);
    return { id: message_id, bytes: file.bytes, seconds: duration };
  }

  #button(label: string): { message: StoredMessage; button: Button } | undefined {
    const wanted = label.toLowerCase();
    for (const message of this.shown().toReversed()) {
      const button = message.rows.flat().find((candidate) => candidate.text.toLowerCase().includes(wanted));
      if (button) return { message, button };
    }
    return undefined;
  }

  async #until<T>(what: string, { within = WITHIN }: Seeing, look: () => T | undefined): Promise<T> {
    const now = look();
    if (now !== undefined) return now;
    return await new Promise<T>((resolve, reject) => {
      const settle = () => {
        clearTimeout(timer);
        this.#chats.off('change', again);
      };
      const again = () => {
        const found = look();
        if (found === undefined) return;
        settle();
        resolve(found);
      };
      const timer = setTimeout(() => {
        settle();
        const screen = this.screen().map((line) => `  ${line}`);
        reject(
          new Error(
            `${this.user.first_name} did not see ${what} within ${within} ms. The screen:\n${screen.join('\n')}`,
          ),
        );
      }, within);
      this.#chats.on('change', again);
    });
  }

  #acts(): void {
    this.#lastAct = this.#chats.changes;
  }

  #send(content: { text: string; wire?: Json }, room = this.room): Sent {
    room.started = true;
    const message = this.#chats.add(room, this.user, content);
    this.#acts();
    const update_id = this.#updates.push('message', this.#chats.onWire(room, message));
    return { message_id: message.message_id, update_id };
  }

  #keep(kind: string, path: string, bytes: Uint8Array, size?: number): Json {
    const number = this.#chats.files.size + 1;
    const file_id = `${kind}-${number}`;
    this.#chats.keep(file_id, path.replace('.', `_${number}.`), bytes, size);
    return { file_id, file_unique_id: `u-${file_id}`, file_size: size ?? bytes.length };
  }

  #sendFile(kind: string, path: string, bytes: Uint8Array, options: FileOptions, more: Json): Sent {
    const file = { ...this.#keep(kind, path, bytes, options.size), ...more };
    return this.#send({ text: options.caption ?? '', wire: { [kind]: file } });
  }

  #member(from: string, to: string): void {
    this.#acts();
    this.#updates.push('my_chat_member', {
      chat: this.room.chat,
      from: this.user,
      date: this.#chats.seconds(),
      old_chat_member: { user: this.#bot, status: from },
      new_chat_member: { user: this.#bot, status: to, ...(to === 'kicked' ? { until_date: 0 } : {}) },
    });
  }
}

/** Commands and mentions as Telegram marks them. */
function entities(text: string): Json {
  const found = [...text.matchAll(/(^|\s)([/@][\w@]+)/g)].map((match) => ({
    type: match[2]?.startsWith('/') ? 'bot_command' : 'mention',
    offset: match.index + (match[1]?.length ?? 0),
    length: match[2]?.length ?? 0,
  }));
  return found.length > 0 ? { entities: found } : {};
}
