/** Somebody who can write to the database, and does not have the server's key. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bindEarlierCases } from '../../src/app/bound-case.ts';
import { sendRoot, verifyRoot } from '../../src/app/daily-root.ts';
import { transact } from '../../src/app/transaction.ts';
import { createCaseKey, createTeamKey } from '../../src/crypto/case-key.ts';
import { minutes } from '../../src/kernel/time.ts';
import { type House, openHouse, referenceOn } from '../app/house.ts';
import type { Phone } from '../app/messenger.ts';

let house: House;
let supervisor: Phone;
let awa: Phone;
let reference: string;

beforeEach(async () => {
  house = await openHouse();
  supervisor = await house.officer('Fanta');
  await house.database.sql`update officers set role = 'supervisor'`;
  awa = house.person('Awa');
  await awa.says('SOS');
  reference = referenceOn(awa);
});
afterEach(() => house.close());

const sql: House['database']['sql'] = ((...query: Parameters<House['database']['sql']>) =>
  house.database.sql(...query)) as never;

/** Puts a key of the intruder's own, with a wrap for the team as the real one has it, into the place of a case's. */
async function swapsKey(): Promise<void> {
  const own = await createTeamKey();
  const { recipient } = await createCaseKey([{ group: 'team', recipient: own.recipient }], 'any');
  await sql`update cases set recipient = ${recipient}`;
}

const cases = async () =>
  (
    await sql`select id, reference, recipient, chain_length as length, replaces from cases order by opened_at, replaces nulls first`
  ).map(
    (row) =>
      ({ ...row }) as {
        id: string;
        reference: string | null;
        recipient: string;
        length: number;
        replaces: string | null;
      },
  );
const warnings = () => supervisor.screen().filter((text) => text.includes('a changé la clé'));
const itemsOf = async (of: string) => (await house.read(of)).items;

describe('an intruder who can write to the database', () => {
  it('cannot read what comes after putting a key of their own in a case’s place: it goes on in a fresh case', async () => {
    const before = (await cases())[0]?.length;
    await swapsKey();
    house.clock.advance(minutes(1));
    await awa.says('Ils sont devant la maison');
    await awa.says('Ils sont quatre');
    await house.cycle();
    const [old, fresh, ...more] = await cases();
    expect(more).toEqual([]);
    expect(old?.length).toBe(before);
    expect(fresh?.replaces).toBe(old?.id);
    const items = await itemsOf(fresh?.reference ?? '');
    expect(items[0]?.payload).toMatchObject({ what: 'goes_on', from: reference });
    expect(JSON.stringify(items)).toContain('Ils sont devant la maison');
    expect(JSON.stringify(items)).toContain('Ils sont quatre');
    // The person was told nothing of another case; supervisors were, once; and somebody is sought for the fresh one.
    expect(awa.screen().join('\n')).not.toContain(fresh?.reference);
    expect(warnings()).toEqual([expect.stringContaining(`la suite est dans ${fresh?.reference}`)]);
    const alerts =
      await sql`select case_id, level, state, reporter_sealed is not null as leads from alerts order by raised_at`;
    expect(alerts.map((row) => ({ ...row }))).toEqual([
      { case_id: old?.id, level: 'critical', state: 'open', leads: true },
      { case_id: fresh?.id, level: 'critical', state: 'open', leads: true },
    ]);
  });

  it('cannot have a file sealed to a key of theirs, also one that was on its way already', async () => {
    house.phones.upload('note', new Uint8Array(5_000).fill(7));
    await awa.sends('voice', 'note', { seconds: 40 });
    await swapsKey();
    await house.fetch();
    const [, fresh] = await cases();
    const read = await house.read(fresh?.reference ?? '');
    expect(read.files).toEqual([Buffer.alloc(5_000, 7)]);
    expect(awa.last()).toBe('Enregistré : 1 fichier.');
    expect(warnings()).toHaveLength(1);
  });

  it('cannot lead one person’s words into the case of another by saying that it goes on there', async () => {
    const kadi = house.person('Kadi');
    await kadi.says('SOS');
    const [mine, hers] = await cases();
    await sql`update cases set recipient = 'age1pq1qqq', recipient_signature = null where id = ${mine?.id ?? ''}`;
    await sql`update cases set replaces = ${mine?.id ?? ''}, replaces_signature = recipient_signature where id = ${hers?.id ?? ''}`;
    await awa.says('Ils sont devant la maison');
    const fresh = (await cases()).find(({ id, replaces }) => replaces === mine?.id && id !== hers?.id);
    expect(JSON.stringify(await itemsOf(fresh?.reference ?? ''))).toContain('devant la maison');
    expect(JSON.stringify(await itemsOf(hers?.reference ?? ''))).not.toContain('devant la maison');
  });

  it('cannot take a signature away and have the next start sign a key of theirs', async () => {
    // As each start does: what is there from before keys were signed is signed once, by one of two processes.
    const starts = () => transact(house.ctx, bindEarlierCases);
    await sql`update cases set recipient_signature = null, bound_from = 0`;
    expect((await Promise.all([starts(), starts()])).toSorted()).toEqual([1, undefined]);
    await awa.says('Ils sont devant la maison');
    const [only, ...more] = await cases();
    expect([only?.reference, more]).toEqual([reference, []]);
    expect((await sql`select bound_from > 0 as counted from cases`)[0]?.counted).toBe(true);
    await swapsKey();
    await sql`update cases set recipient_signature = null, bound_from = 0`;
    expect(await starts()).toBe(undefined);
    await awa.says('Ils sont quatre');
    expect(await cases()).toHaveLength(2);
    expect((await cases())[0]?.length).toBe(only?.length);
  });

  it('cannot set a case back, or remove one, without the code of an earlier day showing it', async () => {
    await awa.says('Ils sont devant la maison');
    const root = await sendRoot(house.ctx, house.clock.at());
    if (!root) throw new Error('no code was made');
    expect(await sendRoot(house.ctx, house.clock.at())).toBe(undefined);
    await house.cycle();
    expect(supervisor.screen().filter((text) => text.includes(root))).toHaveLength(1);
    const now = () => verifyRoot(house.database.db, root);
    // What comes later changes nothing of what was there.
    await awa.says('Ils sont quatre');
    expect(await now()).toMatchObject({ ok: true, cases: 1 });
    // Each row fits the other, and every signature is the server's own: only the code knows better.
    await sql`delete from case_items where place > 0`;
    await sql`update cases set chain_length = 1, chain_head = (select link from case_items)`;
    expect((await house.read(reference)).items).toHaveLength(1);
    expect(await now()).toMatchObject({ ok: false, problem: 'changed', cases: [reference] });
    await sql`update roots set document = jsonb_set(document, '{cases,0,length}', '1')`;
    expect(await now()).toMatchObject({ ok: false, problem: 'unknown' });
    await sql`delete from roots`;
    expect(await now()).toMatchObject({ ok: false, problem: 'unknown' });
  });
});
