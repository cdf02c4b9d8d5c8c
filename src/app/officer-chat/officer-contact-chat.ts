/**
 * Contacts in an officer's own chat: adding one, typing its code, order and delay, "stop reaching me there".
 *
 * Invariant: an address is shown masked, and only to its owner; a contact is revoked only by its officer
 * from a chat, and the one they write from only when they say so twice.
 */
import { normalise } from '../../conversation/reading/normalise.ts';
import { updateOfficerContact } from '../../db/officers.ts';
import type { ContactId } from '../../kernel/ids.ts';
import { type ChannelKind, WAYS, type Way } from '../../kernel/vocabulary.ts';
import { revokeContact } from '../decisions/contact-revoking.ts';
import {
  addContact,
  type ContactLine,
  DELAYS,
  listContacts,
  orderContacts,
  testContact,
  verifyContact,
} from '../duty/officer-contacts.ts';
import { channelName, channelWords, officerText } from '../duty/officer-wording.ts';
import { isChat } from '../records/contact-address.ts';
import { answer, type Chat } from './officer-chat.ts';

/** All contacts in order, each with what can be done. */
export async function showContacts(chat: Chat): Promise<void> {
  const contacts = await listContacts(chat.at.tx, chat.at.ctx, chat.at.now, chat.officer.id);
  const lines = contacts.map((each, n) => `${n + 1}. ${lineOf(chat, each)}`);
  const buttons = contacts.map((each) => {
    const params = { way: nameOf(chat, each) };
    return [{ key: 'contact', params, data: `o:contact_show:${each.contactId}` }];
  });
  await answer(chat, 'contact.list', { lines: lines.join('\n') }, { buttons });
}

/** One contact with its buttons. */
export async function showContact(chat: Chat, id: ContactId): Promise<void> {
  const found = await ownContact(chat, id);
  if (!found) return showContacts(chat);
  const button = (key: string) => ({ key, data: `o:${key}:${id}` });
  const buttons =
    found.state === 'waiting'
      ? [[button('contact_again'), button('contact_stop')]]
      : [
          [button('contact_first'), button('contact_delay')],
          [button('contact_test'), button('contact_stop')],
        ];
  await answer(chat, 'contact.one', { line: lineOf(chat, found) }, { buttons });
}

/** "add email awa@example.org": undefined if the words ask for nothing of the kind. */
export function readAdding(chat: Chat, text: string): { way: Way; address: string } | undefined {
  const [first = '', second = '', ...rest] = text.trim().split(/\s+/);
  if (!isWord(chat, 'contact_add', first)) return undefined;
  const way = WAYS.find((each) => isCalled(chat, each, second));
  return way ? { way, address: rest.join(' ') } : undefined;
}

export async function add(chat: Chat, { way, address }: { way: Way; address: string }): Promise<void> {
  const { at, officer, language } = chat;
  // A receiver of the office's own is set up by the operator: its secret is no matter for a chat.
  if (way === 'webhook') return void (await answer(chat, 'contact.not_set'));
  const added = await addContact(at, { officerId: officer.id, language }, way, address || undefined);
  if (!added.ok) return void (await answer(chat, `contact.${added.reason}`));
  await answer(chat, way === 'ntfy' ? 'contact.sent_ntfy' : 'contact.sent', { topic: added.address });
}

/** A code of six digits. */
export async function tryCode(chat: Chat, code: string): Promise<void> {
  const { at, officer } = chat;
  const verified = await verifyContact(at, officer.id, code);
  if (!verified.ok) return void (await answer(chat, 'contact.wrong_code'));
  await answer(chat, 'contact.verified', { way: wayName(chat, verified.channel) });
}

