/** What a client behind a proxy, and a stranger on the network, can and cannot do to the service's door. */
import { EventEmitter, once } from 'node:events';
import type { Server } from 'node:http';
import { connect, type Socket } from 'node:net';
import { resolve } from 'node:path';
import { Registry } from 'prom-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHttpApp, type HttpParts } from '../../src/http/app.ts';
import { COOKIE } from '../../src/http/console/guard.ts';
import { BROWSER_COOKIE, newBrowser } from '../../src/http/console/known-browser.ts';
import { createProxyWatch } from '../../src/http/proxy-watch.ts';
import { boundSockets } from '../../src/http/sockets.ts';
import type { App } from '../../src/http/zod-provider.ts';
import { parseAddressList } from '../../src/kernel/addresses.ts';
import { createLog } from '../../src/kernel/log.ts';
import { telegramRoutes } from '../../src/messengers/telegram/webhook-route.ts';
import { openRoom } from '../app/room.ts';
import { joins } from '../http/console/member.ts';

const ORIGIN = 'https://lakana.example.org';
const PROXY = '10.1.2.3';
const trusted = parseAddressList(PROXY);

let room: Awaited<ReturnType<typeof openRoom>>;
const opened: App[] = [];
beforeAll(async () => {
  room = await openRoom();
});
afterAll(async () => {
  for (const app of opened) await app.close();
  await room.close();
});

async function door(parts: Partial<HttpParts> = {}): Promise<App> {
  const app = await createHttpApp({
    log: createLog('silent'),
    readiness: async () => ({
      checks: [{ name: 'clock', ok: false, isVital: false, detail: 'secret detail' }],
    }),
    metrics: { registry: new Registry(), isPublic: false },
    console: {
      ctx: room.ctx,
      site: () => ({ origin: ORIGIN, rpId: 'lakana.example.org' }),
      onChange: () => () => undefined,
      news: () => '',
      root: resolve('dist/console'),
    },
    proxy: { trusted, isExpected: true },
    // However slow the machine, no budget fills up again meanwhile.
    now: () => 0,
    ...parts,
  });
  opened.push(app);
  return app;
}

type From = { remoteAddress?: string; headers?: Record<string, string>; cookies?: Record<string, string> };
const beginsToSignIn = async (app: App, { headers, ...from }: From): Promise<number> => {
  const asked = { method: 'POST', url: '/console/api/sign-in/begin', payload: {} } as const;
  return (await app.inject({ ...asked, ...from, headers: { origin: ORIGIN, ...headers } })).statusCode;
};
const by = (forwarded: string, remoteAddress = PROXY) => ({
  remoteAddress,
  headers: { 'x-forwarded-for': forwarded },
});
/** Statuses of many tries, each once, in the order in which they first came. */
async function tries(app: App, count: number, from: (n: number) => From): Promise<number[]> {
  const found = new Set<number>();
  for (let n = 0; n < count; n++) found.add(await beginsToSignIn(app, from(n)));
  return [...found];
}

