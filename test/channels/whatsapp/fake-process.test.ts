import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { type Credentials, trust } from '../../fakes/whatsapp/trust.ts';
import { BareBot } from './bare-bot.ts';

const FAKE = new URL('../../fakes/whatsapp/', import.meta.url);

test('the fake lives as its own process, where a handset and people act on request', async () => {
  const child = spawn(process.execPath, [new URL('main.ts', FAKE).pathname], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let distrust: () => void = () => undefined;
  try {
    const [root] = (await once(createInterface(child.stdout), 'line')) as [string];
    const control = async (body: object): Promise<unknown> => {
      const headers = { 'content-type': 'application/json' };
      const answer = await fetch(`${root}/control`, { method: 'POST', headers, body: JSON.stringify(body) });
      return await answer.json();
    };
    const credentials = (await (await fetch(`${root}/credentials`)).json()) as Credentials;
    distrust = trust(credentials);
    const bot = new BareBot(`${root.replace('http', 'ws')}/ws/chat`);
    expect(await control({ does: 'scans', with: [await bot.shows('qr')] })).toEqual({ result: true });
    await bot.closesWith(515);
    await bot.restarts();
    await bot.opens();
    await control({ person: 'Awa', does: 'says', with: ['SOS'] });
    const { key } = await bot.reads('SOS');
    await bot.socket.sendMessage(key.remoteJid ?? '', { text: 'reçu' });
    expect(await control({ person: 'Awa', does: 'seesText', with: ['reçu'] })).toEqual({ result: 'reçu' });
    expect(await control({ person: 'Awa', does: 'sings' })).toHaveProperty('error');
    await bot.stops();

    // Another program comes to trust the same fake by a preload.
    const facts = `import { WA_CERT_DETAILS } from '@whiskeysockets/baileys'; import tls from 'node:tls';
      console.log(JSON.stringify([WA_CERT_DETAILS.PUBLIC_KEY.toString('hex'), tls.getCACertificates()]));`;
    const preload = ['--import', new URL('trust.ts', FAKE).pathname, '--input-type=module', '-e', facts];
    const env = { ...process.env, FAKE_WHATSAPP: root };
    const { stdout } = await promisify(execFile)(process.execPath, preload, { env });
    const [trusted, authorities] = JSON.parse(stdout) as [string, string[]];
    expect(trusted).toBe(credentials.root);
    expect(authorities.map((each) => each.trim())).toContain(credentials.ca.trim());
  } finally {
    distrust();
    child.kill('SIGTERM');
    await once(child, 'exit');
  }
});
