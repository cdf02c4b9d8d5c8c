/**
 * The transactional outbox: what is to be sent is written in the transaction that causes it. Why it is no queue of jobs:
 * docs/decisions/own-outbox.md.
 *
 * Invariants: bodies stand here only under an epoch key and are blanked once sent; a delivery to a reporter
 * names no case and no alert.
 */
import type { OutgoingMessage } from '../../channels/channel.ts';
import { insertDeliveries, type NewDelivery, replaceQueued } from '../../db/deliveries.ts';
import type { AlertId, ContactId, DeliveryId } from '../../kernel/ids.ts';
import { after } from '../../kernel/time.ts';
import { CLASS, type DeliveryAction, isPageClass } from '../../kernel/vocabulary.ts';
import { sealLive } from '../keys/epochs.ts';
import type { Context } from './context.ts';
import type { Moment } from './transaction.ts';

/** `speaks`: the recordings that it is to be made of when it leaves; only their names stand in its body. */
export type Spoken = OutgoingMessage & { speaks?: readonly string[] };

export type Outgoing = {
  contactId: ContactId;
  /** One of `CLASS` of the vocabulary. */
  class: number;
  /** Whatever else is in it never leaves: see `word-fate.ts`. */
  message: Spoken;
  /** Default `send`. `edit` and `retract` are about the message that delivery `targetId` sent. */
  action?: DeliveryAction;
  targetId?: DeliveryId;
  /** Deliveries of this contact with the same key that have not left yet are replaced by this one. */
  coalesce?: string;
  /** The alerts of which it tells an officer; to a reporter none is named. */
  about?: readonly AlertId[];
  /** Not before this many milliseconds from now; default 0. */
  delayMs?: number;
  /** Not before the hours begin to which the reporter agreed. */
  waitsUntil?: Date;
};

/** What a delivery's body is sealed for; the contact is part of it, so that a body cannot be sent to another. */
export const bodyContext = (contactId: ContactId): string => `delivery/${contactId}`;
export const messageRefContext = (contactId: ContactId): string => `message-ref/${contactId}`;

/** Puts one message into the outbox and wakes its lane. Returns the delivery's id. */
export async function enqueue(at: Moment, outgoing: Outgoing): Promise<DeliveryId> {
  if (outgoing.coalesce) await replaceQueued(at.tx, outgoing.contactId, outgoing.coalesce);
  const [id] = await insertDeliveries(at.tx, [await toRow(at, outgoing)]);
  if (id === undefined) throw new Error('a delivery insert returns an id');
  wakeFor(at.ctx, [outgoing]);
  return id;
}

/** Wakes the lanes that these messages leave by, when they may leave. */
export function wakeFor(ctx: Context, outgoing: readonly Outgoing[]): void {
  for (const { class: of, delayMs } of outgoing) {
    if (delayMs) ctx.nudge(laneOf(of), delayMs);
    else ctx.nudge(laneOf(of));
  }
}

/** The lane by which a message of this class leaves. */
export function laneOf(of: number): 'pages' | 'words' | 'replies' {
  if (isPageClass(of)) return 'pages';
  return of === CLASS.word ? 'words' : 'replies';
}

/** A message as its row, the body sealed. */
export async function toRow({ tx, ctx, now }: Moment, outgoing: Outgoing): Promise<NewDelivery> {
  const body = await sealLive(ctx, tx, now, bodyContext(outgoing.contactId), outgoing.message);
  return {
    contactId: outgoing.contactId,
    class: outgoing.class,
    action: outgoing.action ?? 'send',
    targetId: outgoing.targetId ?? null,
    state: 'queued',
    epochId: body.epochId,
    bodySealed: body.sealed,
    coalesce: outgoing.coalesce ?? null,
    about: outgoing.about && outgoing.about.length > 0 ? [...outgoing.about] : null,
    dueAt: outgoing.waitsUntil ?? after(now, outgoing.delayMs ?? 0),
    waits: outgoing.waitsUntil !== undefined,
    createdAt: now,
  };
}

/** Puts several messages to one contact into the outbox, in this order, with one statement. */
export async function enqueueAll(at: Moment, outgoing: readonly Outgoing[]): Promise<void> {
  if (outgoing.length === 0) return;
  for (const { contactId, coalesce } of outgoing)
    if (coalesce) await replaceQueued(at.tx, contactId, coalesce);
  await insertDeliveries(at.tx, await Promise.all(outgoing.map((each) => toRow(at, each))));
  wakeFor(at.ctx, outgoing);
}
