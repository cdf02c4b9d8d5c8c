/** How values travel between the console and the service, and how a refusal looks. */
import type { FastifyReply } from 'fastify';
import type { Refusal } from '../../contract/forms.ts';

export const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
export const bytesOf = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'base64'));

/** Statuses of what can be expected. */
const STATUS: Readonly<Record<string, number>> = {
  no_such: 404,
  no_invitation: 404,
  no_right: 403,
  no_officer: 409,
  closed: 409,
  not_taken: 409,
  already_taken: 409,
  not_offered: 409,
  nobody_else: 409,
  one_phone: 409,
  no_such_phone: 409,
  undecided: 409,
  unsafe: 409,
  unclear: 409,
  unknown: 409,
  blocked: 409,
  not_yours: 409,
  moved_on: 409,
  unproved_key: 409,
  no_key: 409,
  no_reason: 400,
  last_one: 409,
  not_all: 409,
  bad_key: 400,
  last_key: 409,
  officer_taken: 409,
  officer_invited: 409,
};

/** `more`: what the page needs to say it in words. */
export function refuse(reply: FastifyReply, reason: string, more: Omit<Refusal, 'error'> = {}): FastifyReply {
  return reply.code(STATUS[reason] ?? 409).send({ error: reason, ...more });
}