describe('a client behind a proxy', () => {
  it('uses up its own tries to sign in, and no one else’s', async () => {
    const app = await door();
    expect(await tries(app, 25, () => by('203.0.113.5'))).toEqual([200, 429]);
    expect(await beginsToSignIn(app, by('203.0.113.6'))).toBe(200);
  });

  it('cannot be another address by what it writes into X-Forwarded-For itself', async () => {
    const app = await door();
    const spoofed = ['198.51.100.', '::ffff:198.51.100.', 'nonsense, 10.1.2.3, 198.51.100.'];
    const from = (n: number) => by(`${spoofed[n % 3]}${n}, 203.0.113.5`);
    expect(await tries(app, 25, from)).toEqual([200, 429]);
    // Nor by the same words in a connection of its own, past the proxy.
    expect(await tries(app, 25, (n) => by(`198.51.100.${n}`, '203.0.113.77'))).toEqual([200, 429]);
  });

  it('cannot lock out an officer who is signed in, or has signed in there before, even if the proxy was not named', async () => {
    const app = await door({ proxy: { isExpected: true } });
    const { token } = await joins(room, 'administrator');
    const cookies = { [COOKIE]: token };
    const look = () => app.inject({ url: '/console/api/me', cookies, ...by('198.51.100.1') });
    expect((await look()).statusCode).toBe(200);
    expect(await tries(app, 25, (n) => by(`203.0.113.${n}`))).toEqual([200, 429]);
    const guess = (n: number) => ({ [COOKIE]: `${n}`.padEnd(43, 'x') });
    for (let n = 0; n < 70; n++)
      await app.inject({ url: '/console/api/me', cookies: guess(n), ...by('203.0.113.1') });
    expect((await look()).statusCode).toBe(200);
    const known = { [BROWSER_COOKIE]: newBrowser(room.ctx.keyring) };
    expect(await beginsToSignIn(app, { ...by('198.51.100.1'), cookies: known })).toBe(200);
    // A cookie that the service did not make is none.
    const [id] = known[BROWSER_COOKIE]?.split('.') ?? [];
    const forged = { [BROWSER_COOKIE]: `${id}.${'A'.repeat(48)}` };
    expect(await beginsToSignIn(app, { ...by('198.51.100.1'), cookies: forged })).toBe(429);
  });

  it.each([
    ['a forwarded address', { 'x-forwarded-for': '203.0.113.5' }],
    ['only the scheme', { 'x-forwarded-proto': 'https' }],
    ['the name of a proxy', { via: '1.1 caddy' }],
    ['the header of a big provider', { 'cf-connecting-ip': '203.0.113.5' }],
    ['the header of nginx', { 'x-real-ip': '203.0.113.5' }],
    ['the public name', { host: 'lakana.example.org' }],
  ])('is not taken for a person on this machine, with %s', async (_, headers) => {
    const app = await door({ proxy: { isExpected: false } });
    const asked = { headers: { host: 'localhost:8080', ...headers }, remoteAddress: '127.0.0.1' };
    expect((await app.inject({ url: '/metrics', ...asked })).statusCode).toBe(403);
    expect((await app.inject({ url: '/readyz', ...asked })).body).not.toContain('secret detail');
  });

  it('is not taken for a person on this machine when nginx as it comes adds nothing at all', async () => {
    const app = await door({ proxy: { isExpected: false } });
    const { port } = new URL(await app.listen({ port: 0, host: '127.0.0.1' }));
    const asks = (line: string) =>
      answerTo(Number(port), `GET /metrics ${line}\r\nHost: localhost:${port}\r\n`);
    expect(await asks('HTTP/1.0')).toContain(' 403 ');
    expect(await asks('HTTP/1.1\r\nConnection: close')).toContain(' 200 ');
  });

  it('is not taken for the operator where a proxy is expected, whatever it sends or leaves out; the word opens', async () => {
    const app = await door({ metricsToken: 'a-word-of-the-operator' });
    const local = { host: 'localhost:8080' };
    const read = async (headers: Record<string, string>) =>
      (await app.inject({ url: '/metrics', headers, remoteAddress: '127.0.0.1' })).statusCode;
    expect(await read(local)).toBe(403);
    expect(await read({ ...local, authorization: 'Bearer a-word-of-a-stranger' })).toBe(403);
    expect(await read({ ...local, authorization: 'Bearer a-word-of-the-operator' })).toBe(200);
  });

  it('shows the operator that its proxy was not named, or says nothing', async () => {
    const told: string[] = [];
    const { token } = await joins(room, 'administrator');
    const asks = async (trustedProxy: typeof trusted, from: From) => {
      const watch = createProxyWatch(trustedProxy, (is) => told.push(is));
      const app = await door({ proxy: { trusted: trustedProxy, isExpected: true, watch } });
      const cookies = { [COOKIE]: token };
      for (let n = 0; n < 2; n++) await app.inject({ url: '/console/api/me', cookies, ...from });
      return watch.trouble();
    };
    expect(await asks(undefined, by('203.0.113.5'))).toBe('not_trusted');
    expect(await asks(trusted, { remoteAddress: PROXY })).toBe('says_nothing');
    expect(await asks(undefined, { headers: { origin: ORIGIN } })).toBe('says_nothing');
    expect(await asks(trusted, by('203.0.113.5'))).toBeUndefined();
    expect(told).toEqual(['not_trusted', 'says_nothing', 'says_nothing']);
    // A stranger who sends such a header alone is no proxy.
    const watch = createProxyWatch(undefined, (is) => told.push(is));
    const app = await door({ proxy: { isExpected: false, watch } });
    await app.inject({ url: '/healthz', ...by('203.0.113.5', '203.0.113.9') });
    expect(watch.trouble()).toBeUndefined();
  });
});

