/** A PostgreSQL on another machine, to which the way is encrypted: its certificate has to be of the address that is asked. */
import tls from 'node:tls';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Database, openDatabase } from '../../src/db/database.ts';
import { codesOf } from '../../src/db/failure.ts';
import { ofServers } from '../../src/db/servers.ts';
import { layCable } from '../app/cable.ts';
import { createTestDatabase, type TestDatabase } from '../database.ts';
import { certificate } from '../fakes/whatsapp/certificate.ts';

/** Of 127.0.0.1, and of no name. */
const OURS = certificate();
let database: TestDatabase;
let cables: Awaited<ReturnType<typeof layCable>>[];
let opened: Database | undefined;

beforeAll(() => tls.setDefaultCACertificates([...tls.getCACertificates('default'), OURS.cert]));
beforeEach(async () => {
  database = await createTestDatabase({ max: 1 });
  cables = [
    await layCable(database.url, { certificate: OURS }),
    await layCable(database.url, { certificate: OURS }),
  ];
});
afterEach(async () => {
  await opened?.close();
  opened = undefined;
  for (const cable of cables) await cable.pull();
  await database.close();
});

const verified = (url = '', host = '127.0.0.1'): string => {
  const address = new URL(url);
  address.hostname = host;
  address.searchParams.set('sslmode', 'verify-full');
  return address.href;
};

describe('a server whose certificate is verified', () => {
  test('is worked with, and heard, if the setting names it by the address that stands in the certificate', async () => {
    opened = await openDatabase({ url: verified(cables[0]?.url) });
    const heard = Promise.withResolvers<string>();
    await opened.listen('news', (payload) => payload !== '' && heard.resolve(payload));
    await opened.notify('news', 'it moved');
    expect(await heard.promise).toBe('it moved');
  });

  test('is refused if it is asked by a name that does not stand there', async () => {
    const asked = openDatabase({ url: verified(cables[0]?.url, 'localhost') });
    expect(codesOf(await asked.catch((error: unknown) => error))).toContain('ERR_TLS_CERT_ALTNAME_INVALID');
  });

  test('may be one of two addresses, of which one goes away', async () => {
    opened = await openDatabase({ url: ofServers(cables.map(({ url }) => verified(url))), max: 1 });
    const { sql } = opened;
    expect(await sql`select 1 as one`).toEqual([{ one: 1 }]);
    await cables[0]?.pull();
    const works = () => sql`select 1 as one`.catch(() => []);
    await expect.poll(works, { timeout: 20_000 }).toEqual([{ one: 1 }]);
  });
});
