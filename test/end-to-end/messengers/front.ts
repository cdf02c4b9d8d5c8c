import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/**
 * Where Telegram pushes to: hands every update to all services at the same time, which is the worst that a
 * retry during a rolling restart can do. 200 only when all of them have it.
 */
export async function startFront(urls: () => string[]) {
  const pass: RequestListener = async (request, response) => {
    const body = await buffer(request);
    const headers = new Headers({ 'content-type': 'application/json' });
    const secret = request.headers['x-telegram-bot-api-secret-token'];
    if (typeof secret === 'string') headers.set('x-telegram-bot-api-secret-token', secret);
    const send = (url: string) =>
      fetch(new URL(request.url ?? '/', url), { method: 'POST', headers, body: new Uint8Array(body) });
    const answers = await Promise.allSettled(urls().map(send));
    const isTaken = answers.every((answer) => answer.status === 'fulfilled' && answer.value.ok);
    response.writeHead(isTaken ? 200 : 503).end();
  };
  const server = createServer(pass);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    async close(): Promise<void> {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}
