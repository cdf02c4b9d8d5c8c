/**
 * The parts of an update that we use, under their wire names.
 *
 * Invariant: nothing but a missing `update_id` makes an update unreadable. Everything else is optional, and a
 * part of a shape we do not know counts as absent: Telegram adds fields all the time, other servers leave some
 * out, and one odd message must not stop the queue.
 */
import { z } from 'zod';

const maybe = <T extends z.ZodType>(type: T) => type.optional().catch(undefined);
export const idSchema = z.union([z.int(), z.string().regex(/^-?\d{1,20}$/)]).transform(String);

/** Seconds since 1970, up to the last that a date can be. */
const date = z.number().nonnegative().max(8.64e12);
/** Budgets count whole bytes. */
const bytes = z.number().nonnegative().transform(Math.ceil);

const user = z.looseObject({
  id: idSchema,
  is_bot: maybe(z.boolean()),
  language_code: maybe(z.string()),
});

const chat = z.looseObject({ id: idSchema, type: maybe(z.string()) });

const file = z.looseObject({
  file_id: z.string().min(1),
  file_unique_id: maybe(z.string()),
  file_size: maybe(bytes),
  mime_type: maybe(z.string()),
  file_name: maybe(z.string()),
  duration: maybe(z.number().nonnegative()),
});

const photoSize = z.looseObject({
  file_id: z.string().min(1),
  file_unique_id: maybe(z.string()),
  file_size: maybe(bytes),
  width: z.number().catch(0),
  height: z.number().catch(0),
});

const location = z.looseObject({
  latitude: z.number().min(-90).max(90),
  longitude: z.number().min(-180).max(180),
});

const contact = z.looseObject({
  phone_number: maybe(z.string()),
  first_name: maybe(z.string()),
  last_name: maybe(z.string()),
  vcard: maybe(z.string()),
});

const lines = maybe(z.array(z.looseObject({ text: maybe(z.string()) })));
const poll = z.looseObject({ question: maybe(z.string()), options: lines });
const checklist = z.looseObject({ title: maybe(z.string()), tasks: lines });

const message = z.looseObject({
  message_id: maybe(idSchema),
  from: maybe(user),
  chat,
  date: maybe(date),
  text: maybe(z.string()),
  caption: maybe(z.string()),
  voice: maybe(file),
  audio: maybe(file),
  video: maybe(file),
  video_note: maybe(file),
  animation: maybe(file),
  document: maybe(file),
  photo: maybe(z.array(photoSize).min(1)),
  location: maybe(location),
  venue: maybe(z.looseObject({ location, title: maybe(z.string()), address: maybe(z.string()) })),
  contact: maybe(contact),
  poll: maybe(poll),
  checklist: maybe(checklist),
  reply_to_message: maybe(z.looseObject({ message_id: maybe(idSchema), from: maybe(user) })),
  new_chat_members: maybe(z.array(user)),
});

const callbackQuery = z.looseObject({
  id: z.string(),
  from: user,
  message: maybe(message),
  data: maybe(z.string()),
});

const member = z.looseObject({ status: z.string() });

const chatMember = z.looseObject({
  chat,
  from: maybe(user),
  date: maybe(date),
  new_chat_member: member,
});

const reactions = z.array(z.looseObject({ type: z.string(), emoji: maybe(z.string()) }));

const reaction = z.looseObject({
  chat,
  message_id: maybe(idSchema),
  user: maybe(user),
  date: maybe(date),
  old_reaction: maybe(reactions),
  new_reaction: reactions,
});

export const updateSchema = z.looseObject({
  update_id: z.int().nonnegative(),
  message: maybe(message),
  edited_message: maybe(message),
  callback_query: maybe(callbackQuery),
  my_chat_member: maybe(chatMember),
  message_reaction: maybe(reaction),
});

export type WireMessage = z.output<typeof message>;
export type WireUpdate = z.output<typeof updateSchema>;
export type WireCallback = z.output<typeof callbackQuery>;
export type WireChatMember = z.output<typeof chatMember>;
export type WireReaction = z.output<typeof reaction>;
export type WireChat = z.output<typeof chat>;
export type WireFile = z.output<typeof file>;
