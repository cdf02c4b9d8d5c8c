/** Muting a reporter who abuses the service, asked and said in the officer's chat. */
import { mayMute, mute, unmute } from '../decisions/muting.ts';
import { setOfficerState } from '../records/officer-state.ts';
import { answer, type Chat } from './officer-chat.ts';
import { say, sayRefused } from './what-came-in-words.ts';

/** Asks for the reason: the next text of this chat is it. */
export async function askMuteReason(chat: Chat, reference: string): Promise<void> {
  const { at } = chat;
  const may = await mayMute(at, chat, reference);
  if (!may.ok) return sayRefused(chat, reference, may, 'mute');
  await setOfficerState(at, chat.contactId, { doing: 'mute_reason', reference });
  await answer(
    chat,
    'mute.ask',
    { reference },
    { buttons: [[{ key: 'cancel', data: `o:mute_no:${reference}` }]] },
  );
}

export async function keepUnmuted(chat: Chat, reference: string): Promise<void> {
  await setOfficerState(chat.at, chat.contactId, undefined);
  await answer(chat, 'mute.cancelled', { reference }, { isEcho: true });
}

export async function muteFor(chat: Chat, reference: string, reason: string): Promise<void> {
  const { at } = chat;
  await setOfficerState(at, chat.contactId, undefined);
  const came = await mute(at, chat, reference, reason);
  return say(chat, reference, came, 'mute');
}

export async function unmuteFrom(chat: Chat, reference: string): Promise<void> {
  const { at } = chat;
  const came = await unmute(at, chat, reference);
  return say(chat, reference, came, 'mute');
}
