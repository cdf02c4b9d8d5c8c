/**
 * Pages by SMS and by a phone call, through Africa's Talking (developers.africastalking.com: SMS `version1/messaging`,
 * voice `call`). A call rings and says nothing: what there is to know stands in the messenger.
 *
 * Invariant: the API key and numbers stand in no error; an SMS is one part of at most 160 characters.
 */
import { z } from 'zod';
import type { AccountFault, Channel, OutgoingMessage, SendResult } from '../channel.ts';
import { accountRefused, callHttp, codeOfRefusal, type Refused } from '../http-call.ts';
import { type Asked, createSendOnly } from '../send-only.ts';
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

/** `Message` says what is wrong where nobody is named: `InvalidSenderId`. */
const smsAnswer = z.object({
  SMSMessageData: z.object({
    Message: z.string().default(''),
    Recipients: z.array(z.object({ statusCode: z.number(), messageId: z.string().optional() })).default([]),
  }),
});
/** `errorMessage` says what is wrong where nobody is named: `Invalid callerId`. */
const callAnswer = z.object({
  entries: z.array(z.object({ status: z.string(), sessionId: z.string().optional() })).default([]),
  errorMessage: z.string().default(''),
});
/** `KES 1785.50`: a currency, and what is left. */
const accountAnswer = z.object({ UserData: z.object({ balance: z.string() }) });

/** Processed, sent, queued. */
const ACCEPTED = [100, 101, 102];
/** Risk hold, sender that is not ours, no credit. The others up to 409 and 502 are about one number. */
const ACCOUNT_CODES: Readonly<Record<number, AccountFault>> = { 401: 'hold', 402: 'sender', 405: 'balance' };
/** Their own trouble, which passes. */
const PASSING_CODES = [500, 501];
/** The same in words. */
const ACCOUNT_WORDS: readonly [RegExp, AccountFault][] = [
  [/insufficient/i, 'balance'],
  [/sender/i, 'sender'],
  [/caller/i, 'caller'],
  [/riskhold/i, 'hold'],
];
const faultIn = (words: string): AccountFault | undefined =>
  ACCOUNT_WORDS.find(([pattern]) => pattern.test(words))?.[1];

export function createSmsChannel(options: AfricasTalkingOptions): Channel {
  return createSendOnly('sms', {
    can: { maxTextLength: 160, isForPagesOnly: true },
    ask: (signal) => askAccount(options, signal),
    send: (to, message, signal) => sendSms(options, to, message, signal),
  });
}

/** A call rings and says nothing: what is no page, as the code by which the number is verified, goes there as an SMS. */
export function createCallChannel(options: AfricasTalkingOptions & { callFrom: string }): Channel {
  return createSendOnly('call', {
    can: { isForPagesOnly: true },
    ask: (signal) => askAccount(options, signal),
    send: async (to, message, signal) =>
      message.urgent
        ? ring(options, to, message, signal)
        : ofSmsOnly(await sendSms(options, to, message, signal)),
  });
}

/** The name that an SMS comes from has nothing to do with calls. */
const ofSmsOnly = (result: SendResult): SendResult =>
  !result.ok && result.reason === 'account' && result.fault === 'sender'
    ? { ok: false, reason: 'rejected', code: result.code }
    : result;

/** The account and its balance, with our key: whether the sender or the caller is ours shows only when one is used. */
async function askAccount(
  { smsRoot, username, apiKey }: AfricasTalkingOptions,
  signal: AbortSignal,
): Promise<Asked> {
  const headers = { accept: 'application/json', apikey: apiKey };
  const url = `${smsRoot}/version1/user?username=${encodeURIComponent(username)}`;
  const answer = await callHttp(url, { headers }, signal, { means: accountRefused });
  if (!answer.ok)
    return {
      ok: false,
      code: codeOfRefusal(answer),
      ...(answer.reason === 'account' ? { fault: answer.fault } : {}),
    };
  const left = leftOf(read(accountAnswer, answer.body)?.UserData.balance ?? '');
  if (left === undefined) return { ok: true, proves: ['key', 'right', 'address'] };
  return left > 0
    ? { ok: true, proves: ['key', 'right', 'address', 'balance'] }
    : { ok: false, code: 'at_no_balance', fault: 'balance' };
}

/** Undefined: not said in a way that is known. */
function leftOf(balance: string): number | undefined {
  const amount = Number(balance.split(' ').at(-1) || Number.NaN);
  return Number.isNaN(amount) ? undefined : amount;
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
  if (!found) return notTaken(faultIn(said.SMSMessageData.Message), 'no_recipient');
  const { statusCode, messageId } = found;
  if (ACCEPTED.includes(statusCode)) return { ok: true, messageRef: messageId ?? 'sms' };
  const code = `at_${statusCode}`;
  if (PASSING_CODES.includes(statusCode)) return { ok: false, reason: 'unreachable', code };
  return notTaken(ACCOUNT_CODES[statusCode], code);
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
  if (!found) return notTaken(faultIn(said.errorMessage), 'at_no_entry');
  const { status, sessionId } = found;
  if (status === 'Queued') return { ok: true, messageRef: sessionId ?? 'call' };
  return notTaken(faultIn(status), /^\w{1,40}$/.test(status) ? `at_${status}` : 'at_refused');
}

const notTaken = (fault: AccountFault | undefined, code: string): Refused =>
  fault === undefined
    ? { ok: false, reason: 'rejected', code }
    : { ok: false, reason: 'account', fault, code: code === 'no_recipient' ? `at_${fault}` : code };

/** It said that it took something, and was cut off. */
const NOT_UNDERSTOOD: SendResult = { ok: false, reason: 'ambiguous', code: 'at_unreadable' };

function post(url: string, apiKey: string, form: Record<string, string>, signal: AbortSignal) {
  const headers = {
    accept: 'application/json',
    'content-type': 'application/x-www-form-urlencoded',
    apikey: apiKey,
  };
  const body = new URLSearchParams(form).toString();
  return callHttp(url, { headers, body }, signal, { means: accountRefused });
}

function read<T extends z.ZodType>(schema: T, body: string): z.infer<T> | undefined {
  try {
    return schema.safeParse(JSON.parse(body)).data;
  } catch {
    return undefined;
  }
}
