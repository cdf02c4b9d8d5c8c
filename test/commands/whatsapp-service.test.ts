/** The operator and a service that runs: linking, unlinking and linking again without a restart, and what status says. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type DatabaseClock, databaseClock } from '../../src/db/clock.ts';
import { databaseChecks } from '../../src/doctor/database.ts';
import { createLog } from '../../src/kernel/log.ts';
import { type Service, startService } from '../../src/service/service.ts';
import { readCase } from '../case-file.ts';
import { type Office, openOffice } from './whatsapp-office.ts';

let office: Office;
let service: Service | undefined;
/** Milliseconds by which the service's clock is ahead of the database's. */
let ahead = 0;
const clock: DatabaseClock = {
  now: async (tx) => new Date((await databaseClock.now(tx)).getTime() + ahead),
  stated: () => new Date(Date.now() + ahead),
};
beforeEach(async () => {
  ahead = 0;
  office = await openOffice();
  service = await startService(office.config, createLog('silent'), {
    clock,
    stopwatch: () => performance.now(),
  });
});
afterEach(async () => {
  await service?.stop();
  await office.close();
});

async function links(): Promise<void> {
  const pairing = office.pairs({ json: true });
  await office.whatsapp.handset.scans(await pairing.qr());
  expect((await pairing.ended).code).toBe('done');
}

const facts = async () => (await office.status()).json as Record<string, unknown>;
const isNow = (connection: string) => expect.poll(async () => (await facts()).connection).toBe(connection);
const doctor = async () =>
  (await databaseChecks(office.config)).checks.filter(
    ({ name }) => name === 'whatsapp' || name === 'handset',
  );

test('a number is linked, seen at work, unlinked and linked again while the service runs', async () => {
  const { whatsapp } = office;
  expect(await doctor()).toMatchObject([{ state: 'warn', mend: './lakana whatsapp pair' }]);
  await links();
  await whatsapp.isReady();
  await isNow('connected');
  expect(await doctor()).toMatchObject([{ name: 'whatsapp', state: 'ok' }]);

  const awa = whatsapp.person('Awa');
  await awa.says('bonjour');
  await awa.seesText(/./);
  const [sent] = whatsapp.callsOf('message');
  if (sent) whatsapp.handset.confirms(sent);
  await expect.poll(facts).toMatchObject({
    receivedAt: expect.any(Date),
    sentAt: expect.any(Date),
    handsetAt: expect.any(Date),
    queue: 0,
  });
  const { text } = await office.status();
  expect(text).toMatch(/✓ connected since \d\d:\d\d/);
  const rows = await office.database.sql<{ all: string }[]>`select t::text as all from whatsapp_status t`;
  expect(text + rows[0]?.all).not.toContain('2237');

  expect(await office.pairs({ json: true }).ended).toMatchObject({ code: 'linked' });
  expect((await office.unlinks()).json).toEqual({ unlinked: true, told: true });
  expect(whatsapp.account.linked).toBeUndefined();
  await isNow('unlinked');
  await links();
  await whatsapp.isReady();
  await awa.says('encore');
  await isNow('connected');
});

test('a number that the handset has logged out is linked again without a restart, and people stay who they are', async () => {
  const { whatsapp, database } = office;
  await links();
  await whatsapp.isReady();
  const awa = whatsapp.person('Awa');
  await awa.says('bonjour');
  await awa.seesText(/./);
  whatsapp.handset.unlinks();
  await isNow('stopped');
  const { text } = await office.status();
  expect(text).toMatch(/✗ cut off since .*the handset has unlinked us; \.\/lakana whatsapp unlink/);
  expect(text).toMatch(/last error: .*\(401\)/);
  expect(await facts()).toMatchObject({ closesToday: 1 });
  // And, as nobody is enrolled, that nobody could be told.
  await expect.poll(async () => (await doctor()).map(({ state }) => state)).toEqual(['fail', 'warn']);
  expect(await doctor()).toMatchObject([{ mend: expect.stringContaining('unlink') }, {}]);
  expect((await office.unlinks()).json).toEqual({ unlinked: true, told: false });
  await links();
  await whatsapp.isReady();
  await awa.says('encore');
  await expect
    .poll(() => database.sql`select 1 from inbox where state = 'handled'`.then((rows) => rows.length))
    .toBe(2);
  expect(await database.sql`select 1 from contacts`).toHaveLength(1);
});

