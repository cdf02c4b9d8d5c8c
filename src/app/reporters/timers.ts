/**
 * What happens in a conversation without a message: the danger question unanswered, 72 hours of silence.
 *
 * Invariant: while time is in doubt nobody is taken to have been silent for 72 hours: their draft would be erased.
 */
import type { Input } from '../../conversation/values/input.ts';
import { lockContactById } from '../../db/contacts.ts';
import { dueConversations, findConversation, setDue } from '../../db/conversations.ts';
import type { ContactId } from '../../kernel/ids.ts';
import { reduceError } from '../../kernel/log.ts';
import { after, minutes } from '../../kernel/time.ts';
import { doMarked } from '../alerts/marked-work.ts';
import type { Context } from '../ground/context.ts';
import type { TimeGuard } from '../ground/time-guard.ts';
import { type Moment, transact } from '../ground/transaction.ts';
import { loadConversation } from '../records/conversation-record.ts';
import { mayPush } from '../records/unasked.ts';
import { converse, sayAndSave } from './conversing.ts';

/** The end of a silence is looked at again after this long while `guard` mistrusts the time. */
const IN_DOUBT = minutes(10);

/** Handles the conversations whose time has come; returns how many there were. */
export async function runTimers(ctx: Context, guard: TimeGuard): Promise<number> {
  const asked = await ctx.clock.now(ctx.db);
  const mayErase = guard.mayErase(asked);
  const due = await dueConversations(ctx.db, asked, 50);
  for (const contactId of due) {
    try {
      await doMarked(ctx, 'timer', contactId, {
        do: () => transact(ctx, (at) => runOne(at, contactId, mayErase)),
        park: () => transact(ctx, ({ tx }) => setDue(tx, contactId, null)),
      });
    } catch (error) {
      // One broken conversation must not keep the others from their time; it is tried again in a while.
      ctx.log.error('cycle_failed', { cycle: 'timers', ...reduceError(error) });
      await transact(ctx, ({ tx, now }) => setDue(tx, contactId, after(now, minutes(1))));
    }
  }
  return due.length;
}

async function runOne(at: Moment, contactId: ContactId, mayErase: boolean): Promise<void> {
  const { tx, now } = at;
  const contact = await lockContactById(tx, contactId);
  const row = contact && (await findConversation(tx, contactId));
  // A message came in the meantime and moved or ended the timer.
  if (!contact || !row?.dueAt || row.dueAt > now) return;
  const state = await loadConversation(at, contactId, row);
  if (!state?.due) return setDue(tx, contactId, null);
  if (state.due.what === 'silence_over' && !mayErase) return setDue(tx, contactId, after(now, IN_DOUBT));
  const input: Input = { kind: state.due.what };
  const outcome = await converse(at, contact, { state }, input);
  const { due, ...saved } = outcome.state;
  // A timer that the step left as it was has done its work.
  const isSpent = due !== undefined && new Date(due.at) <= now;
  // Nobody has just written: who is not to be written to is told nothing of what is done.
  const says = (await mayPush(at, contactId)) ? outcome.says : [];
  await sayAndSave(
    at,
    contact,
    { ...outcome, says, state: isSpent ? saved : outcome.state },
    { isUnasked: true },
  );
}
