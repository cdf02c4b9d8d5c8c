/**
 * The number that the bot speaks for: the handset that owns it, the linked device that is the bot, and what
 * waits for the bot until it has acknowledged it.
 */
import { deserialize, serialize } from 'node:v8';
import type { AuthenticationCreds, KeyPair, proto } from '@whiskeysockets/baileys';
import { Device } from './device.ts';
import type { Line } from './line.ts';
import type { MediaFields } from './media.ts';
import { bytesOf, child, children, type Stanza, stanza } from './wire.ts';

/** The linked device, as the server knows it. */
export type Linked = {
  /** Number of the device: 0 is the handset. */
  device: number;
  noiseKey: Buffer;
  registration: Buffer;
  identity: Buffer;
  signedPreKey: Stanza;
  preKeys: Stanza[];
  /** The handset has told it what it tells a new device. */
  greeted: boolean;
};

export type Saved = { creds: AuthenticationCreds; linked: Linked; devices: number };

/** Unlike `structuredClone` it leaves a Buffer a Buffer. */
const copyOf = (saved: Saved): Saved => deserialize(serialize(saved));

export class Account {
  readonly number: string;
  readonly lidUser: string;
  #handset: Device | undefined;
  linked: Linked | undefined;
  /** The connection that is logged in, and whether it takes live messages by now. */
  line: Line | undefined;
  active = false;
  /** How often a login found another connection still open: two sockets were held at once. */
  overlaps = 0;
  /** Sent to the bot, or meant for it, and not acknowledged. */
  readonly waiting: Stanza[] = [];
  /** Everything ever meant for the bot, by id. */
  readonly history = new Map<string, Stanza>();
  /** What the bot's own messages say on the handset: each of them is shown there too. */
  readonly handsetSees: proto.IMessage[] = [];
  /** The file in which the owner's settings lie, if there is one. */
  settings: MediaFields | undefined;
  devices = 0;
  /** What WhatsApp answers to a login from now on: the number is blocked, or the device was taken off. */
  refuses: number | undefined;

  constructor(number: string, lidUser: string) {
    this.number = number;
    this.lidUser = lidUser;
  }

  /** Made when it is needed: its keys take long. */
  get handset(): Device {
    this.#handset ??= new Device();
    return this.#handset;
  }

  /** Handset and linked device as they are, but for what they have said to each other. */
  saved(): Saved {
    if (!this.linked) throw new Error('no bot is linked to this number');
    return copyOf({
      creds: this.handset.creds,
      linked: { ...this.linked, greeted: false },
      devices: this.devices,
    });
  }

  /** A number that is linked from the beginning, as another one was that this was taken from. */
  restore(saved: Saved): void {
    const { creds, linked, devices } = copyOf(saved);
    this.#handset = new Device(creds);
    this.linked = linked;
    this.devices = devices;
  }

  close(): void {
    this.#handset?.close();
  }

  get handsetIdentity(): KeyPair {
    return this.handset.creds.signedIdentityKey;
  }

  /** The bot's address, by number or LID; without a device, the account's. */
  jid(by: 'number' | 'lid', device = this.linked?.device): string {
    const suffix = device ? `:${device}` : '';
    return by === 'lid' ? `${this.lidUser}${suffix}@lid` : `${this.number}${suffix}@s.whatsapp.net`;
  }

  owns(user: string): boolean {
    return user === this.number || user === this.lidUser;
  }

  /** Keys of the bot for a phone that wants to write to it: each one-time pre-key is given once. */
  bundle(): Stanza[] {
    const linked = this.linked;
    if (!linked) throw new Error('no bot is linked to this number');
    const preKey = linked.preKeys.shift();
    return [
      stanza('registration', {}, linked.registration),
      stanza('identity', {}, linked.identity),
      linked.signedPreKey,
      ...(preKey ? [preKey] : []),
    ];
  }

  /** The pre-keys of an upload (`<iq xmlns="encrypt" type="set">`). */
  learns(upload: Stanza): void {
    if (!this.linked) return;
    this.linked.preKeys.push(...children(child(upload, 'list')));
    this.linked.signedPreKey = child(upload, 'skey') ?? this.linked.signedPreKey;
    this.linked.registration = bytesOf(upload, 'registration');
  }

  /** A copy of what the bot sent, for its owner's eyes. */
  async showHandset(enc: Stanza): Promise<void> {
    const { deviceSentMessage, protocolMessage } = await this.handset.decrypts(this.jid('lid'), enc);
    const shown = deviceSentMessage?.message ?? (protocolMessage && { protocolMessage });
    if (shown) this.handsetSees.push(shown);
  }

  /** For the bot: at once if it is there, otherwise at its next login. */
  deliver(mail: Stanza): void {
    this.waiting.push(mail);
    this.history.set(mail.attrs.id ?? '', mail);
    if (this.active) this.line?.send(mail);
  }

  /** The bot answered this with a receipt or an ack: it is not sent again. */
  settle(answer: Stanza): Stanza | undefined {
    const about = answer.tag === 'ack' ? answer.attrs.class : 'message';
    const index = this.waiting.findIndex(({ tag, attrs }) => tag === about && attrs.id === answer.attrs.id);
    return index < 0 ? undefined : this.waiting.splice(index, 1)[0];
  }

  /** Everything that waited, marked with its place in the line; then, unless `cutShort`, how much that was. */
  replay(cutShort: boolean): void {
    const { line, waiting } = this;
    if (!line || this.active) return;
    this.active = true;
    for (const [place, mail] of waiting.entries())
      line.send({ ...mail, attrs: { ...mail.attrs, offline: String(place) } });
    if (!cutShort) line.send(stanza('ib', {}, [stanza('offline', { count: String(waiting.length) })]));
  }
}