describe('a stranger on the network', () => {
  it('has the limit of one, with all the addresses of an IPv6 line; and a bounded share with many lines', async () => {
    const app = await door();
    const own = (n: number) => ({ remoteAddress: `2001:db8:1:2::${n.toString(16)}` });
    expect(await tries(app, 25, own)).toEqual([200, 429]);
    const lines = (n: number) => ({ remoteAddress: `2001:db8:7:${n.toString(16)}::1` });
    expect(await tries(app, 210, lines)).toEqual([200, 429]);
    expect(await beginsToSignIn(app, { remoteAddress: '2001:db8:8::1' })).toBe(200);
  });

  it('cannot starve the pages by asking for health, or health by asking for pages', async () => {
    const app = await door({ timesLimits: 0.1 });
    const statuses = async (url: string) =>
      new Set(
        await Promise.all(Array.from({ length: 60 }, async () => (await app.inject({ url })).statusCode)),
      );
    expect(await statuses('/healthz')).toEqual(new Set([200]));
    expect(await statuses('/console/')).toEqual(new Set([200, 429]));
    expect(await statuses('/healthz')).toEqual(new Set([200]));
  });

  it('costs the database nothing once its guesses at sessions are used up, or when they are no sessions', async () => {
    let looks = 0;
    const clock = {
      ...room.ctx.clock,
      now: (db: Parameters<typeof room.ctx.clock.now>[0]) => {
        looks += 1;
        return room.ctx.clock.now(db);
      },
    };
    const { ctx } = room;
    const app = await door({
      console: {
        ctx: { ...ctx, clock },
        site: () => ({ origin: ORIGIN, rpId: 'lakana.example.org' }),
        onChange: () => () => undefined,
        news: () => '',
        root: resolve('dist/console'),
      },
    });
    const guess = (n: number) =>
      app.inject({ url: '/console/api/me', cookies: { [COOKIE]: `${n}`.padEnd(43, 'x') } });
    for (let n = 0; n < 100; n++) await guess(n);
    expect(looks).toBe(60);
    await app.inject({
      url: '/console/api/me',
      cookies: { [COOKIE]: 'short' },
      remoteAddress: '203.0.113.8',
    });
    expect(looks).toBe(60);
  });

  it('fills no table by beginning to sign in', async () => {
    const app = await door();
    const from = (n: number) => ({ remoteAddress: `203.0.113.${n}` });
    expect(await tries(app, 50, from)).toEqual([200]);
    expect(await room.database.sql`select 1 from challenges`).toEqual([]);
  });

  it('has no megabyte read for a wrong secret of the webhook, and cannot use up Telegram’s', async () => {
    const handled: unknown[] = [];
    const telegramWebhook = {
      isTelegram: (secret: string | undefined) => secret === 'right',
      handle: async (body: unknown) => ({ status: handled.push(body) > 0 ? 200 : 500 }),
    };
    const app = await door({ routes: [telegramRoutes(telegramWebhook)] });
    const { port } = new URL(await app.listen({ port: 0, host: '127.0.0.1' }));
    // The answer comes although nothing of the body was sent.
    const head =
      'POST /telegram/webhook HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1000000\r\n';
    expect(await answerTo(Number(port), head)).toContain(' 401 ');
    const post = (secret: string) => ({
      method: 'POST' as const,
      url: '/telegram/webhook',
      payload: { update_id: 1 },
      headers: { 'x-telegram-bot-api-secret-token': secret },
    });
    const wrong = new Set<number>();
    for (let n = 0; n < 40; n++) wrong.add((await app.inject(post('wrong'))).statusCode);
    expect([...wrong]).toEqual([401, 429]);
    for (let n = 0; n < 40; n++) expect((await app.inject(post('right'))).statusCode).toBe(200);
    expect(handled).toHaveLength(40);
  });

  it('cannot hold the door with headers that never end, or grow', async () => {
    const app = await door();
    const { port } = new URL(await app.listen({ port: 0, host: '127.0.0.1' }));
    const grown = `GET /healthz HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(17_000)}\r\n`;
    expect(await answerTo(Number(port), grown)).toMatch(/ 431 | 400 /);
    expect(app.server).toMatchObject({
      headersTimeout: 10_000,
      requestTimeout: 30_000,
      maxConnections: 1_000,
    });
  });

  it('has a share of the connections, and idle ones are closed before anybody is turned away', () => {
    const server = Object.assign(new EventEmitter(), { maxConnections: 0, tidied: 0 });
    const closeIdleConnections = () => {
      server.tidied += 1;
    };
    boundSockets(Object.assign(server, { closeIdleConnections }) as unknown as Server, trusted, {
      most: 100,
      perAddress: 8,
    });
    const comes = (remoteAddress: string) => {
      const socket = Object.assign(new EventEmitter(), { remoteAddress, isOpen: true });
      const destroy = () => {
        socket.isOpen = false;
        socket.emit('close');
      };
      server.emit('connection', Object.assign(socket, { destroy }) as unknown as Socket);
      return socket;
    };
    const many = Array.from({ length: 50 }, () => comes('203.0.113.5'));
    expect(many.filter(({ isOpen }) => isOpen)).toHaveLength(8);
    expect(comes('203.0.113.6').isOpen).toBe(true);
    many[0]?.emit('close');
    expect(comes('203.0.113.5').isOpen).toBe(true);
    // A trusted proxy brings many people.
    expect(Array.from({ length: 60 }, () => comes(PROXY)).every(({ isOpen }) => isOpen)).toBe(true);
    expect(server.tidied).toBe(0);
    for (let n = 0; n < 20; n++) comes(`198.51.100.${n}`);
    expect(server.tidied).toBe(1);
  });
});

/** Sends a head and reads until the other side is done. */
async function answerTo(port: number, head: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  let answer = '';
  socket.setEncoding('utf8').on('data', (text) => {
    answer += text;
  });
  socket.on('error', () => undefined);
  socket.write(`${head}\r\n`);
  await once(socket, 'close');
  return answer;
}
