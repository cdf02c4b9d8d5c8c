import type { ContactId } from '../kernel/ids.ts';
import type { Tx } from './database.ts';
import { statement } from './statement.ts';

const FIND = statement<{ created_at: Date; state: string }>(`
  select created_at, state from deliveries
  where message_ref_index = $2 and contact_id = $1 and state = 'sent'
  union all
  select created_at, state from deliveries where contact_id = $1 and state = 'sending'
  order by state desc limit 1`);

/**
 * When it was decided to say the message that a person replied to. `leaving`: it is none that is known, and one is on its
 * way, which may be it. Undefined: its handle is forgotten, or it was none of ours.
 */
export async function quotedDelivery(
  tx: Tx,
  contactId: ContactId,
  refIndex: Uint8Array,
): Promise<Date | 'leaving' | undefined> {
  const [found] = await FIND(tx, [contactId, refIndex]);
  if (!found) return undefined;
  return found.state === 'sent' ? found.created_at : 'leaving';
}

const WAITING = statement<{ found: boolean }>(`
  select exists (
    select from deliveries d
    where d.contact_id = $1 and d.state in ('queued', 'sending') and d.coalesce = any ($2::text[])
      and not exists (
        select from deliveries before
        where before.contact_id = d.contact_id and before.coalesce = d.coalesce and before.created_at = d.created_at
          and before.state = 'sent' and before.id < d.id
      )
  ) as found`);

/**
 * Whether something with one of these keys has not arrived yet. What was said at the same moment counts as arrived with the
 * first of it: a voice note only says again what its words say.
 */
export async function isWaiting(tx: Tx, contactId: ContactId, keys: readonly string[]): Promise<boolean> {
  const [row] = await WAITING(tx, [contactId, `{${keys.join(',')}}`]);
  return row?.found === true;
}
