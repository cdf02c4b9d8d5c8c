import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { EMPTY_PLAN } from '../../src/alerts/plan.ts';
import { setReporterSafety } from '../../src/app/alerts/reporter-news.ts';
import { loadExclusions, storePlan } from '../../src/app/duty/duty-plan.ts';
import { letContactGo, removeOfficer } from '../../src/app/duty/officers.ts';
import { transact } from '../../src/app/ground/transaction.ts';
import { keepErased, noteErased } from '../../src/app/keeping/listing.ts';
import { makeBackup } from '../../src/app/keeping/make-backup.ts';
import { openName } from '../../src/app/records/officer-names.ts';
import { withComer, withoutChats } from '../../src/app/records/reporter-chats.ts';
import { chatsOf, openReporter } from '../../src/app/records/reporter-link.ts';
import { forget } from '../../src/app/reporters/forget.ts';
import { readErased } from '../../src/backup/erased.ts';
import { ERASED } from '../../src/backup/names.ts';
import { findAlertOfCase, updateAlert } from '../../src/db/alerts.ts';
import { deleteReceiptCode } from '../../src/db/cases.ts';
import { removeMember } from '../../src/db/members.ts';
import type { AlertId, CaseId, ContactId, OfficerId } from '../../src/kernel/ids.ts';
import { days, hours, minutes } from '../../src/kernel/time.ts';
import { keepingOf } from '../../src/messengers/list.ts';
import { type ErasingHouse, openErasingHouse } from '../app/erasing-house.ts';
import { calm, openHouse, referenceOn } from '../app/house.ts';
import type { Phone } from '../app/messenger.ts';
import { emptyDatabase, openSaving } from './saving.ts';

