/** A messenger that answers each message as it is told, and notes what must never happen. */
import type { SendResult } from '../../src/channels/channel.ts';
import type { ContactId, DeliveryId } from '../../src/kernel/ids.ts';
import { seconds } from '../../src/kernel/time.ts';
import { isPageClass } from '../../src/kernel/vocabulary.ts';
import {
  accepted,
  arrivedUnanswered,
  type Call,
  lostUnanswered,
  rateLimited,
  rejected,
  throws,
  unreachable,
} from './phones.ts';
import type { SendingRoom } from './sending-room.ts';

export const LEASE = seconds(30);

export const ANSWERS = {
  accepted,
  unreachable,
  rejected,
  arrivedUnanswered,
  lostUnanswered,
  throws,
  rateLimited: rateLimited(7),
};
/** The process dies with it, before or after it arrived, unless it comes back later. */
export const HANGS = ['hangsArrived', 'hangsLost'] as const;
type Hang = (typeof HANGS)[number];
export type Kind = keyof typeof ANSWERS | Hang;

const isHang = (kind: Kind): kind is Hang => HANGS.some((each) => each === kind);
/** After these nobody knows whether the message is on the phone. */
const UNSURE: ReadonlySet<Kind> = new Set<Kind>([...HANGS, 'arrivedUnanswered', 'lostUnanswered', 'throws']);
export const isUnsure = (kind: Kind): boolean => UNSURE.has(kind);

export type Watched = {
  id: DeliveryId;
  text: string;
  contactId: ContactId;
  class: number;
  answers: readonly Kind[];
  /** How each call so far was answered. */
  calls: Kind[];
  /** How often it reached the phone. */
  arrivals: number;
  /** The newest call that is under way, and since when. */
  held?: { since: number };
  /** Sent or failed. */
  isOver: boolean;
};

/** A call that hangs. `isHolder`: nobody has tried the message since. */
type Hanging = { message: Watched; isHolder(): boolean; comeBack(): void };

let said = 0;

export function createWatch(room: SendingRoom) {
  const { clock, phones } = room;
  const repeatMark = room.ctx.texts.t(room.ctx.settings.defaultLanguage, 'service.repeat', {});
  const messages = new Map<string, Watched>();
  /** Messages in the order in which they first reached a phone. */
  const firstArrivals: Watched[] = [];
  const hanging: Hanging[] = [];
  /** Kept, not thrown: the service would take it for a broken channel and go on. */
  const broken: string[] = [];
  /** Calls that hang, also those of processes that never come back. */
  let hung = 0;
  let onHang = () => {};

  const never = (is: boolean, message: Watched, what: string) => is && broken.push(`${message.text} ${what}`);

  phones.answerAllWith((arrive, call) => {
    const message = messageOf(call);
    const now = clock.at().getTime();
    const mayBeThere = message.calls.some(isUnsure);
    // A late page says that it is late; that is no word of a repeat.
    const isMarked = call.message.text.split('\n').includes(repeatMark);
    const isPage = isPageClass(message.class);
    never(message.isOver, message, 'is sent after its fate');
    never(message.held !== undefined && now < message.held.since + LEASE, message, 'has two holders');
    never(isMarked && !(mayBeThere && isPage), message, 'is called a repeat');
    const land = () => {
      if (message.arrivals === 0) firstArrivals.push(message);
      else never(isPage && !isMarked, message, 'does not say that it is a repeat');
      message.arrivals += 1;
      return arrive();
    };
    const held = { since: now };
    message.held = held;
    const kind = message.answers[message.calls.length] ?? 'accepted';
    message.calls.push(kind);
    const answer = isHang(kind) ? hang(message, kind, land) : ANSWERS[kind](land, call);
    return answer.finally(() => {
      if (message.held === held) delete message.held;
    });
  });

  function messageOf(call: Call): Watched {
    const message = messages.get(call.message.text.split('\n').at(-1) ?? '');
    if (!message) throw new Error('nobody said this');
    return message;
  }

  async function hang(message: Watched, kind: Hang, land: () => string): Promise<SendResult> {
    const ref = kind === 'hangsArrived' ? land() : undefined;
    const nth = message.calls.length;
    await new Promise<void>((resolve) => {
      hung += 1;
      const isHolder = () => message.calls.length === nth;
      const comeBack = () => {
        hung -= 1;
        resolve();
      };
      hanging.push({ message, isHolder, comeBack });
      onHang();
    });
    return ref === undefined
      ? { ok: false, reason: 'unreachable', code: 'ECONNRESET' }
      : { ok: true, messageRef: ref };
  }

  return {
    messages: (): Watched[] => [...messages.values()],
    firstArrivals,
    hanging,
    broken,
    hung: (): number => hung,
    whenOneHangs(handler: () => void): void {
      onHang = handler;
    },
    async say(contactId: ContactId, of: number, answers: readonly Kind[]): Promise<void> {
      const text = `message ${said++}`;
      const id = await room.say(contactId, text, { class: of });
      messages.set(text, {
        id,
        text,
        contactId,
        class: of,
        answers,
        calls: [],
        arrivals: 0,
        isOver: false,
      });
    },
    /** Looks which messages have their fate; true: all. */
    async noteFates(): Promise<boolean> {
      const states = new Map((await room.rows()).map((row) => [row.id, row.state]));
      for (const message of messages.values())
        message.isOver = !['queued', 'sending'].includes(states.get(message.id) ?? '');
      return [...messages.values()].every((message) => message.isOver);
    },
  };
}

export type Watch = ReturnType<typeof createWatch>;
