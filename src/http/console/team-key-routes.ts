/** Routes about the team's key: which one is in use, and sealing the cases to another one. */

import type { Context } from '../../app/ground/context.ts';
import { transact } from '../../app/ground/transaction.ts';
import {
  dropNextKey,
  forgetOldKeys,
  noteTeamKey,
  reseal,
  teamKeyState,
  wrapsPage,
} from '../../app/members/team-key.ts';
import { bytesOf } from '../../kernel/base64.ts';
import type { CaseId } from '../../kernel/ids.ts';
import type { App } from '../zod-provider.ts';
import { personOf } from './guard.ts';
import { refuse } from './refuse.ts';
import { serve } from './serve.ts';

const CHANGE = { right: 'change_team_key' } as const;

export function teamKeyRoutes(app: App, { ctx }: { ctx: Context }): void {
  serve(app, 'GET /team-key', { right: 'reseal_cases' }, async (request) =>
    transact(ctx, (at) => teamKeyState(at, personOf(request).member)),
  );

  serve(app, 'POST /team-key', CHANGE, async (request, reply) => {
    const { recipient, vouchedBy, voucher, sealed } = request.body;
    const by = personOf(request).member.id;
    const made = { recipient, vouchedBy, voucher: bytesOf(voucher), sealed: bytesOf(sealed) };
    const done = await transact(ctx, (at) => noteTeamKey(at, by, made));
    return done === 'ok' ? { ok: true } : refuse(reply, done);
  });

  serve(app, 'DELETE /team-key/next', CHANGE, async (request, reply) => {
    const by = personOf(request).member.id;
    const done = await transact(ctx, (at) => dropNextKey(at, by));
    return done === 'ok' ? { ok: true } : refuse(reply, done);
  });

  serve(app, 'POST /team-key/forget-old', CHANGE, async (request, reply) => {
    const by = personOf(request).member.id;
    const done = await transact(ctx, (at) => forgetOldKeys(at, by));
    return done === 'ok' ? { ok: true } : refuse(reply, done);
  });

  serve(app, 'GET /wraps', { right: 'reseal_cases' }, async (request) => {
    const { after } = request.query;
    const { member } = personOf(request);
    return transact(ctx, (at) => wrapsPage(at.tx, member, after === '' ? undefined : (after as CaseId)));
  });

  const many = { right: 'reseal_cases', bodyLimit: 1_024 * 1_024 } as const;
  serve(app, 'POST /wraps', many, async (request, reply) => {
    const { member } = personOf(request);
    const wraps = request.body.wraps.map(({ id, wrapped }) => ({
      id: id as CaseId,
      wrapped: bytesOf(wrapped),
    }));
    const done = await transact(ctx, (at) => reseal(at, member, wraps));
    return done === 'ok' ? { ok: true } : refuse(reply, done);
  });
}
