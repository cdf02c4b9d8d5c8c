/** The console's interface: each route names its right and its schema. */
import { Readable } from 'node:stream';
import cookie from '@fastify/cookie';
import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { type AlertAction, colleagues, decide } from '../../app/console/alert-actions.ts';
import { sealedCases } from '../../app/console/all-cases.ts';
import { openCaseRoom, openFile } from '../../app/console/case-room.ts';
import { caseWords } from '../../app/console/case-words.ts';
import { readInbox } from '../../app/console/inbox.ts';
import { beginJoining, join } from '../../app/console/joining.ts';
import { setLevel } from '../../app/console/level.ts';
import { answerOpeningTrial, openingTrial } from '../../app/console/opening-trial.ts';
import { challengeFor, type Site } from '../../app/console/passkeys.ts';
import { reply as replyTo } from '../../app/console/reply.ts';
import { beginSession, signedIn, signIn, signOut, stillSignedIn } from '../../app/console/sessions.ts';
import type { Context } from '../../app/ground/context.ts';
import { transact } from '../../app/ground/transaction.ts';
import { audit, readAudit } from '../../app/records/audit.ts';
import { openMemberName } from '../../app/records/member-name.ts';
import { fingerprint } from '../../crypto/fingerprint.ts';
import { endSession, grantsOf, type MemberRow, sessionsOf } from '../../db/members.ts';
import { listTeamKeys } from '../../db/team-keys.ts';
import type { MemberId, OfficerId } from '../../kernel/ids.ts';
import { seconds } from '../../kernel/time.ts';
import { errorBody } from '../errors.ts';
import { EventStreams } from '../event-stream.ts';
import { type Limits, tooMany } from '../limits.ts';
import type { App } from '../zod-provider.ts';
import { type Me, requests } from './api.ts';
import { sendCompressed, sendPacked } from './compressed.ts';
import { COOKIE, guard, personOf } from './guard.ts';
import { BROWSER_COOKIE, BROWSER_COOKIE_SECONDS, browserIn, newBrowser } from './known-browser.ts';
import { teamRoutes } from './team-routes.ts';
import { base64, bytesOf, refuse } from './wire.ts';

export type ConsoleParts = {
  ctx: Context;
  /** Where the console stands; known once the service listens. */
  site: () => Site;
  /** Calls back whenever something may have changed; returns how to stop. */
  onChange: (heard: () => void) => () => void;
  /** A word that is another one whenever something may have changed. */
  news: () => string;
  /** Name of the script with which the page begins: a page that the browser kept can tell whether it is the newest. */
  pageScript?: string | undefined;
  /** Absent: nothing is counted. */
  limits?: Limits;
  /** Told of each request of a member. */
  onMember?: (request: FastifyRequest) => void;
};

function asAction(body: z.output<typeof requests.decide>): AlertAction {
  return body.do === 'hand_over' ? { ...body, to: body.to as OfficerId } : body;
}

/** The page takes the line for cut when it has heard nothing for three of these. */
const ALIVE_MS = seconds(3);
/** One for each browser that keeps its rooms together (`line.ts`), or for each room of one that cannot. */
const STREAMS_OF_A_PERSON = 8;

