/** Routes about how long cases are kept, and about holding one. */
import { retentionNow, sayHold } from '../../app/console/kept.ts';
import type { Context } from '../../app/ground/context.ts';
import { transact } from '../../app/ground/transaction.ts';
import type { App } from '../zod-provider.ts';
import { personOf } from './guard.ts';
import { refuse } from './refuse.ts';
import { serve } from './serve.ts';

export function retentionRoutes(app: App, { ctx }: { ctx: Context }): void {
  serve(app, 'POST /cases/:reference/hold', { right: 'see_to_rights' }, async (request, reply) => {
    const { reference } = request.params;
    const done = await transact(ctx, (at) => sayHold(at, personOf(request).member, reference, request.body));
    return done.ok ? { ok: true } : refuse(reply, done.reason);
  });

  serve(app, 'GET /retention', { right: 'see_retention' }, async (request) =>
    transact(ctx, (at) => retentionNow(at, personOf(request).member)),
  );
}
