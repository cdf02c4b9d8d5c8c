import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { IncomingMessage } from '../../src/channels/channel.ts';
import { createSimulator } from '../../src/channels/simulator/simulator.ts';
import { createHttpApp } from '../../src/http/app.ts';
import { createLog } from '../../src/kernel/log.ts';

const HOST = 'localhost:3000';
const own = { host: HOST, origin: `http://${HOST}` };
const never = new AbortController().signal;
const opened: { close(): Promise<void> }[] = [];
let webRoot = '';

beforeAll(async () => {
  webRoot = await mkdtemp(join(tmpdir(), 'lakana-web-'));
  await mkdir(join(webRoot, 'assets'));
  await mkdir(join(webRoot, 'simulator'));
  await writeFile(join(webRoot, 'simulator', 'index.html'), '<!doctype html><title>page</title>');
  await writeFile(join(webRoot, 'assets', 'page-abc.js'), 'export {};');
});
afterAll(() => rm(webRoot, { recursive: true }));
afterEach(async () => {
  for (const app of opened.splice(0)) await app.close();
});

async function trial() {
  const messages: IncomingMessage[] = [];
  const channel = createSimulator();
  await channel.start(async (message) => void messages.push(message));
  const readiness = async () => ({ ok: true, checks: [] });
  const app = await createHttpApp({ log: createLog('silent'), readiness, simulator: { channel, webRoot } });
  opened.push(app);
  return { app, channel, messages };
}

const say = (headers: Record<string, string>, remoteAddress = '127.0.0.1') =>
  ({
    method: 'POST',
    url: '/simulator/phones/defender/messages',
    headers,
    remoteAddress,
    payload: { type: 'text', text: 'Bonjour' },
  }) as const;

describe('a person at the machine in trial mode', () => {
  it('is led to the page', async () => {
    const { app } = await trial();
    const first = await app.inject({ url: '/', headers: { host: HOST } });
    expect([first.statusCode, first.headers.location]).toEqual([302, '/simulator/']);
    const page = await app.inject({ url: '/simulator/', headers: { host: HOST } });
    expect(page.body).toContain('<title>page</title>');
    expect(page.headers['content-type']).toContain('text/html');
    const script = await app.inject({ url: '/assets/page-abc.js', headers: { host: HOST } });
    expect(script.headers['cache-control']).toContain('immutable');
  });

  it('writes from the defender’s phone', async () => {
    const { app, channel, messages } = await trial();
    const answer = await app.inject(say(own));
    expect(answer.statusCode).toBe(202);
    await channel.settled();
    expect(messages).toMatchObject([
      { id: answer.json().id, address: 'defender', content: { text: 'Bonjour' } },
    ]);
  });

  it('sends a photo of 5 MB, and hears it if a file is bigger', async () => {
    const { app, channel, messages } = await trial();
    const photo = (bytes: number) => ({
      ...say(own),
      payload: {
        type: 'file',
        kind: 'photo',
        mediaType: 'image/jpeg',
        base64: Buffer.alloc(bytes).toString('base64'),
      },
    });
    expect((await app.inject(photo(5 * 1024 * 1024))).statusCode).toBe(202);
    expect((await app.inject(photo(6 * 1024 * 1024))).statusCode).toBe(413);
    await channel.settled();
    expect(messages).toHaveLength(1);
  });

  it('hears of a button that is gone, and of a service that is stopping', async () => {
    const { app, channel } = await trial();
    const press = { ...say(own), payload: { type: 'press', id: 'gone', data: 'x' } };
    expect((await app.inject(press)).statusCode).toBe(409);
    await channel.stop();
    expect((await app.inject(say(own))).statusCode).toBe(503);
  });

  it.each([
    ['a phone with a strange name', '/simulator/phones/..%2F..%2Fetc/messages'],
    ['a phone with capitals', '/simulator/phones/Defender/messages'],
  ])('is refused %s', async (_, url) => {
    const { app } = await trial();
    expect((await app.inject({ ...say(own), url })).statusCode).toBe(400);
  });
});

