/** Routes about who is in the team: members and their devices, and invitations. */

import type { Context } from '../../app/ground/context.ts';
import { transact } from '../../app/ground/transaction.ts';
import {
  codeOf,
  dropInvitation,
  inviteAs,
  joiningLink,
  sayYes,
  waitingInvitations,
} from '../../app/members/invitations.ts';
import { membersWithDevices, officersToInvite, revokeDevice, takeOut } from '../../app/members/members.ts';
import type { Site } from '../../app/members/passkeys.ts';
import { grantTeamKey } from '../../app/members/team-key.ts';
import { bytesOf } from '../../kernel/base64.ts';
import type { InvitationId, MemberId, OfficerId, PasskeyId } from '../../kernel/ids.ts';
import type { App } from '../zod-provider.ts';
import { personOf } from './guard.ts';
import { refuse } from './refuse.ts';
import { serve } from './serve.ts';

type Parts = { ctx: Context; site: () => Site };

const MANAGE = { right: 'manage_members' } as const;

export function memberRoutes(app: App, { ctx }: Parts): void {
  serve(app, 'GET /members', { right: 'see_members' }, async () => membersWithDevices(ctx.db, ctx));

  serve(app, 'GET /officers', MANAGE, async () => officersToInvite(ctx.db, ctx));

  serve(app, 'POST /members/:id/grant', MANAGE, async (request, reply) => {
    const to = request.params.id as MemberId;
    const by = personOf(request).member.id;
    const { sealed, fingerprint } = request.body;
    const done = await transact(ctx, (at) =>
      grantTeamKey(at, by, to, { sealed: bytesOf(sealed), fingerprint }),
    );
    return done === 'ok' ? { ok: true } : refuse(reply, done);
  });

  serve(app, 'DELETE /members/:id', MANAGE, async (request, reply) => {
    const by = personOf(request).member.id;
    const id = request.params.id as MemberId;
    const done = await transact(ctx, (at) => takeOut(at, by, id));
    return done === 'ok' ? { ok: true } : refuse(reply, done);
  });

  serve(app, 'DELETE /devices/:id', MANAGE, async (request, reply) => {
    const by = personOf(request).member.id;
    const id = request.params.id as PasskeyId;
    const done = await transact(ctx, (at) => revokeDevice(at, by, id));
    return done === 'ok' ? { ok: true } : refuse(reply, done);
  });
}

/** Invitations that are made here, and those that wait: for a second yes, or for the person who is invited. */
export function invitationRoutes(app: App, { ctx, site }: Parts): void {
  serve(app, 'POST /members', MANAGE, async (request, reply) => {
    if (site().isOnlyHere) return refuse(reply, 'no_public_url');
    const { officerId, ...whom } = request.body;
    const who = officerId ? { ...whom, officerId: officerId as OfficerId } : whom;
    const invited = await transact(ctx, (at) => inviteAs(at, personOf(request).member, who));
    if (!invited.ok) return refuse(reply, invited.reason);
    const { code, expiresAt } = invited;
    return { link: code ? joiningLink(site().origin, code) : null, expiresAt: expiresAt.toISOString() };
  });

  serve(app, 'GET /invitations', MANAGE, async (request) =>
    transact(ctx, (at) => waitingInvitations(at, personOf(request).member)),
  );

  serve(app, 'POST /invitations/:id/yes', MANAGE, async (request, reply) => {
    const id = request.params.id as InvitationId;
    const done = await transact(ctx, (at) => sayYes(at, personOf(request).member, id));
    return done === 'ok' ? { ok: true } : refuse(reply, done);
  });

  serve(app, 'POST /invitations/:id/link', MANAGE, async (request, reply) => {
    if (site().isOnlyHere) return refuse(reply, 'no_public_url');
    const id = request.params.id as InvitationId;
    const made = await transact(ctx, (at) => codeOf(at, personOf(request).member, id));
    if (!made) return refuse(reply, 'no_such');
    return { link: joiningLink(site().origin, made.code), expiresAt: made.expiresAt.toISOString() };
  });

  serve(app, 'DELETE /invitations/:id', MANAGE, async (request, reply) => {
    const id = request.params.id as InvitationId;
    const done = await transact(ctx, (at) => dropInvitation(at, personOf(request).member, id));
    return done === 'ok' ? { ok: true } : refuse(reply, done);
  });
}