export async function consoleRoutes(
  app: App,
  { ctx, site, onChange, news, pageScript, limits, onMember }: ConsoleParts,
): Promise<void> {
  await app.register(cookie);
  const now = () => ctx.clock.now(ctx.db);
  const streams = new EventStreams({
    aliveMs: ALIVE_MS,
    perPerson: STREAMS_OF_A_PERSON,
    going: async (sessions) => stillSignedIn(ctx.db, await now(), sessions),
  });
  app.addHook('preClose', async () => streams.end());
  const begins = guard(app, {
    origin: () => site().origin,
    who: async (token) => signedIn(ctx.db, ctx, await now(), token),
    limits,
    onMember,
  });
  // Whatever ends a session is asked for by a request that changes something.
  app.addHook('onResponse', async ({ method, signedIn }) => {
    if (signedIn && method !== 'GET') await streams.look();
  });

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

  const meOf = async (member: MemberRow): Promise<Me> => {
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
  };

  const outside = { right: 'outside', counted: 'tries' } as const;

  app.post(
    '/console/api/join/begin',
    { config: outside, schema: { body: requests.beginJoining } },
    async ({ body }, reply) => {
      const begun = await transact(ctx, (at) => beginJoining(at, site(), body.code));
      if (!begun) return refuse(reply, 'no_invitation');
      const { wrappedSecret, team, ...rest } = begun;
      return {
        ...rest,
        team: { recipient: team, fingerprint: fingerprint(team) },
        wrappedSecret: wrappedSecret ? base64(wrappedSecret) : null,
      };
    },
  );

  app.post(
    '/console/api/join',
    { config: outside, schema: { body: requests.join } },
    async (request, reply) => {
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
      return meOf(joined.member);
    },
  );

  app.post(
    '/console/api/sign-in/begin',
    { config: outside, schema: { body: requests.beginSigningIn } },
    async (_request, reply) => {
      if (pageScript) void reply.header('x-console', pageScript);
      return challengeFor(ctx, await now(), site(), { purpose: 'sign_in' });
    },
  );

  app.post(
    '/console/api/sign-in',
    { config: outside, schema: { body: requests.signIn } },
    async (request, reply) => {
      const wait = limits?.account(request, request.body.response.id);
      if (wait) return tooMany(request, reply, wait);
      const response = request.body.response as unknown as AuthenticationResponseJSON;
      const done = await transact(ctx, (at) => signIn(at, site(), response));
      if (!done) return reply.code(401).send(errorBody(401));
      setCookies(request, reply, done.token, done.member.id);
      const { wrappedBy, wrappedSecret } = done.passkey;
      const me = await meOf(done.member);
      return sendCompressed(request, reply, { me, wrappedBy, wrappedSecret: base64(wrappedSecret) });
    },
  );

  app.post('/console/api/sign-out', { config: { right: 'self' } }, async (request, reply) => {
    await transact(ctx, (at) => signOut(at, personOf(request)));
    reply.clearCookie(COOKIE, { path: '/console/api' });
    return { ok: true };
  });

  app.get('/console/api/me', { config: { right: 'self' } }, async (request) =>
    meOf(personOf(request).member),
  );

  app.get('/console/api/sessions', { config: { right: 'self' } }, async (request) => {
    const { member, sessionId } = personOf(request);
    return (await sessionsOf(ctx.db, member.id, await now())).map(({ id, createdAt, lastSeenAt }) => ({
      id,
      createdAt,
      lastSeenAt,
      isThis: id === sessionId,
    }));
  });

  app.delete(
    '/console/api/sessions/:id',
    { config: { right: 'self' }, schema: { params: requests.oneSession } },
    async (request, reply) => {
      const { member } = personOf(request);
      const ended = await transact(ctx, async (at) => {
        const isEnded = await endSession(at.tx, member.id, request.params.id);
        if (isEnded) await audit(at, { memberId: member.id, what: 'session_ended' });
        return isEnded;
      });
      return ended ? { ok: true } : refuse(reply, 'no_such');
    },
  );

  app.get(
    '/console/api/words/:language',
    { config: { right: 'self' }, schema: { params: requests.oneLanguage } },
    async (request, reply) => {
      // Public words, the same for everybody, and a tenth of what a slow network carries in a second.
      void reply.header('cache-control', 'private, max-age=3600');
      return sendCompressed(request, reply, caseWords(ctx, request.params.language));
    },
  );

  app.get('/console/api/inbox', { config: { right: 'see_inbox' } }, async (request, reply) =>
    sendCompressed(request, reply, await transact(ctx, (at) => readInbox(at, personOf(request).member))),
  );

  // Without HEAD, whose answer would never end.
  const changes = { config: { right: 'see_inbox' }, exposeHeadRoute: false } as const;
  app.get('/console/api/changes', changes, async (request, reply) => {
    const { member, sessionId } = personOf(request);
    const source = (send: (event: object) => void) => {
      send({ is: 'there' });
      return onChange(() => send({ is: 'changed' }));
    };
    return streams.answer(reply, source, { person: member.id, session: sessionId });
  });

  app.get('/console/api/news', { config: { right: 'see_inbox' } }, async () => ({ news: news() }));

  app.get(
    '/console/api/cases/:reference',
    { config: { right: 'open_case' }, schema: { params: requests.oneCase } },
    async (request, reply) => {
      const { reference } = request.params;
      const opened = await transact(ctx, (at) => openCaseRoom(at, personOf(request).member, reference));
      return opened.ok ? sendPacked(request, reply, opened.case) : refuse(reply, opened.reason);
    },
  );

  app.get(
    '/console/api/sealed-cases',
    { config: { right: 'open_case' }, schema: { querystring: requests.afterCase } },
    async (request, reply) => {
      const { after } = request.query as { after: string };
      const page = await transact(ctx, (at) => sealedCases(at, personOf(request).member, after));
      return sendPacked(request, reply, page);
    },
  );

  app.get(
    '/console/api/cases/:reference/files/:id',
    { config: { right: 'open_case' }, schema: { params: requests.oneFile } },
    async (request, reply) => {
      const { reference, id } = request.params;
      const opened = await transact(ctx, (at) => openFile(at, personOf(request).member, reference, id));
      if (!opened.ok) return refuse(reply, opened.reason);
      return reply.type('application/octet-stream').send(Readable.from(opened.chunks));
    },
  );

  app.post('/console/api/opening-trial', { config: { right: 'open_case' } }, async (request, reply) =>
    sendPacked(request, reply, await transact(ctx, (at) => openingTrial(at))),
  );

  app.post(
    '/console/api/opening-trial/answer',
    { config: { right: 'open_case' }, schema: { body: requests.openingTrial } },
    async (request, reply) => {
      const { hash, ...word } = request.body;
      const done = await transact(ctx, (at) =>
        answerOpeningTrial(at, personOf(request).member, { ...word, hash: bytesOf(hash) }),
      );
      return done === 'ok' ? { ok: true } : refuse(reply, done);
    },
  );

  app.post(
    '/console/api/cases/:reference/replies',
    {
      config: { right: 'write_to_reporter' },
      schema: { params: requests.oneCase, body: requests.reply },
      bodyLimit: 512 * 1_024,
    },
    async (request, reply) => {
      const { ciphertext, ...words } = request.body;
      const done = await transact(ctx, (at) =>
        replyTo(at, personOf(request).member, request.params.reference, {
          ...words,
          ciphertext: bytesOf(ciphertext),
        }),
      );
      return done.ok ? { ok: true } : refuse(reply, done.reason);
    },
  );

  app.post(
    '/console/api/alerts/:reference',
    { config: { right: 'decide_alert' }, schema: { params: requests.oneCase, body: requests.decide } },
    async (request, reply) => {
      const done = await transact(ctx, (at) =>
        decide(at, personOf(request).member, request.params.reference, asAction(request.body)),
      );
      if (done.ok) return { ok: true };
      return refuse(reply, done.reason, done.reason === 'already_taken' ? { by: done.by, at: done.at } : {});
    },
  );

  app.post(
    '/console/api/cases/:reference/level',
    { config: { right: 'decide_alert' }, schema: { params: requests.oneCase, body: requests.level } },
    async (request, reply) => {
      const { level, reason } = request.body;
      const sealed = reason ? { reason: { ...reason, ciphertext: bytesOf(reason.ciphertext) } } : {};
      const done = await transact(ctx, (at) =>
        setLevel(at, personOf(request).member, request.params.reference, { level, ...sealed }),
      );
      return done.ok ? { ok: true } : refuse(reply, done.reason);
    },
  );

  app.get('/console/api/colleagues', { config: { right: 'decide_alert' } }, async (request) =>
    transact(ctx, (at) => colleagues(at, personOf(request).member)),
  );

  teamRoutes(app, { ctx, site });

  app.get('/console/api/audit', { config: { right: 'see_audit' } }, async (request) =>
    transact(ctx, (at) => readAudit(at, personOf(request).member)),
  );
}
