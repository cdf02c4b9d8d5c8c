/**
 * Pages by ntfy, the office's own server or another's. The address is the topic: anyone who knows it can read along, so
 * it is random, and a page says nothing that is secret.
 */
import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { AccountFault, Channel } from '../channel.ts';
import { accountRefused, callHttp, codeOfRefusal, type Means } from '../http-call.ts';
import { type Asked, createSendOnly } from '../send-only.ts';

export type NtfyOptions = { url: string; token?: string };

/** Rings through "do not disturb" where the person lets it; and one that stays quiet. */
const PRIORITY = { page: 5, quiet: 2, other: 3 } as const;

/** A topic that nobody guesses. */
export const newTopic = (): string => `lk-${randomBytes(12).toString('base64url')}`;

/**
 * What ntfy says in its own codes (its `server/errors.go`). After some sends with a bad token it answers 429 to whatever
 * comes with one: that is not over by waiting.
 */
const CODES: Readonly<Record<number, AccountFault>> = { 42908: 'quota', 42909: 'key' };
/** "Invalid priority": said only to those who may write to the topic, and nothing is published. */
const BAD_PRIORITY = 40007;
const NO_PRIORITY = 9;
/** Ours for asking: nobody listens there, and nothing ever arrives. Its rights are those of all topics of ours. */
const ASKED_TOPIC = 'lk-asked-whether-pages-would-leave';

/** What a refusal means: our token, what it may do and how much, or that this is no ntfy server. */
const means: Means = (status, body) => {
  const code = codeIn(body);
  const fault = code === undefined ? undefined : CODES[code];
  return fault ? { ok: false, reason: 'account', fault, code: `ntfy_${code}` } : accountRefused(status, body);
};

const errorBody = z.looseObject({ code: z.int().min(0).max(99_999) });
function codeIn(body: string): number | undefined {
  try {
    return errorBody.safeParse(JSON.parse(body)).data?.code;
  } catch {
    return undefined;
  }
}

export function createNtfyChannel({ url, token }: NtfyOptions): Channel {
  const headers = {
    'content-type': 'application/json',
    ...(token ? { authorization: `Bearer ${token}` } : {}),
  };
  const post = (message: object, signal: AbortSignal, how: Means) =>
    callHttp(url, { headers, body: JSON.stringify(message) }, signal, { means: how });

  /**
   * The same request as a send, with the same token, and one thing in it that the server refuses once it has found that we
   * may write there. An open `/v1/health` says nothing of the token.
   */
  const ask = async (signal: AbortSignal): Promise<Asked> => {
    let isPastRights = false;
    const answer = await post({ topic: ASKED_TOPIC, priority: NO_PRIORITY }, signal, (status, body) => {
      isPastRights = status === 400 && codeIn(body) === BAD_PRIORITY;
      return means(status, body);
    });
    if (answer.ok || isPastRights) return { ok: true, proves: ['key', 'right', 'address'], isLikeSend: true };
    return {
      ok: false,
      code: codeOfRefusal(answer),
      ...(answer.reason === 'account' ? { fault: answer.fault } : {}),
    };
  };

  return createSendOnly('ntfy', {
    ask,
    async send(topic, message, signal) {
      const priority = message.silent ? PRIORITY.quiet : message.urgent ? PRIORITY.page : PRIORITY.other;
      const answer = await post({ topic, message: message.text, priority }, signal, means);
      return answer.ok ? { ok: true, messageRef: message.key ?? topic } : answer;
    },
  });
}
