/**
 * Whether a proxy stands in front that the service was not told of, found out by what requests carry.
 *
 * A stranger may send such headers too, so only two things count: headers of a proxy from an address near this machine
 * that is not trusted, and requests of members that came over https without any trace of the proxy that ended it.
 */
import type { FastifyRequest } from 'fastify';
import type { AddressList } from '../kernel/addresses.ts';
import { isNear, plainAddress } from '../kernel/addresses.ts';
import { hours } from '../kernel/time.ts';
import { isForwarded } from './client-address.ts';

export type ProxyTrouble = 'not_trusted' | 'says_nothing';

export type ProxyWatch = {
  /** Looks at any request. */
  see(request: FastifyRequest): void;
  /** Looks at one whose member is known. */
  seeMember(request: FastifyRequest): void;
  /** What was found in the last day. */
  trouble(): ProxyTrouble | undefined;
};

const REMEMBERED = hours(24);

/** `tell` is called when something is found that was not so before. */
export function createProxyWatch(
  trusted: AddressList | undefined,
  tell: (found: ProxyTrouble) => void,
  now = () => performance.now(),
): ProxyWatch {
  let last: { found: ProxyTrouble; at: number } | undefined;
  const trouble = () => (last && now() - last.at < REMEMBERED ? last.found : undefined);
  const note = (found: ProxyTrouble) => {
    if (trouble() !== found) tell(found);
    last = { found, at: now() };
  };
  return {
    trouble,
    see({ socket, headers }) {
      const { remoteAddress } = socket;
      if (isNear(remoteAddress) && isForwarded(headers) && !trusted?.has(remoteAddress)) note('not_trusted');
    },
    seeMember({ socket, headers }) {
      const isTrusted = trusted?.has(socket.remoteAddress) ?? false;
      if (isForwarded(headers) && !isTrusted) note('not_trusted');
      // We speak no TLS ourselves: a page from https:// came through something.
      const isThrough = isTrusted || headers.origin?.startsWith('https://') === true;
      const said =
        String(headers['x-forwarded-for'] ?? '')
          .split(',')
          .at(-1)
          ?.trim() ?? '';
      if (isThrough && plainAddress(said) === undefined) note('says_nothing');
    },
  };
}
