/**
 * What a person's phone does by itself: it seals and opens messages, says when they arrived, asks again for what
 * it cannot read and sends again what the bot could not.
 */
import type { proto } from '@whiskeysockets/baileys';
import type { Account } from './account.ts';
import type { Changes } from './changes.ts';
import { Device } from './device.ts';
import type { MediaHost } from './media.ts';
import { type Shown, show } from './messages.ts';
import { type Attributes, child, children, type Stanza, stanza } from './wire.ts';

export type Sent = { id: string };

export type Surroundings = { account: Account; changes: Changes; media: MediaHost; now: () => number };

export type Identity = { name: string; number: string; lidUser: string };

type Letter = { message: proto.IMessage; attributes: Attributes };

/** How often a message is asked for or sent again. */
const TRIES = 3;

export class Phone {
  readonly name: string;
  readonly number: string;
  readonly lidUser: string;
  readonly media: MediaHost;
  readonly now: () => number;
  /** Ticks under her messages: what the bot reported of them. */
  readonly ticks = new Map<string, Set<'delivered' | 'read'>>();
  readonly rejected = new Set<string>();
  /** What the bot is doing in this chat, as it last told. */
  botState = 'paused';
  lastAct = 0;
  device = new Device();
  #addressing: 'number' | 'lid' = 'lid';
  #hidesOther = false;
  #isOn = true;
  #blocksBot = false;
  #account: Account;
  readonly #changes: Changes;
  readonly #shown: Shown[] = [];
  readonly #letters = new Map<string, Letter>();
  readonly #retries = new Map<string, number>();
  readonly #undelivered: { message: Stanza; account: Account }[] = [];

  constructor({ name, number, lidUser }: Identity, { account, changes, media, now }: Surroundings) {
    this.name = name;
    this.number = number;
    this.lidUser = lidUser;
    this.media = media;
    this.now = now;
    this.#account = account;
    this.#changes = changes;
  }

  get jid(): string {
    return this.#jidBy(this.#addressing);
  }

  /** The other of her two addresses, unless WhatsApp keeps it back. */
  get otherJid(): string | undefined {
    return this.#hidesOther ? undefined : this.#jidBy(this.#addressing === 'lid' ? 'number' : 'lid');
  }

