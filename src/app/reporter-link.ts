/**
 * From an alert to the person who raised it.
 *
 * Invariants: the link stands only under the day's epoch key and is carried forward only while the alert is
 * live; nothing goes out to somebody who said that they must not be written to, and nothing by itself to somebody who
 * said neither yes nor no; nor anything to anybody while a case that was found again by its code is in several chats and
 * no officer has decided whose they are.
 */
import { z } from 'zod';
import type { Line } from '../conversation/effect.ts';
import { type MayWrite, mayWriteSchema } from '../conversation/state.ts';
import { type AlertRow, updateAlert } from '../db/alerts.ts';
import type { Db, Tx } from '../db/database.ts';
import { findContactBrief } from '../db/officers.ts';
import { CLASS } from '../db/schema.ts';
import type { AlertId, ContactId, DeliveryId, EpochId } from '../kernel/ids.ts';
import type { Context } from './context.ts';
import { openLive, sealLive } from './epochs.ts';
import { enqueue } from './outbox.ts';
import { languageOf } from './service-texts.ts';
import { type Tells, withTells } from './word-fate.ts';

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
};

export type ReporterChat = {
  contactId: ContactId;
  mayWrite?: MayWrite | undefined;
  /** When it found the case again by its code; absent: it was there before. */
  cameBackAt?: string | undefined;
  /** Somebody said that it is in other hands. An officer can still decide otherwise. */
  isCut?: boolean | undefined;
};

/** What the link is sealed for; `forget.ts` carries it forward. */
export const reporterContext = (id: AlertId): string => `alert-reporter/${id}`;

/** The columns of the alert that lead to the reporter. */
export async function sealReporter(
  tx: Tx,
  ctx: Context,
  now: Date,
  id: AlertId,
  link: ReporterLink,
): Promise<{ epochId: EpochId; reporterSealed: Uint8Array }> {
  const { epochId, sealed } = await sealLive(ctx, tx, now, reporterContext(id), link);
  return { epochId, reporterSealed: sealed };
}

/** Whom the alert is about; undefined once the epoch is destroyed. */
export async function openReporter(
  tx: Tx | Db,
  ctx: Context,
  row: Pick<AlertRow, 'id' | 'epochId' | 'reporterSealed'>,
): Promise<ReporterLink | undefined> {
  const live = { epochId: row.epochId, sealed: row.reporterSealed };
  const value = await openLive(ctx, tx, live, reporterContext(row.id));
  return value === undefined ? undefined : (linkSchema.parse(value) as ReporterLink);
}

export type Written =
  | { ok: true; delivery: DeliveryId }
  | { ok: false; reason: 'undecided' | 'unsafe' | 'unclear' | 'unknown' | 'blocked' };

/** Sends a reporter one fixed text, unless they must not or cannot be written to. `tells`: an officer has it sent. */
export function writeToReporter(
  tx: Tx,
  ctx: Context,
  now: Date,
  row: AlertRow,
  key: string,
  params: Record<string, string | number> = {},
  tells?: Tells,
): Promise<Written> {
  return writeLinesToReporter(tx, ctx, now, row, [{ key, params }], tells);
}

/** The same with several fixed texts as the lines of one message. */
export async function writeLinesToReporter(
  tx: Tx,
  ctx: Context,
  now: Date,
  row: AlertRow,
  lines: readonly Line[],
  tells?: Tells,
): Promise<Written> {
  const link = await openReporter(tx, ctx, row);
  if (!link) return { ok: false, reason: 'unknown' };
  const say = (language: string) =>
    lines.map(({ key, params }) => ctx.texts.t(language, key, params ?? {})).join('\n');
  return writeTo(tx, ctx, now, link, say, tells);
}

/**
 * To every chat of theirs that may be written to; to none while it is not decided which are theirs. The delivery is that
 * to the first one.
 */
export async function writeTo(
  tx: Tx,
  ctx: Context,
  now: Date,
  link: ReporterLink,
  say: (language: string) => string,
  tells?: Tells,
): Promise<Written> {
  if (link.isUndecided) return { ok: false, reason: 'undecided' };
  let first: Written | undefined;
  for (const chat of chatsOf(link)) {
    if (chat.mayWrite === 'unclear' && !tells) {
      first ??= { ok: false, reason: 'unclear' };
      continue;
    }
    const written = await writeToChat(tx, ctx, now, chat, say, first?.ok ? undefined : tells);
    if (!first?.ok) first = first && !written.ok ? first : written;
  }
  return first ?? { ok: false, reason: 'unknown' };
}

/** The chats that have the case. */
export function chatsOf({ chats, contactId, mayWrite }: ReporterLink): readonly ReporterChat[] {
  return chats ? chats.filter(({ isCut }) => !isCut) : [{ contactId, mayWrite }];
}

async function writeToChat(
  tx: Tx,
  ctx: Context,
  now: Date,
  { contactId, mayWrite }: ReporterChat,
  say: (language: string) => string,
  tells: Tells | undefined,
): Promise<Written> {
  if (mayWrite === false) return { ok: false, reason: 'unsafe' };
  const contact = await findContactBrief(tx, contactId);
  if (!contact) return { ok: false, reason: 'unknown' };
  if (contact.blockedAt) return { ok: false, reason: 'blocked' };
  const message = withTells({ text: say(languageOf(ctx, contact)) }, tells);
  return { ok: true, delivery: await enqueue(tx, ctx, now, { contactId, class: CLASS.word, message }) };
}

/** Notes which delivery carries the words at this place of the case, so that the room shows what becomes of them. */
export async function noteReply(
  tx: Tx,
  ctx: Context,
  now: Date,
  row: AlertRow,
  reply: { place: number; delivery: DeliveryId },
): Promise<void> {
  const link = await openReporter(tx, ctx, row);
  if (!link) return;
  const replies = [...(link.replies ?? []), reply];
  await updateAlert(tx, row.id, await sealReporter(tx, ctx, now, row.id, { ...link, replies }));
}
