/**
 * Deciding about alerts from the console: the same use cases as from the chat. What was decided is an audit entry, and the
 * officer's chat shows it too, if one works; what was refused is neither.
 */
import type { Colleague } from '../../contract/alerts.ts';
import { findAlertFor } from '../../db/known.ts';
import type { MemberRow } from '../../db/members.ts';
import { enrolledOfficers } from '../../db/officers.ts';
import type { ContactId, OfficerId } from '../../kernel/ids.ts';
import type { Outcome, Phrase } from '../../kernel/vocabulary.ts';
import { close } from '../decisions/closing.ts';
import { declineCode, grantCode } from '../decisions/codes.ts';
import { type Decider, deciderOf } from '../decisions/deciding.ts';
import { offer } from '../decisions/handing-over.ts';
import { keepPhones } from '../decisions/phones.ts';
import { sendPhrase } from '../decisions/phrases.ts';
import { acknowledge, decline, release, take, takeAgain } from '../decisions/taking.ts';
import type { Done, Refused } from '../decisions/what-came.ts';
import type { Moment } from '../ground/transaction.ts';
import { openChat } from '../officer-chat/officer-chat.ts';
import { sayDone } from '../officer-chat/what-came-in-words.ts';
import { audit } from '../records/audit.ts';
import { isChat } from '../records/contact-address.ts';
import { shortName } from '../records/officer-names.ts';

export type AlertAction =
  | { do: 'take' | 'take_again' | 'cannot' | 'release' | 'seen' }
  | { do: 'close'; outcome: Outcome }
  | { do: 'phones'; only?: string | undefined }
  | { do: 'phrase'; phrase: Phrase }
  | { do: 'code_yes' | 'code_no' }
  | { do: 'hand_over'; to: OfficerId };

/** `no_officer`: this member takes no alerts, or not any more. */
export type Decided = Done | Refused | { ok: false; reason: 'no_officer' };

/** Does it as the officer that this member is, whether or not a chat of theirs works. */
export async function decide(
  at: Moment,
  member: MemberRow,
  reference: string,
  action: AlertAction,
): Promise<Decided> {
  const by = member.officerId && (await deciderOf(at.tx, member.officerId));
  if (!by) return { ok: false, reason: 'no_officer' };
  const shownIn = chatOf(at, by);
  const came = await act(at, by, reference, action, shownIn);
  if (!came.ok) return came;
  const row = await findAlertFor(at.tx, by.ids, reference);
  await audit(at, {
    memberId: member.id,
    what: 'alert_decided',
    ...(row?.caseId ? { caseId: row.caseId } : {}),
    detail: { do: action.do },
  });
  const chat = shownIn && (await openChat(at, shownIn));
  if (chat) await sayDone(chat, reference, came);
  return came;
}

function act(
  at: Moment,
  by: Decider,
  reference: string,
  action: AlertAction,
  shownIn: ContactId | undefined,
): Promise<Done | Refused> {
  switch (action.do) {
    case 'take':
      return take(at, by, reference);
    case 'take_again':
      return takeAgain(at, by, reference);
    case 'cannot':
      return decline(at, by, reference);
    case 'release':
      return release(at, by, reference);
    case 'seen':
      return acknowledge(at, by, reference);
    case 'close':
      return close(at, by, reference, action.outcome);
    case 'hand_over':
      return offer(at, by, reference, action.to);
    case 'phones':
      return keepPhones(at, by, reference, action.only);
    case 'code_yes':
      return grantCode(at, by, reference);
    case 'code_no':
      return declineCode(at, by, reference);
    case 'phrase':
      return sendPhrase(at, by, reference, action.phrase, shownIn);
  }
}

/** Whom an alert can be handed over to: everybody who is paged but this member. */
export async function colleagues({ tx, ctx }: Moment, { officerId }: MemberRow): Promise<Colleague[]> {
  return (await enrolledOfficers(tx))
    .filter((each) => each.id !== officerId)
    .map((each) => ({ id: each.id, name: shortName(ctx, each), isOnDuty: each.isOnDuty === true }))
    .sort((a, b) => Number(b.isOnDuty) - Number(a.isOnDuty));
}

/** The chat in which this officer is shown what they did: one on a channel that runs, if there is one; undefined: none works. */
function chatOf({ ctx }: Moment, { officer }: Decider): ContactId | undefined {
  const chats = officer.contacts.filter(({ channel, isBlocked }) => isChat(channel) && !isBlocked);
  return (chats.find(({ channel }) => ctx.channels.has(channel)) ?? chats[0])?.contactId;
}
