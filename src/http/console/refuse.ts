/** How a refusal of the console's interface looks. */
import type { FastifyReply } from 'fastify';
import type { Refusal } from '../../contract/forms.ts';
import { REFUSALS, type Reason } from '../../contract/refusals.ts';

/** `more`: what the page needs to say it in words. */
export function refuse(reply: FastifyReply, reason: Reason, more: Omit<Refusal, 'error'> = {}): FastifyReply {
  return reply.code(REFUSALS[reason]).send({ error: reason, ...more });
}
