/** Which server key a database wants: a service with another one could open nothing, and would page nobody. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { addOfficer } from '../../src/app/duty/officers.ts';
import { transact } from '../../src/app/ground/transaction.ts';
import { markOwnKey, otherKey } from '../../src/app/keys/own-key.ts';
import { addKey, generateKeyringFile, parseKeyring } from '../../src/crypto/keyring.ts';
import { databaseClock } from '../../src/db/clock.ts';
import { claimMode } from '../../src/db/service-state.ts';
import { createTestDatabase, type TestDatabase } from '../database.ts';

let database: TestDatabase;
const now = new Date('2026-11-29T10:00:00Z');
const file = generateKeyringFile();
const ours = parseKeyring(file);
const other = parseKeyring(generateKeyringFile());
const rotated = parseKeyring(addKey(file));

beforeEach(async () => {
  database = await createTestDatabase({ max: 2 });
  await claimMode(database.db, 'live', now);
});
afterEach(() => database.close());

test('a new database takes any key, and from then on wants that one, by its fingerprint', async () => {
  const { db } = database;
  expect(await otherKey(db, ours)).toBeUndefined();
  await markOwnKey(db, ours);
  expect(await otherKey(db, ours)).toBeUndefined();
  expect(await otherKey(db, other)).toBe(
    `key ${ours.currentKeyId}, fingerprint ${ours.signingKeys[0]?.fingerprint}`,
  );
});

test('after a rotation the newest key is wanted: a copy of the file from before does not start', async () => {
  const { db } = database;
  await markOwnKey(db, ours);
  expect(await otherKey(db, rotated)).toBeUndefined();
  await markOwnKey(db, rotated);
  expect(await otherKey(db, rotated)).toBeUndefined();
  expect(await otherKey(db, ours)).toContain(`key ${rotated.currentKeyId}, fingerprint `);
});

test('a database from before keys were marked names the key that sealed an officer’s name', async () => {
  const { db } = database;
  await transact({ db, clock: databaseClock, keyring: ours }, (at) =>
    addOfficer(at, { name: 'Awa', role: 'officer', language: 'fr' }),
  );
  expect(await otherKey(db, ours)).toBeUndefined();
  expect(await otherKey(db, other)).toBe(`key ${ours.currentKeyId}`);
});

test('what an intruder wrote into the database does not reach the operator’s terminal', async () => {
  const { db, sql } = database;
  await markOwnKey(db, ours);
  await sql`update service set server_key_id = ${'\u001B[2J'}, server_key_fingerprint = ${'\u001B[2J all is well'}`;
  expect(await otherKey(db, other)).toBe('key of an unknown id');
});
