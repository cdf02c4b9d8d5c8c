/**
 * The language of the stories: what people do with a messenger, the same on each, so that a story is written once
 * and played on every channel.
 *
 *     describe.each(EVERY_MESSENGER)('on $name', (messenger) => {
 *       world = await openWorld(messenger);
 *       const awa = world.person('Awa');
 *       await awa.says('SOS');
 *       await awa.chooses('Oui');
 *
 * What only one messenger has stands behind `awa.phone`, the person of its fake.
 */
import type { Config } from '../../../src/config.ts';
import type { Keyring } from '../../../src/crypto/keyring.ts';
import type { TestDatabase } from '../../database.ts';
import type { Fault as TelegramFault } from '../../fakes/telegram/faults.ts';
import type { Fault as WhatsAppFault } from '../../fakes/whatsapp/faults.ts';

/** One message of the bot, as a person sees it. */
export type Seen = {
  id: string;
  text: string;
  /** What can be chosen there, as it reads: "1. Oui", "Passer". */
  choices: string[];
};

/** A voice note of the bot: its bytes, and how long the messenger says that it is. */
export type Heard = { id: string; bytes: Uint8Array; seconds: number };

export type Sent = { id: string };

export type Place = { name: string; address: string };

type Seeing = {
  /** Milliseconds before it fails; default 30 000. */
  within?: number;
  /** How many such messages; default 1. */
  times?: number;
  /** Count the whole screen, not only what arrived or changed since the person last did something. */
  ever?: boolean;
  /** Only a message that offers a choice: the last one of a long text. */
  choices?: boolean;
};

export type Person = {
  /** The messenger's own name of them, as it stands in a case. */
  readonly account: string;
  /** Resolves when the messenger has it, not when the bot has handled it. */
  says(text: string): Promise<Sent>;
  /**
   * Chooses what reads like this in the newest message that offers it, or in an older one; waits for it. Touched where
   * there are buttons; elsewhere written, as a number or a word, in reply to that message if it is not the last.
   */
  chooses(label: string, options?: Seeing & { in?: Seen }): Promise<void>;
  /** Changes the words of an earlier message, or those under a photo. */
  edits(sent: Sent, text: string): Promise<void>;
  /** Reacts to the newest message of the bot. */
  reacts(emoji: string): Promise<void>;
  sendsVoice(bytes: Uint8Array): Promise<Sent>;
  /** `size`: what the messenger tells, when it should differ from the bytes. */
  sendsVideo(bytes: Uint8Array, options?: { size?: number }): Promise<Sent>;
  /** Photos of one album have the same name of it. */
  sendsPhoto(bytes: Uint8Array, options?: { caption?: string; album?: string }): Promise<Sent>;
  /** `beside`: the name and the address of the place. */
  sendsLocation(latitude: number, longitude: number, beside?: Place): Promise<Sent>;
  /** Shares a contact out of the phone's list. */
  sendsContact(name: string, number: string): Promise<Sent>;
  /** Writes in reply to this message of the bot. */
  quotes(seen: Seen, text: string): Promise<Sent>;
  /** Lets the bot see where they are as they move. */
  sharesWay(latitude: number, longitude: number): Promise<Sent>;
  moves(sent: Sent, latitude: number, longitude: number): Promise<void>;
  /** Sends what is no words, no file and no place. */
  sendsOddly(what: Odd): Promise<void>;
  /** The bot's last message on the screen. */
  newest(): Seen;
  /** The whole screen as text, one line a message; what the bot says begins with "bot: ". */
  screen(): string[];
  /** Resolves with the newest voice note of the bot, once there is one. */
  hears(options?: Pick<Seeing, 'within' | 'ever'>): Promise<Heard>;
  /** Resolves with the newest message of the bot that says this, once there is one. */
  seesText(pattern: RegExp | string, options?: Seeing): Promise<Seen>;
};

export const ODD = ['sticker', 'something of next year'] as const;
export type Odd = (typeof ODD)[number];

/** What goes wrong on the way to a person: the words of the fakes. */
export type Trouble = TelegramFault['with'] | WhatsAppFault['with'];

/** A messenger with a server of its own. */
export type Messenger<P extends Person = Person> = {
  /** What the service must be told of it. */
  config: Partial<Config>;
  /** A new person. `language`: what their phone tells, where phones tell it. */
  person(name: string, options?: { language?: string }): P;
  /** Resolves once the service can be written to. */
  isReady(): Promise<void>;
  /** Resolves once everything that was sent to the service is handled. */
  isQuiet(within?: number): Promise<void>;
  /** How many messages the service has taken over for good. */
  confirmed(): number;
  /** Resolves once this holds: looked at whenever something happens on this messenger. */
  until(condition: () => boolean, within?: number): Promise<void>;
  /** The next message to this person goes wrong. */
  fails(person: P, how: Trouble): void;
  /** How often it was tried to send something to this person, in vain or not. */
  triesFor(person: P): number;
  /** What made this person's phone ring: messages with their choices, as they came; not what they were changed to. */
  sentTo(person: P): string[];
  /** Nothing goes through between the service and the messenger, until `heals`. */
  falls(): void;
  /** Resolves once the service has seen that nothing goes through. */
  hasTriedInVain(): Promise<void>;
  heals(): void;
  /** Whether what was sent can be changed: pages on officers' phones are kept true by it. */
  canEdit: boolean;
  /** The biggest file that the service takes there, in millions of bytes. */
  mostMegabytes: number;
  /** The next file that the service wants to fetch is gone. */
  losesNextFile(): void;
  close(): Promise<void>;
};

/** What a messenger is opened in. */
export type Setting = {
  database: TestDatabase;
  keyring: Keyring;
  /** Milliseconds since 1970, with the time that has gone by in the story. */
  now: () => number;
  /** Where the services can be reached; empty before they have started. */
  services: () => string[];
};

/** A messenger before a story: see `every.ts`. */
export type Opening<M extends Messenger> = { name: string; open(setting: Setting): Promise<M> };