  #jidBy(by: 'number' | 'lid'): string {
    return by === 'lid' ? `${this.lidUser}@lid` : `${this.number}@s.whatsapp.net`;
  }

  /** The bot as this person addresses it. */
  botJid(): string {
    return this.#account.jid(this.#addressing, 0);
  }

  /** Whom she writes to from now on: another number of the bot. */
  writesTo(account: Account): void {
    this.#account = account;
  }

  /** Which address WhatsApp puts on her messages from now on, and whether it tells the other one too. */
  isAddressedBy(by: 'number' | 'lid', { alone = false }: { alone?: boolean } = {}): void {
    this.#addressing = by;
    this.#hidesOther = alone;
  }

  owns(user: string): boolean {
    return user === this.number || user === this.lidUser;
  }

  /** No network: nothing arrives, nothing is reported. */
  turnsOff(): void {
    this.#isOn = false;
  }

  async turnsOn(): Promise<void> {
    this.#isOn = true;
    for (const { message, account } of this.#undelivered.splice(0)) await this.receives(message, account);
  }

  /** The bot gets one tick and no second one; what it sends now never arrives. */
  blocks(): void {
    this.#blocksBot = true;
  }

  unblocks(): void {
    this.#blocksBot = false;
  }

  /** Her phone lost its keys for the bot: the next message cannot be read and is asked for again. */
  async losesSession(): Promise<void> {
    await this.device.forgets(this.#bot());
  }

  /** A new phone with the same number: new keys, and the bot is told that they changed. */
  reinstalls(): void {
    this.device.close();
    this.device = new Device();
    const notice = stanza('notification', {
      from: this.jid,
      id: `identity-${this.#changes.count}`,
      type: 'encrypt',
    });
    this.posts({ ...notice, content: [stanza('identity')] });
  }

  /** The same message sealed anew under its old id. */
  async sendsAgain(sent: Sent): Promise<void> {
    await this.#seal(sent.id);
  }

  /** Her side of the chat, oldest first; what was deleted is marked so. */
  shown(): Shown[] {
    return this.#shown;
  }

  keyOf(sent: Sent): proto.IMessageKey {
    return { remoteJid: this.botJid(), fromMe: true, id: sent.id };
  }

  seconds(): string {
    return String(Math.floor(this.now() / 1000));
  }

  until<T>(what: string, within: number | undefined, look: () => T | false | undefined): Promise<T> {
    const otherwise = () => {
      const lines = this.#shown.map(
        ({ fromBot, text, id }) => `  ${fromBot ? 'bot' : this.name}: ${text || id}`,
      );
      return `${this.name} did not see ${what}. The screen:\n${lines.join('\n')}`;
    };
    return this.#changes.until(look, otherwise, within);
  }

  /** The sender of a message to the bot. */
  envelope(): Attributes {
    const other = this.#addressing === 'lid' ? 'sender_pn' : 'sender_lid';
    const mode = this.#addressing === 'lid' ? 'lid' : 'pn';
    const t = this.seconds();
    return { from: this.jid, [other]: this.otherJid, addressing_mode: mode, notify: this.name, t };
  }

  /** Hands WhatsApp something for the bot. */
  posts(mail: Stanza): Sent {
    this.lastAct = this.#changes.count;
    this.#account.deliver(mail);
    this.#changes.changed();
    return { id: mail.attrs.id ?? '' };
  }

  /** Something that is only heard by who is there. */
  tells(said: Stanza): void {
    if (this.#account.active) this.#account.line?.send(said);
  }

  async writes(id: string, message: proto.IMessage, attributes: Attributes): Promise<Sent> {
    this.#letters.set(id, { message, attributes });
    show(this.#shown, id, false, message, this.#changes.count);
    return await this.#seal(id);
  }

  async #seal(id: string, count?: number): Promise<Sent> {
    const letter = this.#letters.get(id);
    if (!letter) throw new Error(`${this.name} never sent ${id}`);
    const bot = this.#bot();
    if (!(await this.device.knows(bot))) await this.device.meets(bot, this.#account.bundle());
    const enc = await this.device.encrypts(bot, letter.message, count);
    return this.posts(stanza('message', { ...this.envelope(), ...letter.attributes, id }, [enc]));
  }

  /** A message of the bot, with the one `<enc>` that is for this phone. */
  async receives(message: Stanza, account = this.#account): Promise<void> {
    if (this.#blocksBot) return;
    if (!this.#isOn) return void this.#undelivered.push({ message, account });
    const id = message.attrs.id ?? '';
    const enc = child(message, 'enc');
    try {
      if (!enc) throw new Error('nothing to read');
      if (enc.attrs.type === 'pkmsg' && !child(message, 'device-identity'))
        throw new Error('whose device is this?');
      const said = await this.device.decrypts(account.jid('lid'), enc);
      this.#changes.count += 1;
      show(this.#shown, id, true, said, this.#changes.count, account.number);
      this.reports(undefined, [{ id }], account);
    } catch {
      await this.#asksAgain(id, account);
    }
    this.#changes.changed();
  }

  /** Receipts: arrived (no type) or read. */
  reports(type: 'read' | undefined, messages: { id: string }[], account = this.#account): void {
    const [first, ...rest] = messages;
    if (!first) return;
    const list = stanza(
      'list',
      {},
      rest.map(({ id }) => stanza('item', { id })),
    );
    const content = rest.length > 0 ? [list] : undefined;
    const attributes = { from: this.jid, id: first.id, type, t: this.seconds() };
    account.deliver(stanza('receipt', attributes, content));
  }

  /** What the bot reports of her messages, or asks for again. */
  async hears(receipt: Stanza): Promise<void> {
    const { id = '', type } = receipt.attrs;
    if (type === 'retry') return await this.#sendsForRetry(id, receipt);
    const ids = [id, ...children(child(receipt, 'list')).map(({ attrs }) => attrs.id ?? '')];
    for (const each of ids) {
      const ticks = this.ticks.get(each) ?? new Set();
      this.ticks.set(each, ticks.add(type === 'read' ? 'read' : 'delivered'));
    }
    this.#changes.changed();
  }

  /** The retry receipt of a message that could not be read, with keys for a new session. */
  async #asksAgain(id: string, account: Account): Promise<void> {
    const count = (this.#retries.get(id) ?? 0) + 1;
    if (count > TRIES) return;
    this.#retries.set(id, count);
    const [registration, ...keys] = await this.device.bundle();
    const t = this.seconds();
    account.deliver(
      stanza('receipt', { from: this.jid, id, type: 'retry', t }, [
        stanza('retry', { count: String(count), id, t, v: '1' }),
        registration,
        stanza('keys', {}, keys),
      ]),
    );
  }

  async #sendsForRetry(id: string, receipt: Stanza): Promise<void> {
    const count = Number(child(receipt, 'retry')?.attrs.count ?? 1);
    if (count > TRIES || !this.#letters.has(id)) return;
    const keys = children(child(receipt, 'keys'));
    const registration = child(receipt, 'registration');
    const bundle = keys.length > 0 && registration ? [registration, ...keys] : this.#account.bundle();
    await this.device.meets(this.#bot(), bundle);
    await this.#seal(id, count);
  }

  /** One session with the bot, under whatever address they speak. */
  #bot(): string {
    return this.#account.jid('lid');
  }
}
