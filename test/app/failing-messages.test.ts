/** A message that makes the program fail: what its sender, the officers and the messenger see of it. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { keepFailed } from '../../src/app/alerts/failing-messages.ts';
import type { Context } from '../../src/app/ground/context.ts';
import { createUnderWay, keyOf } from '../../src/app/ground/under-way.ts';
import { createIntake } from '../../src/app/intake/intake.ts';
import { arrivalOf } from '../../src/app/keys/addresses.ts';
import { countSuspects } from '../../src/app/watch/falls.ts';
import type { IncomingContent, IncomingMessage } from '../../src/channels/channel.ts';
import { type House, openHouse, referenceOn } from './house.ts';

let house: House;
let sql: House['database']['sql'];
beforeEach(async () => {
  house = await openHouse();
  sql = house.database.sql;
});
afterEach(() => house.close());

const message = (content: IncomingContent, more: Partial<IncomingMessage> = {}): IncomingMessage => ({
  channel: 'telegram',
  id: 'poison',
  address: 'Awa',
  content,
  ...more,
});
const text = (words: string): IncomingContent => ({ kind: 'text', text: words });

/** The service with a bug: every conversation fails. */
function withBug(): Context {
  const triage = () => {
    throw new Error('a bug');
  };
  const texts = {
    ...house.ctx.texts,
    t: (language: string, key: string, params: Record<string, string | number>) => {
      if (key === 'service.only_private') throw new Error('a bug');
      return house.ctx.texts.t(language, key, params);
    },
  };
  return { ...house.ctx, texts, conversation: { ...house.ctx.conversation, triage } };
}

/** Whether the messenger is told that it need not bring this message again. */
const isTaken = (ctx: Context, what: IncomingMessage): Promise<boolean> =>
  createIntake(ctx)(what).then(
    () => true,
    () => false,
  );

const inbox = async () =>
  (await sql`select state, attempts, body_sealed is null as blank from inbox`).map((row) => ({ ...row }));

test('is brought again twice, kept sealed meanwhile; then a person reads it, and the sender is told in their language', async () => {
  const kadi = await house.officer('Kadi');
  await sql`delete from inbox`;
  const awa = house.person('Awa');
  const said = message(text('SOS'), { languageHint: 'en' });
  const broken = withBug();
  expect(await isTaken(broken, said)).toBe(false);
  expect(await inbox()).toEqual([{ state: 'failed', attempts: 1, blank: false }]);
  expect(await isTaken(broken, said)).toBe(false);
  await house.deliver();
  expect(awa.screen()).toEqual([]);
  expect(await isTaken(broken, said)).toBe(true);
  expect(await inbox()).toEqual([{ state: 'parked', attempts: 3, blank: true }]);
  await house.cycle();
  const reference = referenceOn(awa);
  expect(awa.screen()).toEqual([
    'Your message is kept, but our program could not read it.\n' +
      `A person of the team has been told to read it. Reference: ${reference}`,
  ]);
  expect(kadi.last()).toContain(reference);
  const { items } = await house.read(reference);
  expect(items[0]?.payload).toMatchObject({ message: { content: { text: 'SOS' } } });
  expect(await isTaken(broken, said)).toBe(true);
  expect(await sql`select 1 from cases`).toHaveLength(1);
});

test('is forgotten as a failure when the program is mended in time', async () => {
  await isTaken(withBug(), message(text('SOS')));
  expect(await isTaken(house.ctx, message(text('SOS')))).toBe(true);
  await house.deliver();
  expect(house.person('Awa').last()).toContain('Où êtes-vous ?');
  expect(await inbox()).toEqual([{ state: 'handled', attempts: 1, blank: true }]);
});

test('is handled no more once the service fell over it three times: a person reads it, and its sender is told', async () => {
  const said = message(text('SOS'), { languageHint: 'en' });
  const key = keyOf(arrivalOf(house.ctx, said));
  const suspects = await countSuspects(house.ctx, [{ key, times: 3 }]);
  const marks: string[] = [];
  const underWay = createUnderWay(
    { begins: () => void marks.push('begins'), ends: () => void marks.push('ends') },
    suspects,
  );
  const triage = () => {
    throw new Error('it was read again');
  };
  const ctx = { ...house.ctx, conversation: { ...house.ctx.conversation, triage } };
  await createIntake(ctx, underWay)(said);
  expect(marks).toEqual(['begins', 'ends']);
  expect(await inbox()).toEqual([expect.objectContaining({ state: 'parked', blank: true })]);
  await house.deliver();
  expect(house.person('Awa').last()).toContain('Your message is kept');
  const { items } = await house.read(referenceOn(house.person('Awa')));
  expect(items[0]?.payload).toMatchObject({ message: { content: { text: 'SOS' } } });
});

test('is suspected alone: of those that were under way when the service fell one is handled at a time', async () => {
  const underWay = createUnderWay(
    undefined,
    new Map([
      ['a', 1],
      ['b', 1],
    ]),
  );
  const ended = Promise.withResolvers<void>();
  const begun: string[] = [];
  const handles = (key: string, work: Promise<void>) =>
    underWay.handle(key, () => {
      begun.push(key);
      return work;
    });
  const all = [handles('a', ended.promise), handles('b', Promise.resolve()), handles('c', Promise.resolve())];
  await all[2];
  expect(begun).toEqual(['c', 'a']);
  ended.resolve();
  await Promise.all(all);
  expect(begun).toEqual(['c', 'a', 'b']);
});

test('several processes that fail with it at once make one case', async () => {
  const said = message(text('SOS'));
  const fails = () => keepFailed(house.another(), said, new Error('a bug'));
  await fails();
  await fails();
  await Promise.all([fails(), fails(), fails()]);
  expect(await sql`select 1 from cases`).toHaveLength(1);
  expect(await sql`select 1 from alerts`).toHaveLength(1);
});

test('from a group is put aside: a group is told nothing, and no one is woken', async () => {
  const broken = withBug();
  const group = message({ kind: 'group' }, { address: 'group' });
  for (let tried = 0; tried < 2; tried++) expect(await isTaken(broken, group)).toBe(false);
  expect(await isTaken(broken, group)).toBe(true);
  await house.cycle();
  expect(house.person('group').screen()).toEqual([]);
  expect(await sql`select 1 from alerts`).toHaveLength(0);
  expect(await inbox()).toEqual([{ state: 'parked', attempts: 3, blank: true }]);
});
