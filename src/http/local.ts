/**
 * Who counts as "on this machine".
 *
 * Invariants: a request from another machine, one that a proxy passed on, one made through a foreign host name
 * (DNS rebinding) and one that another site's page makes (CSRF) is refused, however the service is bound.
 */
import { BlockList, isIP } from 'node:net';
import type { FastifyReply, FastifyRequest } from 'fastify';

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

const LOCAL_NAMES = new Set(['localhost', '127.0.0.1', '[::1]']);
/** A proxy on this machine makes everybody look local; these are what it adds. */
const FORWARDING_HEADERS = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip', 'via'];

/** Whether the request was made on this machine, addressed to it by a local name, and not passed on. */
export function isLocal(request: FastifyRequest): boolean {
  const { headers } = request;
  if (FORWARDING_HEADERS.some((name) => headers[name] !== undefined)) return false;
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

function isLoopback(address: string | undefined): boolean {
  const family = isIP(address ?? '');
  // BlockList maps ::ffff:127.0.0.1 to its IPv4 rule by itself.
  return address !== undefined && family !== 0 && loopback.check(address, family === 6 ? 'ipv6' : 'ipv4');
}

function isLocalHost(host: string | undefined): boolean {
  const name = /^(\[[0-9a-f:]+\]|[^:]+)(:\d{1,5})?$/i.exec(host ?? '')?.[1];
  return name !== undefined && LOCAL_NAMES.has(name.toLowerCase());
}
