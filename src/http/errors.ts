/**
 * What a caller learns when something went wrong.
 *
 * Invariant: a status and a code of this file, never a library's text, a path or what was sent.
 */
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { type Log, reduceError } from '../kernel/log.ts';
import type { App } from './zod-provider.ts';

const CODES: Readonly<Record<number, string>> = {
  400: 'bad_request',
  401: 'unauthorized',
  403: 'forbidden',
  404: 'not_found',
  405: 'method_not_allowed',
  408: 'too_slow',
  409: 'conflict',
  413: 'too_large',
  415: 'unsupported_media_type',
  429: 'too_many_requests',
  503: 'unavailable',
};

/** The small JSON that stands for a status. */
export function errorBody(status: number): { error: string } {
  return { error: CODES[status] ?? (status < 500 ? 'bad_request' : 'internal') };
}

/** Answers a thrown error with its status and code; logs what is ours to repair. */
export function answerError(log: Log) {
  return (error: FastifyError, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const status = error.validation ? 400 : statusOf(error);
    if (status >= 500) {
      // The route's pattern, not the address that was asked for: that one is a stranger's text.
      const route = request.routeOptions?.url ?? 'none';
      log.error('http_request_failed', { route, status, ...reduceError(error) });
    }
    // Whatever kind the route was about to send.
    return reply.code(status).type('application/json; charset=utf-8').send(errorBody(status));
  };
}

/** Counts a request to what does not exist; seconds to wait, 0 if it may be answered. */
type CountNowhere = { nowhere(request: FastifyRequest): number };

/** Answers what no route knows. How often a client may try is counted before (`limits.ts`), but for missing files. */
export function answerNotFound(app: App, limits: CountNowhere): void {
  app.setNotFoundHandler(async (request, reply) => {
    const wait = request.is404 ? 0 : limits.nowhere(request);
    if (wait > 0) return reply.code(429).header('retry-after', wait).send(errorBody(429));
    return reply.code(404).send(errorBody(404));
  });
}

function statusOf(error: FastifyError): number {
  const status = error.statusCode ?? 500;
  return status >= 400 && status < 600 ? status : 500;
}
