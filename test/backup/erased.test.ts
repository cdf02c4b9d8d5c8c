import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { removeOfficer } from '../../src/app/duty/officers.ts';
import { transact } from '../../src/app/ground/transaction.ts';
import { noteErased } from '../../src/app/keeping/erased.ts';
import { makeBackup } from '../../src/app/keeping/make-backup.ts';
import { forget } from '../../src/app/reporters/forget.ts';
import { readErased } from '../../src/backup/erased.ts';
import { ERASED } from '../../src/backup/names.ts';
import { removeMember } from '../../src/db/members.ts';
import type { OfficerId } from '../../src/kernel/ids.ts';
import { days, hours } from '../../src/kernel/time.ts';
import { keepingOf } from '../../src/messengers/list.ts';
import { type ErasingHouse, openErasingHouse } from '../app/erasing-house.ts';
import { calm, openHouse, referenceOn } from '../app/house.ts';
import { emptyDatabase, openSaving } from './saving.ts';

describe('a case that was erased after the backup', () => {
  let erasing: ErasingHouse;
  let saving: Awaited<ReturnType<typeof openSaving>>;
  let name: string;
  beforeAll(async () => {
    erasing = await openErasingHouse();
    const { house } = erasing;
    saving = await openSaving(house);
    await erasing.asks(erasing.kadi);
    name = (await saving.save()).name;
    await erasing.agrees(erasing.moussa);
    await erasing.pass(days(7) + hours(1));
    expect(await house.database.sql`select 1 from cases`).toEqual([]);
  }, 60_000);
  afterAll(async () => {
    await erasing.house.close();
    await saving.close();
  });

  test('is gone from the restored database too, and the log there says who wanted it', async () => {
    await noteErased(erasing.house.ctx, saving.target, { at: erasing.house.clock.at(), isBackup: false });
    const { there, restored } = await saving.elsewhere(name);
    try {
      const { sql } = there.database;
      expect(restored.followed.again.cases).toBe(1);
      for (const table of [
        'cases',
        'case_items',
        'case_wraps',
        'alerts',
        'receipt_codes',
        'evidence',
        'evidence_chunks',
      ])
        expect(await sql.unsafe(`select 1 from ${table}`), table).toEqual([]);
      expect(await sql`select state, reference from erasures`).toEqual([
        { state: 'done', reference: erasing.reference },
      ]);
      const [line] = await sql`select detail from audit_log where what = 'case_erased'`;
      expect(line?.detail).toMatchObject({
        reference: erasing.reference,
        asked: erasing.kadi,
        restored: true,
      });
      // A backup of that one knows of it as well.
      const again = await openSaving(there);
      await again.save();
      expect((await readErased(there.ctx.keyring, again.target))?.entries).toHaveLength(1);
      await again.close();
    } finally {
      await there.close();
    }
  });

  test('is noted before each backup, so that the list is never older than a day', async () => {
    await saving.save();
    expect((await readErased(erasing.house.ctx.keyring, saving.target))?.entries).toMatchObject([
      { what: 'erased', left: { reference: erasing.reference } },
    ]);
    // Nobody who looks into the folder reads which.
    expect((await saving.read(ERASED)).toString('latin1')).not.toContain(erasing.reference);
  });

  test('does not come back by a list that was changed: the restore is refused in one line', async () => {
    await noteErased(erasing.house.ctx, saving.target, { at: erasing.house.clock.at(), isBackup: false });
    const list = await saving.read(ERASED);
    list[list.length - 1] = (list.at(-1) ?? 0) ^ 1;
    await saving.write(ERASED, list);
    const empty = await emptyDatabase();
    await expect(saving.putInto(empty, name)).rejects.toMatchObject({ code: 'erased_changed' });
    await empty.close();
    // The next backup writes it anew, and says so.
    expect((await saving.save()).wasListChanged).toBe(true);
    expect((await readErased(erasing.house.ctx.keyring, saving.target))?.entries).toHaveLength(1);
  });
});

