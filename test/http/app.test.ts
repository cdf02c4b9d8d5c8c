import { Writable } from 'node:stream';
import { Counter, Registry } from 'prom-client';
import { afterEach, describe, expect, it } from 'vitest';
import { createHttpApp, type HttpParts } from '../../src/http/app.ts';
import { createLog } from '../../src/kernel/log.ts';
import { telegramRoutes } from '../../src/messengers/telegram/webhook-route.ts';

const CANARY = 'Aminata-canary';
const opened: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const app of opened.splice(0)) await app.close();
});

async function appWith(parts: Partial<HttpParts> = {}) {
  const lines: string[] = [];
  const destination = new Writable({
    write(chunk, _encoding, done) {
      lines.push(String(chunk));
      done();
    },
  });
  const app = await createHttpApp({
    log: createLog('info', destination),
    readiness: async () => ({ checks: [{ name: 'database', ok: true, isVital: true }] }),
    ...parts,
  });
  opened.push(app);
  return { app, lines };
}

const local = { host: 'localhost:3000' };
const taken = telegramRoutes({ isTelegram: () => true, handle: async () => ({ status: 200 }) });

describe('an operator who watches over the service', () => {
  it('learns that the process is alive', async () => {
    const { app } = await appWith();
    const answer = await app.inject({ url: '/healthz' });
    expect([answer.statusCode, answer.json()]).toEqual([200, { ok: true }]);
  });

  it('learns what is not ready, and why when they sit at the machine', async () => {
    const checks = [
      { name: 'database', ok: true, isVital: true },
      { name: 'cycle pages', ok: false, isVital: true, detail: 'last run 70 s ago' },
    ];
    const { app } = await appWith({ readiness: async () => ({ checks }) });
    const answer = await app.inject({ url: '/readyz', headers: local });
    const shown = checks.map(({ isVital, ...rest }) => rest);
    expect([answer.statusCode, answer.json()]).toEqual([503, { ok: false, warnings: [], checks: shown }]);
  });

  it('learns from afar what is not well, without the details, and that the process is of use all the same', async () => {
    const checks = [{ name: 'clock', ok: false, isVital: false, detail: '3.2 s apart' }];
    const { app } = await appWith({ readiness: async () => ({ checks }) });
    const answer = await app.inject({ url: '/readyz', remoteAddress: '203.0.113.9', headers: local });
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toEqual({ ok: true, warnings: ['clock'], checks: [{ name: 'clock', ok: false }] });
  });

  it('is answered however often a stranger asks, and the database is asked once a second at most', async () => {
    let looks = 0;
    const readiness = async () => {
      looks += 1;
      return { checks: [] };
    };
    const { app } = await appWith({ readiness });
    const asked = Array.from({ length: 1_000 }, (_, n) =>
      app.inject({ url: n % 2 ? '/healthz' : '/readyz' }),
    );
    expect(new Set((await Promise.all(asked)).map(({ statusCode }) => statusCode))).toEqual(new Set([200]));
    expect(looks).toBe(1);
  });

  it('reads the metrics at the machine, and elsewhere only if the setting says so', async () => {
    const registry = new Registry();
    new Counter({ name: 'pages_total', help: 'Pages sent', registers: [registry] }).inc(3);
    const closed = await appWith({ metrics: { registry, isPublic: false } });
    const open = await appWith({ metrics: { registry, isPublic: true } });
    const from = (remoteAddress: string) => ({ url: '/metrics', remoteAddress, headers: local });
    expect((await closed.app.inject(from('127.0.0.1'))).body).toContain('pages_total 3');
    expect((await closed.app.inject(from('203.0.113.9'))).statusCode).toBe(403);
    expect((await open.app.inject(from('203.0.113.9'))).body).toContain('pages_total 3');
  });

  it('reads no metrics through a proxy on the same machine', async () => {
    const { app } = await appWith({ metrics: { registry: new Registry(), isPublic: false } });
    const headers = { ...local, 'x-forwarded-for': '203.0.113.9' };
    expect((await app.inject({ url: '/metrics', headers })).statusCode).toBe(403);
  });
});

