/** What a stream of events promises its readers. */
import { once } from 'node:events';
import { connect } from 'node:net';
import Fastify from 'fastify';
import { afterEach, expect, it } from 'vitest';
import { EventStreams } from '../../src/http/event-stream.ts';
import type { App } from '../../src/http/zod-provider.ts';

const opened: { close(): Promise<unknown> }[] = [];
afterEach(async () => {
  for (const app of opened.splice(0)) await app.close();
});

async function serves() {
  const streams = new EventStreams({ aliveMs: 60_000 });
  const heard = new Set<(event: object) => void>();
  const app: App = Fastify();
  app.addHook('onSend', async (_request, reply) => void reply.header('permissions-policy', 'camera=()'));
  app.addHook('preClose', async () => streams.end());
  app.get('/events', async (_request, reply) =>
    streams.answer(reply, (send) => {
      heard.add(send);
      send({ is: 'there' });
      return () => heard.delete(send);
    }),
  );
  opened.push(app);
  return { root: await app.listen({ port: 0, host: '127.0.0.1' }), heard };
}

it('carries the headers that every answer has, and begins at once', async () => {
  const { root } = await serves();
  const answer = await fetch(`${root}/events`);
  expect(answer.headers.get('permissions-policy')).toBe('camera=()');
  const first = await answer.body?.getReader().read();
  expect(Buffer.from(first?.value ?? []).toString()).toBe('data: {"is":"there"}\n\n');
});

it('is cut where a page does not read what comes, before it fills the memory; the others go on', async () => {
  const { root, heard } = await serves();
  const reads = (await fetch(`${root}/events`)).body?.getReader();
  await reads?.read();
  const socket = connect(Number(new URL(root).port), '127.0.0.1').on('error', () => undefined);
  socket.write('GET /events HTTP/1.1\r\nhost: x\r\n\r\n');
  await once(socket, 'readable');
  expect(heard.size).toBe(2);
  const [reader, idle] = heard;
  const much = { text: 'x'.repeat(1024 * 1024) };
  let sent = 0;
  while (idle && heard.has(idle) && sent < 100) {
    idle(much);
    sent += 1;
    await new Promise(setImmediate);
  }
  expect(sent).toBeLessThan(40);
  expect(heard.size).toBe(1);
  reader?.({ is: 'changed' });
  expect(Buffer.from((await reads?.read())?.value ?? []).toString()).toContain('changed');
  socket.destroy();
});
