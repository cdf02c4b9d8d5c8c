/** What messages say and show: the content of a stanza, and the lines on a screen. */
import { normalizeMessageContent, proto } from '@whiskeysockets/baileys';
import type { MediaFields, MediaKind } from './media.ts';

export type Shown = {
  id: string;
  fromBot: boolean;
  text: string;
  /** As it was sent, before edits, without the wrappers of disappearing and view-once messages. */
  content: proto.IMessage;
  reactions: string[];
  edited: boolean;
  deleted: boolean;
  /** Seconds after which it disappears. */
  expiration: number;
  /** Number of the change that last touched it. */
  changed: number;
  /** Which number of the bot said it. */
  by?: string;
};

/** The words of a message: text, caption, or an empty string. */
function textOf(message: proto.IMessage | null | undefined): string {
  const content = normalizeMessageContent(message ?? undefined);
  const caption =
    content?.imageMessage?.caption ?? content?.videoMessage?.caption ?? content?.documentMessage?.caption;
  return content?.conversation || content?.extendedTextMessage?.text || caption || '';
}

function expirationOf(content: proto.IMessage): number {
  const parts: { contextInfo?: proto.IContextInfo | null }[] = Object.values(content).filter(
    (part) => typeof part === 'object' && part !== null,
  );
  return parts.find((part) => part.contextInfo?.expiration)?.contextInfo?.expiration ?? 0;
}

export type FileOptions = {
  caption?: string;
  /** What the sender says the size is, when it should differ from the bytes. */
  size?: number;
  name?: string;
  mediaType?: string;
  seconds?: number;
  /** Sent so that it can be opened once; `withheld`: linked devices get only the fact, as is usual today. */
  viewOnce?: 'sent' | 'withheld';
  /** The message that it answers. */
  quoted?: { id: string };
};

const MEDIA_TYPE = {
  audio: 'audio/ogg; codecs=opus',
  image: 'image/jpeg',
  video: 'video/mp4',
  document: 'application/pdf',
};

export function fileMessage(kind: MediaKind, media: MediaFields, options: FileOptions): proto.IMessage {
  const file = {
    ...media,
    mimetype: options.mediaType ?? MEDIA_TYPE[kind],
    fileLength: options.size ?? media.fileLength,
    ...(options.caption === undefined ? {} : { caption: options.caption }),
    ...(options.viewOnce ? { viewOnce: true } : {}),
    ...(options.quoted ? { contextInfo: { stanzaId: options.quoted.id } } : {}),
  };
  const content = {
    audio: () => ({ audioMessage: { ...file, ptt: true, seconds: options.seconds ?? 3 } }),
    image: () => ({ imageMessage: { ...file, width: 1280, height: 720 } }),
    video: () => ({ videoMessage: { ...file, seconds: options.seconds ?? 3, width: 640, height: 360 } }),
    document: () => ({ documentMessage: { ...file, fileName: options.name ?? 'note.pdf' } }),
  }[kind]();
  return options.viewOnce ? { viewOnceMessageV2: { message: content } } : content;
}

/** A disappearing message: the time in its context, and the wrapper that says so. */
export function disappearing(message: proto.IMessage, expiration: number): proto.IMessage {
  const { conversation, ...rest } = message;
  const [kind, part] = Object.entries(rest)[0] ?? ['extendedTextMessage', { text: conversation }];
  return { ephemeralMessage: { message: { [kind]: { ...part, contextInfo: { expiration } } } } };
}

const { Type } = proto.Message.ProtocolMessage;

/** What a message of the other side does to a screen. Returns what is new on it, if anything. */
export function show(
  screen: Shown[],
  id: string,
  fromBot: boolean,
  message: proto.IMessage,
  changed: number,
  by?: string,
) {
  const content = normalizeMessageContent(message) ?? {};
  const { protocolMessage, reactionMessage } = content;
  const about = protocolMessage?.key?.id ?? reactionMessage?.key?.id;
  const target = screen.find((shown) => shown.id === about);
  if (target) target.changed = changed;
  if (protocolMessage?.type === Type.REVOKE) {
    if (target) target.deleted = true;
  } else if (protocolMessage?.type === Type.MESSAGE_EDIT) {
    if (target) Object.assign(target, { text: textOf(protocolMessage.editedMessage), edited: true });
  } else if (reactionMessage) {
    if (target) target.reactions = reactionMessage.text ? [reactionMessage.text] : [];
  } else if (!protocolMessage && !screen.some((shown) => shown.id === id)) {
    const state = { reactions: [], edited: false, deleted: false, expiration: expirationOf(content) };
    screen.push({
      id,
      fromBot,
      text: textOf(content),
      content,
      ...state,
      changed,
      ...(by === undefined ? {} : { by }),
    });
  }
}
