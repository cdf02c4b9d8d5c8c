/**
 * Pages by SMS and by a phone call, through Africa's Talking (developers.africastalking.com: SMS `version1/messaging`,
 * voice `call`). A call rings and says nothing: what there is to know stands in the messenger.
 *
 * Invariant: the API key and numbers stand in no error; an SMS is one part of at most 160 characters.
 */
import { z } from 'zod';
import type { Channel, OutgoingMessage, SendResult } from '../channel.ts';
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
/** Risk hold, bad sender, no credit; a wrong key. */
const ACCOUNT_FAULTS = ['at_401', 'at_402', 'at_405', 'at_InsufficientCredit', 'http_401', 'http_403'];

export function createSmsChannel(options: AfricasTalkingOptions): Channel {
  return createSendOnly('sms', {
    can: { maxTextLength: 160, isForPagesOnly: true },
    accountFaults: ACCOUNT_FAULTS,
    probe: (signal) => askAccount(options, signal),
    send: (to, message, signal) => sendSms(options, to, message, signal),
  });
}

/** A call rings and says nothing: what is no page, as the code by which the number is verified, goes there as an SMS. */
export function createCallChannel(options: AfricasTalkingOptions & { callFrom: string }): Channel {
  return createSendOnly('call', {
    can: { isForPagesOnly: true },
    accountFaults: ACCOUNT_FAULTS,
    probe: (signal) => askAccount(options, signal),
    send: (to, message, signal) =>
      message.urgent ? ring(options, to, message, signal) : sendSms(options, to, message, signal),
  });
}

/** The account and its balance: a wrong key shows here, not when somebody must be woken. */
function askAccount({ smsRoot, username, apiKey }: AfricasTalkingOptions, signal: AbortSignal) {
  const headers = { accept: 'application/json', apikey: apiKey };
  return answersGet(`${smsRoot}/version1/user?username=${encodeURIComponent(username)}`, headers, signal);
}

async function sendSms(
  { username, smsFrom, smsRoot, apiKey }: AfricasTalkingOptions,
  to: string,
  { text }: OutgoingMessage,
  signal: AbortSignal,
): Promise<SendResult> {
  const form = { username, to, message: asOneSms(text), ...(smsFrom ? { from: smsFrom } : {}) };
  const answer = await post(`${smsRoot}/version1/messaging`, apiKey, form, signal);
  if (!answer.ok) return answer;
  const said = read(smsAnswer, answer.body);
  if (!said) return NOT_UNDERSTOOD;
  const [found] = said.SMSMessageData.Recipients;
  if (!found) return { ok: false, reason: 'rejected', code: 'no_recipient' };
  if (ACCEPTED.includes(found.statusCode)) return { ok: true, messageRef: found.messageId ?? 'sms' };
  const code = `at_${found.statusCode}`;
  return { ok: false, reason: found.statusCode >= 500 ? 'unreachable' : 'rejected', code };
}

async function ring(
  { username, callFrom, voiceRoot, apiKey }: AfricasTalkingOptions & { callFrom: string },
  to: string,
  { key }: OutgoingMessage,
  signal: AbortSignal,
): Promise<SendResult> {
  const form = { username, from: callFrom, to, ...(key ? { clientRequestId: key.slice(0, 32) } : {}) };
  const answer = await post(`${voiceRoot}/call`, apiKey, form, signal);
  if (!answer.ok) return answer;
  const said = read(callAnswer, answer.body);
  if (!said) return NOT_UNDERSTOOD;
  const [found] = said.entries;
  if (found?.status === 'Queued') return { ok: true, messageRef: found.sessionId ?? 'call' };
  return { ok: false, reason: 'rejected', code: `at_${found?.status ?? 'no_entry'}`.slice(0, 40) };
}

/** It said that it took something, and was cut off. */
const NOT_UNDERSTOOD: SendResult = { ok: false, reason: 'ambiguous', code: 'at_unreadable' };

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
