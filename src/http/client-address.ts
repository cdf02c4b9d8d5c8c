/**
 * Who is asking, when a proxy may stand between. Pure.
 *
 * Invariants: a forwarded address counts only as far as each hop that hands it on is trusted, from the right: what a
 * client writes there itself stands further left and is never reached. Without trust, and for what is no address, the
 * caller is the nearest hop that is known.
 */
import type { IncomingHttpHeaders } from 'node:http';
import { type AddressList, plainAddress } from '../kernel/addresses.ts';

/** What proxies and what stands before them add to a request. */
const FORWARDING =
  /^(via|(x-)?forwarded(-.+)?|(x-)?(real|client|true-client|cluster-client|remote|originating|original|fastly-client|azure-client|envoy-external)-?(ip|addr|address|host|url|uri|forwarded-for)?|cf-.+|cdn-loop|x-amzn-trace-id|x-cloud-trace-context)$/;

/** Headers of more hops than this are nobody's. */
const MAX_HOPS = 20;

/** Whether a proxy says that it passed this on. */
export function isForwarded(headers: IncomingHttpHeaders): boolean {
  return Object.keys(headers).some((name) => FORWARDING.test(name));
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
