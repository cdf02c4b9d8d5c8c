/**
 * The port behind which every messenger stands.
 *
 * It belongs to `src/app`, which calls it. An adapter owns its addresses and message references: both are
 * opaque strings to everyone else. What must never happen: `receive` acknowledged to the messenger before its
 * promise resolved (the message would be lost), a token or address in an error or a log line.
 */
import type { ChannelKind, FileKind } from '../kernel/vocabulary.ts';

/**
 * What can be wrong with our own account at a carrier's service: its key, what it may do, its money, the name or number
 * that it sends from, a hold on it, its quota, the address at which it is called. Nothing leaves for anybody until it
 * is mended.
 */
export const ACCOUNT_FAULTS = [
  'key',
  'right',
  'balance',
  'sender',
  'caller',
  'hold',
  'quota',
  'address',
] as const;
export type AccountFault = (typeof ACCOUNT_FAULTS)[number];
/** The settings that hold what is refused, for the operator. */
export type AccountSettings = Partial<Record<AccountFault, string>> & { all: string };

/** What a channel can do, as data. Sizes in characters or bytes. */
export type Capabilities = {
  buttons: boolean;
  editText: boolean;
  maxTextLength: number;
  /** Most bytes of one button's `data`. */
  maxButtonData: number;
  /** Biggest file the channel lets us fetch, in bytes. */
  maxFileBytes: number;
  /** Whether it tells later what became of a message (`Fate`), and when a person deletes theirs; default no. */
  tells?: boolean;
  /** Nobody can answer there, and nothing that was sent can be changed; default no. */
  isOneWay?: boolean;
  /** What it carries rings or costs: only pages go there, and no word of what became of them; default no. */
  isForPagesOnly?: boolean;
  /** Whether all that is sent with the same `key` is one message on the phone; default no. */
  sendsOnce?: boolean;
  /** Whether a voice note can be sent there; default no. */
  voice?: boolean;
};

/** A voice note of ours: Ogg with Opus, one channel. */
export type VoiceNote = { bytes: Uint8Array<ArrayBuffer>; seconds: number };

/** A file that still lies with the messenger. `ref` is the adapter's own and is enough to fetch it later. */
export type IncomingFile = {
  kind: FileKind;
  ref: string;
  /** Bytes as the messenger tells them; unknown is undefined. */
  size?: number;
  mediaType?: string;
  name?: string;
  /** Voice, audio and video: seconds. */
  seconds?: number;
  /** The messenger's name of its bytes, which stays when the words beside it are changed; absent: `ref` is that name. */
  sameAs?: string;
};

export type IncomingContent =
  /** `edited`: an earlier message was changed to this, or a position that is shared live has moved. */
  | { kind: 'text'; text: string; edited?: boolean }
  /** `data` is what we put on the button. */
  | { kind: 'button'; data: string }
  /**
   * `on`: what the first option of the message stands for on which it was put; empty: that offers nothing, or is long
   * ago; undefined: the channel cannot tell. Only under the present question is it an answer.
   */
  | { kind: 'reaction'; emoji: string; on?: string }
  | { kind: 'file'; file: IncomingFile; caption?: string; edited?: boolean }
  /** `words`: what stands beside it: the place's name, its address, a comment. */
  | { kind: 'location'; latitude: number; longitude: number; words?: string; edited?: boolean }
  /** Words that did not come as a message: a contact card's name and number, what a poll asks. Never a command. */
  | { kind: 'card'; what: 'contact' | 'other'; words: string }
  /** The person deleted a message of theirs; `messageRef` is that message's. */
  | { kind: 'deleted'; messageRef: string }
  /** Something real that the service cannot use: sticker, die, call, empty, … */
  | { kind: 'unsupported'; what: string }
  /**
   * The person blocked the bot, or let it in again. `because`: the account is on another phone, which counts as another
   * person.
   */
  | { kind: 'blocked'; because?: 'new_phone' }
  | { kind: 'unblocked' }
  /** A person spoke to the bot in a group: it only talks in private. */
  | { kind: 'group' };

/**
 * One of our own numbers on a channel where we can have two, as the channel calls it: a word by chance, the same each time that
 * number is linked, never the number itself.
 */
export type NumberName = string;

/** A number of ours, as this process sees it. */
export type OurNumber = {
  name: NumberName;
  /** As it is written on a wall. */
  shown: string;
  health: ChannelHealth;
};

export type IncomingMessage = {
  channel: ChannelKind;
  /** Unique per channel for ever: the same id a second time is the same message. */
  id: string;
  /** Where to answer. */
  address: string;
  /** The messenger's handle on this message, for deleting it later. */
  messageRef?: string;
  /** Which of our numbers it came to, on a channel where we can have two; absent: there is one. */
  to?: NumberName;
  /** The messenger's handle on the message of ours that it replies to, or reacts to. */
  repliesTo?: string;
  /** When the person sent it, as the messenger tells it. */
  sentAt?: Date;
  /** The person's language as the messenger tells it (`fr`, `en`). */
  languageHint?: string;
  content: IncomingContent;
};

/** Something that came and is not read yet. `raw`: all of it, to be kept if it cannot be read. */
type Unread = { id: string; raw: () => unknown };

/**
 * Marks what comes while it is being read, so that what makes the program fall is known. `otherwise`, which must do less,
 * in its place if the program fell three times while it was read; it is kept then, and people are told.
 */
