/**
 * The simulator's page and the phones behind it.
 *
 * Invariant: everything here answers this machine and the service's own page only, in trial mode only.
 */
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import { z } from 'zod';
import { gesture, MAX_FILE_BYTES, phoneAddress } from '../channels/simulator/api.ts';
import type { GestureResult, SimulatorChannel } from '../channels/simulator/simulator.ts';
import { seconds } from '../kernel/time.ts';
import { errorBody } from './errors.ts';
import { EventStreams } from './event-stream.ts';
import { isOwnPage, only } from './local.ts';
import type { App } from './zod-provider.ts';

type Parts = {
  channel: SimulatorChannel;
  webRoot: string;
  /** A proxy is expected in front: then nobody can be told from a stranger, and nobody gets in. */
  isProxied: boolean;
  /** Whether `/` leads here. */
  isAtRoot: boolean;
};

/** A file in base64 inside JSON, and a little around it. */
const MAX_GESTURE_BYTES = Math.ceil(MAX_FILE_BYTES * 1.4);
/** Rooms that show the same phone. */
const STREAMS_OF_A_PHONE = 20;

const onePhone = z.strictObject({ address: phoneAddress });
const oneFile = z.strictObject({ address: phoneAddress, id: z.uuid() });

const STATUS: Record<Exclude<GestureResult, { ok: true }>['reason'], number> = {
  stopped: 503,
  no_such_message: 409,
  no_such_button: 409,
  too_many_waiting: 429,
  too_big: 413,
};

/** `/simulator/`: the page; `/simulator/phones/:address/…`: its phones. */
export async function simulatorRoutes(
  app: App,
  { channel, webRoot, isProxied, isAtRoot }: Parts,
): Promise<void> {
  const streams = new EventStreams({ aliveMs: seconds(15), perPerson: STREAMS_OF_A_PHONE });
  app.addHook(
    'onRequest',
    only((request) => !isProxied && isOwnPage(request)),
  );
  app.addHook('preClose', async () => streams.end());
  await pageRoutes(app, webRoot, isAtRoot);
  const limited = { config: { counted: 'simulator' } } as const;

  app.post(
    '/simulator/phones/:address/messages',
    { ...limited, bodyLimit: MAX_GESTURE_BYTES, schema: { params: onePhone, body: gesture } },
    async (request, reply) => {
      const result = channel.make(request.params.address, request.body);
      if (result.ok) return reply.code(202).send({ id: result.id });
      const status = STATUS[result.reason];
      return reply.code(status).send(errorBody(status));
    },
  );

  app.get(
    '/simulator/phones/:address/events',
    { ...limited, exposeHeadRoute: false, schema: { params: onePhone } },
    async (request, reply) =>
      streams.answer(reply, (send) => channel.subscribe(request.params.address, send), {
        person: request.params.address,
      }),
  );

  app.get(
    '/simulator/phones/:address/files/:id',
    { ...limited, schema: { params: oneFile } },
    async (request, reply) => {
      const file = channel.file(request.params.address, request.params.id);
      if (!file) return reply.code(404).send(errorBody(404));
      return reply.header('cache-control', 'no-store').type(file.mediaType).send(Buffer.from(file.bytes));
    },
  );
}

async function pageRoutes(app: App, webRoot: string, isAtRoot: boolean): Promise<void> {
  // Names of built files carry a hash of their content, so they never change.
  await app.register(fastifyStatic, {
    root: join(webRoot, 'assets'),
    prefix: '/assets/',
    index: false,
    immutable: true,
    maxAge: '1y',
  });
  app.get('/simulator/', async (_request, reply) =>
    reply.sendFile('simulator/index.html', webRoot, { cacheControl: false }),
  );
  for (const path of isAtRoot ? ['/', '/simulator'] : ['/simulator']) {
    app.get(path, async (_request, reply) => reply.redirect('/simulator/'));
  }
}
