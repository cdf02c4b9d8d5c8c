/**
 * Services that carry pages, for tests, over real HTTP: an ntfy server, the office's own receiver, Africa's Talking.
 * Each answers as the real one does, and can be slow, busy, refuse, or take and forget.
 */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Request = { path: string; headers: Record<string, string>; body: string; bytes: Buffer };
/** What one service says to a request; `hang`: nothing, ever; `cut`: that it has it, and then the line breaks. */
export type Reply = { status: number; body?: object; headers?: Record<string, string> } | 'hang' | 'cut';

/** What Africa's Talking says: `sms` of one recipient with this status code, `call` with this status. */
export const sms = (statusCode: number): Reply => ({
  status: 201,
  body: {
    SMSMessageData: {
      Message: 'Sent to 1/1 Total Cost: KES 0.8000',
      Recipients: [
        { statusCode, number: '+22370000000', status: 'x', cost: 'KES 0.8000', messageId: 'ATXid_1' },
      ],
    },
  },
});
export const call = (status: string): Reply => ({
  status: 200,
  body: { entries: [{ phoneNumber: '+22370000000', status, sessionId: 'ATVId_1' }], errorMessage: 'None' },
});
export const published: Reply = { status: 200, body: { id: 'ntfy1', event: 'message' } };
export const busy = (retryAfter: number): Reply => ({
  status: 429,
  headers: { 'retry-after': String(retryAfter) },
});

/** Listens; `answers` decides what is said to each request, at first "200". */
export async function startGateway() {
  const requests: Request[] = [];
  let answers: (request: Request) => Reply = () => ({ status: 200, body: {} });
  const server = createServer(async (incoming, outgoing) => {
    const request = await read(incoming);
    requests.push(request);
    const reply = answers(request);
    if (reply === 'hang') return;
    if (reply === 'cut') {
      outgoing.writeHead(200, { 'content-length': '100' });
      outgoing.write('{', () => outgoing.destroy());
      return;
    }
    outgoing.writeHead(reply.status, { 'content-type': 'application/json', ...reply.headers });
    outgoing.end(JSON.stringify(reply.body ?? {}));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    answer(with_: Reply | ((request: Request) => Reply)): void {
      answers = typeof with_ === 'function' ? with_ : () => with_;
    },
    async close(): Promise<void> {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

async function read(incoming: IncomingMessage): Promise<Request> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const headers = Object.fromEntries(
    Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]),
  );
  const bytes = Buffer.concat(chunks);
  return { path: incoming.url ?? '', headers, body: bytes.toString(), bytes };
}