describe('a reporter who cried for help and then wanted nothing kept', () => {
  test('finds nothing kept by a backup from before either', async () => {
    const house = await openHouse();
    const saving = await openSaving(house);
    try {
      await house.officer('Binta');
      const awa = house.person('Awa');
      await awa.says('SOS');
      await awa.says('Kati, derrière le marché');
      await awa.presses('Oui');
      await awa.presses('je continue');
      const { name } = await saving.save();
      await awa.says('Non');
      expect(awa.screen().join('\n')).toContain('Nous gardons seulement');
      await noteErased(house.ctx, saving.target, { at: house.clock.at(), isBackup: false });
      const { there } = await saving.elsewhere(name);
      const { items } = await there.read(referenceOn(awa));
      expect(JSON.stringify(items)).not.toContain('Kati');
      expect(items).toHaveLength(1);
      // What she says there stays, also through the next backup and restore with the same list.
      there.clock.advance(hours(1));
      const again = there.person('Awa');
      await again.says('SOS');
      await again.says('ils ont pris ma soeur');
      const count = (await there.read(referenceOn(awa))).items.length;
      const { db, epochs } = there.ctx;
      const made = await makeBackup({
        ...saving.keeping,
        ...{ db, epochs, clock: there.clock, url: there.database.url },
      });
      const second = await emptyDatabase();
      const { followed } = await saving.putInto(second, made?.name ?? '');
      expect(followed.again.cases).toBe(0);
      expect((await second.sql`select count(*)::int as n from case_items`)[0]?.n).toBe(count);
      expect(count).toBeGreaterThan(1);
      await second.close();
      await there.close();
    } finally {
      await house.close();
      await saving.close();
    }
  });
});

describe('an erasing that waited when the backup was made', () => {
  test('is stopped by the restore: a "no" said since is lost, and nothing is destroyed against it', async () => {
    const erasing = await openErasingHouse();
    const saving = await openSaving(erasing.house);
    try {
      await erasing.wanted();
      const { name } = await saving.save();
      const { there, restored } = await saving.elsewhere(name);
      expect(restored.followed.stopped).toBe(1);
      expect(await there.database.sql`select state, stopped_because as because from erasures`).toEqual([
        { state: 'stopped', because: 'restored' },
      ]);
      there.clock.advance(days(9));
      await forget(there.ctx, calm, keepingOf());
      expect(await there.database.sql`select 1 from cases`).toHaveLength(1);
      await there.close();
    } finally {
      await erasing.house.close();
      await saving.close();
    }
  });
});

describe('people who were taken out after the backup', () => {
  test('are not paged by the restored service, and nothing of theirs signs in', async () => {
    const erasing = await openErasingHouse();
    const { house } = erasing;
    const saving = await openSaving(house);
    try {
      const awa = house.person('Oumar');
      await awa.says('SOS');
      const { name } = await saving.save();
      const { sql } = house.database;
      const [binta] = await sql<{ id: OfficerId }[]>`select id from officers`;
      await transact(house.ctx, async (at) => {
        await removeOfficer(at, binta?.id as OfficerId);
        await removeMember(at.tx, erasing.kadi, at.now);
      });
      await noteErased(house.ctx, saving.target, { at: house.clock.at(), isBackup: false });
      const { there, restored } = await saving.elsewhere(name);
      expect(restored.followed.again.people).toBeGreaterThanOrEqual(2);
      await there.cycle();
      expect(there.person('Binta').screen()).toEqual([]);
      const removed = await there.database.sql`select id from members where removed_at is not null`;
      expect(removed.map(({ id }) => id)).toEqual([erasing.kadi]);
      expect(await there.database.sql`select 1 from team_grants where member_id = ${erasing.kadi}`).toEqual(
        [],
      );
      await there.close();
    } finally {
      await house.close();
      await saving.close();
    }
  });
});
