/**
 * Pages of docs/operating, typed block by block, each in its order, on one machine that lives through all of it: a trial becomes a live
 * service, which gets another name, other keys, a wrong clock, a full disk, loses its key, and moves to a PostgreSQL of its own.
 */
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import postgres from 'postgres';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { blocksOf } from './debian-root.ts';
import { type Office, openOffice } from './office.ts';

let office: Office;
beforeAll(async () => {
  office = await openOffice();
  await office.has('trial');
  await office.types('systemctl start');
}, 300_000);
afterAll(() => office?.close(), 120_000);

/** The blocks of a page. `inPlace`: what stands in the page, and what is so on this machine. */
async function page(name: string, inPlace: readonly (readonly [string, string])[] = []) {
  const blocks = (await blocksOf(`docs/operating/${name}.md`)).map(({ lines }) =>
    inPlace.reduce((text, [from, to]) => text.replaceAll(from, to), lines),
  );
  return {
    blocks,
    types: async (n: number): Promise<string> => office.types(blocks[n] ?? 'false'),
    async typesAll(): Promise<string> {
      const said: string[] = [];
      for (const lines of blocks) said.push(await office.types(lines));
      return said.join('');
    },
  };
}

const refusal = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'it was not refused',
    (error: { stderr?: string }) => error.stderr ?? '',
  );

/** A person writes, and is answered: the service works. */
async function answers(name: string): Promise<void> {
  const person = office.telegram.person(name);
  await person.says('SOS');
  await person.seesText('Nous avons reçu votre SOS');
}

test('from trial to live: the trial’s database is refused, put away, and the live service begins with nothing of it', async () => {
  const { blocks, types } = await page('trial-to-live');
  expect(blocks).toHaveLength(4);
  await office.types('systemctl stop');
  await office.has('live');
  await office.lakana('keys init-server --out /etc/lakana/server.key');
  expect(await refusal(office.types('systemctl start'))).toContain('this database was made in trial mode');
  await types(0);
  await types(1);
  expect(await types(2)).toContain('mode: live');
  await types(3);
  await answers('Awa');
}, 300_000);

test('a new domain name: the room stands there, and the first administrator gets a link of it', async () => {
  const { typesAll } = await page('new-domain');
  expect(await typesAll()).toMatch(/https:\/\/new\.example\.org\/console\/\S+/);
  await answers('Binta');
}, 300_000);

test('changed keys: the service signs with the new one, and what the old ones signed is still proved', async () => {
  await office.types('cp /etc/lakana/server.key /media/stick/server.key');
  const old = await office.lakana('keys server-public');
  const { typesAll } = await page('changed-keys');
  const said = await typesAll();
  const printed = /✓ signing key: (?:\S+ )+/.exec(said)?.[0] ?? said;
  expect(printed).not.toContain(/^ {2}(.+)$/m.exec(old)?.[1]);
  await answers('Coumba');
}, 300_000);

