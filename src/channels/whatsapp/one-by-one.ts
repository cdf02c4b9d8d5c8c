/**
 * Gives Baileys the messages that come one by one: each when the one before it is in our store, or was refused
 * (docs/decisions/whatsapp-staging.md).
 *
 * Baileys looks up who a sender is before it decrypts what they wrote, for many at once, so a later message can
 * overtake an earlier one. If the service died between the two, only the later one would be in the store, and be
 * handled before WhatsApp has brought the earlier one again. Given one by one, what is in the store is at any moment
 * the beginning of all that came, without a gap.
 */
import type { EventEmitter } from 'node:events';
import type { BinaryNode } from '@whiskeysockets/baileys';
import { seconds } from '../../kernel/time.ts';
import { type Arriving, UNMARKED } from '../channel.ts';
import type { Staging } from './staging.ts';

/** A message that Baileys does nothing with for so long holds up the others no more. */
const PATIENCE = seconds(10);
const EVENT = 'CB:message';

/** `arriving` marks each. `isOpen`: false as soon as what is not in the store yet must be left for WhatsApp to bring again. */
export function giveOneByOne(
  ws: EventEmitter,
  staging: Staging,
  isOpen: () => boolean,
  arriving: Arriving = UNMARKED,
): void {
  const listeners = ws.listeners(EVENT);
  let last: Promise<unknown> = Promise.resolve();

  const give = async (stanza: BinaryNode): Promise<void> => {
    if (!isOpen()) return;
    const { promise: waitedLong, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, PATIENCE);
    const settled = staging.settles(stanza);
    const worked = Promise.all(listeners.map((listener) => listener(stanza)));
    // What waited at WhatsApp goes into a queue of Baileys': there it has only begun when the listener is done.
    const ways = stanza.attrs.offline ? [settled] : [settled, worked];
    await Promise.race([...ways, waitedLong]).catch(() => undefined);
    clearTimeout(timer);
  };

  ws.removeAllListeners(EVENT);
  ws.on(EVENT, (stanza: BinaryNode) => {
    staging.heard(stanza);
    last = last
      .then(() =>
        arriving.handle(
          'whatsapp',
          { id: `${stanza.attrs.from}/${stanza.attrs.id}`, raw: () => sealedOf(stanza) },
          () => give(stanza),
          // Without what is sealed in it, it is acknowledged, and the person is told that it could not be read.
          () => give({ ...stanza, content: [] }),
        ),
      )
      .catch(() => undefined);
  });
}

/** As it came: only who holds the keys of the session can read it. */
const sealedOf = ({ attrs, content }: BinaryNode) => ({
  attrs,
  parts: (Array.isArray(content) ? content : []).map((part) => ({
    attrs: part.attrs,
    sealed: part.content instanceof Uint8Array ? Buffer.from(part.content).toString('base64') : '',
  })),
});
