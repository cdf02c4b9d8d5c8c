/** What the database does first with every message, in two statements that are sent together. */
import type { ContactId, EpochId, OfficerId } from '../kernel/ids.ts';
import type { ContactRow } from './contacts.ts';
import type { Tx } from './database.ts';
import { statement } from './statement.ts';

export type Arrival = {
  channel: string;
  /** Keyed hash of the channel's message id. */
  messageIndex: Uint8Array;
  /** The id that the contact gets if it is not known yet. */
  contactId: ContactId;
  addressIndex: Uint8Array;
  addressSealed: Uint8Array;
  /** Which of our numbers they wrote to. */
  number: string | null;
};

const ARRIVE = statement<ContactColumns & { now: Date; is_new: boolean }>(`
  with clock as (select coalesce($6::timestamptz, now()) as now),
  noted as (
    insert into inbox (channel, message_index, received_at, state)
    select $1, $2, clock.now, 'handled' from clock
    on conflict (channel, message_index) do update
      set state = 'handled', body_sealed = null, epoch_id = null, error = null, waiting_from = null, waiting_no = null
      where inbox.state in ('failed', 'waiting')
    returning true
  ), contact as (
    insert into contacts (id, channel, address_index, address_sealed, created_at, flood_minute, flood_count, number)
    select $3, $1, $4, $5, clock.now, date_trunc('minute', clock.now), 1, $7 from clock
    on conflict (channel, address_index) do update
      set number = coalesce(excluded.number, contacts.number),
          number_decided = null,
          flood_minute = excluded.flood_minute,
          flood_count = case when contacts.flood_minute = excluded.flood_minute then contacts.flood_count + 1 else 1 end
    returning *
  )
  select contact.*, clock.now, exists (select from noted) as is_new from contact, clock`);

/**
 * Notes that a message is being handled in this transaction, and finds or makes its contact, whose row stays locked
 * until the transaction ends: the transaction that holds it is alone with this person. The message is counted for flood
 * control.
 *
 * `isNew` is false for a message that was handled (or parked) before and must have no effect again; a second process
 * with the same message waits here for the first one's commit. `stated`: the time if it is not the database's own.
 */
export async function arrive(
  tx: Tx,
  stated: Date | null,
  { channel, messageIndex, contactId, addressIndex, addressSealed, number }: Arrival,
): Promise<{ now: Date; isNew: boolean; contact: ContactRow }> {
  const [row] = await ARRIVE(tx, [
    channel,
    messageIndex,
    contactId,
    addressIndex,
    addressSealed,
    stated,
    number,
  ]);
  if (!row) throw new Error('an arrival returns its contact');
  return { now: row.now, isNew: row.is_new, contact: toContact(row) };
}

type ContactColumns = {
  id: ContactId;
  channel: string;
  address_index: Uint8Array;
  address_sealed: Uint8Array;
  is_group: boolean;
  language: string | null;
  created_at: Date;
  blocked_at: Date | null;
  flood_minute: Date | null;
  flood_count: number;
  muted_at: Date | null;
  muted_by: OfficerId | null;
  muted_reason_sealed: Uint8Array | null;
  muted_sos_at: Date | null;
  outage_told: number;
  number: string | null;
  number_decided: string | null;
};

const toContact = (row: ContactColumns): ContactRow => ({
  id: row.id,
  channel: row.channel,
  addressIndex: row.address_index,
  addressSealed: row.address_sealed,
  isGroup: row.is_group,
  language: row.language,
  createdAt: row.created_at,
  blockedAt: row.blocked_at,
  floodMinute: row.flood_minute,
  floodCount: row.flood_count,
  mutedAt: row.muted_at,
  mutedBy: row.muted_by,
  mutedReasonSealed: row.muted_reason_sealed,
  mutedSosAt: row.muted_sos_at,
  outageTold: row.outage_told,
  number: row.number,
  numberDecided: row.number_decided,
});

/** What intake needs to know beside the contact itself. */
export type Surroundings = {
  conversation: { epochId: EpochId; stateSealed: Uint8Array } | undefined;
  officerId: OfficerId | undefined;
  outage: { id: number; startedAt: Date; endedAt: Date } | undefined;
};

const SURROUNDINGS = statement<{
  epoch_id: EpochId | null;
  state_sealed: Uint8Array | null;
  officer_id: OfficerId | null;
  outage_id: string | null;
  started_at: Date;
  ended_at: Date;
}>(`
  select conversation.epoch_id, conversation.state_sealed, officer.officer_id,
         outage.id as outage_id, outage.started_at, outage.ended_at
  from contacts contact
  left join conversations conversation on conversation.contact_id = contact.id
  left join officer_contacts officer on officer.contact_id = contact.id
  left join (select * from outages order by id desc limit 1) outage on true
  where contact.channel = $1 and contact.address_index = $2`);

/**
 * The conversation, the officer and the last outage around an address. A statement of its own, after `arrive`: what
 * another process committed while that waited for the contact's row is only seen by the next statement.
 */
export async function surroundingsOf(
  tx: Tx,
  channel: string,
  addressIndex: Uint8Array,
): Promise<Surroundings> {
  const [row] = await SURROUNDINGS(tx, [channel, addressIndex]);
  return {
    conversation:
      row?.epoch_id && row.state_sealed
        ? { epochId: row.epoch_id, stateSealed: row.state_sealed }
        : undefined,
    officerId: row?.officer_id ?? undefined,
    outage: row?.outage_id
      ? { id: Number(row.outage_id), startedAt: row.started_at, endedAt: row.ended_at }
      : undefined,
  };
}