export type Arriving = {
  /** Without letting go of the loop. */
  read<T>(channel: ChannelKind, what: Unread, read: () => T, otherwise: () => T): T;
  handle<T>(
    channel: ChannelKind,
    what: Unread,
    work: () => Promise<T>,
    otherwise: () => Promise<T>,
  ): Promise<T>;
};

/** Nothing is marked. */
export const UNMARKED: Arriving = {
  read: (_channel, _what, read) => read(),
  handle: (_channel, _what, work) => work(),
};

/**
 * Hands one message to the service. Resolves once everything it causes is committed; rejects when nothing was
 * committed, and then the adapter must let the messenger deliver it again. The next message of a chat may be handed on
 * before this one is done: they are handled in the order in which they were handed on.
 */
export type Receive = (message: IncomingMessage) => Promise<void>;

export type Option = { label: string; data: string };

export type OutgoingMessage = {
  text: string;
  /**
   * A voice note, in the place of words: `text` is empty then. Only to a channel that `can.voice`. Its `numbers` are those of
   * the message before it, whose words it speaks: an answer to it is one to that message.
   */
  voice?: VoiceNote;
  /** Buttons in rows. Empty or absent: none. A channel without buttons ignores them. */
  rows?: Option[][];
  /**
   * Where there are no buttons: what the options stand for that the text itself numbers, the first one first. A number
   * comes back as the button of the message that it answers.
   */
  numbers?: string[];
  /** No sound on the phone. */
  silent?: boolean;
  /** The same for each try to send one message: a channel that can makes one of all that arrive. */
  key?: string;
  /** The alert that a page is about, for channels that say no more than that. */
  about?: { reference: string; isDrill?: true };
  /** Never held back for the channel's own pace: a page, the answer to a cry for help. */
  urgent?: boolean;
  /** Which of our numbers it leaves from; absent: the one that works. */
  from?: NumberName;
};

export type SendResult =
  | { ok: true; messageRef: string }
  /** The person blocked the bot or does not exist: no further try helps. */
  | { ok: false; reason: 'blocked' }
  /** Try again, not before this many seconds. */
  | { ok: false; reason: 'rate_limited'; retryAfterSeconds: number }
  /** The messenger refused this message; the same again will be refused again. */
  | { ok: false; reason: 'rejected'; code: string }
  /** Our account is refused, whomever a message is for: no further try helps before the operator mends it. */
  | { ok: false; reason: 'account'; fault: AccountFault; code: string }
  /** It certainly did not arrive: no connection, 5xx before acceptance. */
  | { ok: false; reason: 'unreachable'; code: string }
  /** It may or may not have arrived: time-out after sending. */
  | { ok: false; reason: 'ambiguous'; code: string };

export type FetchResult =
  | { ok: true; stream: ReadableStream<Uint8Array>; size?: number }
  | { ok: false; reason: 'too_big' | 'gone' | 'unreachable'; code: string };

export type ChannelHealth = {
  state: 'up' | 'starting' | 'down';
  /** Since when it is in this state. */
  since: Date;
  /** A code, never a text of the library. */
  lastError?: string;
  /** Our account is refused, so that it is down: why. */
  fault?: AccountFault;
  /**
   * Faults that a send, or a check with the rights of one, would have shown since and did not; absent: whatever is up is
   * proved by that.
   */
  proves?: readonly AccountFault[];
  /** Another process has the connection: what is said here is not about it. */
  isStandby?: boolean;
};

/** What became of a message we sent, as the messenger tells it some time after `send`. */
export type Fate = { channel: ChannelKind; messageRef: string; is: 'delivered' | 'read'; at: Date };

/** Takes note of fates; never rejects, and one that gets lost harms nobody. */
export type NoteFates = (fates: readonly Fate[]) => void;

export interface Channel {
  readonly kind: ChannelKind;
  readonly can: Capabilities;
  /** Absent: we have no account there, or its settings are called in many ways. */
  readonly account?: AccountSettings;
  /** Begins to receive. Resolves as soon as it listens (or has begun to try); keeps trying by itself. */
  start(receive: Receive, noteFates?: NoteFates): Promise<void>;
  /** Receives nothing new and resolves when what was being handled is finished. */
  stop(): Promise<void>;
  send(address: string, message: OutgoingMessage, signal: AbortSignal): Promise<SendResult>;
  /** Changes a message sent earlier. `messageRef` in the result is the same as before. */
  edit(
    address: string,
    messageRef: string,
    message: OutgoingMessage,
    signal: AbortSignal,
  ): Promise<SendResult>;
  /** Deletes a message on the person's phone as far as the channel can. */
  retract(address: string, messageRef: string, signal: AbortSignal): Promise<SendResult>;
  fetchFile(file: IncomingFile, signal: AbortSignal): Promise<FetchResult>;
  health(): ChannelHealth;
  /** Has the other side answer something that changes nothing; a code if it does not. Absent: there is nothing to ask. */
  probe?(signal: AbortSignal): Promise<string | undefined>;
  /** Our numbers that are linked, where there can be two; empty: another process has them, or there is none. Absent: there is one. */
  numbers?(): readonly OurNumber[];
  /** Whether this process can send through it at all: of several that share a database one may have to. Default yes. */
  maySend?(): boolean;
  /** Whether what people write comes to this process: of several that share a database it may come to another one. Default yes. */
  takesIn?(): boolean;
}
