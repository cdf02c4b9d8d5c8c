/** One message out through an open socket, and what WhatsApp said to it. */
import { createHash, randomBytes } from 'node:crypto';
import { type BinaryNode, type ConnectionState, proto } from '@whiskeysockets/baileys';
import type { SendResult } from '../channel.ts';
import type { Socket } from './connection.ts';

/** The socket is not there: nothing has left. */
export const NOT_CONNECTED: SendResult = { ok: false, reason: 'unreachable', code: 'not_connected' };

/**
 * The id of a message of ours, known before it is sent: its answer is waited for, and its buttons are remembered. With
 * the same `key` it is the same, so that a phone shows what was sent twice only once. It ends with a mark of the number of ours
 * that says it.
 */
export function messageIdOf(key: string | undefined, number = ''): string {
  const bytes = key === undefined ? randomBytes(7) : createHash('sha256').update(key).digest().subarray(0, 7);
  return `3EB0${bytes.toString('hex').toUpperCase()}${markOf(number)}`;
}

const markOf = (number: string): string =>
  createHash('sha256').update(number).digest().subarray(0, 2).toString('hex').toUpperCase();

/** Whether this message is one of the number of ours that is called so. */
export const isOf = (messageId: string, number: string): boolean => messageId.endsWith(markOf(number));

const { Type } = proto.Message.ProtocolMessage;

/** What travels to the phone, with the attributes of its stanza. */
export type Parcel = { content: proto.IMessage; attributes?: Record<string, string> };

/** Words. `expiration`: seconds after which they go from both phones; 0: never. No address in them is looked up. */
export const textOf = (text: string, expiration: number): Parcel => ({
  content: { extendedTextMessage: { text, ...(expiration > 0 ? { contextInfo: { expiration } } : {}) } },
});

/** A voice note that is up already. */
export const voiceOf = (audio: proto.Message.IAudioMessage, expiration: number): Parcel => ({
  content: { audioMessage: { ...audio, ...(expiration > 0 ? { contextInfo: { expiration } } : {}) } },
});

/** Takes back a message of ours. */
export const retractionOf = (jid: string, id: string): Parcel => ({
  content: { protocolMessage: { type: Type.REVOKE, key: { remoteJid: jid, fromMe: true, id } } },
  attributes: { edit: '7' },
});

/** Sets the timer of the chat. */
export const timerOfChat = (ephemeralExpiration: number): Parcel => ({
  content: {
    ephemeralMessage: {
      message: { protocolMessage: { type: Type.EPHEMERAL_SETTING, ephemeralExpiration } },
    },
  },
});

/**
 * Sends, and waits until WhatsApp has taken it. `rejected` carries WhatsApp's own code, as 463: the account may not
 * write to this person; the same again makes it worse.
 */
export async function sendOn(
  socket: Socket,
  jid: string,
  { content, attributes = {} }: Parcel,
  signal: AbortSignal,
  messageId = messageIdOf(undefined),
): Promise<SendResult> {
  const { promise, resolve } = Promise.withResolvers<SendResult>();
  const given = (code: string) => () => resolve({ ok: false, reason: 'ambiguous', code });
  const timedOut = given('timed_out');
  const waiting = waitingOn(socket);
  waiting.set(messageId, resolve);
  signal.addEventListener('abort', timedOut, { once: true });
  if (signal.aborted) timedOut();
  try {
    socket
      .relayMessage(jid, content, { messageId, additionalAttributes: attributes })
      .catch((error: unknown) => resolve(notSent(error)));
    return await promise;
  } finally {
    waiting.delete(messageId);
    signal.removeEventListener('abort', timedOut);
  }
}

/** What Baileys says when it has found no key of the person: nothing has left. */
const NO_KEYS = 'All encryptions failed';

function notSent(error: unknown): SendResult {
  const hasNoKeys = error instanceof Error && error.message === NO_KEYS;
  return hasNoKeys
    ? { ok: false, reason: 'unreachable', code: 'no_keys' }
    : { ok: false, reason: 'ambiguous', code: 'send_failed' };
}

/** The senders that wait for WhatsApp's answer to a message, by the message's id. */
type Waiting = Map<string, (result: SendResult) => void>;
const allWaiting = new WeakMap<Socket, Waiting>();

/** One listener for each socket, however much is sent at once. */
function waitingOn(socket: Socket): Waiting {
  const known = allWaiting.get(socket);
  if (known) return known;
  const waiting: Waiting = new Map();
  allWaiting.set(socket, waiting);
  // The id alone says which message it is about.
  socket.ws.on('CB:ack', ({ attrs: { id = '', error } }: BinaryNode) => {
    const answer: SendResult = error
      ? { ok: false, reason: 'rejected', code: `ack_${error}` }
      : { ok: true, messageRef: id };
    waiting.get(id)?.(answer);
  });
  // It has come to the phone: whatever became of WhatsApp's own answer.
  socket.ws.on('CB:receipt', ({ attrs: { id = '', type } }: BinaryNode) => {
    if (type !== 'retry') waiting.get(id)?.({ ok: true, messageRef: id });
  });
  socket.ev.on('connection.update', ({ connection }: Partial<ConnectionState>) => {
    if (connection !== 'close') return;
    for (const resolve of waiting.values()) resolve({ ok: false, reason: 'ambiguous', code: 'closed' });
  });
  return waiting;
}
