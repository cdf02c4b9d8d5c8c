/**
 * Erasing a case: two people of the team, seven days in which either can stop it, whatever the reporter says stops it, and
 * then nothing is left but that it was.
 */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openCaseRoom } from '../../src/app/console/case-room.ts';
import { erasingNow, seeToTask } from '../../src/app/console/erasure.ts';
import { readInbox } from '../../src/app/console/inbox.ts';
import { setLevel } from '../../src/app/console/level.ts';
import { takeOut } from '../../src/app/members/members.ts';
import { audit, readAudit } from '../../src/app/records/audit.ts';
import { freeReference } from '../../src/app/records/case-opening.ts';
import { excludeIfNamesake } from '../../src/app/records/may-know.ts';
import { forget } from '../../src/app/reporters/forget.ts';
import { sendRoot, verifyRoot } from '../../src/app/watch/daily-root.ts';
import { removeMember } from '../../src/db/members.ts';
import type { MemberId, OfficerId } from '../../src/kernel/ids.ts';
import { days, hours } from '../../src/kernel/time.ts';
import { keepingOf } from '../../src/messengers/list.ts';
import { type ErasingHouse, openErasingHouse } from './erasing-house.ts';
import { calm, type House, hold, referenceOn, somebodyWaits, until } from './house.ts';
import type { Phone } from './messenger.ts';

const START_OF_SERVICE = new Date('2026-01-01T00:00:00Z');

let house: House;
let officer: Phone;
let awa: Phone;
let reference: string;
let code: string;
let kadi: MemberId;
let moussa: MemberId;
let oumou: MemberId;
let isSeenTo: ErasingHouse['isSeenTo'];
let inside: ErasingHouse['inside'];
let as: ErasingHouse['as'];
let member: ErasingHouse['member'];
let asks: ErasingHouse['asks'];
let agrees: ErasingHouse['agrees'];
let stops: ErasingHouse['stops'];
let wanted: ErasingHouse['wanted'];
let pass: ErasingHouse['pass'];
let isEnded: ErasingHouse['isEnded'];
let erasureSeenBy: ErasingHouse['erasureSeenBy'];
let isThere: ErasingHouse['isThere'];
let supervisor: ErasingHouse['supervisor'];
let tablesWith: ErasingHouse['tablesWith'];
let canaries: ErasingHouse['canaries'];

beforeEach(async () => {
  const erasing = await openErasingHouse();
  ({ house, officer, awa, reference, code, kadi, moussa, oumou } = erasing);
  ({ isSeenTo, inside, as, member, asks, agrees, stops, wanted } = erasing);
  ({ supervisor } = erasing);
  ({ pass, isEnded, erasureSeenBy, isThere, tablesWith, canaries } = erasing);
});
afterEach(() => house.close());

