/** How values travel between the console and the service, and how a refusal looks. */
import type { FastifyReply } from 'fastify';
import type { Refusal } from '../../contract/forms.ts';
import { REFUSALS, type Reason } from '../../contract/refusals.ts';

export const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
export const bytesOf = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'base64'));

/** `more`: what the page needs to say it in words. */
export function refuse(reply: FastifyReply, reason: Reason, more: Omit<Refusal, 'error'> = {}): FastifyReply {
  return reply.code(REFUSALS[reason]).send({ error: reason, ...more });
}
