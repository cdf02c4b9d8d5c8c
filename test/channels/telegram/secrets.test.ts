import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import type { Fault } from '../../fakes/telegram/faults.ts';
import { channelOn, fakeTelegram, says, service } from './story.ts';

const TOKEN = '733001:CANARY-token-that-must-not-leak';
const WORDS = 'CANARY-words-of-a-person';
const NAME = 'CanaryName';
const REPLY = 'CANARY-words-of-the-bot';

const soon = () => AbortSignal.timeout(30_000);

describe('whatever goes wrong', () => {
  const faults: Fault['with'][] = [
    400,
    401,
    403,
    404,
    409,
    429,
    500,
    502,
    'html',
    'drop',
    'accept_then_drop',
  ];

  test.each(faults)(
    'no token, words or address leave the channel: everything fails with %s',
    async (fault) => {
      const telegram = await fakeTelegram({ token: TOKEN });
      const { channel, lines } = channelOn(telegram, {
        commands: [{ commands: [{ command: 'start', description: 'Menu' }] }],
      });
      let refusals = 1;
      const lakana = service(() => {
        if (refusals-- > 0) throw new Error(WORDS);
      });
      const awa = telegram.person(NAME);
      await awa.says(WORDS);
      const voice = await awa.sendsVoice(Buffer.from(WORDS));
      const address = String(awa.id);
      telegram.fail({
        method: '*',
        with: fault,
        times: 6,
        retryAfter: 0,
        description: `Bad: ${WORDS} ${TOKEN}`,
      });
      await channel.start(lakana.receive);
      const results: unknown[] = [];
      const keep = async (work: Promise<unknown>) =>
        results.push(await work.catch((error: unknown) => error));
      await keep(channel.send(address, { text: REPLY }, soon()));
      await keep(channel.edit(address, '1', { text: REPLY }, soon()));
      await keep(channel.retract(address, '1', soon()));
      await keep(channel.fetchFile({ kind: 'voice', ref: 'voice-1' }, soon()));
      telegram.heal();
      await lakana.has(says(WORDS));
      telegram.fail({ method: 'file', with: fault });
      await keep(channel.fetchFile({ kind: 'voice', ref: 'voice-1' }, soon()));
      results.push(channel.health());
      await channel.stop();
      const said = `${lines.join('')}\n${inspect(results, { depth: 10, showHidden: true })}`;
      expect(lines.length).toBeGreaterThan(0);
      for (const secret of [TOKEN, TOKEN.split(':')[1] ?? '', WORDS, NAME, REPLY, telegram.root])
        expect(said).not.toContain(secret);
      expect(lines.join('')).not.toContain(address);
      expect(voice.message_id).toBeGreaterThan(0);
    },
  );

  test('a server that is not there learns and tells nothing either', async () => {
    const telegram = await fakeTelegram({ token: TOKEN });
    await telegram.close();
    const { channel, lines } = channelOn(telegram, { apiRoot: telegram.root });
    await channel.start(service().receive);
    const result = await channel.fetchFile({ kind: 'voice', ref: 'x' }, soon());
    const sent = await channel.send('41001', { text: REPLY }, soon());
    await channel.stop();
    const said = lines.join('') + inspect([result, sent], { depth: 10 });
    expect(said).not.toContain('CANARY');
    expect(said).toContain('econnrefused');
  });

  test('a token is not sent on to where a server redirects', async () => {
    const { createServer } = await import('node:http');
    const asked: string[] = [];
    const elsewhere = createServer((request, response) => {
      asked.push(request.url ?? '');
      response.end('{}');
    });
    await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve));
    const target = `http://127.0.0.1:${(elsewhere.address() as { port: number }).port}`;
    const redirecting = createServer((request, response) => {
      response.writeHead(307, { location: `${target}${request.url}` }).end();
    });
    await new Promise<void>((resolve) => redirecting.listen(0, '127.0.0.1', resolve));
    const apiRoot = `http://127.0.0.1:${(redirecting.address() as { port: number }).port}`;
    const { channel } = channelOn(await fakeTelegram(), { token: TOKEN, apiRoot });
    expect(await channel.send('41001', { text: REPLY }, soon())).toMatchObject({ ok: false });
    expect(asked).toEqual([]);
    elsewhere.close();
    redirecting.close();
  });
});
