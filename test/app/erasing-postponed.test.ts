/** A case that was to be erased by now and is not yet: the room, the two, supervisors and the reporter learn it, and why. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { erasingNow } from '../../src/app/console/erasure.ts';
import { eraseDue } from '../../src/app/reporters/destroying.ts';
import { forget } from '../../src/app/reporters/forget.ts';
import type { OfficerId } from '../../src/kernel/ids.ts';
import { days, hours } from '../../src/kernel/time.ts';
import { keepingOf } from '../../src/messengers/list.ts';
import { type ErasingHouse, openErasingHouse } from './erasing-house.ts';
import { calm } from './house.ts';
import type { Phone } from './messenger.ts';

let erasing: ErasingHouse;
let boss: Phone;
let due: Date;

beforeEach(async () => {
  erasing = await openErasingHouse();
  const { house } = erasing;
  boss = await erasing.supervisor('Sira');
  await erasing.wanted();
  due = new Date(house.clock.at().getTime() + days(7));
  await erasing.pass(days(7) - hours(1));
  house.clock.advance(hours(2));
});
afterEach(() => erasing.house.close());

const run = async (guard = calm) => {
  await forget(erasing.house.ctx, guard, keepingOf());
  await erasing.house.deliver();
};
const sql = () => erasing.house.database.sql;
const told = (phone: Phone) => phone.screen().filter((text) => text.includes("l'effacement est reporté"));

const REASONS: [string, () => Promise<unknown>, string][] = [
  [
    'outage',
    () => {
      const ended = erasing.house.clock.at();
      return sql()`insert into outages (started_at, ended_at) values (${new Date(ended.getTime() - hours(1))}, ${ended})`;
    },
    'il faut d’abord un jour sans panne',
  ],
  [
    'messages',
    () =>
      sql()`insert into inbox (channel, message_index, received_at, state, waiting_from, waiting_no, body_sealed)
        values ('simulator', 'x', ${erasing.house.clock.at()}, 'waiting', 'y', 1, 'z')`,
    'des messages attendent d’être traités',
  ],
  [
    'file',
    () => sql()`update evidence set state = 'received'`,
    'un fichier de ce dossier n’est pas encore arrivé',
  ],
  [
    'messenger',
    () =>
      sql()`insert into channel_troubles (channel, because, since)
        values (${erasing.house.phones.channel.kind}, 'refused', ${erasing.house.clock.at()})`,
    'la messagerie de la personne ne marche pas',
  ],
];

describe('an erasing that is postponed', () => {
  test.each(REASONS)(
    'by %s stands in the room with since when and why, and supervisors hear it once',
    async (because, happens, why) => {
      await happens();
      await run();
      const at = erasing.house.clock.at();
      expect(await erasing.isThere()).toBe(true);
      expect(await erasing.erasureSeenBy(erasing.kadi)).toMatchObject({
        state: 'waiting',
        dueAt: due.toISOString(),
        postponedAt: at.toISOString(),
        postponedBecause: because,
        // It can still be stopped.
        mayStop: true,
      });
      expect(await erasing.as(erasing.oumou, (moment, row) => erasingNow(moment, row))).toMatchObject([
        { reference: erasing.reference, postponedBecause: because },
      ]);
      expect(told(boss)).toHaveLength(1);
      expect(told(boss)[0]?.replaceAll("'", '’')).toContain(why);
      erasing.house.clock.advance(hours(1));
      await run();
      expect(told(boss)).toHaveLength(1);
      expect(await erasing.erasureSeenBy(erasing.kadi)).toMatchObject({ postponedAt: at.toISOString() });
    },
  );

  test('is told to the two who wanted it, where they have a chat, and to no one who must not know of the case', async () => {
    const [officer] = await sql()<{ id: OfficerId }[]>`select id from officers where role = 'officer'`;
    const binta = await erasing.member('Binta Diallo', 'officer', { officer: officer?.id ?? null });
    expect(await erasing.stops(erasing.kadi)).toBe('ok');
    expect(await erasing.asks(binta)).toBe('ok');
    expect(await erasing.agrees(erasing.moussa)).toBe('ok');
    await erasing.pass(days(7) - hours(1));
    erasing.house.clock.advance(hours(2));
    await sql()`update evidence set state = 'received'`;
    await sql()`update alerts set excluded = (
      select jsonb_build_array(id::text) from officers where role = 'supervisor')`;
    await run();
    expect(told(erasing.officer)).toHaveLength(1);
    expect(told(boss)).toEqual([]);
  });

  test('is told to no one who must not know of the case, also where the house says it without naming the case', async () => {
    const { ctx } = erasing.house;
    const { texts } = ctx;
    // What is said names no case, so that only who is told keeps it from them.
    const nameless = {
      ...texts,
      t: (...said: Parameters<typeof texts.t>) => texts.t(...said).replaceAll(/[A-Z]{4}-\d{4}/g, '–'),
    };
    Object.assign(ctx, { texts: nameless });
    await sql()`update evidence set state = 'received'`;
    await sql()`update alerts set excluded = (
      select jsonb_build_array(id::text) from officers where role = 'supervisor')`;
    await run();
    expect(told(boss)).toEqual([]);
    Object.assign(ctx, { texts });
  });

  test('is told to the person who asks, and to no one who has not asked', async () => {
    const { awa } = erasing;
    const before = awa.screen();
    await sql()`update evidence set state = 'received'`;
    await run();
    expect(awa.screen()).toEqual(before);
    await awa.says('statut');
    const said = awa.screen().slice(before.length).join('\n');
    expect(said).toContain("L'effacement de ce dossier était prévu le");
    expect(said).toContain("Nous attendons d'abord ce que vous avez peut-être écrit ou envoyé.");
    await sql()`update evidence set state = 'saved'`;
    await run();
    // To ask is no word that keeps the case.
    expect(await erasing.isThere()).toBe(false);
  });

  test('by an outage every day waits for seven days and no longer: the power goes every day here', async () => {
    const [, happens] = REASONS[0] ?? [];
    for (let day = 0; day < 7; day++) {
      await happens?.();
      await run();
      expect(await erasing.isThere()).toBe(true);
      erasing.house.clock.advance(days(1));
    }
    await happens?.();
    await run();
    expect(await erasing.isThere()).toBe(false);
  });

  test('because the clock is in doubt is told as such', async () => {
    await run({ mayErase: () => false });
    expect(told(boss)[0]).toContain('un jour sans saut');
    await erasing.awa.says('statut');
    expect(erasing.awa.screen().join('\n')).toContain('Le service essaie de nouveau chaque heure.');
  });

  test('because it fails is told as such, and tried again', async () => {
    await sql()`create function fails() returns trigger language plpgsql as
      $$ begin raise exception 'no'; end $$`;
    await sql()`create trigger fails before delete on receipt_codes for each row execute function fails()`;
    await run();
    expect(await erasing.isThere()).toBe(true);
    expect(told(boss)[0]).toContain("une erreur l'empêche");
    await sql()`drop trigger fails on receipt_codes`;
    await run();
    expect(await erasing.isThere()).toBe(false);
  });
});

test('what was erased is cleaned from the files by the next run, if this one ended before', async () => {
  const { ctx, database } = erasing.house;
  await sql()`insert into service (mode) values ('live') on conflict do nothing`;
  const file = async () => (await sql()`select pg_relation_filenode('case_wraps') as file`)[0]?.file;
  const before = await file();
  const dying = new Proxy(database.db, {
    get: (db, key) => (key === 'execute' ? () => Promise.reject(new Error('killed')) : Reflect.get(db, key)),
  });
  expect(await eraseDue({ ...ctx, db: dying })).toBe(1);
  expect(await file()).toBe(before);
  await run();
  const cleaned = await file();
  expect(cleaned).not.toBe(before);
  // Once is enough.
  await run();
  expect(await file()).toBe(cleaned);
});

test('an hour that is over while the service has not come to it is no secret either', async () => {
  const { awa, kadi } = erasing;
  expect(await erasing.erasureSeenBy(kadi)).toMatchObject({
    postponedAt: due.toISOString(),
    postponedBecause: 'due',
  });
  await awa.says('statut');
  expect(awa.screen().join('\n')).toContain("Ce n'est pas encore fait.");
});

test('in the seven days the person who asks hears when it will be, and what keeps the case', async () => {
  await erasing.stops(erasing.kadi);
  await erasing.wanted();
  await erasing.awa.says('statut');
  const said = erasing.awa.screen().join('\n');
  expect(said).toMatch(/Ce dossier sera effacé après le .+, si personne ne l'arrête\./);
  expect(said).toContain(
    "Pour garder le dossier, écrivez « n'effacez pas ». Si vous racontez ou envoyez quelque chose de nouveau, l'effacement s'arrête aussi.",
  );
  // As it says, neither this nor thanks have kept it.
  await erasing.awa.says('merci');
  expect(await erasing.erasureSeenBy(erasing.kadi)).toMatchObject({ state: 'waiting' });
  await erasing.awa.says('Ils sont revenus cette nuit.');
  expect(await erasing.erasureSeenBy(erasing.kadi)).toMatchObject({ state: 'stopped' });
});
