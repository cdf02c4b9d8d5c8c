/** Handing an alert over to a colleague, asked and said in the officer's chat. */
import { normalise } from '../../conversation/reading/normalise.ts';
import type { OfficerId } from '../../kernel/ids.ts';
import { colleaguesFor, offer } from '../decisions/handing-over.ts';
import { shortName } from '../records/officer-names.ts';
import { answer, type Chat } from './officer-chat.ts';
import { say, sayRefused } from './what-came-in-words.ts';

/** Colleagues on one list: more than an office has, and few enough for a screen. */
const LISTED = 12;

/** "Hand over": to whom? Those on duty first. */
export async function askWhom(chat: Chat, reference: string): Promise<void> {
  const found = await colleaguesFor(chat.at, chat, reference);
  if (!found.ok) return sayRefused(chat, reference, found);
  const buttons = found.colleagues.slice(0, LISTED).map((each) => [
    {
      key: each.isOnDuty ? 'give_on_duty' : 'give',
      params: { name: shortName(chat.at.ctx, each) },
      data: `o:give:${reference}/${each.id}`,
    },
  ]);
  await answer(chat, 'hand_over.ask', { reference }, { buttons });
}

/** "Hand over to Awa": typed; a name that fits nobody, or several, gets the list. */
export async function handOverTo(chat: Chat, reference: string, name: string): Promise<void> {
  const found = await colleaguesFor(chat.at, chat, reference);
  if (!found.ok) return sayRefused(chat, reference, found);
  const wanted = normalise(name);
  const fitting = found.colleagues.filter(
    (each) => normalise(shortName(chat.at.ctx, each)) === wanted && wanted !== '',
  );
  const [one] = fitting;
  if (!one || fitting.length > 1) return askWhom(chat, reference);
  await offerTo(chat, reference, one.id);
}

/** A colleague was chosen on the list: `argument` is the reference and their id. */
export async function giveTo(chat: Chat, argument: string): Promise<void> {
  const [reference = '', id = ''] = argument.split('/');
  await offerTo(chat, reference, id as OfficerId);
}

/** To a colleague who cannot have it: to whom else? */
async function offerTo(chat: Chat, reference: string, to: OfficerId): Promise<void> {
  const { at } = chat;
  const came = await offer(at, chat, reference, to);
  if (!came.ok && came.reason === 'not_offered') return askWhom(chat, reference);
  await say(chat, reference, came);
}
