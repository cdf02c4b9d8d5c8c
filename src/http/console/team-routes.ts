/** Routes about the team: who is in it, their devices, and the key. */
import type { AuthenticationResponseJSON } from '@simplewebauthn/server';
import {
  codeOf,
  dropInvitation,
  inviteAs,
  sayYes,
  waitingInvitations,
} from '../../app/console/invitations.ts';
import { linkDevice } from '../../app/console/joining.ts';
import {
  devicesOf,
  membersWithDevices,
  officersToInvite,
  revokeDevice,
  revokeOwnDevice,
  takeOut,
} from '../../app/console/members.ts';
import type { Site } from '../../app/console/passkeys.ts';
import { heldPush, startPushes, stopPushes } from '../../app/console/pushes.ts';
import {
  dropNextKey,
  forgetOldKeys,
  grantTeamKey,
  noteTeamKey,
  reseal,
  teamKeyState,
  wrapsPage,
} from '../../app/console/team-key.ts';
import type { Context } from '../../app/ground/context.ts';
import { createPushKey } from '../../app/ground/push-key.ts';
import { transact } from '../../app/ground/transaction.ts';
import { findPasskeyById } from '../../db/members.ts';
import type { CaseId, InvitationId, MemberId, OfficerId, PasskeyId } from '../../kernel/ids.ts';
import type { App } from '../zod-provider.ts';
import { requests } from './api.ts';
import { sendPacked } from './compressed.ts';
import { personOf } from './guard.ts';
import { bytesOf, refuse } from './wire.ts';

/** The link of an invitation. The code stands behind `#`: it goes to no server and into no log. */
export const joiningLink = (origin: string, code: string): string => `${origin}/console/#join=${code}`;

/** Invitations that wait: for a second yes, or for the invited person. */
function invitationRoutes(app: App, { ctx, site }: { ctx: Context; site: () => Site }): void {
  const one = { config: { right: 'manage_members' }, schema: { params: requests.oneInvitation } } as const;

  app.get('/console/api/invitations', { config: { right: 'manage_members' } }, async (request) =>
    transact(ctx, (at) => waitingInvitations(at, personOf(request).member)),
  );

  app.post('/console/api/invitations/:id/yes', one, async (request, reply) => {
    const id = request.params.id as InvitationId;
    const done = await transact(ctx, (at) => sayYes(at, personOf(request).member, id));
    return done === 'ok' ? { ok: true } : refuse(reply, done);
  });

  app.post('/console/api/invitations/:id/link', one, async (request, reply) => {
    const id = request.params.id as InvitationId;
    const made = await transact(ctx, (at) => codeOf(at, personOf(request).member, id));
    if (!made) return refuse(reply, 'no_such');
    return { link: joiningLink(site().origin, made.code), expiresAt: made.expiresAt };
  });

  app.delete('/console/api/invitations/:id', one, async (request, reply) => {
    const id = request.params.id as InvitationId;
    const done = await transact(ctx, (at) => dropInvitation(at, personOf(request).member, id));
    return done === 'ok' ? { ok: true } : refuse(reply, done);
  });
}

