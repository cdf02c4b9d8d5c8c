/** What a stranger can and cannot do with the page that everybody may read. */
import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHttpApp } from '../../src/http/app.ts';
import { createPublicPages, type PublicPages } from '../../src/http/public-page/pages.ts';
import type { App } from '../../src/http/zod-provider.ts';
import { createLog } from '../../src/kernel/log.ts';
import { createEntrances } from '../../src/service/entrances.ts';
import { openRoom } from '../app/room.ts';

let room: Awaited<ReturnType<typeof openRoom>>;
const opened: App[] = [];
beforeAll(async () => {
  room = await openRoom();
});
afterAll(async () => {
  for (const app of opened) await app.close();
  await room.close();
});

/** `made`: every page that was handed out, each once. */
async function site() {
  const made = new Set<unknown>();
  const pages = createPublicPages({ ctx: room.ctx, entrances: () => [] });
  const watched: PublicPages = {
    ...pages,
    async page(language, at) {
      const page = await pages.page(language, at);
      if (page) made.add(page);
      return page;
    },
  };
  const app = await createHttpApp({
    log: createLog('silent'),
    readiness: async () => ({ checks: [] }),
    publicPage: { pages: watched, now: room.clock.at },
    console: {
      ctx: room.ctx,
      site: () => ({ origin: 'https://lakana.example.org', rpId: 'lakana.example.org' }),
      onChange: () => () => undefined,
      news: () => '',
      root: resolve('dist/console'),
    },
    // However slow the machine, no budget fills up again meanwhile.
    now: () => 0,
  });
  opened.push(app);
  const status = async (remoteAddress: string, url: string, more: object = {}) =>
    (await app.inject({ url, remoteAddress, ...more })).statusCode;
  return { app, made, status };
}

describe('a stranger who asks for the public page', () => {
  it('without end is slowed down, and takes nothing from another reader, an officer or a monitor', async () => {
    const { status, made, app } = await site();
    const found: number[] = [];
    for (let n = 0; n < 350; n++) found.push(await status('203.0.113.5', n % 2 ? '/' : '/fr'));
    expect(found.filter((each) => each === 200)).toHaveLength(300);
    expect(new Set(found.slice(300))).toEqual(new Set([429]));
    expect(await status('203.0.113.6', '/')).toBe(200);
    expect(await status('203.0.113.5', '/healthz')).toBe(200);
    const begins = { method: 'POST', payload: {}, headers: { origin: 'https://lakana.example.org' } };
    expect(await status('203.0.113.5', '/console/api/sign-in/begin', begins)).toBe(200);
    expect(
      (await app.inject({ url: '/', remoteAddress: '203.0.113.5' })).headers['retry-after'],
    ).toBeDefined();
    // `/` and `/fr` or `/en`: two pages, each made once for all of them.
    expect(made.size).toBeLessThanOrEqual(2);
  });

  it('in every possible way has no work done for them: nothing is made anew, and nothing grows', async () => {
    const { status, made } = await site();
    const odd = [
      '/aaa',
      '/zz',
      '/..',
      '/%66%72',
      '/fr?x=1',
      '/fr#a',
      '/FR',
      '/fr/',
      '/fr%00',
      `/${'f'.repeat(5_000)}`,
    ];
    const headers = [
      { 'accept-encoding': 'br;q=0, gzip;q=0, identity' },
      { 'accept-encoding': ','.repeat(8_000) },
      { 'if-none-match': `${'"a",'.repeat(2_000)}` },
      { 'accept-language': 'bm,de;q=0.9' },
      { range: 'bytes=0-1,2-3,4-5' },
    ];
    for (const [n, url] of odd.entries())
      expect([200, 404, 400], url).toContain(await status(`198.51.100.${n}`, url));
    for (const [n, each] of headers.entries())
      expect(await status(`192.0.2.${n}`, '/', { headers: each })).toBe(200);
    for (const method of ['POST', 'PUT', 'DELETE', 'PATCH'])
      expect(await status('192.0.2.99', '/', { method, payload: { a: 1 } })).toBe(404);
    expect(made.size).toBeLessThanOrEqual(2);
  });

  it('reads what everybody reads: the answer hangs on nothing that they send, and tells nothing of others', async () => {
    const { app } = await site();
    const answers = await Promise.all(
      [
        {},
        { cookie: 'lakana_session=abc; b=2', 'user-agent': 'A' },
        { 'x-forwarded-for': '203.0.113.5', 'user-agent': 'B', 'accept-language': 'en', dnt: '1' },
      ].map((headers, n) => app.inject({ url: '/', headers, remoteAddress: `203.0.113.${n}` })),
    );
    const seen = answers.map(({ body, headers: { date: _, ...headers } }) => ({ body, headers }));
    expect(seen[1]).toEqual(seen[0]);
    expect(seen[2]).toEqual(seen[0]);
  });

  it('does not make the service ask a messenger again and again how it is reached', async () => {
    let asked = 0;
    let answer: 'name' | 'none' | 'silence' = 'name';
    const entrance = {
      mend: '',
      read: () => undefined,
      async known() {
        asked += 1;
        if (answer === 'silence') throw new Error('no answer');
        return answer === 'name'
          ? { kind: 'telegram' as const, shown: '@Bot', link: 'https://t.me/Bot' }
          : undefined;
      },
    };
    const messenger = { kind: 'telegram', entrance } as never;
    let at = 0;
    const entrances = createEntrances({ messengers: [{ messenger, own: {} }] }, room.ctx, () => at);
    const after = async (minutes: number) => {
      at += minutes * 60_000;
      for (let n = 0; n < 1_000; n++) entrances.now();
      await entrances.settled();
      return entrances.now().map(({ shown }) => shown);
    };
    expect([await after(0), asked]).toEqual([['@Bot'], 1]);
    expect([await after(4), asked]).toEqual([['@Bot'], 1]);
    // One that does not answer keeps the name that it had; one that is gone is named no more.
    answer = 'silence';
    expect([await after(1), asked]).toEqual([['@Bot'], 2]);
    answer = 'none';
    expect([await after(5), asked]).toEqual([[], 3]);
  });
});
