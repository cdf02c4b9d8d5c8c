/**
 * The rights that each route asks for.
 *
 * Invariants: every route of the console names a right, or says that it is for people outside, and describes its answer;
 * a request that changes something comes from the console's own page; the cookie is never readable by a script and never
 * sent along by another site. What is refused looks the same whatever the reason. Nothing is looked up in the database for a client that has
 * used up its share: a member who is signed in is counted by themselves, unknown sessions by where they come from.
 */
import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest, RouteOptions } from 'fastify';
import { LRUCache } from 'lru-cache';
import { may, RIGHTS, type Right } from '../../app/members/rights.ts';
import type { SignedIn } from '../../app/members/sessions.ts';
import { LakanaError } from '../../kernel/errors.ts';
import type { MemberId } from '../../kernel/ids.ts';
import { errorBody } from '../errors.ts';
import { type Limits, tooMany } from '../limits.ts';
import type { App } from '../zod-provider.ts';

export const COOKIE = 'lakana_session';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What the client must be allowed; `outside`: nobody is signed in yet. */
    right?: Right | 'outside';
  }
  interface FastifyRequest {
    /** The member who is signed in; undefined on routes for people outside. */
    signedIn: SignedIn | undefined;
  }
}

type Parts = {
  /** The console's own address: `https://lakana.example.org`. */
  origin: () => string;
  /** The member behind a token. */
  who: (token: string) => Promise<SignedIn | undefined>;
  /** Absent: nothing is counted. */
  limits?: Pick<Limits, 'sessions' | 'personNamed'> | undefined;
  /** Told of each request of a member. */
  onMember?: ((request: FastifyRequest) => void) | undefined;
};

/** As `beginSession` makes them: whatever else stands in the cookie is not looked up. */
const TOKEN = /^[\w-]{43}$/;
const MOST_SESSIONS = 2_000;

/** Returns how to say that a session has just begun. */
export function guard(
  app: App,
  { origin, who, limits, onMember }: Parts,
): (token: string, member: MemberId) => void {
  // Whose a session was when it was looked up last: only for counting, it is looked up each time.
  const seen = new LRUCache<string, MemberId>({ max: MOST_SESSIONS });
  app.decorateRequest('signedIn', undefined);
  app.addHook('onRoute', (route: RouteOptions) => {
    const right = route.config?.right;
    if (right === undefined || !(right === 'outside' || right in RIGHTS))
      throw new LakanaError('route_without_right', `no right is named for ${route.method} ${route.url}`);
    if (!route.schema?.response)
      throw new LakanaError('route_not_described', `${route.method} ${route.url} is not described`);
  });
  app.addHook('onRequest', async (request: FastifyRequest, reply: FastifyReply) => {
    // Unless a route says otherwise of what everybody may know.
    void reply.header('cache-control', 'no-store');
    if (!isOwnPage(request, origin())) return reply.code(403).send(errorBody(403));
    const right = request.routeOptions.config.right ?? 'self';
    if (right === 'outside') return undefined;
    const token = request.cookies[COOKIE];
    if (!token || !TOKEN.test(token)) return reply.code(401).send(errorBody(401));
    const known = seen.get(digest(token));
    const wait = known ? limits?.personNamed(known) : limits?.sessions(request);
    if (wait) return tooMany(request, reply, wait);
    const signedIn = await who(token);
    if (!signedIn) {
      seen.delete(digest(token));
      return reply.code(401).send(errorBody(401));
    }
    seen.set(digest(token), signedIn.member.id);
    if (!may(signedIn.member.role, right)) return reply.code(403).send(errorBody(403));
    request.signedIn = signedIn;
    onMember?.(request);
    return undefined;
  });
  return (token, member) => void seen.set(digest(token), member);
}

const digest = (token: string): string => createHash('sha256').update(token).digest('base64');

/** Made by the console's own page: other sites' requests carry another origin, or say so themselves. */
function isOwnPage({ method, headers }: FastifyRequest, origin: string): boolean {
  const isReading = method === 'GET' || method === 'HEAD';
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin') return false;
  return isReading || headers.origin === origin;
}

/** The member who is signed in. The guard has seen to it that there is one. */
export function personOf(request: FastifyRequest): SignedIn {
  if (!request.signedIn) throw new LakanaError('not_signed_in', 'this route is for members');
  return request.signedIn;
}