/** Buttons under a contact. */
export async function onContact(chat: Chat, what: string, id: ContactId): Promise<void> {
  const { at, officer, language } = chat;
  const found = await ownContact(chat, id);
  if (!found) return showContacts(chat);
  switch (what) {
    case 'contact_first':
      await orderContacts(at.tx, officer.id, [id]);
      return showContacts(chat);
    case 'contact_delay': {
      const next = DELAYS[(DELAYS.indexOf(found.delaySeconds) + 1) % DELAYS.length] ?? 0;
      await updateOfficerContact(at.tx, id, { delaySeconds: next });
      return showContact(chat, id);
    }
    case 'contact_test':
      await testContact(at, { contactId: id, language });
      return void (await answer(chat, 'contact.test_sent', { way: nameOf(chat, found) }));
    case 'contact_again':
      await revokeContact(at, id);
      return void (await answer(chat, 'contact.add_again'));
    case 'contact_stop':
      return askStop(chat, found);
    default:
      return stop(chat, found);
  }
}

async function askStop(chat: Chat, found: ContactLine): Promise<void> {
  if (found.state === 'waiting') return stop(chat, found);
  const isHere = found.contactId === chat.contactId;
  const key = isHere
    ? 'contact.stop_here'
    : isChat(found.channel)
      ? 'contact.stop_ask'
      : 'contact.stop_ask_way';
  const buttons = [[{ key: 'contact_stop_yes', data: `o:contact_stop_yes:${found.contactId}` }]];
  await answer(chat, key, { way: nameOf(chat, found) }, { buttons });
}

async function stop(chat: Chat, found: ContactLine): Promise<void> {
  const { at } = chat;
  const way = nameOf(chat, found);
  const revoked = await revokeContact(at, found.contactId);
  if (!revoked.ok) return void (await answer(chat, `contact.${revoked.reason}`, { way }));
  if (found.state === 'waiting') await answer(chat, 'contact.removed', { way });
}

/** "Stop reaching me on" a channel: the one contact there, or the list. Undefined: not asked. */
export function readStopping(chat: Chat, text: string): string | undefined {
  const said = normalise(text);
  for (const language of chat.at.ctx.texts.languages)
    for (const opening of wordsOf(chat, language, 'contact_stop'))
      if (said === opening || said.startsWith(`${opening} `)) return said.slice(opening.length).trim();
  return undefined;
}

export async function stopReaching(chat: Chat, where: string): Promise<void> {
  const contacts = await listContacts(chat.at.tx, chat.at.ctx, chat.at.now, chat.officer.id);
  const fitting = contacts.filter(({ channel }) => channel === where || isCalled(chat, channel, where));
  const [one] = fitting;
  if (!one || fitting.length > 1) return showContacts(chat);
  await askStop(chat, one);
}

async function ownContact(chat: Chat, id: ContactId): Promise<ContactLine | undefined> {
  return (await listContacts(chat.at.tx, chat.at.ctx, chat.at.now, chat.officer.id)).find(
    ({ contactId }) => contactId === id,
  );
}

function lineOf(chat: Chat, contact: ContactLine): string {
  const say = (key: string, params = {}) => officerText(chat.at.ctx, chat.language, `contact.${key}`, params);
  const isHere = contact.contactId === chat.contactId;
  const state =
    // A message that arrives here shows that it works.
    contact.state === 'works' || (isHere && contact.state === 'untried')
      ? contact.delaySeconds === 0
        ? say('at_once')
        : say('after', { minutes: contact.delaySeconds / 60 })
      : say(contact.state);
  const here = isHere ? ` (${say('here')})` : '';
  return `${nameOf(chat, contact)}${here} · ${state}`;
}

const nameOf = (chat: Chat, { channel, address }: ContactLine): string =>
  [wayName(chat, channel), address].filter((part) => part !== '').join(' ');

const wayName = ({ at, language }: Chat, channel: ChannelKind | string): string =>
  channelName(at.ctx, language, channel);

function isWord(chat: Chat, key: string, word: string): boolean {
  const said = normalise(word);
  if (said === '') return false;
  return chat.at.ctx.texts.languages.some((language) => wordsOf(chat, language, key).includes(said));
}

/** Whether the word is what officers call this channel. */
function isCalled({ at: { ctx } }: Chat, channel: ChannelKind, word: string): boolean {
  const said = normalise(word);
  return ctx.texts.languages.some((language) => channelWords(ctx, language, channel).includes(said));
}

const wordsOf = ({ at }: Chat, language: string, key: string): string[] =>
  at.ctx.texts.t(language, `officer.words.${key}`).split(',').map(normalise);
