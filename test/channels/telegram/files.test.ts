import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import type { IncomingFile } from '../../../src/channels/channel.ts';
import { channelOn, type FakeTelegram, fakeTelegram, service } from './story.ts';

const soon = () => AbortSignal.timeout(30_000);
const VOICE = Buffer.from('OggS a voice that shakes');
const MEGABYTE = 1024 * 1024;

/** Awa sends a voice note; what the service is told of it, and the channel to fetch it with. */
async function voiceFromAwa(options: Parameters<ReturnType<FakeTelegram['person']>['sendsVoice']>[1] = {}) {
  const telegram = await fakeTelegram();
  const { channel, lines } = channelOn(telegram);
  const lakana = service();
  await channel.start(lakana.receive);
  await telegram.person('Awa').sendsVoice(VOICE, options);
  await lakana.has(({ content }) => content.kind === 'file');
  const content = lakana.committed[0]?.content;
  if (content?.kind !== 'file') throw new Error('no file arrived');
  return { telegram, channel, lines, file: content.file };
}

const bytes = async (stream: ReadableStream<Uint8Array>) => Buffer.from(await new Response(stream).bytes());

describe('a voice note', () => {
  test('is fetched exactly as it was said', async () => {
    const { channel, file } = await voiceFromAwa({ seconds: 7 });
    expect(file).toMatchObject({ kind: 'voice', size: VOICE.length, mediaType: 'audio/ogg', seconds: 7 });
    const fetched = await channel.fetchFile(file, soon());
    expect(fetched.ok && (await bytes(fetched.stream))).toEqual(VOICE);
  });

  test('is fetched by its reference alone, after a restart', async () => {
    const { telegram, file } = await voiceFromAwa();
    const later: IncomingFile = { kind: 'voice', ref: file.ref };
    const fetched = await channelOn(telegram).channel.fetchFile(later, soon());
    expect(fetched.ok && (await bytes(fetched.stream))).toEqual(VOICE);
  });

  test('that breaks off on the way errors with our code, and is whole the next time', async () => {
    const { telegram, channel, file } = await voiceFromAwa();
    telegram.fail({ method: 'file', with: 'accept_then_drop' });
    const broken = await channel.fetchFile(file, soon());
    if (!broken.ok) throw new Error('it did not even begin');
    await expect(bytes(broken.stream)).rejects.toMatchObject({ code: 'file_cut' });
    const again = await channel.fetchFile(file, soon());
    expect(again.ok && (await bytes(again.stream))).toEqual(VOICE);
  });

  test('that Telegram no longer has is gone', async () => {
    const { telegram, channel, file } = await voiceFromAwa();
    telegram.chats.files.clear();
    expect(await channel.fetchFile(file, soon())).toMatchObject({ ok: false, reason: 'gone' });
  });

  test.each([
    ['getFile', 500, 'unreachable'],
    ['getFile', 429, 'unreachable'],
    ['getFile', 'drop', 'unreachable'],
    ['file', 404, 'gone'],
    ['file', 503, 'unreachable'],
    ['file', 429, 'unreachable'],
    ['file', 'drop', 'unreachable'],
  ] as const)('is worth another try or not: %s fails with %s', async (method, fault, reason) => {
    const { telegram, channel, file } = await voiceFromAwa();
    telegram.fail({ method, with: fault });
    expect(await channel.fetchFile(file, soon())).toMatchObject({ ok: false, reason });
    const again = await channel.fetchFile(file, soon());
    expect(again.ok).toBe(true);
  });

  test('is left alone once the caller’s time is over', async () => {
    const { telegram, channel, file } = await voiceFromAwa();
    telegram.fail({ method: 'file', with: 'hang' });
    expect(await channel.fetchFile(file, AbortSignal.timeout(100))).toMatchObject({ reason: 'unreachable' });
  });
});

describe('a file over 20 MB', () => {
  test('is refused by the size it claims, without a call', async () => {
    const { telegram, channel, file } = await voiceFromAwa({ size: 21 * MEGABYTE });
    expect(await channel.fetchFile(file, soon())).toEqual({
      ok: false,
      reason: 'too_big',
      code: 'over_20_mb',
    });
    expect(telegram.callsOf('getFile')).toEqual([]);
  });

  test('is refused by Telegram’s word when the message did not tell its size', async () => {
    const { channel, file } = await voiceFromAwa({ size: 21 * MEGABYTE });
    const { size: _, ...unknown } = file;
    expect(await channel.fetchFile(unknown, soon())).toMatchObject({ reason: 'too_big' });
  });
});

describe('a server that lies about a file', () => {
  const closing: (() => void)[] = [];
  afterEach(() => {
    for (const close of closing.splice(0)) close();
  });

  /** Says anything as file path, and sends whatever the test likes. */
  async function liar(path: string, send: (write: (chunk: Buffer) => void, end: () => void) => void) {
    const asked: string[] = [];
    const server = createServer((request, response) => {
      asked.push(request.url ?? '');
      request.resume();
      if (request.url?.endsWith('/getFile'))
        response.end(JSON.stringify({ ok: true, result: { file_id: 'x', file_path: path } }));
      else send(response.write.bind(response), response.end.bind(response));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    closing.push(
      () => server.closeAllConnections(),
      () => void server.close(),
    );
    const root = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const { channel } = channelOn(await fakeTelegram(), { apiRoot: root });
    return { channel, asked };
  }

  test('cannot make the service take more than 20 MB', async () => {
    const { channel } = await liar('voice/x.oga', (write, end) => {
      for (let n = 0; n < 21; n += 1) write(Buffer.alloc(MEGABYTE));
      end();
    });
    const fetched = await channel.fetchFile({ kind: 'voice', ref: 'x' }, soon());
    if (!fetched.ok) throw new Error('it did not even begin');
    await expect(bytes(fetched.stream)).rejects.toMatchObject({ code: 'telegram_file_too_big' });
  });

  test('cannot lead the service to another address with the path it names', async () => {
    const { channel, asked } = await liar('@evil.example/x?y#z', (_write, end) => end());
    await channel.fetchFile({ kind: 'voice', ref: 'x' }, soon());
    expect(asked.at(-1)).toMatch(/^\/file\/bot[^/]+\/%40evil\.example\/x%3Fy%23z$/);
  });
});