test('a clock that was wrong, and a full disk: what the pages say is there to be typed', async () => {
  expect(await (await page('clock-wrong')).typesAll()).toMatch(/✓ clock: -?\d+ ms from the database's/);
  expect(await (await page('disk-full')).typesAll()).toMatch(/✓ disk: |! disk: /);
  expect(await office.noted()).toBe(
    'timedatectl set-ntp true\ntimedatectl \napt-get clean\njournalctl --vacuum-size=200M\n',
  );
  await answers('Djeneba');
}, 300_000);

test('a lost server key: the start says so; with a copy all is as before, without one a new service begins', async () => {
  const { types } = await page('lost-server-key');
  await office.types('cp /etc/lakana/server.key /media/stick/server.key && rm /etc/lakana/server.key');
  expect(await refusal(office.types('systemctl restart'))).toContain(
    'give the key file with which this database was used',
  );
  await types(0);
  await answers('Fanta');
  expect((await office.lakana('case list')).match(/\b[A-Z]{4}-\d{4}\b/g)?.length).toBe(5);

  await office.types('systemctl stop; rm /etc/lakana/server.key');
  await types(1);
  await answers('Hawa');
  expect((await office.lakana('case list')).match(/\b[A-Z]{4}-\d{4}\b/g)?.length).toBe(1);
}, 300_000);

test('a new phone for the WhatsApp number: linked again, who is who stays known, and people are answered', async () => {
  const { whatsapp } = office;
  const { blocks } = await page('new-phone');
  await office.has('whatsapp');
  const handset = (qr: string) => whatsapp.handset.scans(qr);
  await office.typesWithHandset('systemctl restart\n', handset);
  await office.typesWithHandset('cd /opt/lakana\nrunuser -u lakana -- ./lakana whatsapp pair\n', handset);
  await whatsapp.isReady();
  const awa = whatsapp.person('Awa');
  await awa.says('SOS');
  await awa.seesText('Nous avons reçu votre SOS');
  // The number is registered on another handset.
  whatsapp.handset.unlinks();
  const said: string[] = [];
  for (const lines of blocks) said.push(await office.typesWithHandset(lines, handset));
  expect(said.join('')).toContain('✓ a number is linked, ending in 01');
  await whatsapp.isReady();
  await awa.says('statut');
  await awa.seesText(/Référence|référence|[A-Z]{4}-\d{4}/);
}, 300_000);

test('a number that WhatsApp has blocked: the one linked ahead goes on, and another is linked ahead in its place', async () => {
  const { whatsapp } = office;
  const { blocks } = await page('blocked-number');
  const [look, linkAhead] = blocks;
  const ahead = (qr: string) => whatsapp.other.scans(qr);
  await office.typesWithHandset(
    'cd /opt/lakana\nrunuser -u lakana -- ./lakana whatsapp pair --standby\n',
    ahead,
  );
  await whatsapp.other.isReady();
  whatsapp.blocks(whatsapp.account);
  const isInUse = async () => office.typesWithHandset(look ?? 'false', ahead);
  await expect
    .poll(isInUse, { timeout: 60_000, interval: 1_000 })
    .toMatch(/✓ a number is linked, ending in 02/);
  const binta = whatsapp.person('Binta');
  binta.writesTo(whatsapp.other.account);
  await binta.says('SOS');
  await binta.seesText('Nous avons reçu votre SOS');
  // Another SIM, whose number WhatsApp takes.
  whatsapp.admits(whatsapp.account);
  whatsapp.account.linked = undefined;
  await office.typesWithHandset(linkAhead ?? 'false', (qr) => whatsapp.handset.scans(qr));
  expect(await isInUse()).toMatch(/ending in 02[\s\S]*a second number is linked, ending in 01/);
  await binta.says('statut');
  await binta.seesText(/[A-Z]{4}-\d{4}/);
}, 300_000);

test('to a PostgreSQL of one’s own: every case is there afterwards, and people go on writing', async () => {
  const before = await office.lakana('case list');
  const name = `office_${randomUUID().slice(0, 8)}`;
  const server = new URL(inject('databaseUrl'));
  const inPlace = [
    ['role lakana ', `role ${name} `],
    ['database lakana owner lakana', `database ${name} owner ${name}`],
    ['postgres://lakana:', `postgres://${name}:`],
    ['127.0.0.1:5432/lakana', `${server.host}/${name}`],
  ] as const;
  const { typesAll } = await page('own-postgresql', inPlace);
  const sql = postgres(server.href, { max: 1, onnotice: () => {} });
  const text = await readFile('docs/operating/own-postgresql.md', 'utf8');
  const [, statements = ''] = /```sql\n([\s\S]+?)```/.exec(text) ?? [];
  for (const each of statements.split(';\n').filter(Boolean))
    await sql.unsafe(inPlace.reduce((line, [from, to]) => line.replaceAll(from, to), each));
  try {
    expect(await typesAll()).toMatch(/database: PostgreSQL \d+(?!.*embedded)/);
    expect(await office.lakana('case list')).toBe(before);
    await answers('Kadi');
  } finally {
    await office.types('systemctl stop').catch(() => undefined);
    await sql.unsafe(`drop database ${name} with (force)`);
    await sql.unsafe(`drop role ${name}`);
    await sql.end();
  }
}, 300_000);
