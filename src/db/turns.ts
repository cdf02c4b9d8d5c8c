import type { ContactId, EpochId } from '../kernel/ids.ts';
import type { Tx } from './database.ts';
import type { NewDelivery } from './deliveries.ts';
import { hex, statement } from './statement.ts';

/** What one turn of a conversation leaves behind. */
export type TurnToSave = {
  contactId: ContactId;
  epochId: EpochId;
  stateSealed: Uint8Array;
  /** The language they are spoken to in from now on; null: as before. */
  language: string | null;
  /** When the conversation's timer runs out. */
  dueAt: Date | null;
  /** What waits under this key is not said any more. */
  replaces: string | null;
  /** What is to be said, in this order. */
  deliveries: readonly NewDelivery[];
};

/** Ids are given in the order of the list. */
const SAVE = statement(`
  with said as (
    select * from json_to_recordset($6::json) as said (
      class int, action text, target_id int, epoch_id uuid, body text, coalesce text, due_at timestamptz, n int)
  ), replaced as (
    update deliveries set state = 'replaced', body_sealed = null, epoch_id = null
    where contact_id = $1 and state = 'queued' and (coalesce in (select said.coalesce from said) or coalesce = $7)
  ), spoken as (
    update contacts set language = $8 where id = $1 and $8::text is not null
  ), saved as (
    insert into conversations (contact_id, epoch_id, state_sealed, updated_at, due_at) values ($1, $2, $3, $4, $5)
    on conflict (contact_id) do update
      set epoch_id = excluded.epoch_id, state_sealed = excluded.state_sealed,
          updated_at = excluded.updated_at, due_at = excluded.due_at
  )
  insert into deliveries (contact_id, class, action, target_id, state, epoch_id, body_sealed, coalesce, due_at, created_at)
  select $1, class, action, target_id, 'queued', epoch_id, decode(body, 'hex'), coalesce, due_at, $4 from said order by n`);

/**
 * Saves where the conversation stands, puts what is to be said into the outbox, and takes back what it replaces: all
 * in one statement.
 */
export async function saveTurn(tx: Tx, now: Date, turn: TurnToSave): Promise<void> {
  const said = turn.deliveries.map((each, n) => ({
    class: each.class,
    action: each.action,
    target_id: each.targetId,
    epoch_id: each.epochId,
    body: hex(each.bodySealed ?? null),
    coalesce: each.coalesce,
    due_at: each.dueAt,
    n,
  }));
  await SAVE(tx, [
    turn.contactId,
    turn.epochId,
    turn.stateSealed,
    now,
    turn.dueAt,
    JSON.stringify(said),
    turn.replaces,
    turn.language,
  ]);
}
