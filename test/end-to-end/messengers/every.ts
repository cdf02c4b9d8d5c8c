import type { Messenger, Opening } from './messenger.ts';
import { telegram, telegramByWebhook } from './telegram.ts';
import { whatsapp } from './whatsapp.ts';

/** For `describe.each(EVERY_MESSENGER)('on $name', …)`. */
export const EVERY_MESSENGER: readonly Opening<Messenger>[] = [telegram, whatsapp];

/** The same, and Telegram both ways. */
export const EVERY_WAY: readonly Opening<Messenger>[] = [telegram, telegramByWebhook, whatsapp];