describe('a case that two people want erased', () => {
  test('is gone after seven days, from every table, and the person is told in a neutral word', async () => {
    const before = await canaries();
    await wanted();
    expect(officer.screen().join('\n')).not.toContain(`${reference} : deux personnes`);
    await pass(days(6) + hours(23));
    expect(await isThere()).toBe(true);
    await pass(hours(2));
    expect(await isThere()).toBe(false);
    expect(awa.last()).toMatch(/– c'est fait$/);
    const left = await Promise.all(
      Object.entries(before).map(async ([what, each]) => [what, await tablesWith(each)] as const),
    );
    expect(Object.fromEntries(left)).toEqual({
      'the case': ['public.audit_log', 'public.erasures'],
      'its alert': [],
      'its key': [],
      'its first item': [],
      'its file': [],
      'its code': [],
      'the way to the person': [],
    });
    expect(await tablesWith(reference)).toEqual(['public.audit_log', 'public.erasures']);
  });

  test('leaves who wanted it, when and why; no one gets its reference again, and its code is a wrong one', async () => {
    await wanted();
    await pass(days(7) + hours(1));
    const [erased] = await as(oumou, (at, row) => readAudit(at, row)).then((lines) =>
      lines.flatMap((line) => ('what' in line && line.what === 'case_erased' ? [line] : [])),
    );
    expect(erased).toMatchObject({
      who: null,
      reference,
      erasing: { because: 'person_asked', people: ['Kadi Traoré', 'Moussa Keïta'] },
    });
    const proposals = [reference, 'KOKO-1234'];
    expect(await inside(({ tx }) => freeReference(tx, () => proposals.shift() ?? ''))).toBe('KOKO-1234');
    const other = house.person('Autre');
    await other.says(`${reference} ${code}`);
    expect(other.last()).toContain('ne vont pas ensemble');
    // In the chat where it was, nothing leads to it any more.
    await awa.says('statut');
    expect(awa.screen().join('\n')).toContain("Nous n'avons pas de dossier ouvert pour vous");
    await awa.says('SOS');
    expect(referenceOn(awa)).not.toBe(reference);
  });

  test('is wanted by two: not by one twice, not by another of the same name, and asked for once', async () => {
    expect(await agrees(moussa)).toBe('not_asked');
    expect(await asks(kadi)).toBe('ok');
    expect(await asks(moussa)).toBe('being_erased');
    expect(await agrees(kadi)).toBe('same_person');
    const namesake = await member('kadi  TRAORE', 'administrator');
    expect(await agrees(namesake)).toBe('same_person');
    const turnedRound = await member('Traoré-Kadi', 'officer');
    expect(await agrees(turnedRound)).toBe('same_person');
    expect(await agrees(moussa)).toBe('ok');
    expect(await agrees(oumou)).toBe('being_erased');
  });

  test('is wanted only by members of seven days who hold the key of the team', async () => {
    const young = await member('Fanta Koné', 'administrator', { age: days(7) - 1 });
    const keyless = await member('Issa Sangaré', 'officer', { hasKey: false });
    expect(await asks(young)).toBe('too_new');
    expect(await asks(keyless)).toBe('no_key');
    expect(await asks(kadi)).toBe('ok');
    expect(await agrees(young)).toBe('too_new');
    expect(await agrees(keyless)).toBe('no_key');
    expect(await erasureSeenBy(young)).toMatchObject({ state: 'asked', mayAgree: false });
    expect(await erasureSeenBy(moussa)).toMatchObject({ state: 'asked', mayAgree: true });
    house.clock.advance(1);
    expect(await agrees(young)).toBe('ok');
  });

  test('is not wanted by one who let the other in, under whatever name, as long as there is a third', async () => {
    const made = await member('Faux Agent', 'officer', { by: kadi });
    expect(await asks(kadi)).toBe('ok');
    expect(await agrees(made)).toBe('invited');
    expect(await stops(kadi)).toBe('ok');
    expect(await asks(made)).toBe('ok');
    expect(await agrees(kadi)).toBe('invited');
    const namesake = await member('Traoré Kadi', 'administrator');
    expect(await agrees(namesake)).toBe('invited');
    // A third who was taken out an hour ago was there; after a week, two are all there are.
    const takesOut = (id: MemberId) =>
      inside(async (at) => {
        await removeMember(at.tx, id, at.now);
        await audit(at, { memberId: oumou, what: 'member_removed', detail: { member: id } });
      });
    for (const id of [moussa, oumou, namesake]) await takesOut(id);
    house.clock.advance(hours(1));
    expect(await agrees(kadi)).toBe('invited');
    expect(await stops(kadi)).toBe('not_yours');
    expect(await stops(made)).toBe('ok');
    house.clock.advance(days(7));
    expect(await asks(made)).toBe('ok');
    expect(await agrees(kadi)).toBe('ok');
    await pass(days(7) + hours(1));
    expect(await isThere()).toBe(false);
  });

  test('is kept when one of the two is taken out of the team', async () => {
    await wanted();
    await pass(days(2));
    await member('Sira Coulibaly', 'administrator');
    expect(await inside((at) => takeOut(at, null, moussa))).toBe('ok');
    expect(await isEnded()).toBe('two_no_more');
    await pass(days(6));
    expect(await isThere()).toBe(true);
  });

  test.each([
    ['is no member any more', 'update members set removed_at = now() where id = $1'],
    ['holds the key no more', 'delete from team_grants where member_id = $1'],
    ['has another role than the server signed', "update members set role = 'coordinator' where id = $1"],
    ['must know nothing of it since', 'update alerts set excluded = jsonb_build_array($1::text)'],
  ])('is kept when at the end one of the two %s', async (_, change) => {
    await wanted();
    await house.database.sql.unsafe(change, [moussa]);
    await pass(days(7) + hours(1));
    expect(await isThere()).toBe(true);
    expect(await isEnded()).toBe('two_no_more');
  });

  test('is kept when the one who is taken out was put back into the database', async () => {
    await wanted();
    await inside(async (at) => {
      const detail = { member: moussa };
      await audit(at, { memberId: null, what: 'member_removed', detail });
    });
    await pass(days(7) + hours(1));
    expect(await isEnded()).toBe('two_no_more');
  });

  test('can be stopped by a supervisor, who is told of it', async () => {
    const { sql } = house.database;
    const [before] = await sql<{ id: OfficerId }[]>`select id from officers`;
    const boss = await house.officer('Sira');
    const [row] = await sql<{ id: OfficerId }[]>`
      update officers set role = 'supervisor' where id <> ${before?.id ?? ''} returning id`;
    const supervisor = await member('Sira Coulibaly', 'officer', { officer: row?.id ?? null });
    await wanted();
    expect(boss.screen().join('\n')).toContain('la coordination et la supervision le peuvent');
    expect(await stops(supervisor)).toBe('ok');
    expect(await isEnded()).toBe('member');
  });

  test('is told to supervisors with who the two are, and who let each of them in', async () => {
    const boss = await supervisor('Sira');
    const sira = await member('Sira Coulibaly', 'administrator');
    const one = await member('Awa Un', 'officer', { by: sira });
    const two = await member('Awa Deux', 'officer', { by: sira });
    expect(await asks(one)).toBe('ok');
    expect(boss.last()).toContain(`${reference} : Awa Un demande d'effacer ce dossier`);
    expect(boss.last()).toContain("(sur l'invitation de : Sira Coulibaly)");
    expect(await agrees(two)).toBe('ok');
    expect(boss.last()).toContain(`${reference} : Awa Un et Awa Deux sont d'accord.`);
    expect(boss.last()).toContain("Sur l'invitation de : Sira Coulibaly ; Sira Coulibaly.");
    const auditor = await member('Fatou Sangaré', 'auditor');
    expect(await as(auditor, (at, row) => erasingNow(at, row))).toMatchObject([
      { askedBy: 'Awa Un', agreedBy: 'Awa Deux', letInBy: [['Sira Coulibaly'], ['Sira Coulibaly']] },
    ]);
    expect(await erasureSeenBy(kadi)).toMatchObject({ letInBy: [['Sira Coulibaly'], ['Sira Coulibaly']] });
  });

  test('that is refused leaves an old case without an alert as it was', async () => {
    const { sql } = house.database;
    await sql`delete from alert_log`;
    await sql`delete from pages`;
    await sql`delete from alerts`;
    expect(await agrees(moussa)).toBe('not_asked');
    expect(await stops(moussa)).toBe('not_asked');
    const young = await member('Fanta Koné', 'officer', { age: 0 });
    expect(await asks(young)).toBe('too_new');
    expect(await sql`select 1 from alerts`).toHaveLength(0);
    expect(await asks(kadi)).toBe('ok');
    expect(await sql`select 1 from alerts`).toHaveLength(1);
  });

  test('can be stopped by either of the two or by a coordinator, as long as the case is there, and by no one else', async () => {
    await wanted();
    const sira = await member('Sira Coulibaly', 'administrator');
    expect(await stops(sira)).toBe('not_yours');
    await pass(days(6));
    expect(await stops(moussa)).toBe('ok');
    await pass(days(3));
    expect(await isThere()).toBe(true);
    expect(await stops(kadi)).toBe('not_asked');
    await wanted();
    expect(await stops(kadi)).toBe('ok');
    await wanted();
    expect(await stops(oumou)).toBe('ok');
    await wanted();
    // The hour has come, and the service has not come to it yet.
    house.clock.advance(days(7));
    expect(await stops(kadi)).toBe('ok');
    await wanted();
    await pass(days(7) + hours(1));
    expect(await isThere()).toBe(false);
    expect(await stops(kadi)).toBe('too_late');
    expect(await stops(sira, 'KOKO-0000')).toBe('no_such');
  });

  test('is not erased when no one agreed within seven days', async () => {
    await asks(kadi);
    await pass(days(7) + hours(1));
    expect(await isThere()).toBe(true);
    expect(await agrees(moussa)).toBe('not_asked');
  });

  test('is not erased while officers are sought for it, nor while one of them has it', async () => {
    await awa.says('SOS');
    expect(await asks(kadi)).toBe('alert_open');
    await house.cycle();
    await officer.presses('Je prends');
    expect(await asks(kadi)).toBe('alert_open');
    await officer.presses('Clore');
    await officer.presses('Danger passé');
    expect(await asks(kadi)).toBe('ok');
    await as(kadi, (at, row) => setLevel(at, row, reference, { level: 'critical' }));
    // What was wanted before the danger was seen is over, and nothing is wanted while it lasts.
    expect(await isEnded()).toBe('alert');
    expect(await agrees(moussa)).toBe('not_asked');
    expect(await asks(moussa)).toBe('alert_open');
  });

  test('is not erased while the person is muted: they are let speak first', async () => {
    const muted = (since: Date | null) => house.database.sql`update contacts set muted_at = ${since}`;
    await muted(house.clock.at());
    expect(await asks(kadi)).toBe('is_muted');
    await muted(null);
    expect(await asks(kadi)).toBe('ok');
    await muted(house.clock.at());
    expect(await agrees(moussa)).toBe('is_muted');
    await muted(null);
    expect(await agrees(moussa)).toBe('ok');
  });

  test('is kept if a colleague raises it to an alert meanwhile', async () => {
    const { sql } = house.database;
    await sql`update cases set level = 'low'`;
    await wanted();
    await pass(days(6));
    await as(oumou, (at, row) => setLevel(at, row, reference, { level: 'urgent' }));
    await pass(days(2));
    expect(await isThere()).toBe(true);
    expect(await sql`select stopped_because from erasures`).toMatchObject([{ stopped_because: 'alert' }]);
  });
});

describe('in the seven days', () => {
  beforeEach(async () => {
    await wanted();
    await pass(days(6));
  });

  const isStopped = async (): Promise<void> => {
    await pass(days(2));
    expect(await isThere()).toBe(true);
    const rows = await house.database.sql`select state, stopped_because from erasures`;
    expect(rows).toMatchObject([{ state: 'stopped', stopped_because: 'reporter' }]);
  };

  test('a cry for help stops it, is answered first, and an officer is sought', async () => {
    await awa.says('SOS');
    const said = awa.screen().slice(-2).join('\n');
    expect(said).toContain('nouveau SOS');
    expect(said).toContain(
      `Votre dossier ${reference} devait être effacé. Vous venez d'écrire : l'effacement est arrêté, et le dossier reste gardé.`,
    );
    await isStopped();
    expect(await house.database.sql`select state from alerts`).toMatchObject([{ state: 'open' }]);
  });

  test('words stop it, and the person is told', async () => {
    await awa.says('Ils sont revenus cette nuit.');
    expect(awa.screen().join('\n')).toContain('devait être effacé');
    await isStopped();
    expect(JSON.stringify((await house.read(reference)).items)).toContain('erasure_stopped');
  });

  test.each(['merci', 'ok', 'bonjour', '👍', 'merci, que Dieu vous bénisse', 'i ni ce', 'thank you'])(
    '"%s" does not stop it, for it asks for nothing and tells nothing new',
    async (words) => {
      await awa.says(words);
      expect(awa.screen().join('\n')).not.toContain("l'effacement est arrêté");
      await pass(days(2));
      expect(await isThere()).toBe(false);
    },
  );

  test('after thanks the person is told that it goes on, and how to stop it', async () => {
    await awa.says('merci beaucoup');
    expect(awa.last()).toContain(`L'effacement de votre dossier ${reference} continue.`);
    expect(awa.last()).toContain("« n'effacez pas »");
  });

  test.each([
    "n'effacez plus",
    'ne supprimez pas mon dossier svp',
    'nefacé pa svp',
    "j'ai changé d'avis",
    'annuler',
  ])('"%s" stops it, and the person is told', async (words) => {
    await awa.says(words);
    expect(awa.screen().join('\n')).toContain('devait être effacé');
    await isStopped();
  });

  test('a voice note stops it', async () => {
    await awa.sends('voice', 'voice');
    await house.fetch();
    await isStopped();
  });

  test('a right that is asked for stops it; asking again to erase, "status" and leaving do not', async () => {
    for (const word of ['effacer', 'supprimez mon dossier svp', 'statut', 'partir']) await awa.says(word);
    expect(awa.screen().join('\n')).not.toContain('devait être effacé');
    await awa.says('mes données');
    expect(awa.screen().join('\n')).toContain('devait être effacé');
    await isStopped();
  });

  describe('of a person who is muted', () => {
    beforeEach(async () => {
      await house.database.sql`update contacts set muted_at = ${house.clock.at()}`;
    });

    test('words stop it, though no one reads them', async () => {
      await awa.says('Ils sont revenus cette nuit.');
      expect(awa.last()).toContain('SOS');
      await isStopped();
    });

    test('a voice note stops it', async () => {
      await awa.sends('voice', 'voice');
      await isStopped();
    });

    test('a right that is asked for stops it', async () => {
      await awa.says('mes données');
      await isStopped();
    });

    test('asking again to erase, thanks, "status" and leaving do not', async () => {
      for (const word of ['effacez tout svp', 'merci', 'bonjour', '👍', 'statut', 'partir'])
        await awa.says(word);
      await pass(days(2));
      expect(await isThere()).toBe(false);
    });
  });

  test('another secret code that is asked for stops it', async () => {
    await awa.says('code');
    expect(awa.screen().join('\n')).toContain('devait être effacé');
    await isStopped();
  });

  test('an alert that a colleague raises stops it at once, also if it is closed again before the days are over', async () => {
    await house.database.sql`update cases set level = 'low'`;
    await as(oumou, (at, row) => setLevel(at, row, reference, { level: 'urgent' }));
    expect(await isEnded()).toBe('alert');
    await isSeenTo();
    await pass(days(2));
    expect(await isThere()).toBe(true);
  });

  test('an alert that was raised and closed again stops it, whichever of them raised it', async () => {
    const { sql } = house.database;
    await sql`insert into alert_log (alert_id, at, what) select id, ${house.clock.at()}, 'raised_again' from alerts`;
    await pass(days(2));
    expect(await isThere()).toBe(true);
    expect(await isEnded()).toBe('alert');
  });

  test('so does a report that the same chat begins when nothing there leads to the case any more', async () => {
    await house.database.sql`delete from conversations`;
    await awa.says('SOS');
    expect(referenceOn(awa)).not.toBe(reference);
    await isStopped();
  });

  test('the case found again from another phone stops it', async () => {
    const other = house.person('Awa, ailleurs');
    await other.says(`${reference} ${code}`);
    await isStopped();
  });

  test('so does a cry for help in the last hour, after the days are over', async () => {
    house.clock.advance(days(2));
    await awa.says('SOS');
    await isStopped();
  });
});

test('what the person says anew of how they may be reached stops it too', async () => {
  await wanted();
  await awa.says('retour');
  await awa.says("Non, n'écrivez pas");
  expect(await isEnded()).toBe('reporter');
});

describe('a case that a person finds again by its code while it is being erased', () => {
  beforeEach(async () => {
    await wanted();
    await pass(days(7) - hours(1));
    house.clock.advance(hours(2));
  });
  const run = () => forget(house.ctx, calm, keepingOf());

  test('is kept, if the code was written before: it is still being compared', async () => {
    const { compare } = house.ctx.receiptCodes;
    const { promise: isHeld, resolve: release } = Promise.withResolvers<void>();
    const { promise: isCompared, resolve: compares } = Promise.withResolvers<void>();
    house.ctx.receiptCodes.compare = async (...given) => {
      compares();
      await isHeld;
      return compare(...given);
    };
    const other = house.person('Awa, ailleurs');
    const finding = other.says(`${reference} ${code}`);
    await isCompared;
    await run();
    expect(await isThere()).toBe(true);
    release();
    await finding;
    expect(other.screen().join('\n')).toContain('est ouvert ici aussi');
    house.clock.advance(hours(1));
    await run();
    expect(await isThere()).toBe(true);
    expect(await isEnded()).toBe('reporter');
  });

  test('is erased in time, whatever codes a stranger tries with other references', async () => {
    const fanta = house.person('Fanta');
    await fanta.says('SOS');
    await house.person('Oumou').says(`${referenceOn(fanta)} ${code}`);
    expect(await house.database.sql`select 1 from code_tries`).toHaveLength(1);
    await run();
    expect(await isThere()).toBe(false);
  });

  test('is gone, if the erasing was first: the code is a wrong one then, and nothing of it comes back', async () => {
    // The erasing has come as far as the last of the tasks; there it waits for another process.
    await awa.says('effacer');
    const release = await hold(house, (tx) => tx`select 1 from case_tasks for update`);
    const erasing = run();
    await until(() => somebodyWaits(house));
    const other = house.person('Awa, ailleurs');
    const finding = other.says(`${reference} ${code}`);
    await until(() => somebodyWaits(house, 2));
    await release();
    await Promise.all([erasing, finding]);
    expect(await isThere()).toBe(false);
    expect(other.last()).toContain('ne vont pas ensemble');
    expect(await house.database.sql`select 1 from alerts`).toHaveLength(0);
    expect(await tablesWith(reference)).toEqual(['public.audit_log', 'public.erasures']);
  });
});

describe('when the days are over, the case is still there', () => {
  beforeEach(async () => {
    await wanted();
    await pass(days(7) - hours(1));
    house.clock.advance(hours(2));
  });

  const run = () => forget(house.ctx, calm, keepingOf());
  const sql = () => house.database.sql;

  test('until the service has run for a day after an outage: what waits at the messenger is heard first', async () => {
    const ended = house.clock.at();
    await sql()`insert into outages (started_at, ended_at) values (${new Date(ended.getTime() - hours(10))}, ${ended})`;
    await run();
    await pass(hours(23));
    expect(await isThere()).toBe(true);
    await awa.says('Ils sont revenus cette nuit.');
    await pass(days(2));
    expect(await isThere()).toBe(true);
    expect(await sql()`select stopped_because from erasures`).toMatchObject([
      { stopped_because: 'reporter' },
    ]);
  });

  test('and goes a day after the outage, if nothing came', async () => {
    const ended = house.clock.at();
    await sql()`insert into outages (started_at, ended_at) values (${new Date(ended.getTime() - hours(10))}, ${ended})`;
    await run();
    expect(await isThere()).toBe(true);
    await pass(days(1));
    expect(await isThere()).toBe(false);
  });

  test('while the service has not said yet that it lives', async () => {
    const asleep = new Date(house.clock.at().getTime() - hours(10));
    await sql()`insert into service (mode, created_at, last_alive_at) values ('live', ${START_OF_SERVICE}, ${asleep})
      on conflict (id) do update set created_at = excluded.created_at, last_alive_at = excluded.last_alive_at`;
    await run();
    expect(await isThere()).toBe(true);
  });

  test('while a message waits to be handled', async () => {
    await sql()`insert into inbox (channel, message_index, received_at, state, waiting_from, waiting_no, body_sealed)
      values ('simulator', 'x', ${house.clock.at()}, 'waiting', 'y', 1, 'z')`;
    await run();
    expect(await isThere()).toBe(true);
    await sql()`delete from inbox where state = 'waiting'`;
    await run();
    expect(await isThere()).toBe(false);
  });

  test('while a file of it waits to be fetched', async () => {
    await sql()`update evidence set state = 'received'`;
    await run();
    expect(await isThere()).toBe(true);
  });

  test('while the messenger of the person does not work', async () => {
    const { kind } = house.phones.channel;
    await sql()`insert into channel_troubles (channel, because, since) values (${kind}, 'refused', ${house.clock.at()})`;
    await run();
    expect(await isThere()).toBe(true);
    await sql()`delete from channel_troubles`;
    await run();
    expect(await isThere()).toBe(false);
  });
});

describe('no one but these two erases', () => {
  test('a row that an intruder put into the database', async () => {
    const { sql } = house.database;
    await sql`insert into erasures (id, case_id, reference, state, because, asked_by, asked_at, agreed_by, agreed_at, due_at)
      select gen_random_uuid(), id, reference, 'waiting', 'person_asked', ${kadi}, now() - interval '9 days', ${moussa},
        now() - interval '8 days', '2026-11-23T00:00:00Z' from cases`;
    await pass(hours(6));
    expect(await isThere()).toBe(true);
    expect(await sql`select state, stopped_because from erasures`).toMatchObject([
      { state: 'stopped', stopped_because: 'unproved' },
    ]);
  });

  test('an intruder who brings one back that was stopped', async () => {
    await wanted();
    await pass(days(1));
    await awa.says('Ils sont revenus cette nuit.');
    const { sql } = house.database;
    await sql`update erasures set state = 'waiting', ended_at = null, stopped_because = null`;
    await pass(days(7));
    expect(await isThere()).toBe(true);
    expect(await sql`select state, stopped_because from erasures`).toMatchObject([
      { state: 'stopped', stopped_because: 'unproved' },
    ]);
  });

  test('an intruder who moves the day forward', async () => {
    await wanted();
    await house.database.sql`update erasures set due_at = '2026-11-23T00:00:00Z'`;
    await pass(hours(6));
    expect(await isThere()).toBe(true);
  });

  test('a clock that jumped', async () => {
    await wanted();
    house.clock.advance(days(8));
    await forget(house.ctx, { mayErase: () => false }, keepingOf());
    expect(await isThere()).toBe(true);
    await forget(house.ctx, calm, keepingOf());
    expect(await isThere()).toBe(false);
  });
});

test('killed in the middle of it nothing is erased, and the next run erases everything', async () => {
  await wanted();
  house.clock.advance(days(7) + hours(1));
  const { sql } = house.database;
  const counts = () => sql`
    select (select count(*)::int from case_wraps) as wraps, (select count(*)::int from case_items) as items,
      (select count(*)::int from alerts) as alerts, (select count(*)::int from conversations) as conversations,
      (select count(*)::int from erasures where state = 'done') as done`;
  const before = await counts();
  // It comes as far as the code, which another process holds; there its connection dies.
  const release = await hold(house, (tx) => tx`select 1 from receipt_codes for update`);
  const run = forget(house.ctx, calm, keepingOf());
  await until(() => somebodyWaits(house));
  await sql`select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and wait_event_type = 'Lock'`;
  expect(await counts()).toEqual(before);
  await release();
  await run;
  await forget(house.ctx, calm, keepingOf());
  await house.deliver();
  expect(await isThere()).toBe(false);
  expect(awa.screen().filter((text) => text.includes("c'est fait"))).toHaveLength(1);
  // And once more: there is nothing to do.
  await forget(house.ctx, calm, keepingOf());
  expect(await sql`select 1 from audit_log where what = 'case_erased'`).toHaveLength(1);
});

test('a person who has another case keeps it in the same chat: status and a cry for help are about that one', async () => {
  const kati = house.person('Kati');
  const SENT = ['Terminé', 'Ici, à toute heure', '/envoyer', '/envoyer', 'Envoyer'];
  for (const word of ['SOS', 'Ségou', 'Oui', 'Oui, je continue', 'Oui', 'Oui', 'Moi-même', 'Ils me suivent.'])
    await kati.says(word);
  for (const word of SENT) await kati.says(word);
  const kept = referenceOn(kati);
  house.clock.advance(hours(1));
  for (const word of ['Signaler', 'Non, pas en ce moment', 'Signaler', 'Oui', 'Oui', 'Moi-même'])
    await kati.says(word);
  for (const word of ['On a volé un cahier au bureau.', ...SENT]) await kati.says(word);
  const other = referenceOn(kati);
  expect(other).not.toBe(kept);
  expect(await asks(kadi, other)).toBe('ok');
  expect(await agrees(moussa, other)).toBe('ok');
  await pass(days(7) + hours(1));
  const references = async () =>
    (await house.database.sql`select reference from cases`).map((row) => String(row.reference)).sort();
  expect(await references()).toEqual([kept, reference].sort());
  await kati.says('statut');
  expect(kati.screen().slice(-2).join('\n')).toContain(kept);
  await kati.says('SOS');
  expect(await references()).toEqual([kept, reference].sort());
  expect(kati.screen().slice(-2).join('\n')).toContain(kept);
});

test('a person who must not be written to is told nothing', async () => {
  const kati = house.person('Kati');
  await kati.says('SOS');
  await kati.says('Ségou');
  await kati.presses("Non, n'écrivez pas");
  const other = referenceOn(kati);
  await isSeenTo();
  await asks(kadi, other);
  await agrees(moussa, other);
  const before = kati.screen();
  await pass(days(7) + hours(1));
  expect(await house.database.sql`select 1 from cases where reference = ${other}`).toHaveLength(0);
  expect(kati.screen()).toEqual(before);
});

describe('a person who named hours', () => {
  let kati: Phone;
  beforeEach(async () => {
    kati = house.person('Kati');
    await kati.says('SOS');
    await kati.says('Ségou');
    await kati.presses('Seulement à certaines heures');
    await kati.presses('Le soir');
    await kati.presses('Terminé');
    const other = referenceOn(kati);
    await isSeenTo();
    await asks(kadi, other);
    await agrees(moussa, other);
    // At three in the afternoon; the evening begins at six.
    await pass(days(7) + hours(1));
    expect(await house.database.sql`select 1 from cases where reference = ${other}`).toHaveLength(0);
    expect(kati.screen().join('\n')).not.toContain("– c'est fait");
  });

  const after = async (ms: number): Promise<string> => {
    house.clock.advance(ms);
    await house.deliver();
    return kati.screen().join('\n');
  };

  test('is told within them, once nothing but the message knows of the case', async () => {
    expect(await after(hours(4))).toMatch(/– c'est fait$/);
  });

  test('is told within other ones, if they named some since', async () => {
    await kati.says('SOS');
    await kati.says('Ségou');
    await kati.presses('Seulement à certaines heures');
    await kati.presses('Le matin');
    await kati.presses('Terminé');
    expect(await after(hours(4))).not.toContain("– c'est fait");
    expect(await after(hours(12))).toContain("– c'est fait");
  });

  test('is told nothing, if they were muted since', async () => {
    await house.database.sql`update contacts set muted_at = ${new Date(house.clock.at().getTime() + 1)}`;
    expect(await after(hours(4))).not.toContain("– c'est fait");
  });
});

describe('a person who must not know of the case', () => {
  let sira: MemberId;
  beforeEach(async () => {
    sira = await member('Sira Coulibaly', 'coordinator');
    const { sql } = house.database;
    await sql`update alerts set excluded = ${sql.json([sira])}`;
  });

  test('cannot ask, agree or stop, and sees of it nothing in any list', async () => {
    expect(await asks(sira)).toBe('no_such');
    await wanted();
    expect(await agrees(sira)).toBe('no_such');
    expect(await stops(sira)).toBe('no_such');
    expect(await as(sira, (at, row) => erasingNow(at, row))).toEqual([]);
    expect((await as(sira, (at, row) => readInbox(at, row))).toSee).toEqual([]);
    expect(await as(oumou, (at, row) => erasingNow(at, row))).toMatchObject([
      { reference, askedBy: 'Kadi Traoré' },
    ]);
    expect((await as(oumou, (at, row) => readInbox(at, row))).toSee).toMatchObject([{ reference }]);
  });

  test('learns nothing of it once it is erased: not from the log, not from a refusal', async () => {
    await wanted();
    await pass(days(7) + hours(1));
    expect(await stops(sira)).toBe('no_such');
    expect(await stops(oumou)).toBe('too_late');
    const lines = await as(sira, (at, row) => readAudit(at, row));
    expect(JSON.stringify(lines)).not.toContain(reference);
    expect(lines.filter((line) => 'what' in line && line.what.startsWith('erasure'))).toEqual([]);
    // Nor does a new record of the same human.
    const again = await member('Sira Coulibaly', 'coordinator');
    await inside((at) => excludeIfNamesake(at, again));
    expect(await stops(again)).toBe('no_such');
  });
});

test('what an operator checks with the code of a day says which cases were erased, and no other is missing', async () => {
  const root = (await sendRoot(house.ctx)) ?? '';
  await wanted();
  await pass(days(7) + hours(1));
  const { db } = house.database;
  expect(await verifyRoot(db, root, house.ctx.keyring.signer)).toMatchObject({
    ok: true,
    erased: [reference],
  });
});

test('what a person asked for is seen to by hand, and the case and the log have who', async () => {
  await awa.says('effacer');
  await awa.says('mes données');
  const { tasks } = await as(kadi, async (at, row) => {
    const opened = await openCaseRoom(at, row, reference);
    if (!opened.ok) throw new Error(opened.reason);
    return opened.case;
  });
  expect(tasks).toMatchObject([
    { kind: 'erase', state: 'open' },
    { kind: 'access', state: 'open' },
  ]);
  const done = (kind: 'access' | 'correction') =>
    as(kadi, (at, row) => seeToTask(at, row, reference, { kind, state: 'done' }));
  expect(await done('access')).toMatchObject({ ok: true });
  expect(await done('access')).toEqual({ ok: false, reason: 'no_task' });
  expect(await done('correction')).toEqual({ ok: false, reason: 'no_task' });
  expect((await as(kadi, (at, row) => readInbox(at, row))).toSee).toMatchObject([
    { reference, tasks: ['erase'] },
  ]);
  expect(JSON.stringify((await house.read(reference)).items)).toContain('"task":"access"');
});
