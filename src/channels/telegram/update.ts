/** One update of Telegram as one message of the port. Pure; never throws. */
import type { IncomingContent, IncomingMessage } from '../channel.ts';
import { contentOf } from './content.ts';
import {
  idSchema,
  updateSchema,
  type WireCallback,
  type WireChat,
  type WireChatMember,
  type WireMessage,
  type WireReaction,
  type WireUpdate,
} from './update-schema.ts';

const headSchema = updateSchema.pick({ update_id: true });

/** What we ask Telegram for; the same for polling and webhook. */
export const ALLOWED_UPDATES = [
  'message',
  'edited_message',
  'callback_query',
  'my_chat_member',
  'message_reaction',
] as const;

/** Who the bot is. `username` is unknown until `getMe` has answered. */
export type Self = { botId: string; username?: string | undefined };

export type ReadUpdate = {
  updateId: number;
  /** Updates with the same one are handled in order. */
  chat: string;
  /** Null: nothing for the service. */
  message: IncomingMessage | null;
  /** A button was pressed: the phone shows a spinner until this is answered. */
  callbackId?: string;
};

/** Reads one update; null when it has no `update_id` and so cannot come from Telegram. */
export function readUpdate(raw: unknown, self: Self): ReadUpdate | null {
  try {
    const parsed = updateSchema.safeParse(raw);
    if (!parsed.success) return null;
    const { data } = parsed;
    return asRead(data.update_id, partOf(data, self) ?? unreadablePart(raw), self, data.callback_query?.id);
  } catch {
    // A fault of ours must not end the polling, nor leave the person without an answer.
    return readLittle(raw, self);
  }
}

/** As little of an update as answers the person: for one that must not be read. */
export function readLittle(raw: unknown, self: Self): ReadUpdate | null {
  const updateId = updateIdOf(raw);
  return updateId === undefined ? null : asRead(updateId, unreadablePart(raw), self);
}

/** Of something that may be an update. */
export function updateIdOf(raw: unknown): number | undefined {
  return headSchema.safeParse(raw).data?.update_id;
}

function asRead(
  updateId: number,
  part: Part | undefined,
  self: Self,
  callbackId?: string | undefined,
): ReadUpdate {
  return {
    updateId,
    chat: part?.address ?? '',
    message: part?.content
      ? {
          channel: 'telegram',
          id: `${self.botId}:${updateId}`,
          ...defined(part),
          content: part.content,
        }
      : null,
    ...(callbackId === undefined ? {} : { callbackId }),
  };
}

const NOT_PRIVATE = ['group', 'supergroup', 'channel'];

type Part = {
  address: string;
  messageRef?: string | undefined;
  /** Seconds since 1970. */
  date?: number | undefined;
  languageHint?: string | undefined;
  repliesTo?: string | undefined;
  content: IncomingContent | null;
};

function defined({ address, messageRef, date, languageHint, repliesTo }: Part) {
  return {
    address,
    ...(messageRef === undefined ? {} : { messageRef }),
    ...(date ? { sentAt: new Date(date * 1000) } : {}),
    ...(languageHint === undefined ? {} : { languageHint }),
    ...(repliesTo === undefined ? {} : { repliesTo }),
  };
}

function partOf(update: WireUpdate, self: Self): Part | undefined {
  if (update.message) return messagePart(update.message, false, self);
  if (update.edited_message) return messagePart(update.edited_message, true, self);
  if (update.callback_query) return callbackPart(update.callback_query);
  if (update.my_chat_member) return memberPart(update.my_chat_member);
  if (update.message_reaction) return reactionPart(update.message_reaction);
  return undefined;
}

function messagePart(message: WireMessage, edited: boolean, self: Self): Part {
  const part: Part = {
    address: message.chat.id,
    messageRef: message.message_id,
    date: message.date,
    languageHint: message.from?.language_code,
    repliesTo: edited ? undefined : answeredIn(message, self),
    content: null,
  };
  if (message.from?.is_bot || message.from?.id === self.botId) return part;
  if (isPrivate(message.chat)) return { ...part, content: contentOf(message, edited) };
  return { ...part, content: !edited && isAddressed(message, self) ? { kind: 'group' } : null };
}

/** What is quoted may also be the person's own, or lie in another chat. */
function answeredIn({ reply_to_message: quoted }: WireMessage, { botId }: Self): string | undefined {
  return quoted?.from?.id === botId ? quoted.message_id : undefined;
}

/** The message under the button may be inaccessible or missing; a private chat has the id of its person. */
function callbackPart({ from, message, data }: WireCallback): Part {
  const content: IncomingContent =
    data === undefined ? { kind: 'unsupported', what: 'button' } : { kind: 'button', data };
  return {
    address: message?.chat.id ?? from.id,
    messageRef: message?.message_id,
    languageHint: from.language_code,
    content: message && !isPrivate(message.chat) ? null : content,
  };
}

function memberPart({ chat, from, date, new_chat_member }: WireChatMember): Part {
  const inside = ['member', 'administrator', 'creator'].includes(new_chat_member.status);
  const outside = new_chat_member.status === 'kicked';
  let content: IncomingContent | null = null;
  if (isPrivate(chat)) content = outside ? { kind: 'blocked' } : inside ? { kind: 'unblocked' } : null;
  // Put into a group: say at once that the bot only talks in private.
  else if (inside && chat.type !== 'channel') content = { kind: 'group' };
  return { address: chat.id, date, languageHint: from?.language_code, content };
}

/** Only a reaction that a person added; taking one away says nothing. */
function reactionPart({ chat, message_id, user, date, old_reaction, new_reaction }: WireReaction): Part {
  const before = new Set(old_reaction?.map(({ emoji }) => emoji));
  const added = new_reaction.find(({ emoji }) => emoji !== undefined && !before.has(emoji))?.emoji;
  const wanted = added !== undefined && user !== undefined && !user.is_bot && isPrivate(chat);
  return {
    address: chat.id,
    messageRef: message_id,
    date,
    languageHint: user?.language_code,
    repliesTo: message_id,
    content: wanted ? { kind: 'reaction', emoji: added } : null,
  };
}

/** Something real of a shape we do not know: if it says where from, the person gets an answer. */
function unreadablePart(raw: unknown): Part | undefined {
  for (const kind of ALLOWED_UPDATES) {
    const part = (raw as Record<string, { chat?: { id?: unknown }; from?: { id?: unknown } } | null>)[kind];
    const { data: address } = idSchema.safeParse(part?.chat?.id ?? part?.from?.id);
    if (address !== undefined && Number(address) > 0)
      return { address, content: { kind: 'unsupported', what: 'unknown' } };
  }
  return undefined;
}

/** A kind of chat that we do not know is told by its id: those of groups and channels are negative. */
function isPrivate({ type, id }: WireChat): boolean {
  return type === 'private' || (!NOT_PRIVATE.includes(type ?? '') && !id.startsWith('-'));
}

/** In a group the bot reacts only to a command, its name, a reply to it, or being added. */
function isAddressed(message: WireMessage, { botId, username }: Self): boolean {
  if (message.chat.type === 'channel') return false;
  if (message.new_chat_members?.some((user) => user.id === botId)) return true;
  if (message.reply_to_message?.from?.id === botId) return true;
  const text = (message.text ?? message.caption ?? '').toLowerCase();
  const name = username?.toLowerCase();
  const command = /^\/\w+(?:@(\w+))?/.exec(text);
  if (command) return command[1] === undefined || command[1] === name;
  return name !== undefined && text.split(`@${name}`).some((rest, n) => n > 0 && !/^\w/.test(rest));
}
