/**
 * "Which phone?": an officer sees in which chats a case is, and decides which of them are the person's.
 *
 * Invariant: only the officer who has the alert, or a supervisor, decides; what was decided is in the case and in the
 * alert's log.
 */
import { type AlertRow, logAlert } from '../../db/alerts.ts';
import { lockCase } from '../../db/cases.ts';
import { findAlertFor, lockAlertFor } from '../../db/known.ts';
import { findContactBrief } from '../../db/officers.ts';
import type { ContactId } from '../../kernel/ids.ts';
import { sealIntoCase } from '../alerts/case-record.ts';
import { officerText } from '../duty/officer-wording.ts';
import { allChats } from '../records/reporter-chats.ts';
import { openReporter, type ReporterChat, type ReporterLink } from '../records/reporter-link.ts';
import { admitAgain, decideChats } from '../reporters/two-phones.ts';
import { channelName } from '../watch/channel-trouble.ts';
import { noteWork } from './officer-alerts.ts';
import { answer, type Chat, sayNoSuch, timeIn } from './officer-chat.ts';
import { mayDecide } from './own-alert.ts';

/** Of a contact's id as much as tells a few apart: it stands in a button. */
const SHORT = 8;
export const shortOf = (contactId: ContactId): string => contactId.slice(0, SHORT);

/** Shows the chats and what can be decided. */
export async function askWhichPhone(chat: Chat, reference: string): Promise<void> {
  const found = await findLink(chat, reference);
  if (!found) return;
  const { link } = found;
  const chats = allChats(link);
  const refused = link.refused ?? [];
  if (chats.length + refused.length < 2) return void (await answer(chat, 'chats.one', { reference }));
  const lines: string[] = [];
  for (const [n, each] of [...chats, ...refused].entries()) {
    const contact = await findContactBrief(chat.tx, each.contactId);
    const key = each.cameBackAt ? 'chats.came' : 'chats.first';
    const at = each.cameBackAt ? timeIn(chat, new Date(each.cameBackAt)) : '';
    const line = officerText(chat.ctx, chat.language, key, {
      n: n + 1,
      channel: channelName(contact?.channel),
      at,
    });
    const mark = each.isCut ? 'chats.cut' : n >= chats.length ? 'chats.refused' : undefined;
    lines.push(mark ? `${line} ${officerText(chat.ctx, chat.language, mark)}` : line);
  }
  const button = (key: string, { contactId }: ReporterChat, n: number) => [
    { key, params: { n: n + 1 }, data: `o:${key}:${reference}/${shortOf(contactId)}` },
  ];
  const keep = [
    [{ key: 'chats_all', data: `o:chats_all:${reference}` }],
    ...chats.map((each, n) => button('chat_only', each, n)),
  ];
  const buttons = [
    ...(chats.length > 1 ? keep : []),
    ...refused.map((each, n) => button('chat_again', each, chats.length + n)),
  ];
  const key = link.isUndecided ? 'chats.ask' : chats.length > 1 ? 'chats.decided' : 'chats.only';
  await answer(chat, key, { reference, lines: lines.join('\n') }, { buttons });
}

export const keepAllPhones = (chat: Chat, reference: string): Promise<void> => decide(chat, reference);

/** `argument`: the reference and which chat. */
export async function keepOnePhone(chat: Chat, argument: string): Promise<void> {
  const [reference = '', which = ''] = argument.split('/');
  await decide(chat, reference, which);
}

/** The officer refused the wrong one. */
export async function admitPhoneAgain(chat: Chat, argument: string): Promise<void> {
  const { tx, ctx, now } = chat;
  const [reference = '', which = ''] = argument.split('/');
  const found = await findLink(chat, reference);
  if (!found) return;
  const { row, link } = found;
  const again = link.refused?.find(({ contactId }) => which !== '' && contactId.startsWith(which));
  if (!again) return askWhichPhone(chat, reference);
  await admitAgain(tx, ctx, now, row, link, again.contactId);
  await noteDecision(chat, row, 'phone_admitted_again');
  await askWhichPhone(chat, reference);
}

async function decide(chat: Chat, reference: string, which?: string): Promise<void> {
  const { tx, ctx, now } = chat;
  const found = await findLink(chat, reference);
  if (!found) return;
  const { row, link } = found;
  const chats = allChats(link);
  const only = chats.findIndex(({ contactId }) => which !== undefined && contactId.startsWith(which));
  const kept: ContactId | undefined = chats[only]?.contactId;
  if (chats.length < 2 || (which !== undefined && !kept)) return askWhichPhone(chat, reference);
  await decideChats(tx, ctx, now, row, link, kept);
  await noteDecision(chat, row, kept ? 'one_phone_kept' : 'all_phones_kept');
  await answer(chat, kept ? 'chats.kept_one' : 'chats.kept_all', { reference, n: only + 1 });
}

type Decision = 'one_phone_kept' | 'all_phones_kept' | 'phone_admitted_again';

async function noteDecision(chat: Chat, row: AlertRow, what: Decision): Promise<void> {
  const { tx, ctx, now, officer } = chat;
  if (row.state === 'taken' && row.takenBy === officer.id) await noteWork(chat, row);
  if (row.caseId) await sealIntoCase(tx, ctx, now, row.caseId, 'event', { what, officer: officer.id });
  await logAlert(tx, now, row.id, what, { officerId: officer.id });
}

/** The case before the alert: the order in which intake locks them. */
async function findLink(
  chat: Chat,
  reference: string,
): Promise<{ row: AlertRow; link: ReporterLink } | undefined> {
  const { tx, ctx, ids } = chat;
  const found = await findAlertFor(tx, ids, reference);
  if (found?.caseId) await lockCase(tx, found.caseId);
  const row = await lockAlertFor(tx, ids, reference);
  if (!row) return sayNoSuch(chat, reference);
  if (!(await mayDecide(chat, row))) return undefined;
  const link = await openReporter(tx, ctx, row);
  if (!link) return void (await answer(chat, 'phrase.unknown', { reference }));
  return { row, link };
}
