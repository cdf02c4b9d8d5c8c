/**
 * Which clients count as "on this machine".
 *
 * Invariants: a request from another machine, one that a proxy passed on, one made through a foreign host name
 * (DNS rebinding) and one that another site's page makes (CSRF) is refused, however the service is bound.
 *
 * What cannot be known: a proxy on this machine that speaks HTTP/1.1, calls us by a local name and adds no header at
 * all looks like a person who sits here. Where a proxy must be expected nothing counts as local, therefore
 * (`proxied` in `app.ts`).
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { isLoopback } from '../kernel/addresses.ts';
import { isForwarded } from './client-address.ts';

const LOCAL_NAMES = new Set(['localhost', '127.0.0.1', '[::1]']);

/** Whether the request was made on this machine, addressed to it by a local name, and not passed on. */
export function isLocal(request: FastifyRequest): boolean {
  const { headers, raw } = request;
  // No browser and no tool speaks HTTP/1.0 by itself; nginx does, and adds nothing else.
  if (isForwarded(headers) || raw.httpVersionMajor < 1 || raw.httpVersion === '1.0') return false;
  return isLoopback(request.socket.remoteAddress) && isLocalHost(headers.host);
}

/** Whether the request is local and, if a browser made it, made by a page of this service. */
export function isOwnPage(request: FastifyRequest): boolean {
  const { headers } = request;
  if (!isLocal(request)) return false;
  const isReading = request.method === 'GET' || request.method === 'HEAD';
  if (!isReading && headers.origin !== `http://${headers.host}`) return false;
  const site = headers['sec-fetch-site'];
  if (site === undefined || site === 'same-origin' || site === 'none') return true;
  // Following a link is not a foreign page's request; framing is, and the CSP forbids it as well.
  return isReading && headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document';
}

/** An `onRequest` hook that answers 403 unless `isAllowed`. */
export function only(isAllowed: (request: FastifyRequest) => boolean) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> =>
    isAllowed(request) ? undefined : reply.code(403).send({ error: 'forbidden' });
}

function isLocalHost(host: string | undefined): boolean {
  const name = /^(\[[0-9a-f:]+\]|[^:]+)(:\d{1,5})?$/i.exec(host ?? '')?.[1];
  return name !== undefined && LOCAL_NAMES.has(name.toLowerCase());
}
