/** Routes about the texts that people work on: reading them, saying them anew, agreeing, reading again, commenting. */
import type { FastifyReply } from 'fastify';
import type { Context } from '../../app/ground/context.ts';
import { transact } from '../../app/ground/transaction.ts';
import { type Changed, changeText, commentOn, decideText, reviewText } from '../../app/texts/changing.ts';
import { previewText } from '../../app/texts/preview.ts';
import { languagesToWorkOn, listTexts, saidOf, showText } from '../../app/texts/reading.ts';
import { createTurns, WORDS } from '../../app/texts/turns.ts';
import type { ChangeDone } from '../../contract/texts.ts';
import type { App } from '../zod-provider.ts';
import { personOf } from './guard.ts';
import { refuse } from './refuse.ts';
import { serve } from './serve.ts';

const WORK = { right: 'work_on_texts' } as const;
/** Lists are public words, the same for everybody who works on them. */
const LISTS = { ...WORK, isCompressed: true } as const;

export function textRoutes(app: App, { ctx }: { ctx: Context }): void {
  /** What checks texts: of all who ask in this process. */
  const turns = createTurns(() => performance.now());
  const words = createTurns(() => performance.now(), WORDS);

  serve(app, 'GET /texts', LISTS, async () => languagesToWorkOn(ctx, await ctx.clock.now(ctx.db)));

  serve(app, 'GET /texts/list', LISTS, async (request) =>
    listTexts({ ctx, now: await ctx.clock.now(ctx.db) }, request.query),
  );

  serve(app, 'GET /texts/one', WORK, async (request, reply) => {
    const shown = await transact(ctx, (at) => showText(at, personOf(request).member, request.query));
    return shown ?? refuse(reply, 'no_such');
  });

  serve(app, 'POST /texts/preview', WORK, async (request, reply) => {
    const shown = await turns(personOf(request).member.id, () => previewText(ctx, request.body));
    return shown === 'too_many' ? refuse(reply, shown) : (shown ?? refuse(reply, 'no_such'));
  });

  serve(app, 'POST /texts/change', WORK, async (request, reply) => {
    const { member } = personOf(request);
    return answer(reply, await turns(member.id, () => changeText(ctx, member, request.body)));
  });

  serve(app, 'POST /texts/decide', WORK, async (request, reply) => {
    const { member } = personOf(request);
    return answer(reply, await turns(member.id, () => decideText(ctx, member, request.body)));
  });

  serve(app, 'POST /texts/review', WORK, async (request, reply) => {
    const { member } = personOf(request);
    return answer(reply, await words(member.id, () => reviewText(ctx, member, request.body)));
  });

  serve(app, 'POST /texts/comment', WORK, async (request, reply) => {
    const { member } = personOf(request);
    return answer(reply, await words(member.id, () => commentOn(ctx, member, request.body)));
  });
}

function answer(reply: FastifyReply, done: Changed | 'too_many'): ChangeDone | FastifyReply {
  if (done === 'too_many') return refuse(reply, done);
  if (done.ok) return { is: done.is, problems: [] };
  if (done.reason === 'unfit') return { is: 'unfit', problems: done.problems.map(saidOf) };
  return refuse(reply, done.reason);
}
