/** Routes about what a member signs in with and is rung on: their sessions, devices and pushes. */
import type { AuthenticationResponseJSON } from '@simplewebauthn/server';
import type { Context } from '../../app/ground/context.ts';
import { transact } from '../../app/ground/transaction.ts';
import { createPushKey } from '../../app/keys/push-key.ts';
import { linkDevice } from '../../app/members/joining.ts';
import { devicesOf, revokeOwnDevice } from '../../app/members/members.ts';
import type { Site } from '../../app/members/passkeys.ts';
import { heldPush, startPushes, stopPushes } from '../../app/members/pushes.ts';
import { audit } from '../../app/records/audit.ts';
import { endSession, findPasskeyById, sessionsOf } from '../../db/members.ts';
import { bytesOf } from '../../kernel/base64.ts';
import type { PasskeyId } from '../../kernel/ids.ts';
import type { App } from '../zod-provider.ts';
import { personOf } from './guard.ts';
import { refuse } from './refuse.ts';
import { serve } from './serve.ts';

type Parts = { ctx: Context; site: () => Site };

export function myRoutes(app: App, { ctx, site }: Parts): void {
  serve(app, 'GET /sessions', { right: 'self' }, async (request) => {
    const { member, sessionId } = personOf(request);
    const sessions = await sessionsOf(ctx.db, member.id, await ctx.clock.now(ctx.db));
    return sessions.map(({ id, createdAt, lastSeenAt }) => ({
      id,
      createdAt: createdAt.toISOString(),
      lastSeenAt: lastSeenAt.toISOString(),
      isThis: id === sessionId,
    }));
  });

  serve(app, 'DELETE /sessions/:id', { right: 'self' }, async (request, reply) => {
    const { member } = personOf(request);
    const ended = await transact(ctx, async (at) => {
      const isEnded = await endSession(at.tx, member.id, request.params.id);
      if (isEnded) await audit(at, { memberId: member.id, what: 'session_ended' });
      return isEnded;
    });
    return ended ? { ok: true } : refuse(reply, 'no_such');
  });

  serve(app, 'GET /my-devices', { right: 'self' }, async (request) => {
    const { member, passkeyId } = personOf(request);
    const devices = await devicesOf(ctx.db, member.id);
    return devices.map((device) => ({ ...device, isThis: device.id === passkeyId }));
  });

  serve(app, 'POST /my-devices', { right: 'self' }, async (request, reply) => {
    if (site().isOnlyHere) return refuse(reply, 'no_public_url');
    const { member } = personOf(request);
    const response = request.body.response as unknown as AuthenticationResponseJSON;
    const asked = { response, wrappedSecret: bytesOf(request.body.wrappedSecret) };
    const linked = await transact(ctx, (at) => linkDevice(at, site(), member, asked));
    if (!linked) return refuse(reply, 'no_right');
    return { code: linked.code, expiresAt: linked.expiresAt.toISOString() };
  });

  serve(app, 'DELETE /my-devices/:id', { right: 'self' }, async (request, reply) => {
    const { member } = personOf(request);
    const id = request.params.id as PasskeyId;
    const done = await transact(ctx, (at) => revokeOwnDevice(at, member, id));
    return done === 'ok' ? { ok: true } : refuse(reply, done);
  });
}

/** Web pushes to this browser. */
export function pushRoutes(app: App, { ctx, site }: Parts): void {
  serve(app, 'GET /my-pushes', { right: 'decide_alert' }, async (request) => {
    const device = await findPasskeyById(ctx.db, personOf(request).passkeyId);
    const { publicKey } = await createPushKey(ctx)();
    return { publicKey, held: await transact(ctx, (at) => heldPush(at, device)) };
  });

  serve(app, 'POST /my-pushes', { right: 'decide_alert' }, async (request, reply) => {
    const who = { ...personOf(request), site: site() };
    const done = await transact(ctx, (at) => startPushes(at, who, request.body));
    return done === 'ok' ? { ok: true } : refuse(reply, done);
  });

  serve(app, 'DELETE /my-pushes', { right: 'decide_alert' }, async (request) => {
    const { passkeyId } = personOf(request);
    await transact(ctx, async (at) => {
      const device = await findPasskeyById(at.tx, passkeyId);
      if (device) await stopPushes(at, device);
    });
    return { ok: true };
  });
}
