/** How far a case is, and who answers for it: what follows by itself, what a member says, and what never drifts apart. */
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { decide } from '../../src/app/console/alert-actions.ts';
import { openCaseRoom } from '../../src/app/console/case-room.ts';
import { sayStatus, sayWhoAnswers, whoMayAnswerFor } from '../../src/app/console/following.ts';
import { readInbox } from '../../src/app/console/inbox.ts';
import { setLevel } from '../../src/app/console/level.ts';
import { takeOut } from '../../src/app/members/members.ts';
import { readAudit } from '../../src/app/records/audit.ts';
import type { MemberId, OfficerId } from '../../src/kernel/ids.ts';
import { hours } from '../../src/kernel/time.ts';
import { hasEnded } from '../../src/kernel/vocabulary.ts';
import { type ErasingHouse, openErasingHouse } from './erasing-house.ts';
import { referenceOn } from './house.ts';
import type { Phone } from './messenger.ts';

let world: ErasingHouse;
let house: ErasingHouse['house'];
let fanta: Phone;
let reference: string;
/** Binta, who is paged, in the room. */
let binta: MemberId;
beforeEach(async () => {
  world = await openErasingHouse();
  ({ house } = world);
  const [row] = await house.database.sql<{ id: OfficerId }[]>`select id from officers`;
  binta = await world.member('Binta Ba', 'officer', { officer: row?.id ?? null });
  fanta = house.person('Fanta');
  await fanta.says('SOS');
  await fanta.says('Ségou, au bord du fleuve');
  await fanta.presses('Oui');
  reference = referenceOn(fanta);
  await house.cycle();
});
afterEach(() => house.close());

const caseRow = async (of = reference) => {
  const [row] = await house.database.sql`
    select c.status, c.status_since as since, c.status_reason as reason, c.closed_at as closed, c.responsible, a.state
    from cases c join alerts a on a.case_id = c.id where c.reference = ${of}`;
  return row as unknown as {
    status: string;
    since: Date;
    reason: string | null;
    closed: Date | null;
    responsible: string | null;
    state: string;
  };
};
const looks = (id: MemberId) =>
  world.as(id, async (at, row) => {
    const opened = await openCaseRoom(at, row, reference);
    return opened.ok ? opened.case.following : undefined;
  });
const says = async (id: MemberId, to: Parameters<typeof sayStatus>[3]) => {
  const came = await world.as(id, (at, row) => sayStatus(at, row, reference, to));
  await house.deliver();
  return came.ok ? 'ok' : came.reason;
};
const gives = async (id: MemberId, to: MemberId | null) => {
  const came = await world.as(id, (at, row) => sayWhoAnswers(at, row, reference, to));
  await house.deliver();
  return came.ok ? 'ok' : came.reason;
};
const binds = (action: Parameters<typeof decide>[3]) =>
  world.as(binta, (at, row) => decide(at, row, reference, action));

