/**
 * Whether what people write reaches our webhook, by what Telegram says of it (`getWebhookInfo`). Pure.
 *
 * A bot can send and say who it is while nothing that people write to it arrives: the certificate has run out, the
 * load balancer is gone, another address was set. Only Telegram knows.
 */
import { z } from 'zod';

/** Telegram tries again ever more seldom: an error so long ago is still the last try. */
const RECENT_MS = 15 * 60_000;

const webhookInfo = z.looseObject({
  url: z.string(),
  pending_update_count: z.number(),
  /** Seconds since 1970. Stays after it has worked again. */
  last_error_date: z.number().optional(),
});

/** A code, if Telegram cannot hand over what people write. `ours`: where it should. Servers that say less are believed. */
export function webhookTrouble(answer: unknown, ours: string, nowMs: number): string | undefined {
  const info = webhookInfo.safeParse(answer);
  if (!info.success) return undefined;
  const { url, pending_update_count: waiting, last_error_date: failedAt } = info.data;
  if (url !== ours) return url === '' ? 'webhook_missing' : 'webhook_elsewhere';
  const isFailing = failedAt !== undefined && nowMs - failedAt * 1_000 < RECENT_MS;
  return waiting > 0 && isFailing ? 'webhook_unreached' : undefined;
}
