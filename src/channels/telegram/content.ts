/** What a private message holds, in the words of the port. Pure. */
import type { FileKind } from '../../kernel/vocabulary.ts';
import type { IncomingContent, IncomingFile } from '../channel.ts';
import { wordsOfCard } from '../vcard.ts';
import type { WireFile, WireMessage } from './update-schema.ts';

/** Telegram lets a bot fetch files of up to 20 MB. */
export const MAX_FILE_BYTES = 20 * 1024 * 1024;

/** Things that happen in a chat and ask for no answer. Setting messages to disappear is even wise. */
const SILENT = [
  'pinned_message',
  'message_auto_delete_timer_changed',
  'chat_background_set',
  'write_access_allowed',
  'group_chat_created',
  'supergroup_chat_created',
  'channel_chat_created',
  'left_chat_member',
  'new_chat_members',
  'new_chat_title',
  'new_chat_photo',
  'delete_chat_photo',
  'migrate_to_chat_id',
  'migrate_from_chat_id',
] as const;

/** What people can send that the service cannot use; only these words leave the adapter. */
const UNSUPPORTED = [
  'sticker',
  'contact',
  'poll',
  'dice',
  'story',
  'game',
  'paid_media',
  'checklist',
  'invoice',
  'gift',
  'giveaway',
  'users_shared',
  'chat_shared',
  'passport_data',
  'web_app_data',
  'video_chat_started',
] as const;

/** Files in the order in which they count: an animation also carries a `document`. */
const FILES: readonly (readonly [
  'voice' | 'audio' | 'video' | 'video_note' | 'animation' | 'document',
  FileKind,
  string | undefined,
])[] = [
  ['voice', 'voice', 'audio/ogg'],
  ['audio', 'audio', undefined],
  ['video', 'video', 'video/mp4'],
  ['video_note', 'video', 'video/mp4'],
  ['animation', 'video', 'video/mp4'],
  ['document', 'document', undefined],
];

/** Null: nothing that asks for an answer. */
export function contentOf(message: WireMessage, edited: boolean): IncomingContent | null {
  const text = message.text ?? richText(message.rich_message);
  const change = edited ? { edited } : {};
  if (text !== undefined && text !== '') return { kind: 'text', text, ...change };
  const file = fileOf(message);
  if (file)
    return { kind: 'file', file, ...(message.caption ? { caption: message.caption } : {}), ...change };
  const place = placeIn(message);
  if (place) return { ...place, ...change };
  // Words under something that the service cannot use may be a cry for help.
  if (message.caption) return { kind: 'text', text: message.caption, ...change };
  if (edited) return null;
  const card = cardIn(message);
  if (card) return card;
  if (SILENT.some((key) => message[key] !== undefined)) return null;
  return { kind: 'unsupported', what: UNSUPPORTED.find((key) => message[key] !== undefined) ?? 'unknown' };
}

/** A venue is a place with a name and an address. */
function placeIn({ venue, location }: WireMessage): IncomingContent | undefined {
  const place = venue?.location ?? location;
  if (!place) return undefined;
  const words = joined([venue?.title, venue?.address], ', ');
  const { latitude, longitude } = place;
  return { kind: 'location', latitude, longitude, ...(words ? { words } : {}) };
}

/** A contact that was shared, or the words of a poll or a list. */
function cardIn({ contact, poll, checklist }: WireMessage): IncomingContent | undefined {
  if (contact) {
    const name = joined([contact.first_name, contact.last_name], ' ');
    const words = wordsOfCard([name, contact.phone_number], contact.vcard);
    if (words) return { kind: 'card', what: 'contact', words };
  }
  const asked = joined([poll?.question, ...(poll?.options ?? []).map(({ text }) => text)], '\n');
  const listed = joined([checklist?.title, ...(checklist?.tasks ?? []).map(({ text }) => text)], '\n');
  const words = asked || listed;
  return words ? { kind: 'card', what: 'other', words } : undefined;
}

const joined = (words: readonly (string | undefined)[], by: string): string =>
  words.filter((word) => word?.trim()).join(by);

function fileOf(message: WireMessage): IncomingFile | undefined {
  for (const [key, kind, mediaType] of FILES) {
    const found = message[key];
    if (found) return toFile(found, kind, mediaType);
  }
  return message.photo ? photoOf(message.photo) : undefined;
}

function toFile(wire: WireFile, kind: FileKind, usualType: string | undefined): IncomingFile {
  const mediaType = wire.mime_type ?? usualType;
  return {
    kind,
    ref: wire.file_id,
    ...(wire.file_unique_id === undefined ? {} : { sameAs: wire.file_unique_id }),
    ...(wire.file_size === undefined ? {} : { size: wire.file_size }),
    ...(mediaType === undefined ? {} : { mediaType }),
    ...(wire.file_name === undefined ? {} : { name: wire.file_name }),
    ...(wire.duration === undefined ? {} : { seconds: wire.duration }),
  };
}

/** The largest copy that can be fetched; if none can, the largest, so that it is refused with its size. */
function photoOf(sizes: NonNullable<WireMessage['photo']>): IncomingFile | undefined {
  const bySize = sizes.toSorted((one, other) => other.width * other.height - one.width * one.height);
  const best = bySize.find((size) => (size.file_size ?? 0) <= MAX_FILE_BYTES) ?? bySize[0];
  if (!best) return undefined;
  const size = best.file_size === undefined ? {} : { size: best.file_size };
  const sameAs = best.file_unique_id === undefined ? {} : { sameAs: best.file_unique_id };
  return { kind: 'photo', ref: best.file_id, mediaType: 'image/jpeg', ...size, ...sameAs };
}

const RICH_PARTS = ['blocks', 'items', 'rows', 'cells', 'summary', 'text', 'expression', 'caption', 'credit'];

/** A formatted message (Bot API, `rich_message`) as plain words, one block a line; undefined: there is none. */
function richText(rich: unknown): string | undefined {
  if (typeof rich !== 'object' || rich === null || !('blocks' in rich) || !Array.isArray(rich.blocks))
    return undefined;
  return rich.blocks
    .map((block) => wordsOf(block, 0))
    .filter((line) => line !== '')
    .join('\n');
}

function wordsOf(part: unknown, depth: number): string {
  if (typeof part === 'string') return part;
  if (typeof part !== 'object' || part === null || depth > 40) return '';
  if (Array.isArray(part)) return part.map((each) => wordsOf(each, depth + 1)).join('');
  return RICH_PARTS.map((key) => wordsOf((part as Record<string, unknown>)[key], depth + 1)).join('');
}
