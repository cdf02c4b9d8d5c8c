/**
 * The simulator: phones in memory behind the same port as messengers, for trial mode and tests.
 *
 * Invariants: nothing is written to disk; a gesture counts as received only after `receive` resolved, and is
 * handed over again until it does, in the order of that phone; a demonstration protects nothing, so this
 * channel exists in trial mode only.
 */

import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type {
  Channel,
  ChannelHealth,
  FetchResult,
  IncomingContent,
  IncomingMessage,
  OutgoingMessage,
  Receive,
  SendResult,
} from '../channel.ts';
import { type Gesture, type Item, MAX_FILE_BYTES } from './api.ts';
import { buttonOf, drawn, type Spoken, spoken, written } from './content.ts';
import { FileShelf, type StoredFile } from './files.ts';
import type { Listener, Phone } from './phone.ts';
import { PhoneBook } from './phone-book.ts';
import { CAPABILITIES, rejected, unfit, unreached } from './refusal.ts';

/** Gestures one phone may have waiting while the service cannot take them. */
const MAX_WAITING = 200;
/** Before the same message is handed over again: milliseconds after the first failure, the second, … */
const RETRY_DELAYS = [250, 500, 1_000, 2_000, 5_000] as const;

export type SimulatorOptions = {
  /** Default: the machine's clock. Shown on the phones and told as the time of sending. */
  now?: () => Date;
  /** Waits before a message is handed over again. Default: a real timer. */
  wait?: (ms: number, signal: AbortSignal) => Promise<unknown>;
};

/** Why a gesture could not be made. */
export type GestureResult =
  | { ok: true; id: string }
  | { ok: false; reason: 'stopped' | 'no_such_message' | 'no_such_button' | 'too_many_waiting' | 'too_big' };

export type SimulatorChannel = Channel & {
  readonly kind: 'simulator';
  /** The person who holds the phone does something. Returns at once: the phone shows when it is received. */
  make(address: string, gesture: Gesture): GestureResult;
  /** Tells the listener what stands on the phone, then every change, until the returned function is called. */
  subscribe(address: string, listener: Listener): () => void;
  /** A voice note or photo on this phone, if it is still remembered. */
  file(address: string, id: string): StoredFile | undefined;
  /** Resolves when everything that has been done on connected phones so far is received. For tests. */
  settled(): Promise<void>;
};

/** Builds the simulator. Nothing happens before `start`. */
export function createSimulator(options: SimulatorOptions = {}): SimulatorChannel {
  return new Simulator(
    options.now ?? (() => new Date()),
    options.wait ?? ((ms, signal) => sleep(ms, undefined, { signal })),
  );
}

class Simulator implements SimulatorChannel {
  readonly kind = 'simulator';
  readonly can = CAPABILITIES;
  private readonly now: () => Date;
  private readonly wait: (ms: number, signal: AbortSignal) => Promise<unknown>;
  private readonly book = new PhoneBook();
  private readonly shelf = new FileShelf();
  private readonly draining = new Map<Phone, Promise<void>>();
  private stopping = new AbortController();
  private receive: Receive | undefined;
  private since: Date;

  constructor(now: () => Date, wait: (ms: number, signal: AbortSignal) => Promise<unknown>) {
    this.now = now;
    this.wait = wait;
    this.since = now();
  }

  async start(receive: Receive): Promise<void> {
    this.stopping = new AbortController();
    this.receive = receive;
    this.since = this.now();
    for (const phone of this.book.all()) this.drain(phone);
  }

  async stop(): Promise<void> {
    this.receive = undefined;
    this.since = this.now();
    this.stopping.abort();
    await this.settled();
  }

  health(): ChannelHealth {
    return { state: this.receive ? 'up' : 'down', since: this.since };
  }

  async settled(): Promise<void> {
    while (this.draining.size > 0) await Promise.all(this.draining.values());
  }

  subscribe(address: string, listener: Listener): () => void {
    return this.book.phone(address).watch(listener);
  }

  file(address: string, id: string): StoredFile | undefined {
    return this.shelf.get(fileRef(address, id));
  }

  make(address: string, gesture: Gesture): GestureResult {
    if (!this.receive) return { ok: false, reason: 'stopped' };
    const phone = this.book.phone(address);
    if (gesture.type === 'network') {
      phone.setState({ connected: gesture.connected });
      if (gesture.connected) this.drain(phone);
      return { ok: true, id: address };
    }
    if (phone.outbox.length >= MAX_WAITING) return { ok: false, reason: 'too_many_waiting' };
    switch (gesture.type) {
      case 'block':
        phone.setState({ blocked: gesture.blocked });
        return this.queue(phone, randomUUID(), { kind: gesture.blocked ? 'blocked' : 'unblocked' });
      case 'press':
        return this.press(phone, gesture.id, gesture.data);
      case 'edit':
        return this.rewrite(phone, gesture.id, gesture.text);
      default:
        return this.speak(phone, gesture);
    }
  }

