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
/** What Africa's Talking says where it names nobody: of the whole request, and of a call from a number that is not ours. */
export const smsOfNobody = (message: string): Reply => ({
  status: 201,
  body: { SMSMessageData: { Message: message, Recipients: [] } },
});
export const callOfNobody = (errorMessage: string): Reply => ({
  status: 200,
  body: { entries: [], errorMessage },
});
/** What it says of the account. */
export const account = (balance: string): Reply => ({ status: 200, body: { UserData: { balance } } });

/**
 * An ntfy server: health is open to everybody, topics only to the token that is good now. As in its `server.go`, rights are
 * looked at before what is to be published. `after`: bad tokens before it answers 429 to each.
 */
export function ntfyServer(tokens: { good: string; mayWrite?: boolean; isUsedUp?: boolean; after?: number }) {
  const topics: string[] = [];
  let bad = 0;
  const says = (status: number, code: number, error: string): Reply => ({
    status,
    body: { code, http: status, error },
  });
  return {
    tokens,
    /** Where something was published. */
    topics,
    answer({ path, headers, body }: Request): Reply {
      const { good, mayWrite = true, isUsedUp = false, after = 30 } = tokens;
      if (headers.authorization !== undefined && headers.authorization !== `Bearer ${good}`) {
        bad += 1;
        return bad > after
          ? says(429, 42909, 'limit reached: too many auth failures')
          : says(401, 40101, 'unauthorized');
      }
      if (path === '/v1/health') return { status: 200, body: { healthy: true } };
      if (path !== '/') return says(404, 40401, 'page not found');
      if (headers.authorization === undefined || !mayWrite) return says(403, 40301, 'forbidden');
      const { topic, priority = 3 } = JSON.parse(body) as { topic: string; priority?: number };
      if (priority > 5) return says(400, 40007, 'invalid priority parameter');
      if (isUsedUp) return says(429, 42908, 'limit reached: daily message quota reached');
      topics.push(topic);
      return published;
    },
  };
}

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
