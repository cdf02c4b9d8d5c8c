/**
 * A proxy as they are: it keeps answers back until they are whole, unless the service asks it not to
 * (`X-Accel-Buffering: no`), speaks HTTP/1.0 to the service's side like nginx does, and adds who asked at the right.
 */
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type FakeProxy = {
  url: string;
  /** From now on the streams that are open bring nothing more, and new ones nothing at all; connections stay. */
  stalls(isStalled: boolean): void;
  /** From now on nothing gets through, and what is open is cut. */
  fails(isFailing: boolean): void;
  close(): Promise<void>;
};

/** `servicePort`: where the service listens, on this machine. */
export async function startProxy(servicePort: number): Promise<FakeProxy> {
  const client = '203.0.113.5';
  let isStalled = false;
  let isFailing = false;

  const pass = (incoming: IncomingMessage, outgoing: ServerResponse) => {
    if (isFailing) {
      outgoing.writeHead(502).end();
      return;
    }
    const said = incoming.headers['x-forwarded-for'];
    const asked = request(new URL(incoming.url ?? '/', `http://127.0.0.1:${servicePort}`), {
      method: incoming.method,
      headers: {
        ...incoming.headers,
        'x-forwarded-for': said ? `${said}, ${client}` : client,
        connection: 'close',
      },
    });
    asked.on('response', (answer) => {
      const isPassedOn = answer.headers['x-accel-buffering'] === 'no';
      if (isPassedOn) {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.on('data', (chunk) => isStalled || outgoing.write(chunk));
        answer.on('end', () => outgoing.end());
        if (!isStalled) outgoing.flushHeaders();
        return;
      }
      const kept: Buffer[] = [];
      answer.on('data', (chunk) => kept.push(chunk));
      answer.on('end', () => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        outgoing.end(Buffer.concat(kept));
      });
    });
    asked.on('error', () => outgoing.destroy());
    outgoing.on('close', () => asked.destroy());
    incoming.pipe(asked);
  };

  const server = createServer(pass);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://localhost:${port}`,
    stalls: (next) => {
      isStalled = next;
    },
    fails: (next) => {
      isFailing = next;
      if (isFailing) server.closeAllConnections();
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
