/**
 * Two processes on one database, at their real pace: the one that holds the lease has the socket, and the other takes
 * it over when the first is gone.
 */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { referenceIn, textOf } from '../end-to-end/world.ts';
import type { Person } from '../fakes/whatsapp/person.ts';
import { type LinkedService, openLinkedService, type Process } from '../linked-service.ts';

const LONGEST = 30_000;

let service: LinkedService;
let first: Process;
let second: Process;
let awa: Person;
let reference = '';
let words = 0;

beforeEach(async () => {
  service = await openLinkedService();
  first = service.start();
  await service.isReady();
  second = service.start();
  await second.logs('service_started');
  awa = service.whatsapp.person('Awa');
  await awa.says('SOS');
  reference = referenceIn((await awa.seesText('Nous avons reçu votre SOS', { within: 60_000 })).text);
  words = 0;
}, 180_000);
afterEach(() => service.close());

async function awaWrites(): Promise<void> {
  words += 1;
  await awa.says(`mot ${words}`);
}

/** Every word is in the case once and in order, and Awa is one person. */
async function allIsThere(): Promise<void> {
  await service.isQuiet();
  const said = textOf((await service.read(reference)).items);
  const found = [...said.matchAll(/mot (\d+)/g)].map(([, word]) => Number(word));
  expect(found).toEqual(Array.from({ length: words }, (_, n) => n + 1));
  const [{ count } = { count: 0 }] = await service.database.sql`select count(*)::int from contacts`;
  expect(count).toBe(1);
}

/** Seconds until the other process has the socket, while Awa goes on writing. */
async function isTakenOver(before: unknown): Promise<number> {
  const since = performance.now();
  const { account } = service.whatsapp;
  await service.whatsapp.until(() => account.active && account.line !== before, LONGEST);
  return Math.round((performance.now() - since) / 100) / 10;
}

test('a process that is killed is followed by another one of its machine within 30 seconds', async () => {
  const { account } = service.whatsapp;
  const before = account.line;
  await awaWrites();
  await first.kills();
  await awaWrites();
  const after = await isTakenOver(before);
  await awaWrites();
  await allIsThere();
  expect(account.overlaps).toBe(0);
  process.stdout.write(`taken over on the same machine after ${after} s\n`);
}, 120_000);

test('a process whose machine is gone is followed by one of another machine within 30 seconds', async () => {
  const { account } = service.whatsapp;
  const before = account.line;
  await awaWrites();
  await first.kills();
  // What the second process reads of the first: it ran where nobody here can see whether it still does.
  await service.database.sql`
    update leases set process = '00000000-0000-0000-0000-000000000000 pid:[1] 1 1' where name like 'whatsapp%'`;
  await awaWrites();
  const after = await isTakenOver(before);
  await awaWrites();
  await allIsThere();
  expect(account.overlaps).toBe(0);
  process.stdout.write(`taken over from another machine after ${after} s\n`);
}, 120_000);

test('a process that slept past its lease does nothing when it wakes, and can take over again later', async () => {
  const { account } = service.whatsapp;
  const slept = account.line;
  await awaWrites();
  first.freezes();
  // Into the socket of the sleeper, who has not read them when it wakes.
  for (let n = 0; n < 5; n++) await awaWrites();
  const after = await isTakenOver(slept);
  const taken = account.line;
  for (let n = 0; n < 5; n++) await awaWrites();
  await service.isQuiet();
  const calls = service.whatsapp.calls.length;
  first.wakes();
  await first.logs('lease_lost');
  await awaWrites();
  await allIsThere();
  expect(account.line).toBe(taken);
  // A frozen process cannot hang up: one overlap, ended by WhatsApp. It came back for nothing.
  expect(account.overlaps).toBe(1);
  const receipts = service.whatsapp.calls.slice(calls).filter(({ method }) => method === 'receipt');
  expect(new Set(receipts.map(({ stanza }) => stanza.attrs.id)).size).toBeLessThanOrEqual(1);
  // The ratchets are where the second process left them: the first one goes on from there.
  await second.kills();
  await isTakenOver(taken);
  await awaWrites();
  await allIsThere();
  process.stdout.write(`taken over from a sleeper after ${after} s\n`);
}, 180_000);
