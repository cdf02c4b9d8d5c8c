/** An operator goes live with WhatsApp: the number has to be linked with its handset before anybody can write. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createLog } from '../../src/kernel/log.ts';
import { type Service, startService } from '../../src/service/service.ts';
import { liveEnvironment } from '../live-config.ts';
import { typesTo } from './typing.ts';
import { type Office, openOffice } from './whatsapp-office.ts';

/** What is asked for, and does not matter here. */
const LEFT_OUT = ['TELEGRAM_BOT_TOKEN', 'PUBLIC_URL', 'BACKUP_RECIPIENT_FILE'];

let office: Office;
let service: Service | undefined;
let folder = '';
let talk: ReturnType<typeof typesTo> | undefined;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lakana-go-live-'));
  office = await openOffice();
  service = await startService(office.config, createLog('silent'));
  await writeFile(join(folder, 'server.key'), office.serverKey);
  await writeFile(join(folder, 'team.pub'), `${office.team.recipient}\n`);
  // The fake is trusted by what runs in this process alone.
  const { FAKE_WHATSAPP: _, ...live } = liveEnvironment(folder, office.database.url, office.whatsapp);
  const settings = {
    ...live,
    PORT: new URL(service.url).port,
  };
  const lines = [
    ...Object.entries(settings).map(([name, value]) => `${name}=${value}`),
    ...LEFT_OUT.map((name) => `# go-live: left out ${name}`),
  ];
  await writeFile(join(folder, '.env'), `${lines.join('\n')}\n`);
});
afterEach(async () => {
  talk?.leaves();
  await service?.stop();
  await office.close();
  await rm(folder, { recursive: true, force: true });
});

test('an operator is told how the number is linked, and goes on once the service is connected', async () => {
  talk = typesTo(['go-live', '--user', userInfo().username], folder);
  await talk.reads('✓ The service runs.');
  await talk.answers('Link the number of WhatsApp, with its handset at hand', '');
  // Nothing was linked meanwhile.
  await talk.reads('./lakana whatsapp pair');
  const pairing = office.pairs({ json: true });
  await office.whatsapp.handset.scans(await pairing.qr());
  expect((await pairing.ended).code).toBe('done');
  await office.whatsapp.isReady();
  await expect
    .poll(async () => ((await office.status()).json as { connection: string }).connection)
    .toBe('connected');
  await talk.answers('Enter: look again', '');
  await talk.reads('✓ whatsapp is connected.');
  await talk.reads('Name of the first officer');
});

test('an operator whose number is cut off is told where to look', async () => {
  const { whatsapp } = office;
  const pairing = office.pairs({ json: true });
  await whatsapp.handset.scans(await pairing.qr());
  await pairing.ended;
  await whatsapp.isReady();
  whatsapp.blocks(whatsapp.account);
  await expect
    .poll(async () => ((await office.status()).json as { connection: string }).connection)
    .toBe('stopped');
  talk = typesTo(['go-live', '--user', userInfo().username], folder);
  await talk.reads('is linked, and the service is not connected');
  await talk.reads('./lakana whatsapp status');
});