  async send(address: string, message: OutgoingMessage): Promise<SendResult> {
    const phone = this.book.phone(address);
    const refusal = unreached(phone) ?? unfit(message);
    if (refusal) return refusal;
    const item: Item = {
      id: randomUUID(),
      from: 'service',
      at: this.now().toISOString(),
      ...written(message),
      ...(message.silent ? { silent: true } : {}),
    };
    if (message.voice)
      this.shelf.put(fileRef(address, item.id), { bytes: message.voice.bytes, mediaType: 'audio/ogg' });
    phone.show(item);
    return { ok: true, messageRef: item.id };
  }

  async edit(address: string, messageRef: string, message: OutgoingMessage): Promise<SendResult> {
    const phone = this.book.phone(address);
    const refusal = unreached(phone) ?? unfit(message);
    if (refusal) return refusal;
    if (phone.find(messageRef)?.from !== 'service') return rejected('message_not_found');
    phone.change(messageRef, { ...written(message), edited: true });
    return { ok: true, messageRef };
  }

  async retract(address: string, messageRef: string): Promise<SendResult> {
    const phone = this.book.phone(address);
    const refusal = unreached(phone);
    if (refusal) return refusal;
    return phone.remove(messageRef) ? { ok: true, messageRef } : rejected('message_not_found');
  }

  async fetchFile(file: { ref: string }): Promise<FetchResult> {
    const stored = this.shelf.get(file.ref);
    if (!stored) return { ok: false, reason: 'gone', code: 'file_forgotten' };
    const { bytes } = stored;
    return { ok: true, size: bytes.byteLength, stream: new Blob([bytes]).stream() };
  }

  private speak(phone: Phone, gesture: Spoken): GestureResult {
    const id = randomUUID();
    const bytes =
      gesture.type === 'file' ? Uint8Array.from(Buffer.from(gesture.base64, 'base64')) : undefined;
    if (bytes && bytes.byteLength > MAX_FILE_BYTES) return { ok: false, reason: 'too_big' };
    const ref = fileRef(phone.address, id);
    if (gesture.type === 'file' && bytes) this.shelf.put(ref, { bytes, mediaType: gesture.mediaType });
    const quoted = 'quotes' in gesture && gesture.quotes ? phone.find(gesture.quotes) : undefined;
    const reply = quoted?.from === 'service' ? { repliesTo: quoted.id } : {};
    phone.show({
      id,
      from: 'phone',
      at: this.now().toISOString(),
      ...drawn(gesture),
      ...(quoted ? { quotes: quoted.text } : {}),
    });
    const content = spoken(gesture, ref, bytes?.byteLength ?? 0);
    return this.queue(phone, id, content, { messageRef: id, ...reply });
  }

  private press(phone: Phone, id: string, data: string): GestureResult {
    const item = phone.find(id);
    if (item?.from !== 'service') return { ok: false, reason: 'no_such_message' };
    const button = buttonOf(item, data);
    if (!button) return { ok: false, reason: 'no_such_button' };
    phone.press(id, button.label);
    return this.queue(phone, randomUUID(), { kind: 'button', data }, { messageRef: id });
  }

  private rewrite(phone: Phone, id: string, text: string): GestureResult {
    const item = phone.find(id);
    if (item?.from !== 'phone' || item.attachment) return { ok: false, reason: 'no_such_message' };
    phone.change(id, { text, edited: true });
    const content: IncomingContent = { kind: 'text', text, edited: true };
    return this.queue(phone, randomUUID(), content, { messageRef: id });
  }

  private queue(
    phone: Phone,
    id: string,
    content: IncomingContent,
    about: Pick<IncomingMessage, 'messageRef' | 'repliesTo'> = {},
  ): GestureResult {
    const message: IncomingMessage = {
      channel: 'simulator',
      id,
      address: phone.address,
      ...about,
      sentAt: this.now(),
      content,
    };
    phone.outbox.push(() => this.handOver(phone, message));
    this.drain(phone);
    return { ok: true, id };
  }

  /** Begins to empty the phone's outbox unless that goes on already. */
  private drain(phone: Phone): void {
    if (this.draining.has(phone) || !this.mayHandOver(phone)) return;
    this.draining.set(phone, this.empty(phone));
  }

  private mayHandOver(phone: Phone): boolean {
    return this.receive !== undefined && phone.connected && phone.outbox.length > 0;
  }

  /** One message after another, as long as the phone and the service are there. */
  private async empty(phone: Phone): Promise<void> {
    while (this.mayHandOver(phone)) await phone.outbox[0]?.();
    // In the same breath as the last check, so that nothing queued meanwhile is left lying.
    this.draining.delete(phone);
  }

  private async handOver(phone: Phone, message: IncomingMessage): Promise<void> {
    for (let failures = 0; this.receive; failures += 1) {
      try {
        await this.receive(message);
        phone.outbox.shift();
        phone.markReceived(message.id);
        return;
      } catch {
        // Nothing was committed; the service has logged why. A messenger would deliver again, and so do we.
        const delay = RETRY_DELAYS[Math.min(failures, RETRY_DELAYS.length - 1)] ?? 0;
        await this.wait(delay, this.stopping.signal).catch(() => undefined);
      }
    }
  }
}

function fileRef(address: string, id: string): string {
  return `${address}/${id}`;
}
