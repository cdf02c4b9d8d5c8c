/** Routes about recordings of what is asked: what there is, a sound, a new one, a second person's word on it, withdrawing. */
import type { Context } from '../../app/ground/context.ts';
import { transact } from '../../app/ground/transaction.ts';
import { decideVoice, hearVoice, recordVoice, withdrawVoice } from '../../app/texts/recorded.ts';
import { readVoice, readVoiceCount } from '../../app/texts/recorded-reading.ts';
import { createTurns } from '../../app/texts/turns.ts';
import { bytesOf } from '../../kernel/base64.ts';
import { type App, PACKED } from '../zod-provider.ts';
import { personOf } from './guard.ts';
import { refuse } from './refuse.ts';
import { serve } from './serve.ts';

export function voiceRoutes(app: App, { ctx }: { ctx: Context }): void {
  const right = { right: 'record_voices' } as const;
  /** Each is read whole, and a row of the log: as many as people make, of all who ask in this process. */
  const turns = createTurns(() => performance.now());

  serve(app, 'GET /voices', right, async (request) => readVoiceCount(ctx, request.query.language));

  serve(app, 'GET /voices/one', right, async (request) =>
    transact(ctx, (at) => readVoice(at, personOf(request).member, request.query)),
  );

  serve(app, 'GET /voices/sound', right, async (request, reply) => {
    const bytes = await hearVoice(ctx, request.query);
    return bytes ? reply.type(PACKED).send(Buffer.from(bytes)) : refuse(reply, 'no_such');
  });

  serve(app, 'POST /voices', { ...right, bodyLimit: 512 * 1_024 }, async (request, reply) => {
    const { ogg, ...text } = request.body;
    const { member } = personOf(request);
    const done = await turns(member.id, () => recordVoice(ctx, member, { ...text, ogg: bytesOf(ogg) }));
    if (done === 'too_many') return refuse(reply, done);
    if (done.ok) return { ok: true };
    return refuse(reply, 'unfit' in done ? done.unfit : done.reason);
  });

  serve(app, 'POST /voices/decide', right, async (request, reply) => {
    const { member } = personOf(request);
    const done = await turns(member.id, () => decideVoice(ctx, member, request.body));
    if (done === 'too_many') return refuse(reply, done);
    if (!done.ok) return refuse(reply, done.reason);
    await ctx.voices.reload();
    return { ok: true };
  });

  serve(app, 'POST /voices/withdraw', right, async (request, reply) => {
    const done = await withdrawVoice(ctx, personOf(request).member, request.body);
    if (!done.ok) return refuse(reply, done.reason);
    await ctx.voices.reload();
    return { ok: true };
  });
}
