/** What is to be said to one contact and has not arrived yet. */
import type { ContactId, DeliveryId, EpochId } from '../kernel/ids.ts';
import { CLASS } from '../kernel/vocabulary.ts';
import type { Db, Tx } from './database.ts';
import { and, eq, gte, inArray, type SQL } from './drizzle.cjs';
import { deliveries } from './schema.ts';
import { statement } from './statement.ts';

type Unsaid = {
  id: DeliveryId;
  contactId: ContactId;
  epochId: EpochId | null;
  bodySealed: Uint8Array | null;
};

/** Words to this contact that nobody has begun to send. */
export function queuedWordsTo(tx: Tx, contactId: ContactId): Promise<Unsaid[]> {
  return unsaid(tx, and(isSendTo(contactId), eq(deliveries.class, CLASS.word)), 'queued');
}

/** Words and replies to this contact that wait, or are being sent at this moment. */
export function unsaidTo(tx: Tx, contactId: ContactId, state: 'queued' | 'sending'): Promise<Unsaid[]> {
  return unsaid(tx, and(isSendTo(contactId), gte(deliveries.class, CLASS.word)), state);
}

function unsaid(tx: Tx, which: SQL | undefined, state: 'queued' | 'sending'): Promise<Unsaid[]> {
  const { id, contactId, epochId, bodySealed } = deliveries;
  return tx
    .select({ id, contactId, epochId, bodySealed })
    .from(deliveries)
    .where(and(which, eq(deliveries.state, state)));
}

const TAKEN_BACK = statement<{ found: boolean }>(`
  select exists (
    select from deliveries
    where contact_id = $1 and class = ${CLASS.reply} and state in ('queued', 'sending')
      and action = 'retract' and target_id = $2
  ) as found`);

/** Whether this message is to be taken back from the phone as soon as it is there. */
export async function isTakenBack(tx: Tx, contactId: ContactId, id: DeliveryId): Promise<boolean> {
  return (await TAKEN_BACK(tx, [contactId, id]))[0]?.found === true;
}

const IS_LAST = statement<{ is_last: boolean }>(`
  select not exists (
    select from deliveries
    where contact_id = $1 and class in (${CLASS.word}, ${CLASS.reply}) and state in ('queued', 'sending')
      and action = 'send' and id > $2
  ) as is_last`);

/** Whether nothing newer waits to be sent to this contact. */
export async function isNewestTo(tx: Tx, contactId: ContactId, id: DeliveryId): Promise<boolean> {
  return (await IS_LAST(tx, [contactId, id]))[0]?.is_last === true;
}

const isSendTo = (contactId: ContactId) =>
  and(eq(deliveries.contactId, contactId), eq(deliveries.action, 'send'));

/** When the delivery to this contact leaves that gives way under this key; undefined: there is none that waits. */
export async function queuedUnder(
  db: Db | Tx,
  contactId: ContactId,
  coalesce: string,
): Promise<Date | undefined> {
  const [row] = await db
    .select({ dueAt: deliveries.dueAt })
    .from(deliveries)
    .where(
      and(
        eq(deliveries.contactId, contactId),
        eq(deliveries.coalesce, coalesce),
        inArray(deliveries.state, ['queued', 'sending']),
      ),
    );
  return row?.dueAt;
}
