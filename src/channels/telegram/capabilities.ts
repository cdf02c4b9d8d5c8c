import type { Capabilities } from '../channel.ts';
import { MAX_FILE_BYTES } from './content.ts';

/** Where our account stands in the settings. */
export const TELEGRAM_ACCOUNT = { all: 'TELEGRAM_BOT_TOKEN' };

/** What Telegram's Bot API lets a bot do; apart from the channel, for a process that does not load grammY. */
export const TELEGRAM_CAPABILITIES: Capabilities = {
  buttons: true,
  editText: true,
  maxTextLength: 4096,
  maxButtonData: 64,
  maxFileBytes: MAX_FILE_BYTES,
  voice: true,
};