export function teamRoutes(app: App, { ctx, site }: { ctx: Context; site: () => Site }): void {
  app.get('/console/api/members', { config: { right: 'see_members' } }, async () =>
    membersWithDevices(ctx.db, ctx),
  );

  app.get('/console/api/officers', { config: { right: 'manage_members' } }, async () =>
    officersToInvite(ctx.db, ctx),
  );

  app.post(
    '/console/api/members',
    { config: { right: 'manage_members' }, schema: { body: requests.invite } },
    async (request, reply) => {
      const { officerId, ...whom } = request.body;
      const who = officerId ? { ...whom, officerId: officerId as OfficerId } : whom;
      const invited = await transact(ctx, (at) => inviteAs(at, personOf(request).member, who));
      if (!invited.ok) return refuse(reply, invited.reason);
      const { code, expiresAt } = invited;
      return { link: code ? joiningLink(site().origin, code) : null, expiresAt };
    },
  );

  invitationRoutes(app, { ctx, site });

  app.post(
    '/console/api/members/:id/grant',
    { config: { right: 'manage_members' }, schema: { params: requests.oneMember, body: requests.grant } },
    async (request, reply) => {
      const to = request.params.id as MemberId;
      const by = personOf(request).member.id;
      const { sealed, fingerprint } = request.body;
      const done = await transact(ctx, (at) =>
        grantTeamKey(at, by, to, { sealed: bytesOf(sealed), fingerprint }),
      );
      return done === 'ok' ? { ok: true } : refuse(reply, done);
    },
  );

  app.delete(
    '/console/api/members/:id',
    { config: { right: 'manage_members' }, schema: { params: requests.oneMember } },
    async (request, reply) => {
      const by = personOf(request).member.id;
      const id = request.params.id as MemberId;
      const done = await transact(ctx, (at) => takeOut(at, by, id));
      return done === 'ok' ? { ok: true } : refuse(reply, done);
    },
  );

  app.delete(
    '/console/api/devices/:id',
    { config: { right: 'manage_members' }, schema: { params: requests.oneDevice } },
    async (request, reply) => {
      const by = personOf(request).member.id;
      const done = await transact(ctx, (at) => revokeDevice(at, by, request.params.id as PasskeyId));
      return done === 'ok' ? { ok: true } : refuse(reply, done);
    },
  );

  app.get('/console/api/my-devices', { config: { right: 'self' } }, async (request) => {
    const { member, passkeyId } = personOf(request);
    const devices = await devicesOf(ctx.db, member.id);
    return devices.map((device) => ({ ...device, isThis: device.id === passkeyId }));
  });

  app.post(
    '/console/api/my-devices',
    { config: { right: 'self' }, schema: { body: requests.linkDevice } },
    async (request, reply) => {
      const { member } = personOf(request);
      const response = request.body.response as unknown as AuthenticationResponseJSON;
      const asked = { response, wrappedSecret: bytesOf(request.body.wrappedSecret) };
      const linked = await transact(ctx, (at) => linkDevice(at, site(), member, asked));
      return linked ?? refuse(reply, 'no_right');
    },
  );

  app.delete(
    '/console/api/my-devices/:id',
    { config: { right: 'self' }, schema: { params: requests.oneDevice } },
    async (request, reply) => {
      const { member } = personOf(request);
      const id = request.params.id as PasskeyId;
      const done = await transact(ctx, (at) => revokeOwnDevice(at, member, id));
      return done === 'ok' ? { ok: true } : refuse(reply, done);
    },
  );

  app.get('/console/api/my-pushes', { config: { right: 'decide_alert' } }, async (request) => {
    const device = await findPasskeyById(ctx.db, personOf(request).passkeyId);
    const { publicKey } = await createPushKey(ctx)();
    return { publicKey, held: await transact(ctx, (at) => heldPush(at, device)) };
  });

  app.post(
    '/console/api/my-pushes',
    { config: { right: 'decide_alert' }, schema: { body: requests.push } },
    async (request, reply) => {
      const who = { ...personOf(request), site: site() };
      const done = await transact(ctx, (at) => startPushes(at, who, request.body));
      return done === 'ok' ? { ok: true } : refuse(reply, done);
    },
  );

  app.delete('/console/api/my-pushes', { config: { right: 'decide_alert' } }, async (request) => {
    const { passkeyId } = personOf(request);
    await transact(ctx, async (at) => {
      const device = await findPasskeyById(at.tx, passkeyId);
      if (device) await stopPushes(at, device);
    });
    return { ok: true };
  });

  app.get('/console/api/team-key', { config: { right: 'reseal_cases' } }, async (request) =>
    transact(ctx, (at) => teamKeyState(at, personOf(request).member)),
  );

  app.post(
    '/console/api/team-key',
    { config: { right: 'change_team_key' }, schema: { body: requests.teamKey } },
    async (request, reply) => {
      const { recipient, vouchedBy, voucher, sealed } = request.body;
      const by = personOf(request).member.id;
      const made = { recipient, vouchedBy, voucher: bytesOf(voucher), sealed: bytesOf(sealed) };
      const done = await transact(ctx, (at) => noteTeamKey(at, by, made));
      return done === 'ok' ? { ok: true } : refuse(reply, done);
    },
  );

  app.delete(
    '/console/api/team-key/next',
    { config: { right: 'change_team_key' } },
    async (request, reply) => {
      const by = personOf(request).member.id;
      const done = await transact(ctx, (at) => dropNextKey(at, by));
      return done === 'ok' ? { ok: true } : refuse(reply, done);
    },
  );

  app.post(
    '/console/api/team-key/forget-old',
    { config: { right: 'change_team_key' } },
    async (request, reply) => {
      const by = personOf(request).member.id;
      const done = await transact(ctx, (at) => forgetOldKeys(at, by));
      return done === 'ok' ? { ok: true } : refuse(reply, done);
    },
  );

  app.get(
    '/console/api/wraps',
    { config: { right: 'reseal_cases' }, schema: { querystring: requests.afterWrap } },
    async (request, reply) => {
      const { after } = request.query as { after: string };
      const { member } = personOf(request);
      const page = await transact(ctx, ({ tx }) =>
        wrapsPage(tx, member, after === '' ? undefined : (after as CaseId)),
      );
      return sendPacked(request, reply, page);
    },
  );

  app.post(
    '/console/api/wraps',
    {
      config: { right: 'reseal_cases' },
      schema: { body: requests.wraps },
      bodyLimit: 1_024 * 1_024,
    },
    async (request, reply) => {
      const { member } = personOf(request);
      const wraps = request.body.wraps.map(({ id, wrapped }) => ({
        id: id as CaseId,
        wrapped: bytesOf(wrapped),
      }));
      const done = await transact(ctx, (at) => reseal(at, member, wraps));
      return done === 'ok' ? { ok: true } : refuse(reply, done);
    },
  );
}
