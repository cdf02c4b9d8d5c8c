/**
 * Pages by SMS and by a phone call, through Africa's Talking (developers.africastalking.com: SMS `version1/messaging`,
 * voice `call`). A call rings and says nothing: what there is to know stands in the messenger.
 *
 * Invariant: the API key and numbers stand in no error; an SMS is one part of at most 160 characters.
 */
import { z } from 'zod';
import type { Channel } from '../channel.ts';
import { answersGet, callHttp } from '../http-call.ts';
import { createSendOnly } from '../send-only.ts';
import { asOneSms } from './gsm.ts';

export type AfricasTalkingOptions = {
  username: string;
  apiKey: string;
  /** Sender that people see on an SMS; absent: the provider's. */
  smsFrom?: string;
  /** Number that calls; absent: no calls. */
  callFrom?: string;
  smsRoot: string;
  voiceRoot: string;
};

const smsAnswer = z.object({
  SMSMessageData: z.object({
    Recipients: z.array(z.object({ statusCode: z.number(), messageId: z.string().optional() })),
  }),
});
const callAnswer = z.object({
  entries: z.array(z.object({ status: z.string(), sessionId: z.string().optional() })),
});

/** Processed, sent, queued. */
const ACCEPTED = [100, 101, 102];

export function createSmsChannel(options: AfricasTalkingOptions): Channel {
  const { username, smsFrom, smsRoot } = options;
  return createSendOnly('sms', {
    can: { maxTextLength: 160, isForPagesOnly: true },
    // The account and its balance: a wrong key shows here, not when somebody must be woken.
    probe: (signal) =>
      answersGet(
        `${smsRoot}/version1/user?username=${encodeURIComponent(username)}`,
        { accept: 'application/json', apikey: options.apiKey },
        signal,
      ),
    async send(to, message, signal) {
      const form = { username, to, message: asOneSms(message.text), ...(smsFrom ? { from: smsFrom } : {}) };
      const answer = await post(`${smsRoot}/version1/messaging`, options.apiKey, form, signal);
      if (!answer.ok) return answer;
      const [found] = read(smsAnswer, answer.body)?.SMSMessageData.Recipients ?? [];
      if (!found) return { ok: false, reason: 'rejected', code: 'no_recipient' };
      if (ACCEPTED.includes(found.statusCode)) return { ok: true, messageRef: found.messageId ?? 'sms' };
      const code = `at_${found.statusCode}`;
      return { ok: false, reason: found.statusCode >= 500 ? 'unreachable' : 'rejected', code };
    },
  });
}

export function createCallChannel(options: AfricasTalkingOptions & { callFrom: string }): Channel {
  const { username, callFrom, voiceRoot } = options;
  return createSendOnly('call', {
    can: { isForPagesOnly: true },
    async send(to, message, signal) {
      const form = {
        username,
        from: callFrom,
        to,
        ...(message.key ? { clientRequestId: message.key.slice(0, 32) } : {}),
      };
      const answer = await post(`${voiceRoot}/call`, options.apiKey, form, signal);
      if (!answer.ok) return answer;
      const [found] = read(callAnswer, answer.body)?.entries ?? [];
      if (found?.status === 'Queued') return { ok: true, messageRef: found.sessionId ?? 'call' };
      return { ok: false, reason: 'rejected', code: `at_${found?.status ?? 'no_entry'}`.slice(0, 40) };
    },
  });
}

function post(url: string, apiKey: string, form: Record<string, string>, signal: AbortSignal) {
  const headers = {
    accept: 'application/json',
    'content-type': 'application/x-www-form-urlencoded',
    apikey: apiKey,
  };
  return callHttp(url, { headers, body: new URLSearchParams(form).toString() }, signal);
}

function read<T extends z.ZodType>(schema: T, body: string): z.infer<T> | undefined {
  try {
    return schema.safeParse(JSON.parse(body)).data;
  } catch {
    return undefined;
  }
}
