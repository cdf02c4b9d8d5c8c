/** What a private message on WhatsApp holds, in the words of the port. Pure. */
import { normalizeMessageContent, proto, unpadRandomMax16, type WAMessage } from '@whiskeysockets/baileys';
import type { FileKind } from '../../kernel/vocabulary.ts';
import type { IncomingContent, IncomingFile } from '../channel.ts';
import { wordsOfCard } from '../vcard.ts';

type Content = proto.IMessage;

/** Things that travel in a chat and ask for no answer: keys, settings, receipts of other devices. */
const SILENT: readonly (keyof Content)[] = [
  'senderKeyDistributionMessage',
  'keepInChatMessage',
  'pinInChatMessage',
  'encReactionMessage',
  'messageHistoryBundle',
  'messageHistoryNotice',
  'deviceSentMessage',
  // Announces pictures that come by themselves.
  'albumMessage',
];

/** What people can send that the service cannot use; only these words leave the adapter. */
const UNSUPPORTED: readonly (readonly [keyof Content, string])[] = [
  ['stickerMessage', 'sticker'],
  ['lottieStickerMessage', 'sticker'],
  ['contactMessage', 'contact'],
  ['contactsArrayMessage', 'contact'],
  ['pollCreationMessage', 'poll'],
  ['pollCreationMessageV2', 'poll'],
  ['pollCreationMessageV3', 'poll'],
  ['pollCreationMessageV4', 'poll'],
  ['pollUpdateMessage', 'poll'],
  ['eventMessage', 'event'],
  ['call', 'call'],
  ['callLogMesssage', 'call'],
  ['scheduledCallCreationMessage', 'call'],
  ['secretEncryptedMessage', 'sealed_edit'],
  ['groupInviteMessage', 'invitation'],
];

type Plain = { message?: Content; content: IncomingContent | null };

export const UNREADABLE: Plain = { content: { kind: 'unsupported', what: 'unreadable' } };

/** What was decrypted, as a phone sent it. Never throws: who sent what is no message is told that it cannot be read. */
export function readPlain(plain: Uint8Array): Plain {
  try {
    const message = proto.Message.decode(unpadRandomMax16(plain));
    return { message, content: contentOf({ key: {}, message } as WAMessage) };
  } catch {
    return UNREADABLE;
  }
}

/**
 * Null: nothing that asks for an answer. A message that could not be decrypted is `unsupported`: `unreadable`; one
 * that is to be seen once is kept from linked devices, hence from us: `view_once`.
 */
export function contentOf({ key, message, messageStubType }: WAMessage): IncomingContent | null {
  if (!message) {
    if (key.isViewOnce) return { kind: 'unsupported', what: 'view_once' };
    const isUnreadable = messageStubType === proto.WebMessageInfo.StubType.CIPHERTEXT;
    return isUnreadable ? { kind: 'unsupported', what: 'unreadable' } : null;
  }
  const content = unwrapped(message);
  // Words count also beside, or around, what asks for no answer.
  return meantBy(content) ?? wordsIn(content) ?? wordsIn(message) ?? null;
}

function meantBy(content: Content): IncomingContent | null {
  if (content.protocolMessage) return changeIn(content.protocolMessage);
  if (content.reactionMessage) return reactionIn(content.reactionMessage);
  return wordsIn(content) ?? fileIn(content) ?? placeIn(content) ?? cardIn(content) ?? otherwise(content);
}

/** Wrappers that Baileys leaves on. */
const WRAPPERS = [
  'groupMentionedMessage',
  'botInvokeMessage',
  'botForwardedMessage',
  'pollCreationMessageV4',
  'questionMessage',
  'questionReplyMessage',
  'pollCreationOptionImageMessage',
] as const;
const MOST_WRAPPERS = 5;

function unwrapped(message: Content | null | undefined): Content {
  let content = normalizeMessageContent(message ?? undefined) ?? {};
  for (let n = 0; n < MOST_WRAPPERS; n++) {
    const inner = WRAPPERS.map((key) => content[key]?.message).find((each) => each);
    if (!inner) return content;
    content = normalizeMessageContent(inner) ?? {};
  }
  return content;
}

/** The id of our message that was quoted or reacted to. */
export function repliedTo(message: Content): string | undefined {
  const content = unwrapped(message);
  if (content.reactionMessage) return content.reactionMessage.key?.id ?? undefined;
  return quotedIn(content)?.stanzaId ?? undefined;
}

/** Who wrote the message that was quoted or reacted to; undefined: nobody says. */
export function repliedToWhom(message: Content): string | undefined {
  const content = unwrapped(message);
  if (content.reactionMessage) return content.reactionMessage.key?.fromMe ? 'themselves' : undefined;
  return quotedIn(content)?.participant ?? undefined;
}

/** What is quoted stands inside whatever answers it: words, a voice note, a place. */
function quotedIn(content: Content): proto.IContextInfo | undefined {
  for (const part of Object.values(content) as ({ contextInfo?: proto.IContextInfo | null } | null)[]) {
    const found = typeof part === 'object' ? part?.contextInfo : undefined;
    if (found?.stanzaId) return found;
  }
  return undefined;
}

/** An edit carries the whole new text, or the words under a file. Timers and keys come the same way and ask for nothing. */
function changeIn({ type, editedMessage, key }: proto.Message.IProtocolMessage): IncomingContent | null {
  if (type === proto.Message.ProtocolMessage.Type.REVOKE)
    return key?.id ? { kind: 'deleted', messageRef: key.id } : null;
  if (type !== proto.Message.ProtocolMessage.Type.MESSAGE_EDIT) return null;
  const content = unwrapped(editedMessage);
  const words = wordsIn(content);
  if (words?.kind === 'text') return { ...words, edited: true };
  const caption = mediaIn(content)?.[1].caption;
  return caption ? { kind: 'text', text: caption, edited: true } : null;
}

