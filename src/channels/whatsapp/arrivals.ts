/**
 * From what was decrypted to the service: oldest first, one person's messages in order, people side by side.
 *
 * Invariants: a message is forgotten here only after `receive` has resolved; one that fails holds up nobody else, and
 * is brought again.
 */
import {
  isJidGroup,
  isLidUser,
  isPnUser,
  jidNormalizedUser,
  proto,
  unpadRandomMax16,
} from '@whiskeysockets/baileys';
import type { Log } from '../../kernel/log.ts';
import { reduceError } from '../../kernel/log.ts';
import { seconds } from '../../kernel/time.ts';
import { pause } from '../back-off.ts';
import type { IncomingContent, IncomingMessage, Receive } from '../channel.ts';
import { contentOf } from './content.ts';
import { chosen, menuOf } from './menus.ts';
import { addressOf, type Jids } from './people.ts';
import type { SessionStore, Staged, StagedMessages } from './session-store.ts';
import { PLACE } from './staging.ts';

const AT_ONCE = 200;

export type ArrivalParts = {
  store: SessionStore;
  staged: StagedMessages;
  /** Place of the earliest message that has come and is not decrypted yet: nothing that came after it is handled. */
  earliestUnderWay(): number;
  log: Log;
  /** The LID behind a number, if WhatsApp has told it. */
  lidOf(number: string): Promise<string | undefined>;
  /** The service has it for good. */
  onHandled(message: { jid: string; id: string }): void;
};

export class Arrivals {
  readonly #parts: ArrivalParts;
  readonly #stop = new AbortController();
  #wake: () => void = () => undefined;
  #isNudged = false;
  #running: Promise<void> = Promise.resolve();

  constructor(parts: ArrivalParts) {
    this.#parts = parts;
  }

  start(receive: Receive, mayRun: () => boolean): void {
    this.#running = this.#run(receive, mayRun);
  }

  /** Something was decrypted. */
  nudge(): void {
    this.#isNudged = true;
    this.#wake();
  }

  /** Resolves when what was being handled is finished. */
  async stop(): Promise<void> {
    this.#stop.abort();
    this.#wake();
    await this.#running;
  }

  async #run(receive: Receive, mayRun: () => boolean): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      this.#isNudged = false;
      const left = mayRun() ? await this.#once(receive) : 'none';
      if (left === 'more' || this.#isNudged) continue;
      // What failed comes again; and every second anyway, so that a lost nudge is harmless.
      await Promise.race([
        pause(seconds(1), signal),
        new Promise<void>((resolve) => {
          this.#wake = resolve;
        }),
      ]);
    }
  }

  /** One round over everybody who waits. `more`: something was handled, and there may be more. */
  async #once(receive: Receive): Promise<'more' | 'none'> {
    const { staged, log } = this.#parts;
    try {
      // Asked first: what is decrypted meanwhile is no longer under way, and may not be among what we read.
      const before = this.#parts.earliestUnderWay();
      const waiting = (await staged.waiting(AT_ONCE))
        .filter((message) => placeOf(message) < before)
        .toSorted((a, b) => placeOf(a) - placeOf(b));
      const people = Map.groupBy(waiting, ({ attrs }) => attrs.from ?? '');
      // Names of one person, which may differ, are brought together first.
      const byAddress = new Map<string, Staged[]>();
      for (const [from, messages] of people) {
        const address = isPrivate(from) ? await this.#addressOf(messages[0] as Staged) : '';
        byAddress.set(address, [...(byAddress.get(address) ?? []), ...messages]);
      }
      const places = new Map(waiting.map(({ hash }, place) => [hash, place]));
      const inOrder = (messages: Staged[]): Staged[] =>
        messages.toSorted((a, b) => (places.get(a.hash) ?? 0) - (places.get(b.hash) ?? 0));
      const handled = await Promise.all(
        [...byAddress].map(([address, messages]) => this.#inOrder(receive, address, inOrder(messages))),
      );
      return handled.some((count) => count > 0) ? 'more' : 'none';
    } catch (error) {
      log.warn('channel_failed', { channel: 'whatsapp', ...reduceError(error) });
      return 'none';
    }
  }

  async #inOrder(receive: Receive, address: string, messages: readonly Staged[]): Promise<number> {
    const { staged, log, onHandled } = this.#parts;
    let count = 0;
    for (const message of messages) {
      if (this.#stop.signal.aborted) break;
      try {
        const incoming = address === '' ? undefined : await this.#read(address, message);
        if (incoming) await receive(incoming);
        await staged.handled(message.hash);
      } catch (error) {
        log.warn('channel_failed', { channel: 'whatsapp', ...reduceError(error) });
        break;
      }
      const { from, id } = message.attrs;
      if (address !== '' && from && id) onHandled({ jid: from, id });
      count += 1;
    }
    return count;
  }

  async #addressOf({ attrs }: Staged): Promise<string> {
    const jids = jidsOf(attrs);
    const lid = jids.lid ?? (jids.number ? await this.#parts.lidOf(jids.number) : undefined);
    return addressOf(this.#parts.store, { ...jids, ...(lid ? { lid } : {}) });
  }

  async #read(address: string, { attrs, plain }: Staged): Promise<IncomingMessage | undefined> {
    const message = messageIn(plain);
    const content = message && contentOf({ key: {}, message });
    if (!content) return undefined;
    const meant: IncomingContent = chosen(await menuOf(this.#parts.store, address), content) ?? content;
    const sentAt = Number(attrs.t);
    return {
      channel: 'whatsapp',
      id: `${address}/${attrs.id}`,
      address,
      ...(attrs.id ? { messageRef: attrs.id } : {}),
      ...(Number.isFinite(sentAt) ? { sentAt: new Date(sentAt * 1_000) } : {}),
      content: meant,
    };
  }
}

/** Where it stands among all that came. */
const placeOf = ({ attrs }: Staged): number => Number(attrs[PLACE] ?? 0);

/** Groups, broadcasts, status and newsletters are ignored. */
const isPrivate = (jid: string): boolean =>
  !isJidGroup(jid) && (isLidUser(jid) === true || isPnUser(jid) === true);

/** The names of the sender: the device is left out. */
export function jidsOf(attrs: Staged['attrs']): Jids {
  const all = [attrs.from, attrs.sender_lid, attrs.sender_pn, attrs.participant_lid, attrs.participant_pn]
    .filter((jid) => jid !== undefined)
    .map((jid) => jidNormalizedUser(jid));
  const lid = all.find((jid) => isLidUser(jid));
  const number = all.find((jid) => isPnUser(jid));
  return { ...(lid ? { lid } : {}), ...(number ? { number } : {}) };
}

function messageIn(plain: Uint8Array): proto.IMessage | undefined {
  try {
    return proto.Message.decode(unpadRandomMax16(plain));
  } catch {
    return undefined;
  }
}
