/**
 * Baileys fetches nothing by itself.
 *
 * The handset's history and the owner's settings ("app state") lie in files. Baileys opens them past `outside.ts`,
 * without any limit, and nobody hears the errors of their streams: a line that breaks in the middle would end the service.
 * None of it is needed here. So history is declined, news of settings are acknowledged and left alone, and whatever else
 * wants to be fetched (`getHttpStream` in Baileys' `Utils/messages-media.js`) is refused before a name is looked up.
 */
import type { EventEmitter } from 'node:events';
import type { BinaryNode, SocketConfig } from '@whiskeysockets/baileys';
import { LakanaError } from '../../kernel/errors.ts';

const EVENT = 'CB:notification';

export const FETCHES_NOTHING = {
  syncFullHistory: false,
  shouldSyncHistoryMessage: () => false,
  options: {
    dispatcher: {
      dispatch(): never {
        throw new LakanaError('whatsapp_fetches_nothing', 'Baileys wanted to fetch something by itself');
      },
    },
  } as unknown as SocketConfig['options'],
} satisfies Partial<SocketConfig>;

/** Takes out of the news of settings what Baileys would fetch; it still acknowledges them. */
export function leaveSettingsAlone(ws: EventEmitter): void {
  const listeners = ws.listeners(EVENT);
  ws.removeAllListeners(EVENT);
  ws.on(EVENT, (stanza: BinaryNode) => {
    const given = stanza.attrs.type === 'server_sync' ? { ...stanza, content: [] } : stanza;
    for (const listener of listeners) listener(given);
  });
}
