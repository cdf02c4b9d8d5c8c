/**
 * The address of the client, when a proxy may stand between. Pure.
 *
 * Invariants: a forwarded address counts only as far as each hop that hands it on is trusted, from the right: what a
 * client writes there itself stands further left and is never reached. Without trust, and for what is no address, the
 * caller is the nearest hop that is known.
 */
import type { IncomingHttpHeaders } from 'node:http';
import { type AddressList, plainAddress } from '../kernel/addresses.ts';

/** What proxies, and what stands before them, add to a request: these, and whatever begins so. */
const ADDED = new Set([
  'via',
  'forwarded',
  'forwarded-for',
  'real-ip',
  'x-real-ip',
  'client-ip',
  'x-client-ip',
  'true-client-ip',
  'x-true-client-ip',
  'x-cluster-client-ip',
  'x-remote-ip',
  'x-remote-addr',
  'x-originating-ip',
  'x-original-forwarded-for',
  'x-original-host',
  'fastly-client-ip',
  'x-azure-clientip',
  'x-envoy-external-address',
  'cdn-loop',
  'x-amzn-trace-id',
  'x-cloud-trace-context',
]);
const BEGINNINGS = ['x-forwarded', 'cf-'] as const;

/** Headers of more hops than this are nobody's. */
const MAX_HOPS = 20;

/** Whether a proxy says that it passed this on. */
export function isForwarded(headers: IncomingHttpHeaders): boolean {
  return Object.keys(headers).some(
    (name) => ADDED.has(name) || BEGINNINGS.some((beginning) => name.startsWith(beginning)),
  );
}

/** The client's address; `socket`: the other end of the connection. */
export function clientAddress(
  socket: string | undefined,
  forwardedFor: string | string[] | undefined,
  trusted: AddressList | undefined,
): string {
  let known = plainAddress(socket ?? '') ?? 'unknown';
  if (!trusted) return known;
  const hops = [forwardedFor ?? []].flat().join(',').split(',').slice(-MAX_HOPS);
  while (trusted.has(known)) {
    const next = plainAddress(hops.pop()?.trim() ?? '');
    if (next === undefined) return known;
    known = next;
  }
  return known;
}
