/** Routes by which a member comes in and goes: joining, signing in, and who is signed in. */
import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Context } from '../../app/ground/context.ts';
import { transact } from '../../app/ground/transaction.ts';
import { beginJoining, join } from '../../app/members/joining.ts';
import { challengeToSignIn, type Site } from '../../app/members/passkeys.ts';
import { beginSession, signIn, signOut } from '../../app/members/sessions.ts';
import { openMemberName } from '../../app/records/member-name.ts';
import type { Me } from '../../contract/signing-in.ts';
import { fingerprint } from '../../crypto/fingerprint.ts';
import { grantsOf, type MemberRow } from '../../db/members.ts';
import { listTeamKeys } from '../../db/team-keys.ts';
import { base64, bytesOf } from '../../kernel/base64.ts';
import type { MemberId } from '../../kernel/ids.ts';
import { errorBody } from '../errors.ts';
import { type Limits, tooMany } from '../limits.ts';
import type { App } from '../zod-provider.ts';
import { COOKIE, personOf } from './guard.ts';
import { BROWSER_COOKIE, BROWSER_COOKIE_SECONDS, browserIn, newBrowser } from './known-browser.ts';
import { refuse } from './refuse.ts';
import { serve } from './serve.ts';

type Parts = {
  ctx: Context;
  site: () => Site;
  /** To be told that a session has just begun. */
  begins: (token: string, member: MemberId) => void;
  pageScript?: string | undefined;
  limits?: Limits | undefined;
};

const OUTSIDE = { right: 'outside', counted: 'tries' } as const;

export function signingInRoutes(app: App, { ctx, site, begins, pageScript, limits }: Parts): void {
  const setCookies = (request: FastifyRequest, reply: FastifyReply, token: string, member: MemberId) => {
    begins(token, member);
    const always = {
      httpOnly: true,
      sameSite: 'strict',
      // Without encryption only on this machine, where nobody listens.
      secure: site().origin.startsWith('https:'),
    } as const;
    reply.setCookie(COOKIE, token, { ...always, path: '/console/api' });
    if (browserIn(ctx.keyring, request.headers.cookie ?? '')) return;
    const lasting = { path: '/console', maxAge: BROWSER_COOKIE_SECONDS };
    reply.setCookie(BROWSER_COOKIE, newBrowser(ctx.keyring), { ...always, ...lasting });
  };

  serve(app, 'POST /join/begin', OUTSIDE, async ({ body }, reply) => {
    const begun = await transact(ctx, (at) => beginJoining(at, site(), body.code));
    if (!begun) return refuse(reply, 'no_invitation');
    const { wrappedSecret, team, ...rest } = begun;
    return {
      ...rest,
      team: { recipient: team, fingerprint: fingerprint(team) },
      wrappedSecret: wrappedSecret ? base64(wrappedSecret) : null,
    };
  });

  serve(app, 'POST /join', OUTSIDE, async (request, reply) => {
    const { wrappedSecret, ...rest } = request.body;
    const joined = await transact(ctx, async (at) => {
      const result = await join(at, site(), {
        ...rest,
        response: rest.response as unknown as RegistrationResponseJSON,
        wrappedSecret: bytesOf(wrappedSecret),
      });
      if (!result.ok) return result;
      const token = await beginSession(at, result.member.id, result.passkeyId);
      return { ...result, token };
    });
    if (!joined.ok) return refuse(reply, joined.reason);
    setCookies(request, reply, joined.token, joined.member.id);
    return meOf(ctx, joined.member);
  });

  serve(app, 'POST /sign-in/begin', OUTSIDE, async (_request, reply) => {
    if (pageScript) void reply.header('x-console', pageScript);
    return challengeToSignIn(ctx, await ctx.clock.now(ctx.db), site());
  });

  serve(app, 'POST /sign-in', { ...OUTSIDE, isCompressed: true }, async (request, reply) => {
    const wait = limits?.account(request, request.body.response.id);
    if (wait) return tooMany(request, reply, wait);
    const response = request.body.response as unknown as AuthenticationResponseJSON;
    const done = await transact(ctx, (at) => signIn(at, site(), response));
    if (!done) return reply.code(401).send(errorBody(401));
    setCookies(request, reply, done.token, done.member.id);
    const { wrappedBy, wrappedSecret } = done.passkey;
    return { me: await meOf(ctx, done.member), wrappedBy, wrappedSecret: base64(wrappedSecret) };
  });

  serve(app, 'POST /sign-out', { right: 'self' }, async (request, reply) => {
    await transact(ctx, (at) => signOut(at, personOf(request)));
    reply.clearCookie(COOKIE, { path: '/console/api' });
    return { ok: true };
  });

  serve(app, 'GET /me', { right: 'self' }, async (request) => meOf(ctx, personOf(request).member));
}

async function meOf(ctx: Context, member: MemberRow): Promise<Me> {
  const grants = await grantsOf(ctx.db, member.id);
  const keys = await listTeamKeys(ctx.db);
  return {
    id: member.id,
    name: openMemberName(ctx, member),
    role: member.role,
    isPaged: member.officerId !== null,
    grants: grants.map((grant) => ({ fingerprint: grant.fingerprint, sealed: base64(grant.sealed) })),
    keys: keys.map(({ fingerprint: print, recipient, vouchedBy, voucher }) => ({
      fingerprint: print,
      recipient,
      vouchedBy,
      voucher: base64(voucher),
    })),
    team: { recipient: ctx.team.recipient, fingerprint: fingerprint(ctx.team.recipient) },
    signing: ctx.keyring.signingKeys.map(({ signature, ...key }) => ({
      ...key,
      ...(signature ? { signature: base64(signature) } : {}),
    })),
  };
}
