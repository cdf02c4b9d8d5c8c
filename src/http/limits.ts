/**
 * How much one caller may ask for.
 *
 * Invariants: counting comes before anything is read of a body or looked up in the database; a member who has signed in
 * is counted by themselves, and a browser in which a member has signed in before by itself, so that a stranger who
 * comes from the same address takes nothing from them; `/healthz` and `/readyz` are counted for nobody, since a monitor
 * that watches over the service must be answered: they cost no more than a refusal.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type AddressList, keysOf } from '../kernel/addresses.ts';
import { type Budget, createBudget } from '../kernel/budget.ts';
import { clientAddress } from './client-address.ts';
import { errorBody } from './errors.ts';
import type { App } from './zod-provider.ts';

/**
 * What a route takes from. `pages`: pages and files, the default. `tries`: signing in and joining, by people and not by
 * programs. `simulator`: two phones, their page's reconnections, a class of visitors behind one machine. `none`:
 * clients are counted elsewhere, or not at all.
 */
type Counted = 'pages' | 'tries' | 'simulator' | 'none';

const PER_MINUTE = {
  pages: 300,
  /** Of each kind: beginning to sign in, signing in, beginning to join, joining. */
  tries: 20,
  simulator: 1_200,
  /**
   * Of one account, from one caller: a proof cannot be guessed, so this only keeps the work small. There is no count of
   * all tries for an account: it would let a stranger lock an officer out.
   */
  account: 10,
  /** Addresses that are not there. */
  nowhere: 30,
  /** Sessions that are not known yet: looked up in the database. */
  sessions: 60,
  /** Of one person who is signed in: six rooms that look again at each change. */
  person: 1_200,
  /** Wrong secrets of the webhook. */
  secrets: 30,
} as const;
/** A /48 of IPv6 holds 65,536 lines: they share so many times the budget of one. */
const WIDE = 10;

declare module 'fastify' {
  interface FastifyContextConfig {
    counted?: Counted;
  }
}

/** Counts by the client behind a request: their browser if it is known, or else their address. */
type Counter = (request: FastifyRequest, within?: string) => number;
export type Limits = {
  [name in keyof typeof PER_MINUTE]: Counter;
} & {
  /** One who is signed in. */
  personNamed(id: string): number;
};

export type LimitParts = {
  trustedProxy?: AddressList | undefined;
  /** Id of a browser in which a member has signed in before, by the header `cookie`. */
  knownBrowser?: ((cookies: string) => string | undefined) | undefined;
  /** By how much everything is multiplied; for measuring. */
  times?: number;
  now?: () => number;
};

export function createLimits({
  trustedProxy,
  knownBrowser,
  times = 1,
  now = () => performance.now(),
}: LimitParts): Limits {
  const budget = (perMinute: number) => createBudget(perMinute * times, now);
  const counter = (perMinute: number): Counter => {
    const [narrow, wide] = [budget(perMinute), budget(perMinute * WIDE)];
    return (request, within = '') => {
      const browser = knownBrowser?.(request.headers.cookie ?? '');
      if (browser) return narrow.take(`${within} ${browser}`);
      const address = clientAddress(
        request.socket.remoteAddress,
        request.headers['x-forwarded-for'],
        trustedProxy,
      );
      return takeBoth(narrow, wide, keysOf(address), within);
    };
  };
  const person = budget(PER_MINUTE.person);
  const counters = Object.fromEntries(
    Object.entries(PER_MINUTE).map(([name, perMinute]) => [name, counter(perMinute)]),
  ) as { [name in keyof typeof PER_MINUTE]: Counter };
  return { ...counters, personNamed: (id) => person.take(id) };
}

function takeBoth(narrow: Budget, wide: Budget, keys: ReturnType<typeof keysOf>, within: string): number {
  const net = keys.wide === undefined ? undefined : `${within} ${keys.wide}`;
  const wait = net === undefined ? 0 : wide.wait(net);
  if (wait > 0) return wait;
  const own = narrow.take(`${within} ${keys.narrow}`);
  if (own === 0 && net !== undefined) wide.take(net);
  return own;
}

/** Counts each request before anything else is done with it. Must be added before any other hook. */
export function limitRequests(app: App, limits: Limits): void {
  app.addHook('onRequest', async (request, reply) => {
    if (request.is404) {
      const wait = limits.nowhere(request);
      return wait > 0 ? tooMany(request, reply, wait) : undefined;
    }
    const counted = request.routeOptions.config.counted ?? 'pages';
    if (counted === 'none') return undefined;
    const wait = limits[counted](request, counted === 'tries' ? request.routeOptions.url : '');
    return wait > 0 ? tooMany(request, reply, wait) : undefined;
  });
}

export function tooMany(request: FastifyRequest, reply: FastifyReply, seconds: number): FastifyReply {
  return refuseUnread(request, reply.header('retry-after', seconds), 429);
}

/** Refuses without reading what else is sent: the connection ends with the answer. */
export function refuseUnread(request: FastifyRequest, reply: FastifyReply, status: number): FastifyReply {
  const { method, headers } = request;
  const hasBody = headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined;
  if (hasBody && method !== 'GET') void reply.header('connection', 'close');
  return reply.code(status).send(errorBody(status));
}
