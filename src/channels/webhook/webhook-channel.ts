/**
 * Pages to a program of the office: a signed POST. The address holds the URL and the secret of that receiver.
 *
 *     X-Lakana-Timestamp: 1795600000
 *     X-Lakana-Signature: sha256=<hex of HMAC-SHA256(secret, timestamp + "." + body)>
 *     {"id": "…", "text": "URGENT · TAKO-4827 …", "urgent": true}
 *
 * `id` is the same for each try of one page: a receiver that knows it can drop the second one. A status of 200 whose JSON says
 * no ("ok": false, "success": false, an "error", "status": "error") is a refusal.
 */
import { createHmac } from 'node:crypto';
import { z } from 'zod';
import type { Channel } from '../channel.ts';
import { callHttp } from '../http-call.ts';
import { createSendOnly } from '../send-only.ts';

const addressSchema = z.object({ url: z.string(), secret: z.string() });

/** The signature a receiver has to find again. */
export function signatureOf(secret: string, timestamp: string, body: string): string {
  return `sha256=${createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex')}`;
}

/** `now`: milliseconds since 1970, for the timestamp. */
export function createWebhookChannel(now: () => number = Date.now): Channel {
  return createSendOnly('webhook', {
    async send(address, message, signal) {
      const { url, secret } = addressSchema.parse(JSON.parse(address));
      const body = JSON.stringify({
        id: message.key ?? null,
        text: message.text,
        urgent: message.urgent ?? false,
      });
      const timestamp = String(Math.floor(now() / 1_000));
      const headers = {
        'content-type': 'application/json',
        'x-lakana-timestamp': timestamp,
        'x-lakana-signature': signatureOf(secret, timestamp, body),
      };
      const answer = await callHttp(url, { headers, body }, signal);
      if (!answer.ok) return answer;
      return saysNo(answer.body)
        ? { ok: false, reason: 'rejected', code: 'webhook_says_no' }
        : { ok: true, messageRef: message.key ?? timestamp };
    },
  });
}

/** What gateways say with a status of 200 when they have not taken it. */
const no = z.union([
  z.looseObject({ ok: z.literal(false) }),
  z.looseObject({ success: z.literal(false) }),
  z.looseObject({
    error: z.union([z.string().min(1), z.looseObject({}), z.literal(true), z.number().min(1)]),
  }),
  z.looseObject({ status: z.enum(['error', 'failed', 'failure', 'rejected']) }),
]);

function saysNo(body: string): boolean {
  try {
    return no.safeParse(JSON.parse(body)).success;
  } catch {
    return false;
  }
}
