/**
 * Sending, changing and deleting messages.
 *
 * Invariants: plain text only (no parse_mode), so that nothing a reporter wrote can become markup; no link
 * previews, since Telegram's servers would fetch the address; nothing is repeated here, that is the outbox's.
 */
import { InputFile } from 'grammy';
import { z } from 'zod';
import type { OutgoingMessage, SendResult, VoiceNote } from '../channel.ts';
import type { Calls, Outcome } from './calls.ts';
import { refusalCode, toSendResult } from './results.ts';

const sentMessage = z.looseObject({ message_id: z.union([z.int(), z.string()]).transform(String) });

/** Sends a message. */
export async function send(calls: Calls, address: string, message: OutgoingMessage, signal: AbortSignal) {
  const about = {
    chat_id: chatId(address),
    ...(message.silent ? { disable_notification: true } : {}),
    ...(message.rows?.some((row) => row.length > 0) ? { reply_markup: keyboard(message) } : {}),
  };
  const { text, voice } = message;
  const outcome = voice
    ? await calls('sendVoice', { ...about, ...uploaded(voice) }, { signal })
    : await calls('sendMessage', { ...about, text, link_preview_options: { is_disabled: true } }, { signal });
  if (!outcome.ok) return toSendResult(outcome.failure);
  // Other Bot API servers may say only "ok": sent, but never to be edited.
  const sent = sentMessage.safeParse(outcome.result);
  return { ok: true, messageRef: sent.success ? sent.data.message_id : '' } satisfies SendResult;
}

const uploaded = ({ bytes, seconds }: VoiceNote) => ({
  voice: new InputFile(bytes, 'voice.ogg'),
  duration: Math.max(1, Math.round(seconds)),
});

/** Changes text and buttons of a message; without rows its buttons go away. */
export async function edit(
  calls: Calls,
  address: string,
  messageRef: string,
  message: OutgoingMessage,
  signal: AbortSignal,
): Promise<SendResult> {
  const messageId = Number(messageRef);
  if (!messageId) return { ok: false, reason: 'rejected', code: 'message_not_found' };
  const outcome = await calls(
    'editMessageText',
    {
      chat_id: chatId(address),
      message_id: messageId,
      text: message.text,
      link_preview_options: { is_disabled: true },
      reply_markup: keyboard(message),
    },
    { signal },
  );
  return unlessAlready(outcome, 'not_modified', messageRef);
}

/** Deletes a message; one that is gone already counts as deleted. */
export async function retract(
  calls: Calls,
  address: string,
  messageRef: string,
  signal: AbortSignal,
): Promise<SendResult> {
  const messageId = Number(messageRef);
  if (!messageId) return { ok: false, reason: 'rejected', code: 'message_not_found' };
  const outcome = await calls(
    'deleteMessage',
    { chat_id: chatId(address), message_id: messageId },
    { signal },
  );
  return unlessAlready(outcome, 'message_not_found', messageRef);
}

/** A refusal that says "it is so already" is success. */
function unlessAlready(outcome: Outcome, already: string, messageRef: string): SendResult {
  if (outcome.ok) return { ok: true, messageRef };
  const { failure } = outcome;
  if (failure.kind === 'refused' && failure.code === 400 && refusalCode(failure.description) === already)
    return { ok: true, messageRef };
  return toSendResult(failure);
}

/** Telegram's ids fit a number; an address that does not is passed as it is. */
function chatId(address: string): number | string {
  const number = Number(address);
  return Number.isSafeInteger(number) ? number : address;
}

function keyboard(message: OutgoingMessage) {
  const rows = (message.rows ?? []).filter((row) => row.length > 0);
  return {
    inline_keyboard: rows.map((row) => row.map(({ label, data }) => ({ text: label, callback_data: data }))),
  };
}
