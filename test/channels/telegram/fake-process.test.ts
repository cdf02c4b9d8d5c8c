import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { expect, test } from 'vitest';
import { channelOn, fakeTelegram, says, service } from './story.ts';

const MAIN = new URL('../../fakes/telegram/main.ts', import.meta.url).pathname;
const TOKEN = '700000:FAKE-token_for_tests';

test('the fake lives on as its own process when the service is gone, and knows what was confirmed', async () => {
  const child = spawn(process.execPath, [MAIN, '0', TOKEN], { stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    const [root] = (await once(createInterface(child.stdout), 'line')) as [string];
    const control = async (body: object): Promise<unknown> => {
      const headers = { 'content-type': 'application/json' };
      const answer = await fetch(`${root}/control`, { method: 'POST', headers, body: JSON.stringify(body) });
      return await answer.json();
    };
    await control({ person: 'Awa', does: 'says', with: ['SOS'] });
    expect(await control({ does: 'count' })).toMatchObject({ confirmed: 0, unconfirmed: 1 });
    const lakana = service();
    // A port of the fake that is not used: the channel speaks to the other process.
    const { channel } = channelOn(await fakeTelegram(), { token: TOKEN, apiRoot: root });
    await channel.start(lakana.receive);
    await lakana.has(says('SOS'));
    const address = lakana.committed[0]?.address ?? '';
    await channel.send(address, { text: 'bien reçu' }, AbortSignal.timeout(30_000));
    expect(await control({ person: 'Awa', does: 'seesText', with: ['bien reçu'] })).toEqual({
      result: 'bien reçu',
    });
    await channel.stop();
    expect(await control({ does: 'count' })).toMatchObject({ confirmed: 1, unconfirmed: 0, texts: ['SOS'] });
    expect(await control({ does: 'dances', person: 'Awa' })).toHaveProperty('error');
  } finally {
    child.kill();
    await once(child, 'exit');
  }
});
