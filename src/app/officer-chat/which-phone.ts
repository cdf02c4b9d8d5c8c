/** "Which phone?": an officer sees in which chats a case is, and decides which of them are the person's. */
import { findContactBrief } from '../../db/officers.ts';
import { admitPhone, keepPhones, phonesOf, shortOf } from '../decisions/phones.ts';
import { channelName, officerText } from '../duty/officer-wording.ts';
import { allChats } from '../records/reporter-chats.ts';
import type { ReporterChat } from '../records/reporter-link.ts';
import { answer, type Chat, timeIn } from './officer-chat.ts';
import { say, sayRefused } from './what-came-in-words.ts';

/** Shows the chats and what can be decided. */
export async function askWhichPhone(chat: Chat, reference: string): Promise<void> {
  const found = await phonesOf(chat.at, chat, reference);
  if (!found.ok) return sayRefused(chat, reference, found, 'chats');
  const { link } = found;
  const chats = allChats(link);
  const refused = link.refused ?? [];
  if (chats.length + refused.length < 2) return void (await answer(chat, 'chats.one', { reference }));
  const lines: string[] = [];
  for (const [n, each] of [...chats, ...refused].entries()) {
    const contact = await findContactBrief(chat.at.tx, each.contactId);
    const key = each.cameBackAt ? 'chats.came' : 'chats.first';
    const at = each.cameBackAt ? timeIn(chat, new Date(each.cameBackAt)) : '';
    const line = officerText(chat.at.ctx, chat.language, key, {
      n: n + 1,
      channel: channelName(chat.at.ctx, chat.language, contact?.channel),
      at,
    });
    const mark = each.isCut ? 'chats.cut' : n >= chats.length ? 'chats.refused' : undefined;
    lines.push(mark ? `${line} ${officerText(chat.at.ctx, chat.language, mark)}` : line);
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

export const keepAllPhones = (chat: Chat, reference: string): Promise<void> => keep(chat, reference);

/** `argument`: the reference and which chat. */
export async function keepOnePhone(chat: Chat, argument: string): Promise<void> {
  const [reference = '', which = ''] = argument.split('/');
  await keep(chat, reference, which);
}

/** The officer refused the wrong one. */
export async function admitPhoneAgain(chat: Chat, argument: string): Promise<void> {
  const { at } = chat;
  const [reference = '', which = ''] = argument.split('/');
  const came = await admitPhone(at, chat, reference, which);
  if (came.ok || came.reason === 'no_such_phone') return askWhichPhone(chat, reference);
  await sayRefused(chat, reference, came, 'chats');
}

async function keep(chat: Chat, reference: string, which?: string): Promise<void> {
  const { at } = chat;
  const came = await keepPhones(at, chat, reference, which);
  // What can be decided is shown again.
  if (!came.ok && (came.reason === 'one_phone' || came.reason === 'no_such_phone'))
    return askWhichPhone(chat, reference);
  await say(chat, reference, came, 'chats');
}
