import type { Capabilities } from '../channel.ts';

/** What WhatsApp can do; apart from the channel, so that a caller need not load Baileys. */
export const WHATSAPP_CAPABILITIES: Capabilities = {
  buttons: false,
  editText: false,
  maxTextLength: 4_000,
  maxButtonData: 64,
  maxFileBytes: 64_000_000,
  tells: true,
  sendsOnce: true,
  voice: true,
};
