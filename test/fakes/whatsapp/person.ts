/**
 * A person with a phone, for tests that read like a story:
 *
 *     const awa = whatsapp.person('Awa');
 *     await awa.says('SOS');
 *     await awa.seesText(/received/);
 *     awa.isAddressedBy('number');
 *
 * The phone is a Signal device: what it sends only the bot can read, what the bot sends only it can.
 * Waiting is for events, with a deadline that fails with what she has on her screen.
 */
import { createCipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { proto } from '@whiskeysockets/baileys';
import type { MediaKind } from './media.ts';
import { disappearing, type FileOptions, fileMessage, type Shown } from './messages.ts';
import { Phone, type Sent } from './phone.ts';
import { stanza } from './wire.ts';

export type Seeing = {
  /** Milliseconds before it fails; default 30 000. */
  within?: number;
  /** How many such messages; default 1. */
  times?: number;
  /** Count the whole screen, not only what arrived or changed since the person last did something. */
  ever?: boolean;
};

const { Type } = proto.Message.ProtocolMessage;
const newId = () => `3A${randomBytes(9).toString('hex').toUpperCase()}`;

/** HKDF-SHA-256 over the message's secret without salt, AES-256-GCM without further data. */
function sealedEdit(plain: Uint8Array, secret: Uint8Array, info: string) {
  const encIv = randomBytes(12);
  const key = Buffer.from(hkdfSync('sha256', secret, Buffer.alloc(0), info, 32));
  const sealing = createCipheriv('aes-256-gcm', key, encIv);
  const sealed = [sealing.update(plain), sealing.final()];
  return { encIv, encPayload: Buffer.concat([...sealed, sealing.getAuthTag()]) };
}

export class Person extends Phone {
  #expiration = 0;
  /** What came with each message, for sealing edits of it. */
  readonly #secrets = new Map<string, Uint8Array>();

  /** Sends a text. Resolves when WhatsApp has it, not when the bot has handled it. */
  says(text: string): Promise<Sent> {
    return this.sends({ conversation: text });
  }

  /** Answers one message with another: the newest of the bot, or a given one. */
  async quotes(text: string, quoted = this.newest()): Promise<Sent> {
    const contextInfo = { stanzaId: quoted.id, quotedMessage: quoted.content };
    return this.sends({ extendedTextMessage: { text, contextInfo } });
  }

  sendsVoice(bytes: Uint8Array, options: FileOptions = {}): Promise<Sent> {
    return this.#sendsFile('audio', bytes, options);
  }

  sendsVideo(bytes: Uint8Array, options: FileOptions = {}): Promise<Sent> {
    return this.#sendsFile('video', bytes, options);
  }

  sendsDocument(bytes: Uint8Array, options: FileOptions = {}): Promise<Sent> {
    return this.#sendsFile('document', bytes, options);
  }

  sendsPhoto(bytes: Uint8Array, options: FileOptions = {}): Promise<Sent> {
    return this.#sendsFile('image', bytes, options);
  }

  sendsLocation(
    degreesLatitude: number,
    degreesLongitude: number,
    beside: { name?: string; address?: string; comment?: string } = {},
  ): Promise<Sent> {
    return this.sends({ locationMessage: { degreesLatitude, degreesLongitude, ...beside } });
  }

  /** A contact of her phone's list, as WhatsApp writes it. */
  sendsContact(displayName: string, number: string): Promise<Sent> {
    const tel = `item1.TEL;waid=${number.replace(/\D/g, '')}:${number}`;
    const vcard = [
      'BEGIN:VCARD',
      'VERSION:3.0',
      `N:;${displayName};;;`,
      `FN:${displayName}`,
      tel,
      'END:VCARD',
    ];
    return this.sends({ contactMessage: { displayName, vcard: vcard.join('\n') } });
  }

  /** Writes in a group that the bot was put into. */
  saysInGroup(group = '120363000000000000@g.us'): Sent {
    const enc = { ...stanza('enc', { type: 'skmsg', v: '2' }), content: randomBytes(64) };
    const envelope = { ...this.envelope(), from: group, participant: this.jid, id: newId(), type: 'text' };
    return this.posts(stanza('message', envelope, [enc]));
  }

  /** Anything else, as its wire part: `awa.sends({ stickerMessage: {…} })`. */
  sends(message: proto.IMessage, type = 'text'): Promise<Sent> {
    const id = newId();
    const messageSecret = randomBytes(32);
    this.#secrets.set(id, messageSecret);
    const wrapped = this.#expiration > 0 ? disappearing(message, this.#expiration) : message;
    return this.writes(id, { ...wrapped, messageContextInfo: { messageSecret } }, { type });
  }

  /** Changes an earlier message as new phones do it: sealed with the secret that came with that message. */
  async editsSealed(sent: Sent, text: string): Promise<Sent> {
    const secret = this.#secrets.get(sent.id) ?? randomBytes(32);
    const protocolMessage = {
      type: Type.MESSAGE_EDIT,
      key: this.keyOf(sent),
      editedMessage: { conversation: text },
      timestampMs: this.now(),
    };
    const plain = proto.Message.encode({ protocolMessage }).finish();
    const secretEncryptedMessage = {
      targetMessageKey: this.keyOf(sent),
      secretEncType: proto.Message.SecretEncryptedMessage.SecretEncType.MESSAGE_EDIT,
      ...sealedEdit(plain, secret, `${sent.id}${this.jid}${this.jid}Message Edit`),
    };
    return this.writes(newId(), { secretEncryptedMessage }, { type: 'text', edit: '1' });
  }

  /** Changes an earlier message of this person: its words, or those under a photo. */
  async edits(sent: Sent, text: string): Promise<void> {
    const isPhoto = this.shown().some(({ id, content }) => id === sent.id && content.imageMessage);
    const editedMessage = isPhoto ? { imageMessage: { caption: text } } : { conversation: text };
    const key = this.keyOf(sent);
    const timestampMs = this.now();
    const protocolMessage = { type: Type.MESSAGE_EDIT, key, editedMessage, timestampMs };
    await this.writes(
      newId(),
      { editedMessage: { message: { protocolMessage } } },
      { type: 'text', edit: '1' },
    );
  }

  /** Deletes an earlier message for everyone. */
  async deletes(sent: Sent): Promise<void> {
    const protocolMessage = { type: Type.REVOKE, key: this.keyOf(sent) };
    await this.writes(newId(), { protocolMessage }, { type: 'text', edit: '7' });
  }

  /** Reacts to the newest message of the bot, or to a given one; an empty reaction takes it back. */
  async reacts(emoji: string, to: { id: string } = this.newest()): Promise<Sent> {
    const key = { remoteJid: this.botJid(), id: to.id, fromMe: false };
    const reactionMessage = { key, text: emoji, senderTimestampMs: this.now() };
    return this.writes(newId(), { reactionMessage }, { type: 'reaction' });
  }

  /** Turns disappearing messages on (seconds) or off (0): told to the bot, and true of what she sends next. */
  async letsDisappear(seconds: number): Promise<void> {
    this.#expiration = seconds;
    const protocolMessage = { type: Type.EPHEMERAL_SETTING, ephemeralExpiration: seconds };
    await this.writes(newId(), { protocolMessage }, { type: 'text' });
  }

  /** Starts typing or recording, or stops. */
  types(what: 'composing' | 'recording' | 'paused' = 'composing'): void {
    const state = what === 'recording' ? stanza('composing', { media: 'audio' }) : stanza(what);
    this.tells(stanza('chatstate', { from: this.jid }, [state]));
  }

  /** Calls. The bot hears it ring; `seesCallEnd` waits for a rejection. */
  calls({ video = false }: { video?: boolean } = {}): string {
    const call = randomBytes(16).toString('hex').toUpperCase();
    this.#rings(call, stanza('offer', this.#caller(call), [stanza(video ? 'video' : 'audio')]));
    return call;
  }

  /** Nobody answered, or the caller gave up. */
  hangsUp(call: string, reason: 'timeout' | 'cancelled' = 'timeout'): void {
    this.#rings(call, stanza('terminate', { ...this.#caller(call), reason }));
  }

  /** Opens the chat: everything of the bot is read. */
  reads(): void {
    this.reports(
      'read',
      this.shown().filter(({ fromBot }) => fromBot),
    );
  }

  /** What she has on her screen, one line a message. */
  screen(): string[] {
    return this.shown().map(({ fromBot, text, content, deleted, reactions }) => {
      const said = deleted ? '(deleted)' : text || `(${Object.keys(content)[0] ?? 'empty'})`;
      return `${fromBot ? 'bot' : this.name}: ${said}${reactions.map((emoji) => ` [${emoji}]`).join('')}`;
    });
  }

  /** Resolves with the newest message of the bot that says this, once there is one. */
  seesText(pattern: RegExp | string, options: Seeing = {}): Promise<Shown> {
    const fits = ({ text }: Shown) =>
      typeof pattern === 'string' ? text.includes(pattern) : pattern.test(text);
    return this.sees(String(pattern), (shown) => !shown.deleted && fits(shown), options);
  }

  /** Resolves with the newest message of the bot that fits. */
  sees(what: string, fits: (shown: Shown) => boolean, options: Seeing = {}): Promise<Shown> {
    return this.until(what, options.within, () => {
      const found = this.shown().filter(
        (shown) => shown.fromBot && (options.ever || shown.changed > this.lastAct) && fits(shown),
      );
      return found.length >= (options.times ?? 1) ? found.at(-1) : undefined;
    });
  }

  /** Waits for one grey tick more, or the blue ones, under her message. */
  async seesTicks(sent: Sent, ticks: 'delivered' | 'read'): Promise<void> {
    await this.until(`her message ${ticks}`, undefined, () => this.ticks.get(sent.id)?.has(ticks));
  }

  async seesTyping(what = 'composing'): Promise<void> {
    await this.until(`the bot ${what}`, undefined, () => this.botState === what);
  }

  async seesCallEnd(call: string): Promise<void> {
    await this.until('her call rejected', undefined, () => this.rejected.has(call));
  }

  /** The bytes of a file the bot sent. */
  async opens(shown: Shown): Promise<Buffer> {
    const { audioMessage, imageMessage, videoMessage, documentMessage } = shown.content;
    if (audioMessage) return this.media.open(audioMessage, 'audio');
    if (imageMessage) return this.media.open(imageMessage, 'image');
    if (videoMessage) return this.media.open(videoMessage, 'video');
    return this.media.open(documentMessage ?? {}, 'document');
  }

  newest(): Shown {
    const newest = this.shown().findLast(({ fromBot }) => fromBot);
    if (!newest) throw new Error(`${this.name} has no message of the bot`);
    return newest;
  }

  #caller(call: string) {
    return { 'call-id': call, 'call-creator': this.jid, caller_pn: this.otherJid };
  }

  #rings(call: string, said: ReturnType<typeof stanza>): void {
    this.posts(stanza('call', { from: this.jid, id: `${call}-${said.tag}`, t: this.seconds() }, [said]));
  }

  async #sendsFile(kind: MediaKind, bytes: Uint8Array, options: FileOptions): Promise<Sent> {
    const message = fileMessage(kind, await this.media.put(bytes, kind), options);
    if (options.viewOnce !== 'withheld') return this.sends(message, 'media');
    return this.posts(
      stanza('message', { ...this.envelope(), id: newId(), type: 'media' }, [
        stanza('unavailable', { type: 'view_once' }),
      ]),
    );
  }
}
