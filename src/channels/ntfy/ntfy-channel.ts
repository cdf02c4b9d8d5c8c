/**
 * Pages by ntfy, the office's own server or another's. The address is the topic: whoever knows it can read along, so it
 * is random, and a page says nothing that is secret.
 */
import { randomBytes } from 'node:crypto';
import type { Channel } from '../channel.ts';
import { answersGet, callHttp } from '../http-call.ts';
import { createSendOnly } from '../send-only.ts';

export type NtfyOptions = { url: string; token?: string };

/** Rings through "do not disturb" where the person lets it; and one that stays quiet. */
const PRIORITY = { page: 5, quiet: 2, other: 3 } as const;

/** A topic that nobody guesses. */
export const newTopic = (): string => `lk-${randomBytes(12).toString('base64url')}`;

export function createNtfyChannel({ url, token }: NtfyOptions): Channel {
  const headers = {
    'content-type': 'application/json',
    ...(token ? { authorization: `Bearer ${token}` } : {}),
  };
  return createSendOnly('ntfy', {
    can: { silent: true },
    accountFaults: ['http_401'],
    probe: (signal) => answersGet(new URL('/v1/health', url).href, headers, signal),
    async send(topic, message, signal) {
      const priority = message.silent ? PRIORITY.quiet : message.urgent ? PRIORITY.page : PRIORITY.other;
      const body = JSON.stringify({ topic, message: message.text, priority });
      const answer = await callHttp(url, { headers, body }, signal);
      return answer.ok ? { ok: true, messageRef: message.key ?? topic } : answer;
    },
  });
}
