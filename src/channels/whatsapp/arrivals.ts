/**
 * From what was decrypted to the service: oldest first, one person's messages in order, people side by side.
 *
 * Invariants: a message is forgotten here only after `receive` has resolved; one that fails holds up nobody else, and
 * is brought again.
 */
import { randomUUID } from 'node:crypto';
import { jidNormalizedUser, type proto, type WAMessage } from '@whiskeysockets/baileys';
import { type Cycle, createCycle } from '../../kernel/cycle.ts';
import { type Log, reduceError } from '../../kernel/log.ts';
import type { Arriving, IncomingContent, IncomingMessage, NumberName, Receive } from '../channel.ts';
import { contentOf, readPlain, repliedTo, repliedToWhom, UNREADABLE } from './content.ts';
import { rememberTimer, timerIn } from './disappearing.ts';
import { chosen, menusOf } from './menus.ts';
import { addressOf, isFromPhone, isPerson, type Jids, jidsOf, leavesPhone } from './people.ts';
import { openSealedEdit, rememberSecret } from './sealed-edits.ts';
import type { SessionStore, Staged, StagedMessages } from './session-store.ts';
import { PHONE, PLACE } from './staging.ts';

const AT_ONCE = 200;

export type ArrivalParts = {
  /** Who is who, for all our numbers. */
  people: SessionStore;
  /** The session of the number that it came to. */
  storeOf(attrs: Staged['attrs']): SessionStore;
  /** What that number is called. */
  numberOf(attrs: Staged['attrs']): Promise<NumberName | undefined>;
  staged: StagedMessages;
  log: Log;
  /** The sender, with the LID of a number that came alone, if it is known. */
  whoIs(jids: Jids): Promise<Jids>;
  /** Whether this process may handle messages now. */
  mayRun(): boolean;
  receive: Receive;
  arriving: Arriving;
  /** The service begins with it. */
  onBegun(message: { from: string; attrs: Staged['attrs'] }): void;
  /** The service has it for good. */
  onHandled(message: { from: string; attrs: Staged['attrs']; id: string }): void;
};

export type Arrivals = Pick<Cycle, 'start' | 'nudge' | 'stop'> & {
  /** Brings something that did not come as a message that could be decrypted: a call, a message that cannot be read. */
  brings(from: Staged['attrs'], id: string, content: IncomingContent): Promise<void>;
  /** Tells the service that the account is on another phone now, whose key nobody has seen. */
  leavesPhone(from: Staged['attrs']): Promise<void>;
};

