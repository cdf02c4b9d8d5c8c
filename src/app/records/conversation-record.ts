/** A conversation as it is kept: sealed under its day's key, in the name of its contact. */
import { type ConversationState, conversationStateSchema } from '../../conversation/values/state.ts';
import type { ContactId, EpochId } from '../../kernel/ids.ts';
import type { Moment } from '../ground/transaction.ts';
import { openLive } from '../keys/epochs.ts';

export const conversationContext = (contactId: ContactId): string => `conversation/${contactId}`;

/** The state of a conversation; undefined if there is none, or its epoch's key is destroyed. */
export async function loadConversation(
  { tx, ctx }: Moment,
  contactId: ContactId,
  row: { epochId: EpochId; stateSealed: Uint8Array } | undefined,
): Promise<ConversationState | undefined> {
  if (!row) return undefined;
  const live = { epochId: row.epochId, sealed: row.stateSealed };
  const value = await openLive(ctx, tx, live, conversationContext(contactId));
  return value === undefined ? undefined : conversationStateSchema.parse(value);
}
