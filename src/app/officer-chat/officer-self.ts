/**
 * An officer who sends SOS may be in danger themselves.
 *
 * Invariants: they are asked "for yourself?", and paged for as any reporter if they do not answer in two
 * minutes; only "no" ends it. Writing as a reporter is something they choose and can leave.
 */
import { lockContactById } from '../../db/contacts.ts';
import { findConversation } from '../../db/conversations.ts';
import { dueOfficerContacts, setOfficerDue } from '../../db/officers.ts';
import type { ContactId } from '../../kernel/ids.ts';
import { reduceError } from '../../kernel/log.ts';
import { after, minutes } from '../../kernel/time.ts';
import type { Context } from '../ground/context.ts';
import { transact } from '../ground/transaction.ts';
import { loadConversation } from '../records/conversation-record.ts';
import { loadOfficerState, setOfficerState } from '../records/officer-state.ts';
import { converse, sayAndSave } from '../reporters/conversing.ts';
import { answer, type Chat, openChat } from './officer-chat.ts';

const TIME_TO_ANSWER = minutes(2);

/** Asks "for yourself?". Asked again while the question stands, the time to answer does not begin anew. */
export async function askForSelf(chat: Chat): Promise<void> {
  const { at, contactId } = chat;
  const { state, dueAt } = await loadOfficerState(at, contactId);
  const latest = after(at.now, TIME_TO_ANSWER);
  const due = state?.doing === 'for_self' && dueAt && dueAt < latest ? dueAt : latest;
  await setOfficerState(at, contactId, { doing: 'for_self' }, due);
  await answer(
    chat,
    'self.ask',
    {},
    {
      buttons: [[{ key: 'self_yes', data: 'o:self:yes' }], [{ key: 'self_no', data: 'o:self:no' }]],
    },
  );
}

export async function notForSelf(chat: Chat): Promise<void> {
  await setOfficerState(chat.at, chat.contactId, undefined);
  await answer(chat, 'self.no');
}

/** Words beside a code that enrolled went nowhere: they stand in a chat that is an officer's now. */
export async function sayNotKept(chat: Chat): Promise<void> {
  await answer(chat, 'enrol.beside', {}, { buttons: [[{ key: 'as_reporter', data: 'o:report:on' }]] });
}

/** From now on what they write is a conversation of their own. */
export async function writeAsReporter(chat: Chat): Promise<void> {
  await setOfficerState(chat.at, chat.contactId, { doing: 'reporter' });
  await answer(chat, 'self.as_reporter', {}, { buttons: [[{ key: 'as_officer', data: 'o:report:off' }]] });
}

export async function writeAsOfficer(chat: Chat): Promise<void> {
  await setOfficerState(chat.at, chat.contactId, undefined);
  await answer(chat, 'self.as_officer');
}

/** Raises an alert for officers who asked for help and did not answer; returns how many there were. */
export async function officerTimers(ctx: Context): Promise<number> {
  const due = await dueOfficerContacts(ctx.db, await ctx.clock.now(ctx.db), 50);
  for (const contactId of due) {
    try {
      await raiseForSelf(ctx, contactId);
    } catch (error) {
      ctx.log.error('cycle_failed', { cycle: 'officer_timers', ...reduceError(error) });
      // The officer may be in danger: tried again soon, and the others are not kept waiting.
      await transact(ctx, ({ tx, now }) => setOfficerDue(tx, contactId, after(now, minutes(1) / 6)));
    }
  }
  return due.length;
}

function raiseForSelf(outside: Context, contactId: ContactId): Promise<void> {
  return transact(outside, async (at) => {
    const { tx, now } = at;
    const contact = await lockContactById(tx, contactId);
    const chat = contact && (await openChat(at, contactId));
    const { state, dueAt } = await loadOfficerState(at, contactId);
    if (!dueAt || dueAt > now) return;
    if (!contact || !chat || state?.doing !== 'for_self') return setOfficerDue(tx, contactId, null);
    await writeAsReporter(chat);
    const before = await loadConversation(at, contactId, await findConversation(tx, contactId));
    const outcome = await converse(at, contact, { state: before }, { kind: 'sos' });
    await sayAndSave(at, contact, outcome);
  });
}