describe('Telegram', () => {
  const update = { update_id: 7, message: { text: 'bonjour' } };
  const post = (headers: Record<string, string>, payload: object = update) =>
    ({ method: 'POST', url: '/telegram/webhook', headers, payload }) as const;

  it('has its update and its secret handed on, and gets the status back', async () => {
    const calls: unknown[] = [];
    const { app } = await appWith({
      routes: [
        telegramRoutes({
          isTelegram: (secret) => secret === 'right',
          handle: async (body, secret) => {
            calls.push([body, secret]);
            return { status: 200 };
          },
        }),
      ],
    });
    const right = await app.inject(post({ 'x-telegram-bot-api-secret-token': 'right' }));
    const none = await app.inject(post({}));
    expect([right.statusCode, none.statusCode]).toEqual([200, 401]);
    expect(calls).toEqual([[update, 'right']]);
  });

  it('gets a 500, and so delivers again, when nothing was saved; neither it nor the log learns the words', async () => {
    const { app, lines } = await appWith({
      routes: [
        telegramRoutes({
          isTelegram: () => true,
          handle: async (body) => {
            throw Object.assign(new Error(`insert ${JSON.stringify(body)}`), { code: '08006' });
          },
        }),
      ],
    });
    const answer = await app.inject(post({}, { update_id: 7, message: { text: CANARY } }));
    expect([answer.statusCode, answer.json()]).toEqual([500, { error: 'internal' }]);
    expect(JSON.parse(lines[0] ?? '{}')).toMatchObject({
      event: 'http_request_failed',
      route: '/telegram/webhook',
      status: 500,
      code: '08006',
    });
    expect(lines.join('')).not.toContain(CANARY);
  });

  it('is never turned away for coming often', async () => {
    const { app } = await appWith({ routes: [taken], timesLimits: 0.1 });
    const answers = await Promise.all(Array.from({ length: 20 }, () => app.inject(post({}))));
    expect(new Set(answers.map((answer) => answer.statusCode))).toEqual(new Set([200]));
  });

  it('has no door where the service polls', async () => {
    const { app } = await appWith();
    expect((await app.inject(post({}))).statusCode).toBe(404);
  });
});

describe('a stranger who tries the doors', () => {
  it.each([
    ['an address that is not there', { url: `/${CANARY}` }, 404],
    ['a broken address', { url: `/%E0%A4%A/${CANARY}` }, 400],
    ['broken JSON', post(`{"${CANARY}":`, 'application/json'), 400],
    ['another shape', post(`{"x":"${CANARY}"}`, 'application/json'), 400],
    ['a form', post(`x=${CANARY}`, 'application/x-www-form-urlencoded'), 415],
    ['plain text', post(CANARY, 'text/plain'), 415],
    ['too much', post(`{"update_id":1,"x":"${'x'.repeat(1_100_000)}"}`, 'application/json'), 413],
  ] as const)('learns a code and nothing else: %s', async (_, request, status) => {
    const { app, lines } = await appWith({ routes: [taken] });
    const answer = await app.inject({ ...request });
    expect(answer.statusCode).toBe(status);
    expect(Object.keys(answer.json())).toEqual(['error']);
    expect(answer.json().error).toMatch(/^[a-z_]+$/);
    expect(answer.body + lines.join('')).not.toContain(CANARY);
  });

  it('is stopped after a few addresses that are not there, and sooner than a person who uses the service', async () => {
    const metrics = { registry: new Registry(), isPublic: true };
    const { app } = await appWith({ metrics });
    const statuses: number[] = [];
    for (let n = 0; n < 32; n += 1) statuses.push((await app.inject({ url: `/try-${n}` })).statusCode);
    expect(statuses).toEqual([...Array(30).fill(404), 429, 429]);
    expect((await app.inject({ url: '/metrics' })).statusCode).toBe(200);
  });

  it('is slowed on every other route too', async () => {
    const metrics = { registry: new Registry(), isPublic: true };
    const { app } = await appWith({ metrics, timesLimits: 1 / 15 });
    const statuses: number[] = [];
    for (let n = 0; n < 21; n += 1) statuses.push((await app.inject({ url: '/metrics' })).statusCode);
    const last = await app.inject({ url: '/metrics' });
    expect(statuses.at(-1)).toBe(429);
    expect(last.json()).toEqual({ error: 'too_many_requests' });
  });

  it('finds no simulator in a live service', async () => {
    const { app } = await appWith();
    for (const url of ['/', '/simulator/', '/simulator/phones/defender/events', '/assets/x.js']) {
      expect((await app.inject({ url, headers: local })).statusCode).toBe(404);
    }
  });

  it('meets a strict content security policy on every answer, errors included', async () => {
    const { app } = await appWith();
    for (const url of ['/healthz', '/nowhere']) {
      const { headers } = await app.inject({ url });
      const policy = String(headers['content-security-policy']);
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("script-src 'self';");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).not.toMatch(/unsafe|\*|https?:/);
      expect(headers['x-content-type-options']).toBe('nosniff');
      expect(headers['permissions-policy']).toContain('camera=()');
      expect(headers['x-powered-by']).toBeUndefined();
    }
  });
});

describe('a readiness check that itself fails', () => {
  it('counts as not ready, and tells no one the database address in its error', async () => {
    const { app, lines } = await appWith({
      readiness: async () => {
        throw Object.assign(new Error(`connect ${CANARY}`), { code: 'ECONNREFUSED' });
      },
    });
    const answer = await app.inject({ url: '/readyz', headers: local });
    expect([answer.statusCode, answer.json()]).toEqual([500, { error: 'internal' }]);
    expect(lines[0]).toContain('ECONNREFUSED');
    expect(lines[0]).not.toContain(CANARY);
  });
});

function post(payload: string, type: string) {
  return { method: 'POST', url: '/telegram/webhook', payload, headers: { 'content-type': type } } as const;
}
