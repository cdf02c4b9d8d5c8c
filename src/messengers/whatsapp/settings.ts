import { z } from 'zod';
import { SERVER, setting, usually } from '../../config-kinds.ts';
import { address } from '../../config-urls.ts';
import { days, seconds } from '../../kernel/time.ts';
import type { MessengerSettings } from '../messenger.ts';

/**
 * `socketUrl`: another server than WhatsApp's own. `disappearAfter`: seconds, 0 is never. `perMinute`: most messages that the
 * number sends, but for pages and answers to a cry for help.
 */
export type WhatsappSettings = { socketUrl?: string; disappearAfter: number; perMinute: number };

/** What WhatsApp knows as timers of a chat. */
const DISAPPEARING = { '24h': days(1), '7d': days(7), '90d': days(90), off: 0 } as const;

const schema = {
  WHATSAPP: setting(z.enum(['on', 'off'], 'give on or off').default('off')),
  WHATSAPP_SOCKET_URL: setting(
    address({
      ...SERVER,
      protocols: ['ws', 'wss'],
      give: 'give a ws:// or wss:// address, or leave it out',
      path: undefined,
      mayAsk: true,
    }).optional(),
  ),
  WHATSAPP_DISAPPEARING: setting(
    z.enum(['24h', '7d', '90d', 'off'], 'give 24h, 7d, 90d or off').default('24h'),
  ),
  WHATSAPP_PER_MINUTE: usually(10, 10_000, 60),
  WHATSAPP_IN_BACKUP: setting(z.enum(['on', 'off'], 'give on or off').default('off')),
} as const;

export const whatsappSettings: MessengerSettings<WhatsappSettings> = {
  schema,
  turnsOn: 'WHATSAPP=on',
  isSessionSaved: (given: z.infer<z.ZodObject<typeof schema>>) => given.WHATSAPP_IN_BACKUP === 'on',
  read(given: z.infer<z.ZodObject<typeof schema>>) {
    if (given.WHATSAPP === 'off') return undefined;
    return {
      ...(given.WHATSAPP_SOCKET_URL ? { socketUrl: given.WHATSAPP_SOCKET_URL } : {}),
      disappearAfter: DISAPPEARING[given.WHATSAPP_DISAPPEARING] / seconds(1),
      perMinute: given.WHATSAPP_PER_MINUTE,
    };
  },
};