describe('a case that was erased after the backup', () => {
  let erasing: ErasingHouse;
  let saving: Awaited<ReturnType<typeof openSaving>>;
  let name: string;
  let boss: Phone;
  beforeAll(async () => {
    erasing = await openErasingHouse();
    const { house } = erasing;
    Object.assign(house.ctx.settings, { hasBackups: true });
    boss = await erasing.supervisor('Boss');
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

  test('is said to be erased only once the list beside the backups holds it', async () => {
    const said = () => boss.screen().filter((text) => text.includes('effacé, pour toujours')).length;
    const person = () => erasing.awa.screen().filter((text) => /c.est fait/.test(text)).length;
    await erasing.house.deliver();
    expect([said(), person()]).toEqual([0, 0]);
    // The disk of the backups is away.
    const away = {
      ...saving.keeping,
      target: { ...saving.target, write: () => Promise.reject(new Error('away')) },
    };
    await expect(keepErased(erasing.house.ctx, away)).rejects.toThrow('away');
    erasing.house.clock.advance(minutes(2));
    await erasing.house.deliver();
    expect([said(), person()]).toEqual([0, 0]);
    await keepErased(erasing.house.ctx, saving.keeping);
    erasing.house.clock.advance(minutes(2));
    await erasing.house.deliver();
    expect([said(), person()]).toEqual([1, 1]);
    await keepErased(erasing.house.ctx, saving.keeping);
    await erasing.house.deliver();
    expect(said()).toBe(1);
  });

  test('is gone from the restored database too, and the log there says who wanted it', async () => {
    await noteErased(saving.keeping, { isBackup: false });
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
    await noteErased(saving.keeping, { isBackup: false });
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
      await noteErased(saving.keeping, { isBackup: false });
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

describe('what people were protected by after the backup', () => {
  test('protects them in the restored service too: people who were taken out, revoked or excluded hear of no case', async () => {
    const erasing = await openErasingHouse();
    const { house, kadi } = erasing;
    const saving = await openSaving(house);
    try {
      const seydou = await house.officer('Seydou');
      const moussa = await house.officer('Moussa');
      const ali = await house.officer('Ali');
      const oumar = house.person('Oumar');
      await oumar.says('SOS');
      await oumar.says('Kayes, au marché');
      await oumar.presses('Oui');
      const reference = referenceOn(oumar);
      const { name } = await saving.save();
      const { sql } = house.database;
      const ids = Object.fromEntries(
        (await sql<{ id: OfficerId; name_sealed: Uint8Array }[]>`select id, name_sealed from officers`).map(
          (row) => [openName(house.ctx, { id: row.id, nameSealed: row.name_sealed }), row.id],
        ),
      );
      const [alert] = await sql<{ id: AlertId; case_id: CaseId }[]>`
        select id, case_id from alerts where reference = ${reference}`;
      const caseId = alert?.case_id as CaseId;
      const [contact] = await sql<{ contact_id: ContactId }[]>`
        select contact_id from officer_contacts where officer_id = ${ids.Seydou as OfficerId}`;
      const reporter = await transact(house.ctx, async (at) => {
        const row = await findAlertOfCase(at.tx, caseId);
        return (row && (await openReporter(at, row)))?.contactId as ContactId;
      });
      house.clock.advance(minutes(30));
      await transact(house.ctx, async (at) => {
        await removeOfficer(at, ids.Binta as OfficerId);
        await removeMember(at.tx, kadi, at.now);
        // His phone was seized.
        await letContactGo(at, { contactId: contact?.contact_id as ContactId, channel: 'telegram' });
        await updateAlert(at.tx, alert?.id as AlertId, { excluded: [ids.Moussa as OfficerId] });
        const rule = { officer: ids.Moussa as OfficerId, regions: ['kayes'], perpetrators: [] };
        await storePlan(at, EMPTY_PLAN, [rule]);
        // Oumar's phone is not his any more, the old code was seen, and a chat that came by it was refused.
        await setReporterSafety(at, caseId, reporter, { no: 'no' });
        await deleteReceiptCode(at.tx, caseId, at.now);
      });
      await noteErased(saving.keeping, { isBackup: false });
      const { there, restored } = await saving.elsewhere(name);
      expect(restored.followed.again).toMatchObject({ people: 3, codes: 1, excluded: 2 });
      const before = { seydou: seydou.screen().length, moussa: moussa.screen().length };
      await there.cycle();
      there.clock.advance(minutes(30));
      await there.cycle();
      const named = ['Binta', 'Seydou', 'Moussa', 'Ali'].filter((each) =>
        there.person(each).screen().join(' ').includes(reference),
      );
      expect(named).toEqual(['Ali']);
      expect(before.seydou + before.moussa + ali.screen().length).toBeGreaterThan(3);
      await there.person('Ali').presses('Je prends');
      // Nothing is written to Oumar's phone by itself.
      expect(there.person('Oumar').screen()).toEqual([]);
      const { sql: now } = there.database;
      expect((await now`select id from members where removed_at is not null`).map(({ id }) => id)).toEqual([
        kadi,
      ]);
      expect(await now`select 1 from team_grants where member_id = ${kadi}`).toEqual([]);
      expect(await now`select 1 from receipt_codes where case_id = ${caseId}`).toEqual([]);
      expect(await transact(there.ctx, (at) => loadExclusions(at.tx, there.ctx))).toMatchObject([
        { officer: ids.Moussa, regions: ['kayes'] },
      ]);
      await there.close();
    } finally {
      await house.close();
      await saving.close();
    }
  });

  test('a chat that was refused the case after the backup does not have it again', () => {
    const [old, thief, other] = ['old', 'thief', 'other'] as unknown as ContactId[] as [
      ContactId,
      ContactId,
      ContactId,
    ];
    const link = { contactId: old, chats: [{ contactId: old }, { contactId: thief }], isUndecided: true };
    const without = withoutChats(link, [thief, other]);
    expect(chatsOf(without).map(({ contactId }) => contactId)).toEqual([old]);
    for (const each of [thief, other])
      expect(withComer(without, each, new Date('2026-11-30T00:00:00Z'))).toBe('refused');
  });
});
