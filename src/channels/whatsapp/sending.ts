/** One message out through an open socket, and what WhatsApp said to it. */
import { randomBytes } from 'node:crypto';
import type { BinaryNode, ConnectionState } from '@whiskeysockets/baileys';
import type { SendResult } from '../channel.ts';
import type { Socket } from './connection.ts';

type Content = Parameters<Socket['sendMessage']>[1];

/** The socket is not there: nothing has left. */
export const NOT_CONNECTED: SendResult = { ok: false, reason: 'unreachable', code: 'not_connected' };

/** An id for a message of ours, made before it is sent: its answer is waited for, and its buttons are remembered. */
export const newMessageId = (): string => `3EB0${randomBytes(9).toString('hex').toUpperCase()}`;

/**
 * Sends, and waits until WhatsApp has taken it. `rejected` carries WhatsApp's own code, as 463: the account may not
 * write to this person; the same again makes it worse.
 */
export async function sendOn(
  socket: Socket,
  jid: string,
  content: Content,
  signal: AbortSignal,
  messageId = newMessageId(),
): Promise<SendResult> {
  const { promise, resolve } = Promise.withResolvers<SendResult>();
  const acked = ({ attrs }: BinaryNode): void => {
    if (attrs.id !== messageId) return;
    const { error } = attrs;
    resolve(
      error ? { ok: false, reason: 'rejected', code: `ack_${error}` } : { ok: true, messageRef: messageId },
    );
  };
  const given = (code: string) => () => resolve({ ok: false, reason: 'ambiguous', code });
  const timedOut = given('timed_out');
  const closed = ({ connection }: Partial<ConnectionState>): void => {
    if (connection === 'close') given('closed')();
  };
  socket.ws.on('CB:ack,class:message', acked);
  socket.ev.on('connection.update', closed);
  signal.addEventListener('abort', timedOut, { once: true });
  if (signal.aborted) timedOut();
  try {
    socket.sendMessage(jid, content, { messageId }).catch(() => given('send_failed')());
    return await promise;
  } finally {
    socket.ws.off('CB:ack,class:message', acked);
    socket.ev.off('connection.update', closed);
    signal.removeEventListener('abort', timedOut);
  }
}
