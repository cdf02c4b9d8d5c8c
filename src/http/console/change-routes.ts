/** Routes by which a page hears that something may have changed: a stream, and a question for pages without one. */
import type { FastifyRequest } from 'fastify';
import type { Context } from '../../app/ground/context.ts';
import { stillSignedIn } from '../../app/members/sessions.ts';
import type { Change } from '../../contract/cases.ts';
import { seconds } from '../../kernel/time.ts';
import { EventStreams } from '../event-stream.ts';
import type { App } from '../zod-provider.ts';
import { personOf } from './guard.ts';
import { serve } from './serve.ts';

type Parts = {
  ctx: Context;
  /** Calls back whenever something may have changed; returns how to stop. */
  onChange: (heard: () => void) => () => void;
  /** A word that is another one whenever something may have changed. */
  news: () => string;
};

/** The page takes the line for cut when it has heard nothing for three of these. */
const ALIVE_MS = seconds(3);
/** One for each browser that keeps its rooms together (`line.ts`), or for each room of one that cannot. */
const STREAMS_OF_A_PERSON = 8;

export function changeRoutes(app: App, { ctx, onChange, news }: Parts): void {
  const streams = new EventStreams({
    aliveMs: ALIVE_MS,
    perPerson: STREAMS_OF_A_PERSON,
    going: async (sessions) => stillSignedIn(ctx.db, await ctx.clock.now(ctx.db), sessions),
  });
  app.addHook('preClose', async () => streams.end());
  // Whatever ends a session is asked for by a request that changes something.
  app.addHook('onResponse', async ({ method, signedIn }: FastifyRequest) => {
    if (signedIn && method !== 'GET') await streams.look();
  });

  serve(app, 'GET /changes', { right: 'see_inbox' }, async (request, reply) => {
    const { member, sessionId } = personOf(request);
    const source = (send: (event: Change) => void) => {
      send({ is: 'there' });
      return onChange(() => send({ is: 'changed' }));
    };
    return streams.answer(reply, source, { person: member.id, session: sessionId });
  });

  serve(app, 'GET /news', { right: 'see_inbox' }, async () => ({ news: news() }));
}