describe('the status of a case', () => {
  test('is new until a member looks at it, and says what is waited for from then on, since when', async () => {
    expect(await caseRow()).toMatchObject({ status: 'new', state: 'open' });
    await fanta.says('Ils sont revenus.');
    expect((await caseRow()).status).toBe('new');
    house.clock.advance(hours(1));
    // What they see is how it is from then on.
    expect(await looks(world.kadi)).toMatchObject({ since: house.clock.at().toISOString() });
    expect((await caseRow()).status).toBe('assessing');
    await binds({ do: 'take' });
    await binds({ do: 'phrase', phrase: 'call' });
    expect((await caseRow()).status).toBe('waiting_for_person');
    house.clock.advance(hours(1));
    await fanta.says('Ils attendent devant la porte.');
    const first = await caseRow();
    expect(first.status).toBe('waiting_for_us');
    house.clock.advance(hours(1));
    await fanta.says('Ils sont trois.');
    // Since the first word that is not answered.
    expect(await caseRow()).toMatchObject({ status: 'waiting_for_us', since: first.since });
  });

  test('closed with its alert has ended for the reason that the officer gave, and goes on when something comes', async () => {
    await binds({ do: 'take' });
    await binds({ do: 'close', outcome: 'transferred' });
    expect(await caseRow()).toMatchObject({ status: 'transferred', reason: 'partner', state: 'closed' });
    await fanta.says('Ils sont revenus.');
    expect(await caseRow()).toMatchObject({
      status: 'waiting_for_us',
      reason: null,
      closed: null,
      state: 'open',
    });
    await binds({ do: 'take' });
    await binds({ do: 'close', outcome: 'resolved' });
    await binds({ do: 'take_again' });
    expect(await caseRow()).toMatchObject({ status: 'active', closed: null, state: 'taken' });
  });

  test('is said by those who follow the case and by no one else, and stands in the case and in the log', async () => {
    await binds({ do: 'take' });
    expect(await says(world.kadi, { to: 'active' })).toBe('not_yours');
    expect(await says(world.oumou, { to: 'active' })).toBe('ok');
    expect(await caseRow()).toMatchObject({ status: 'active' });
    expect(await says(binta, { to: 'waiting_for_person' })).toBe('ok');
    const read = JSON.stringify((await house.read(reference)).items);
    expect(read).toContain('"what":"status","status":"active"');
    const log = await world.as(world.oumou, (at, row) => readAudit(at, row));
    expect(log.flatMap((line) => ('what' in line && line.what === 'status_set' ? [line.who] : []))).toEqual([
      'Binta Ba',
      'Oumou Diarra',
    ]);
  });

  test('of a case for which officers are called is not ended past them: not by who answers for it, nor by coordination', async () => {
    await gives(world.kadi, world.kadi);
    const end = { to: 'rejected', reason: 'no_facts' } as const;
    expect(await says(world.kadi, end)).toBe('alert_open');
    expect(await says(world.oumou, end)).toBe('alert_open');
    await binds({ do: 'take' });
    expect(await says(world.oumou, end)).toBe('alert_open');
    expect(await caseRow()).toMatchObject({ state: 'taken' });
    expect(await says(binta, { to: 'rejected', reason: 'same_event' })).toBe('no_reason');
    expect(await says(binta, end)).toBe('ok');
    expect(await caseRow()).toMatchObject({ status: 'rejected', reason: 'no_facts', state: 'closed' });
    expect(await says(binta, { to: 'active' })).toBe('closed');
    // What it ended as is called by another name, and its end stays when it was.
    const { closed } = await caseRow();
    house.clock.advance(hours(5));
    expect(await says(world.oumou, { to: 'duplicate', reason: 'same_event' })).toBe('ok');
    expect(await caseRow()).toMatchObject({ status: 'duplicate', closed, state: 'closed' });
  });

  test('"duplicate" is not told to the person who reported: their report goes on in the other case', async () => {
    await binds({ do: 'take' });
    const before = fanta.screen();
    expect(await says(binta, { to: 'duplicate', reason: 'same_report' })).toBe('ok');
    expect(fanta.screen()).toEqual(before);
  });

  test('and its alert never say two things, whatever is done in whatever order', async () => {
    const acts: Readonly<Record<string, () => Promise<unknown>>> = {
      take: () => binds({ do: 'take' }),
      again: () => binds({ do: 'take_again' }),
      release: () => binds({ do: 'release' }),
      close: () => binds({ do: 'close', outcome: 'reached' }),
      ends: () => says(binta, { to: 'transferred', reason: 'authority' }),
      others: () => says(world.oumou, { to: 'closed', reason: 'resolved' }),
      active: () => says(world.oumou, { to: 'active' }),
      raises: () => world.as(world.oumou, (at, row) => setLevel(at, row, reference, { level: 'critical' })),
      writes: () => fanta.says('Ils sont revenus.'),
      cries: () => fanta.says('SOS'),
    };
    const anyActs = fc.array(fc.constantFrom(...Object.keys(acts)), { minLength: 4, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(anyActs, async (names) => {
        for (const name of names) {
          await acts[name]?.();
          const { status, state, closed } = await caseRow();
          expect(hasEnded(status), names.join(' ')).toBe(state === 'closed');
          expect(closed !== null).toBe(hasEnded(status));
        }
      }),
      { numRuns: 12 },
    );
  });
});

describe('the member who answers for a case', () => {
  test('takes it when no one does, gives it on, and the one who gets it hears its reference and no more', async () => {
    expect(await gives(world.kadi, world.kadi)).toBe('ok');
    expect(await looks(world.kadi)).toMatchObject({
      answersFor: 'Kadi Traoré',
      isMine: true,
      mayFollow: true,
    });
    expect(await gives(world.moussa, world.moussa)).toBe('not_yours');
    expect(await gives(world.kadi, binta)).toBe('ok');
    expect(world.officer.last()).toContain(`${reference} : Kadi vous confie ce dossier`);
    expect(await looks(world.kadi)).toMatchObject({
      answersFor: 'Binta Ba',
      isMine: false,
      mayFollow: false,
    });
    expect(await gives(world.kadi, null)).toBe('not_yours');
    expect(await gives(world.oumou, null)).toBe('ok');
    expect((await caseRow()).responsible).toBeNull();
    const row = await world.as(binta, (at, row) => readInbox(at, row));
    expect(row.cases.find((each) => each.reference === reference)).toMatchObject({
      answersFor: null,
      isOwn: false,
    });
  });

  test('is no member who must not know of the case, nor one who cannot open it', async () => {
    const auditor = await world.member('Fatou Sangaré', 'auditor');
    expect(await gives(world.oumou, auditor)).toBe('not_offered');
    await house.database.sql`update alerts set excluded = jsonb_build_array(${world.moussa}::text)
      where reference = ${reference}`;
    expect(await gives(world.oumou, world.moussa)).toBe('not_offered');
    expect(await gives(world.moussa, world.moussa)).toBe('no_such');
    const able = await world.as(world.oumou, (at, row) => whoMayAnswerFor(at, row, reference));
    expect(able.ok && able.members.map(({ name }) => name)).toEqual([
      'Binta Ba',
      'Kadi Traoré',
      'Oumou Diarra',
    ]);
  });

  test('who is taken out of the team answers for none any more', async () => {
    await world.member('Sira Coulibaly', 'administrator');
    await gives(world.kadi, world.kadi);
    expect(await world.inside((at) => takeOut(at, null, world.kadi))).toBe('ok');
    expect((await caseRow()).responsible).toBeNull();
  });
});
