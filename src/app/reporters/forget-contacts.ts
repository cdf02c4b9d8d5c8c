/**
 * Who wrote once and is no part of anything any more is forgotten: the address, sealed or hashed, stands nowhere then.
 *
 * Invariants: nobody with a conversation, with something on its way to them, with an open case (nor a chat that was kept out of
 * one), on duty or muted is forgotten; who writes again is a person who was never here. What a messenger's own client must know
 * to talk to them at all (a session with that phone) is that messenger's, and stays.
 */
import { deleteIdleContacts, idleContacts } from '../../db/contacts.ts';
import { everyLinkedAlert } from '../../db/live-rows.ts';
import type { ContactId } from '../../kernel/ids.ts';
import { after, days } from '../../kernel/time.ts';
import type { Context } from '../ground/context.ts';
import { type Moment, transact } from '../ground/transaction.ts';
import { openReporter } from '../records/reporter-link.ts';

/** After the last message; longer than any messenger holds a message back. */
const CONTACT_AGE = days(30);
/** The others are looked at in the next run. */
const MOST_AT_ONCE = 10_000;

/** Throws where a link to a person cannot be opened: it may be one of these. */
export async function forgetContacts(ctx: Context): Promise<void> {
  const before = after(await ctx.clock.now(ctx.db), -CONTACT_AGE);
  const idle = await idleContacts(ctx.db, before, MOST_AT_ONCE);
  if (idle.length === 0) return;
  const gone = await transact(ctx, async (at) => {
    const linked = new Set<ContactId>();
    for (const row of await everyLinkedAlert(at.tx))
      for (const each of await everybodyOf(at, row)) linked.add(each);
    return deleteIdleContacts(
      at.tx,
      idle.filter((id) => !linked.has(id)),
      before,
    );
  });
  if (gone > 0) ctx.log.info('contacts_forgotten', { count: gone });
}

type Linked = Awaited<ReturnType<typeof everyLinkedAlert>>[number];

/** Also a chat that was refused: else it would come in again as a new person. */
async function everybodyOf(at: Moment, { id, epochId, sealed }: Linked): Promise<ContactId[]> {
  const link = await openReporter(at, { id, epochId, reporterSealed: sealed });
  return link ? [link, ...(link.chats ?? []), ...(link.refused ?? [])].map(({ contactId }) => contactId) : [];
}
