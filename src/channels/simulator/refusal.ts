import type { Capabilities, OutgoingMessage, SendResult } from '../channel.ts';
import { MAX_FILE_BYTES } from './api.ts';
import type { Phone } from './phone.ts';

/** Limits of the strictest messenger, so that what fits here fits there. */
export const CAPABILITIES: Capabilities = {
  buttons: true,
  editText: true,
  maxTextLength: 4_096,
  maxButtonData: 64,
  maxFileBytes: MAX_FILE_BYTES,
  voice: true,
};

/** A refusal for good, with its code. */
export function rejected(code: string): SendResult {
  return { ok: false, reason: 'rejected', code };
}

/** Why nothing reaches this phone now. */
export function unreached(phone: Phone): SendResult | undefined {
  if (phone.blocked) return { ok: false, reason: 'blocked' };
  if (!phone.connected) return { ok: false, reason: 'unreachable', code: 'no_network' };
  return undefined;
}

/** Why this message cannot be shown: what a messenger would refuse is refused here too, and so found first. */
export function unfit(message: OutgoingMessage): SendResult | undefined {
  if (message.voice) return message.voice.bytes.length > 0 ? undefined : rejected('file_is_empty');
  if (message.text.trim() === '') return rejected('message_text_is_empty');
  if (message.text.length > CAPABILITIES.maxTextLength) return rejected('message_is_too_long');
  const buttons = (message.rows ?? []).flat();
  const isUnfit = buttons.some(
    ({ label, data }) => label === '' || data === '' || Buffer.byteLength(data) > CAPABILITIES.maxButtonData,
  );
  return isUnfit ? rejected('button_data_invalid') : undefined;
}
