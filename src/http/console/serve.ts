/**
 * Serves a route of the console's interface (`src/contract/console.ts`) as it is described there.
 *
 * Invariants: what is asked is checked before the handler is called; of what it returns only what the description names is
 * sent; who may ask, and how often, is named with the route and enforced before anything of it is read (`guard.ts`,
 * `limits.ts`).
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Right } from '../../app/members/rights.ts';
import {
  type AnswerOf,
  type AskedBody,
  type AskedParams,
  type AskedQuery,
  consoleInterface,
  type Described,
  type RouteName,
} from '../../contract/console.ts';
import { refusal } from '../../contract/forms.ts';
import { type App, PACKED } from '../zod-provider.ts';
import { sendCompressed } from './compressed.ts';

type How = {
  /** What the person who asks must be allowed; `outside`: nobody is signed in yet. */
  right: Right | 'outside';
  /** Signing in and joining are counted by themselves. Default: like pages. */
  counted?: 'tries';
  /** Bytes. Default: that of the application. */
  bodyLimit?: number;
  /** JSON is compressed where the browser takes that. Only for what `compressed.ts` allows. */
  isCompressed?: boolean;
};

type Asked<N extends RouteName> = FastifyRequest<{
  Body: AskedBody<N>;
  Params: AskedParams<N>;
  Querystring: AskedQuery<N>;
}>;

const JSON_TYPE = 'application/json; charset=utf-8';
const TYPES = { packed: PACKED, bytes: PACKED, events: 'text/event-stream' } as const;

/** `handle` returns the answer; or the reply, if it has sent one itself: a refusal, a stream. */
export function serve<N extends RouteName>(
  app: App,
  name: N,
  { bodyLimit, isCompressed = false, ...config }: How,
  handle: (request: Asked<N>, reply: FastifyReply) => Promise<AnswerOf<N> | FastifyReply>,
): void {
  const route: Described = consoleInterface[name];
  const [method = '', path = ''] = name.split(' ');
  const answer = route.as ? { content: { [TYPES[route.as]]: { schema: route.answer } } } : route.answer;
  app.route({
    method,
    url: `/console/api${path}`,
    config,
    ...(bodyLimit ? { bodyLimit } : {}),
    // An answer to HEAD would never end.
    exposeHeadRoute: method === 'GET' && route.as !== 'events',
    schema: {
      ...{ summary: route.says },
      ...(route.params ? { params: route.params } : {}),
      ...(route.query ? { querystring: route.query } : {}),
      ...(route.body ? { body: route.body } : {}),
      response: { 200: answer, default: refusal },
    },
    async handler(request, reply) {
      const answered = await handle(request as Asked<N>, reply);
      // It was sent already.
      if (answered === undefined) return reply;
      if (route.as === 'packed')
        return sendCompressed(request, reply.type(PACKED), serialized(reply, answered, PACKED));
      if (!isCompressed) return answered;
      return sendCompressed(request, reply.type(JSON_TYPE), serialized(reply, answered));
    },
  });
}

/** As the description of the route says: throws if the answer does not fit. */
const serialized = (reply: FastifyReply, answer: unknown, type?: string): Buffer =>
  Buffer.from(reply.serializeInput(answer as Record<string, unknown>, '200', type) as string | Buffer);