/** Nothing is handled before `start`; what fails comes again with the next round of the cycle. */
export function createArrivals(parts: ArrivalParts): Arrivals {
  const { people, staged, log, receive } = parts;
  let isStopped = false;

  const senderOf = async (attrs: Staged['attrs']): Promise<string> => {
    // A computer that is linked has a key of its own; only a phone can link one.
    const phone = isFromPhone(attrs.from ?? '') ? attrs[PHONE] : undefined;
    return addressOf(people, await parts.whoIs(jidsOf(attrs)), phone, tellsLeft);
  };

  const tellsLeft = (address: string): Promise<void> =>
    receive({
      channel: 'whatsapp',
      id: `${address}/left-${randomUUID()}`,
      address,
      content: { kind: 'blocked', because: 'new_phone' },
    });

  /** One round over everybody who waits; returns how many messages were handled. */
  const round = async (): Promise<number> => {
    if (!parts.mayRun()) return 0;
    const bySender = new Map<string, Staged[]>();
    for (const message of await staged.waiting(AT_ONCE)) {
      const address = isPerson(message.attrs.from) ? await senderOf(message.attrs) : '';
      bySender.set(address, [...(bySender.get(address) ?? []), message]);
    }
    const counts = await Promise.all([...bySender].map(([address, messages]) => inOrder(address, messages)));
    return counts.reduce((sum, count) => sum + count, 0);
  };

  /** Without an address: what comes from no person. It is forgotten unread. */
  const inOrder = async (address: string, messages: readonly Staged[]): Promise<number> => {
    let count = 0;
    for (const message of messages) {
      if (isStopped) break;
      try {
        if (address !== '') await handle(address, message);
        await staged.handled(message.hash);
      } catch (error) {
        log.warn('channel_failed', { channel: 'whatsapp', ...reduceError(error) });
        break;
      }
      const { from, id } = message.attrs;
      if (address !== '' && from && id) parts.onHandled({ from, id, attrs: message.attrs });
      count += 1;
    }
    return count;
  };

  const handle = async (address: string, message: Staged): Promise<void> => {
    const incoming = await read(address, message);
    if (!incoming) return;
    const { attrs } = message;
    if (attrs.from) parts.onBegun({ from: attrs.from, attrs });
    await receive({ ...incoming, ...(await cameTo(attrs)) });
  };

  const cameTo = async (attrs: Staged['attrs']): Promise<Pick<IncomingMessage, 'to'>> => {
    const to = await parts.numberOf(attrs);
    return to === undefined ? {} : { to };
  };

  const read = async (address: string, arrived: Staged): Promise<IncomingMessage | undefined> => {
    const { attrs, plain } = arrived;
    const store = parts.storeOf(attrs);
    const { message, content: plainly } = parts.arriving.read(
      'whatsapp',
      { id: arrived.hash, raw: () => Buffer.from(plain).toString('base64') },
      () => readPlain(plain),
      () => UNREADABLE,
    );
    const timer = message && timerIn(message);
    if (timer !== undefined) await rememberTimer(store, address, timer);
    const content = message ? await unsealed(address, attrs, message, plainly) : plainly;
    if (!content) return undefined;
    const to = message && repliedTo(message);
    const reply = { to, place: placeOf(arrived) };
    const meant = chosen(await menusOf(store, address), content, reply) ?? content;
    const sentAt = new Date(Number(attrs.t) * 1_000);
    return {
      channel: 'whatsapp',
      id: `${address}/${attrs.id}`,
      address,
      ...(attrs.id ? { messageRef: attrs.id } : {}),
      ...(Number.isNaN(sentAt.getTime()) ? {} : { sentAt }),
      ...(message && to !== undefined && !quotesThemselves(attrs, message) ? { repliesTo: to } : {}),
      content: meant,
    };
  };

  /** A sealed edit is what stands in it; of what can be edited later the secret is kept. */
  const unsealed = async (
    address: string,
    attrs: Staged['attrs'],
    message: proto.IMessage,
    content: IncomingContent | null,
  ): Promise<IncomingContent | null> => {
    const store = parts.storeOf(attrs);
    if (message.secretEncryptedMessage) {
      const edit = await openSealedEdit(store, address, await parts.whoIs(jidsOf(attrs)), message);
      return edit ? contentOf({ key: {}, message: edit } as WAMessage) : content;
    }
    if (attrs.id && (content?.kind === 'text' || content?.kind === 'file'))
      await rememberSecret(store, address, attrs.id, message);
    return content;
  };

  const cycle = createCycle({ name: 'whatsapp', run: round, log });
  return {
    start: cycle.start,
    nudge: cycle.nudge,
    stop() {
      isStopped = true;
      return cycle.stop();
    },
    async leavesPhone(from) {
      const heardAt = Date.now();
      if (isFromPhone(from.from ?? ''))
        await leavesPhone(people, await parts.whoIs(jidsOf(from)), tellsLeft, heardAt);
    },
    async brings(from, id, content) {
      const address = await senderOf(from);
      const about = { channel: 'whatsapp', id: `${address}/${id}`, address, content } as const;
      await receive({ ...about, ...(await cameTo(from)) });
    },
  };
}

/** Whether the message that it answers is the sender's own. */
function quotesThemselves(attrs: Staged['attrs'], message: proto.IMessage): boolean {
  const whom = repliedToWhom(message);
  const own = [attrs.from, attrs.sender_lid, attrs.sender_pn].map((jid) => jid && jidNormalizedUser(jid));
  return whom === 'themselves' || (whom !== undefined && own.includes(jidNormalizedUser(whom)));
}

/** Where it stands among all that came. */
const placeOf = ({ attrs }: Staged): number => Number(attrs[PLACE] ?? 0);
