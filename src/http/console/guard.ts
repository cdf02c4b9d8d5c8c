/**
 * Who may ask for what.
 *
 * Invariants: every route of the console names a right, or says that it is for whoever is outside; a request that
 * changes something comes from the console's own page; the cookie is never readable by a script and never sent along by
 * another site. What is refused looks the same whatever the reason.
 */
import type { FastifyReply, FastifyRequest, RouteOptions } from 'fastify';
import { may, RIGHTS, type Right } from '../../app/console/rights.ts';
import type { SignedIn } from '../../app/console/sessions.ts';
import { LakanaError } from '../../kernel/errors.ts';
import { errorBody } from '../errors.ts';
import type { App } from '../zod-provider.ts';

export const COOKIE = 'lakana_session';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What whoever asks must be allowed; `outside`: nobody is signed in yet. */
    right?: Right | 'outside';
  }
  interface FastifyRequest {
    /** Who is signed in; undefined on routes for whoever is outside. */
    signedIn: SignedIn | undefined;
  }
}

type Parts = {
  /** The console's own address: `https://lakana.example.org`. */
  origin: () => string;
  /** Who is behind a token. */
  who: (token: string) => Promise<SignedIn | undefined>;
};

export function guard(app: App, { origin, who }: Parts): void {
  app.decorateRequest('signedIn', undefined);
  app.addHook('onRoute', (route: RouteOptions) => {
    const right = route.config?.right;
    if (right === undefined || !(right === 'outside' || right in RIGHTS))
      throw new LakanaError('route_without_right', `no right is named for ${route.method} ${route.url}`);
  });
  app.addHook('onRequest', async (request: FastifyRequest, reply: FastifyReply) => {
    // Unless a route says otherwise of what everybody may know.
    void reply.header('cache-control', 'no-store');
    if (!isOwnPage(request, origin())) return reply.code(403).send(errorBody(403));
    const right = request.routeOptions.config.right ?? 'self';
    if (right === 'outside') return undefined;
    const token = request.cookies[COOKIE];
    const signedIn = token ? await who(token) : undefined;
    if (!signedIn) return reply.code(401).send(errorBody(401));
    if (!may(signedIn.member.role, right)) return reply.code(403).send(errorBody(403));
    request.signedIn = signedIn;
    return undefined;
  });
}

/** Made by the console's own page: other sites' requests carry another origin, or say so themselves. */
function isOwnPage({ method, headers }: FastifyRequest, origin: string): boolean {
  const isReading = method === 'GET' || method === 'HEAD';
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin') return false;
  return isReading || headers.origin === origin;
}

/** Whoever is signed in. The guard has seen to it that somebody is. */
export function personOf(request: FastifyRequest): SignedIn {
  if (!request.signedIn) throw new LakanaError('not_signed_in', 'this route is for members');
  return request.signedIn;
}