test('a service that is not there any more is said to be so, with the time of what was known last', async () => {
  const { database, whatsapp } = office;
  await links();
  await whatsapp.isReady();
  await isNow('connected');
  await service?.stop();
  service = undefined;
  expect((await office.status()).text).toMatch(/! not connected since \d\d:\d\d: the service does not run/);
  // As if it had been killed.
  await database.sql`update whatsapp_status set state = 'open', noted_at = now() - interval '2 hours'`;
  await database.sql`update service set last_alive_at = now() - interval '2 hours'`;
  expect((await office.status()).text).toMatch(
    /! as of (\d\d\/\d\d )?\d\d:\d\d: connected; the service does not run/,
  );
  await database.sql`update whatsapp_status set handset_at = now() - interval '9 days'`;
  expect((await doctor()).find(({ name }) => name === 'handset')).toMatchObject({ state: 'warn' });
  expect((await office.status()).text).toContain('switch it on');
  expect((await office.unlinks()).json).toEqual({ unlinked: true, told: true });
  expect(whatsapp.account.linked).toBeUndefined();
});

test('files that break off, go silent or come changed are put aside after three tries, said and shown in the case; others go on', {
  timeout: 120_000,
}, async () => {
  const { whatsapp, database, keyring, team } = office;
  await links();
  await whatsapp.isReady();
  const people = ['cut', 'stall', 'flip', 'whole'].map((how) => ({ how, person: whatsapp.person(how) }));
  const references: string[] = [];
  for (const { person } of people) {
    await person.says('SOS');
    const { text } = await person.seesText(/[A-Z]{4}-\d{4}/);
    references.push(/[A-Z]{4}-\d{4}/.exec(text)?.[0] ?? '');
  }
  for (const { how, person } of people) {
    if (how !== 'whole') whatsapp.media.spoilsNext = how as 'cut';
    await person.sendsVoice(Buffer.alloc(100_000, how));
  }
  await people.at(-1)?.person.seesText('Enregistré : 1 fichier.', { within: 30_000, ever: true });
  let counted = 0;
  const parked = async () => {
    const rows = await database.sql<{ state: string; faults: number; refusal: string | null }[]>`
      select state, faults, refusal from evidence where media = 'voice'`;
    const faults = rows.reduce((sum, row) => sum + row.faults, 0);
    // Minutes later, without waiting for them: a line that breaks several times at once was bad once.
    if (faults > counted) ahead += 61_000;
    counted = faults;
    await database.sql`update pgboss.job set start_after = now() where name = 'evidence' and state = 'retry'`;
    return rows.map(({ state, refusal }) => refusal ?? state).toSorted();
  };
  await expect
    .poll(parked, { timeout: 90_000, interval: 300 })
    .toEqual(['broken', 'broken', 'broken', 'saved']);
  for (const [n, { how, person }] of people.entries()) {
    const { items, files } = await readCase(database.db, keyring, team.secret, references[n] ?? '');
    const told = items.filter(({ payload }) => payload.what === 'file_not_saved');
    expect(told.map(({ payload }) => payload.reason)).toEqual(how === 'whole' ? [] : ['broken']);
    expect(files).toEqual(how === 'whole' ? [Buffer.alloc(100_000, how)] : []);
    if (how !== 'whole') await person.seesText('trois fois incomplet ou abîmé', { ever: true });
  }
  const [first] = people;
  await first?.person.says('vous avez ma voix ?');
  await first?.person.seesText(/./);
});
