/**
 * From an alert to the person who raised it.
 *
 * Invariant: the link stands only under the day's epoch key and is carried forward only while the alert is live.
 */
import { z } from 'zod';
import { type MayWrite, mayWriteSchema } from '../../conversation/values/may-write.ts';
import { type AlertRow, updateAlert } from '../../db/alerts.ts';
import type { AlertId, ContactId, DeliveryId, EpochId } from '../../kernel/ids.ts';
import { PHRASES, type Phrase } from '../../kernel/vocabulary.ts';
import type { Moment } from '../ground/transaction.ts';
import { openLive, sealLive } from '../keys/epochs.ts';

const chatSchema = z.object({
  contactId: z.string(),
  mayWrite: mayWriteSchema.optional(),
  cameBackAt: z.string().optional(),
  isCut: z.boolean().optional(),
});
const linkSchema = z.object({
  contactId: z.string(),
  mayWrite: mayWriteSchema.optional(),
  chats: z.array(chatSchema).optional(),
  isUndecided: z.boolean().optional(),
  refused: z.array(chatSchema).optional(),
  /** Replies of officers: their place in the case, and the delivery that carries them. */
  replies: z.array(z.object({ place: z.int(), delivery: z.int() })).optional(),
  /** Phrases of officers that are read by the reporter who asks where things stand. */
  advice: z.array(z.enum(PHRASES)).optional(),
});
export type ReporterLink = {
  contactId: ContactId;
  mayWrite?: MayWrite | undefined;
  /** The chats that have the case, if it was found again by its code: see `reporter-chats.ts`. */
  chats?: readonly ReporterChat[] | undefined;
  isUndecided?: boolean | undefined;
  /** The chats that an officer did not keep: the code lets them in no more. */
  refused?: readonly ReporterChat[] | undefined;
  replies?: readonly { place: number; delivery: DeliveryId }[] | undefined;
  advice?: readonly Phrase[] | undefined;
};

export type ReporterChat = {
  contactId: ContactId;
  mayWrite?: MayWrite | undefined;
  /** When it found the case again by its code; absent: it was there before. */
  cameBackAt?: string | undefined;
  /** Another chat said that it is in other hands. An officer can still decide otherwise. */
  isCut?: boolean | undefined;
};

/** What the link is sealed for; `forget.ts` carries it forward. */
export const reporterContext = (id: AlertId): string => `alert-reporter/${id}`;

/** The columns of the alert that lead to the reporter. */
export async function sealReporter(
  { tx, ctx, now }: Moment,
  id: AlertId,
  link: ReporterLink,
): Promise<{ epochId: EpochId; reporterSealed: Uint8Array }> {
  const { epochId, sealed } = await sealLive(ctx, tx, now, reporterContext(id), link);
  return { epochId, reporterSealed: sealed };
}

/** Whom the alert is about; undefined once the epoch is destroyed. */
export async function openReporter(
  { tx, ctx }: Moment,
  row: Pick<AlertRow, 'id' | 'epochId' | 'reporterSealed'>,
): Promise<ReporterLink | undefined> {
  const live = { epochId: row.epochId, sealed: row.reporterSealed };
  const value = await openLive(ctx, tx, live, reporterContext(row.id));
  return value === undefined ? undefined : readLink(value);
}

/** The link as it lay under its seal. */
export const readLink = (value: unknown): ReporterLink => linkSchema.parse(value) as ReporterLink;

/** The chats that have the case. */
export function chatsOf({ chats, contactId, mayWrite }: ReporterLink): readonly ReporterChat[] {
  return chats ? chats.filter(({ isCut }) => !isCut) : [{ contactId, mayWrite }];
}

/** Notes what the reporter reads who asks where things stand. */
export async function noteAdvice(at: Moment, row: AlertRow, phrase: Phrase): Promise<void> {
  const link = await openReporter(at, row);
  if (!link || link.advice?.includes(phrase)) return;
  const advice = [...(link.advice ?? []), phrase];
  await updateAlert(at.tx, row.id, await sealReporter(at, row.id, { ...link, advice }));
}

/** Notes which delivery carries the words at this place of the case, so that the room shows what becomes of them. */
export async function noteReply(
  at: Moment,
  row: AlertRow,
  reply: { place: number; delivery: DeliveryId },
): Promise<void> {
  const link = await openReporter(at, row);
  if (!link) return;
  const replies = [...(link.replies ?? []), reply];
  await updateAlert(at.tx, row.id, await sealReporter(at, row.id, { ...link, replies }));
}