/** Words that were written, or stand on a button or a list of another program that was answered. */
function wordsIn(content: Content): IncomingContent | undefined {
  const text =
    content.conversation ||
    content.extendedTextMessage?.text ||
    content.buttonsResponseMessage?.selectedDisplayText ||
    content.templateButtonReplyMessage?.selectedDisplayText ||
    content.listResponseMessage?.title ||
    content.interactiveResponseMessage?.body?.text;
  return text ? { kind: 'text', text } : undefined;
}

/** Without an emoji a reaction is taken back. */
function reactionIn({ text }: proto.Message.IReactionMessage): IncomingContent | null {
  return text ? { kind: 'reaction', emoji: text } : null;
}

function placeIn({ locationMessage, liveLocationMessage }: Content): IncomingContent | undefined {
  const place = locationMessage ?? liveLocationMessage;
  const { degreesLatitude: latitude, degreesLongitude: longitude } = place ?? {};
  if (!isWithin(latitude, 90) || !isWithin(longitude, 180)) return undefined;
  // Seconds since it began to be shared: nothing at the first place.
  if (Number(liveLocationMessage?.timeOffset ?? 0) > 0)
    return { kind: 'location', latitude, longitude, edited: true };
  const { name, address, comment } = locationMessage ?? {};
  const words = wordsOf([name, address, comment, liveLocationMessage?.caption], ', ');
  return { kind: 'location', latitude, longitude, ...(words ? { words } : {}) };
}

/** Contacts that were shared, or the words of a poll, an appointment or an invitation. */
function cardIn(content: Content): IncomingContent | undefined {
  const { contactMessage, contactsArrayMessage, eventMessage, groupInviteMessage } = content;
  const people = [contactMessage, ...(contactsArrayMessage?.contacts ?? [])];
  const contacts = wordsOf(
    people.map((each) => wordsOfCard([each?.displayName], each?.vcard)),
    '\n',
  );
  if (contacts) return { kind: 'card', what: 'contact', words: contacts };
  const poll = content.pollCreationMessage ?? content.pollCreationMessageV2 ?? content.pollCreationMessageV3;
  const { name, description, location } = eventMessage ?? {};
  const words =
    wordsOf([poll?.name, ...(poll?.options ?? []).map(({ optionName }) => optionName)], '\n') ||
    wordsOf([name, description, location?.name, location?.address], '\n') ||
    wordsOf([groupInviteMessage?.groupName, groupInviteMessage?.caption], '\n');
  return words ? { kind: 'card', what: 'other', words } : undefined;
}

const wordsOf = (words: readonly (string | null | undefined)[], by: string): string =>
  words.filter((word) => word?.trim()).join(by);

/** The protocol also carries what is no number, and what is nowhere on the earth. */
const isWithin = (degrees: number | null | undefined, most: number): degrees is number =>
  typeof degrees === 'number' && Math.abs(degrees) <= most;

/** What all kinds of media have, as far as it matters here. */
type Media = {
  mimetype?: string | null;
  fileLength?: number | { toString(): string } | null;
  seconds?: number | null;
  fileName?: string | null;
  caption?: string | null;
};

function fileIn(content: Content): IncomingContent | undefined {
  const found = mediaIn(content);
  if (!found) return undefined;
  const [kind, media, only] = found;
  const file: IncomingFile = { kind, ref: refOf(only), ...about(media) };
  return { kind: 'file', file, ...(media.caption ? { caption: media.caption } : {}) };
}

/** Kind, description, and a message with nothing but this in it. */
function mediaIn(content: Content): [FileKind, Media, Content] | undefined {
  const { audioMessage, imageMessage, videoMessage, ptvMessage, documentMessage } = content;
  if (audioMessage) return [audioMessage.ptt ? 'voice' : 'audio', audioMessage, { audioMessage }];
  if (imageMessage) return ['photo', imageMessage, { imageMessage }];
  if (videoMessage) return ['video', videoMessage, { videoMessage }];
  if (ptvMessage) return ['video', ptvMessage, { videoMessage: ptvMessage }];
  if (documentMessage) return ['document', documentMessage, { documentMessage }];
  return undefined;
}

/** Everything that is needed to fetch and decrypt the file later, also after a restart. */
function refOf(content: Content): string {
  return Buffer.from(proto.Message.encode(content).finish()).toString('base64');
}

/** The message that `refOf` was given, for downloading. */
export function contentOfRef(ref: string): Content {
  return proto.Message.decode(Buffer.from(ref, 'base64'));
}

function about({ mimetype, fileLength, seconds, fileName }: Media): Partial<IncomingFile> {
  const size = fileLength === null || fileLength === undefined ? Number.NaN : Number(fileLength);
  return {
    ...(Number.isFinite(size) ? { size } : {}),
    ...(mimetype ? { mediaType: mimetype } : {}),
    ...(fileName ? { name: fileName } : {}),
    ...(seconds ? { seconds } : {}),
  };
}

function otherwise(content: Content): IncomingContent | null {
  const known = UNSUPPORTED.find(([key]) => content[key]);
  if (known) return { kind: 'unsupported', what: known[1] };
  const isSilent = Object.entries(content).every(
    ([key, value]) => !value || key === 'messageContextInfo' || SILENT.includes(key as keyof Content),
  );
  return isSilent ? null : { kind: 'unsupported', what: 'unknown' };
}
