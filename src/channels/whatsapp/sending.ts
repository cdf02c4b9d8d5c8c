/** One message out through an open socket, and what WhatsApp said to it. */
import { randomBytes } from 'node:crypto';
import { type BinaryNode, type ConnectionState, proto } from '@whiskeysockets/baileys';
import type { SendResult } from '../channel.ts';
import type { Socket } from './connection.ts';

/** The socket is not there: nothing has left. */
export const NOT_CONNECTED: SendResult = { ok: false, reason: 'unreachable', code: 'not_connected' };

/** An id for a message of ours, made before it is sent: its answer is waited for, and its buttons are remembered. */
export const newMessageId = (): string => `3EB0${randomBytes(9).toString('hex').toUpperCase()}`;

const { Type } = proto.Message.ProtocolMessage;

/** What travels to the phone, with the attributes of its stanza. */
export type Parcel = { content: proto.IMessage; attributes?: Record<string, string> };

/** Words. `expiration`: seconds after which they go from both phones; 0: never. No address in them is looked up. */
export const textOf = (text: string, expiration: number): Parcel => ({
  content: { extendedTextMessage: { text, ...(expiration > 0 ? { contextInfo: { expiration } } : {}) } },
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
  messageId = newMessageId(),
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
      .catch(() => given('send_failed')());
    return await promise;
  } finally {
    waiting.delete(messageId);
    signal.removeEventListener('abort', timedOut);
  }
}

/** Who waits for WhatsApp's answer to a message, by the message's id. */
type Waiting = Map<string, (result: SendResult) => void>;
const allWaiting = new WeakMap<Socket, Waiting>();

/** One listener for each socket, however much is sent at once. */
function waitingOn(socket: Socket): Waiting {
  const known = allWaiting.get(socket);
  if (known) return known;
  const waiting: Waiting = new Map();
  allWaiting.set(socket, waiting);
  socket.ws.on('CB:ack,class:message', ({ attrs: { id = '', error } }: BinaryNode) => {
    const answer: SendResult = error
      ? { ok: false, reason: 'rejected', code: `ack_${error}` }
      : { ok: true, messageRef: id };
    waiting.get(id)?.(answer);
  });
  socket.ev.on('connection.update', ({ connection }: Partial<ConnectionState>) => {
    if (connection !== 'close') return;
    for (const resolve of waiting.values()) resolve({ ok: false, reason: 'ambiguous', code: 'closed' });
  });
  return waiting;
}
