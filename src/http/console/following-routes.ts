/** Routes about how far a case is, and who answers for it. */
import { sayStatus, sayWhoAnswers, whoMayAnswerFor } from '../../app/console/following.ts';
import type { Context } from '../../app/ground/context.ts';
import { transact } from '../../app/ground/transaction.ts';
import type { MemberId } from '../../kernel/ids.ts';
import type { App } from '../zod-provider.ts';
import { personOf } from './guard.ts';
import { refuse } from './refuse.ts';
import { serve } from './serve.ts';

export function followingRoutes(app: App, { ctx }: { ctx: Context }): void {
  serve(app, 'POST /cases/:reference/status', { right: 'follow_case' }, async (request, reply) => {
    const { reference } = request.params;
    const done = await transact(ctx, (at) =>
      sayStatus(at, personOf(request).member, reference, request.body),
    );
    return done.ok ? { ok: true } : refuse(reply, done.reason);
  });

  serve(app, 'POST /cases/:reference/responsible', { right: 'follow_case' }, async (request, reply) => {
    const { reference } = request.params;
    const to = request.body.to as MemberId | null;
    const done = await transact(ctx, (at) => sayWhoAnswers(at, personOf(request).member, reference, to));
    return done.ok ? { ok: true } : refuse(reply, done.reason);
  });

  serve(app, 'GET /cases/:reference/responsible', { right: 'follow_case' }, async (request, reply) => {
    const { reference } = request.params;
    const found = await transact(ctx, (at) => whoMayAnswerFor(at, personOf(request).member, reference));
    return found.ok ? found.members : refuse(reply, found.reason);
  });
}