describe('the simulator', () => {
  it.each([
    ['another machine', say(own, '203.0.113.9')],
    ['another machine over IPv6', say(own, '2001:db8::1')],
    ['a foreign name that points here', say({ host: 'evil.example', origin: 'http://evil.example' })],
    ['a local name with something behind it', say({ host: 'localhost.evil.example:3000' })],
    ['a page of another site', say({ ...own, origin: 'http://evil.example' })],
    ['a page of another program on this machine', say({ ...own, origin: 'http://localhost:8080' })],
    ['a page without origin', say({ ...own, origin: 'null' })],
    ['a request without origin', say({ host: HOST })],
    ['a request that the browser calls cross-site', say({ ...own, 'sec-fetch-site': 'cross-site' })],
    ['a proxy that passes strangers on', say({ ...own, 'x-forwarded-for': '203.0.113.9' })],
  ])('does not answer %s', async (_, request) => {
    const { app, channel, messages } = await trial();
    const answer = await app.inject(request);
    expect([answer.statusCode, answer.json()]).toEqual([403, { error: 'forbidden' }]);
    await channel.settled();
    expect(messages).toEqual([]);
  });

  it.each([
    '/',
    '/simulator/',
    '/assets/page-abc.js',
    '/simulator/phones/officer/events',
    `/simulator/phones/officer/files/${crypto.randomUUID()}`,
  ])('shows another machine nothing at %s', async (url) => {
    const { app } = await trial();
    const answer = await app.inject({ url, headers: own, remoteAddress: '203.0.113.9' });
    expect(answer.statusCode).toBe(403);
  });

  it.each([
    ['::1', '[::1]:3000'],
    ['::ffff:127.0.0.1', '127.0.0.1:3000'],
    ['127.0.0.1', 'LOCALHOST'],
  ])('answers this machine under each of its names: %s as %s', async (remoteAddress, host) => {
    const { app } = await trial();
    const answer = await app.inject({ url: '/simulator/', remoteAddress, headers: { host } });
    expect(answer.statusCode).toBe(200);
  });

  it('lets itself be opened by a link, but not be framed or read by another site', async () => {
    const { app } = await trial();
    const from = (mode: string, dest: string) => ({
      url: '/simulator/',
      headers: {
        host: HOST,
        'sec-fetch-site': 'cross-site',
        'sec-fetch-mode': mode,
        'sec-fetch-dest': dest,
      },
    });
    expect((await app.inject(from('navigate', 'document'))).statusCode).toBe(200);
    expect((await app.inject(from('navigate', 'iframe'))).statusCode).toBe(403);
    expect((await app.inject(from('cors', 'empty'))).statusCode).toBe(403);
  });
});

describe('the stream of a phone', () => {
  async function listening() {
    const { app, channel } = await trial();
    await app.listen({ port: 0, host: '127.0.0.1' });
    const { port } = app.server.address() as AddressInfo;
    const open = async (address: string) => {
      const answer = await fetch(`http://127.0.0.1:${port}/simulator/phones/${address}/events`);
      const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
      if (!reader) throw new Error('no stream');
      return { answer, reader };
    };
    return { app, channel, open };
  }

  it('begins with everything that stands on it, and goes on with what changes', async () => {
    const { channel, open } = await listening();
    await channel.send('officer', { text: 'avant' }, never);
    const { answer, reader } = await open('officer');
    expect(answer.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect(answer.headers.get('cache-control')).toBe('no-store, no-transform');
    expect(event((await reader.read()).value)).toMatchObject({
      type: 'snapshot',
      items: [{ text: 'avant' }],
    });
    await channel.send('officer', { text: 'après\n\ndeux lignes' }, never);
    expect(event((await reader.read()).value)).toMatchObject({
      type: 'message',
      item: { text: 'après\n\ndeux lignes' },
    });
    await reader.cancel();
  });

  it('ends when the service closes, so that the service can close', async () => {
    const { app, open } = await listening();
    const { reader } = await open('officer');
    await reader.read();
    const rest = (async () => {
      while (!(await reader.read()).done);
      return 'ended';
    })();
    await app.close();
    expect(await rest).toBe('ended');
  });

  it('gives back the voice note that was sent from it', async () => {
    const { app, channel } = await trial();
    const made = channel.make('defender', {
      type: 'file',
      kind: 'voice',
      mediaType: 'audio/webm',
      base64: Buffer.from('voice').toString('base64'),
    });
    const url = `/simulator/phones/defender/files/${made.ok ? made.id : ''}`;
    const answer = await app.inject({ url, headers: own });
    expect([answer.headers['content-type'], answer.body]).toEqual(['audio/webm', 'voice']);
    expect((await app.inject({ url: url.replace('defender', 'officer'), headers: own })).statusCode).toBe(
      404,
    );
  });
});

function event(chunk: string | undefined): unknown {
  return JSON.parse((chunk ?? '').replace(/^data: /, ''));
}
