/**
 * What an officer's chat is in the middle of: "for yourself?", a reason to write, writing as a reporter; else the buttons that
 * stand there.
 *
 * Invariant: stands only under the day's epoch key; carried forward by `forget.ts`.
 */
import { z } from 'zod';
import { findOfficerContact, saveOfficerState } from '../../db/officers.ts';
import type { ContactId } from '../../kernel/ids.ts';
import type { Moment } from '../ground/transaction.ts';
import { openLive, sealLive } from '../keys/epochs.ts';

const stateSchema = z.discriminatedUnion('doing', [
  /** SOS was sent from this chat; asked whether it is for themselves. */
  z.object({ doing: z.literal('for_self') }),
  /** What they write goes into a conversation of their own, as anybody's. */
  z.object({ doing: z.literal('reporter') }),
  /** The next text is the reason for muting the reporter of this alert. */
  z.object({ doing: z.literal('mute_reason'), reference: z.string() }),
  /** Nothing; these buttons stand under the last answer: their labels can be typed. */
  z.object({
    doing: z.literal('offered'),
    buttons: z.array(
      z.object({
        key: z.string(),
        params: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
        data: z.string(),
      }),
    ),
  }),
]);
export type OfficerState = z.infer<typeof stateSchema>;

export const officerStateContext = (contactId: ContactId): string => `officer-state/${contactId}`;

export async function loadOfficerState(
  { tx, ctx }: Moment,
  contactId: ContactId,
): Promise<{ state: OfficerState | undefined; dueAt: Date | null }> {
  const row = await findOfficerContact(tx, contactId);
  if (!row) return { state: undefined, dueAt: null };
  const live = { epochId: row.epochId, sealed: row.stateSealed };
  const value = await openLive(ctx, tx, live, officerStateContext(contactId));
  return { state: value === undefined ? undefined : stateSchema.parse(value), dueAt: row.dueAt };
}

/** Sets what the chat is in the middle of, and when that ends by itself; undefined: nothing. */
export async function setOfficerState(
  { tx, ctx, now }: Moment,
  contactId: ContactId,
  state: OfficerState | undefined,
  dueAt: Date | null = null,
): Promise<void> {
  if (!state) return saveOfficerState(tx, contactId, null);
  const live = await sealLive(ctx, tx, now, officerStateContext(contactId), state);
  await saveOfficerState(tx, contactId, { epochId: live.epochId, stateSealed: live.sealed, dueAt });
}
