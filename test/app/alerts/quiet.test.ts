/** Cases that are not urgent: no officer is woken, and no person is forgotten. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { raiseAlert, raiseAlertLevel, repeatSos } from '../../../src/app/alerts/alerting.ts';
import { tellOfficer } from '../../../src/app/alerts/reporter-news.ts';
import { reporterStatus } from '../../../src/app/alerts/reporter-status.ts';
import { decide } from '../../../src/app/console/alert-actions.ts';
import { setLevel } from '../../../src/app/console/level.ts';
import { removeOfficer } from '../../../src/app/duty/officers.ts';
import { openReporter, sealReporter } from '../../../src/app/records/reporter-link.ts';
import { updateAlert } from '../../../src/db/alerts.ts';
import { findCase } from '../../../src/db/cases.ts';
import { insertMember, type MemberRow } from '../../../src/db/members.ts';
import { type CaseId, type DeliveryId, type MemberId, newId } from '../../../src/kernel/ids.ts';
import { type DutyRoom, hours, minutes, type Officer, openDutyRoom } from './duty-room.ts';

let room: DutyRoom;
let awa: Officer;
let binta: Officer;
let calm: Awaited<ReturnType<DutyRoom['raise']>>;
beforeEach(async () => {
  room = await openDutyRoom();
  awa = await room.enrol('Awa');
  binta = await room.enrol('Binta');
  calm = await room.raise('medium');
});
afterEach(() => room.close());

const statusOf = async (caseId: CaseId) => (await findCase(room.database.db, caseId))?.status;
const heard = () => [awa, binta].flatMap(({ contactId }) => room.pages(contactId));
const toReporter = () => room.sent(calm.contactId).map(({ text }) => text);

/** The officer in the console. */
function inTheConsole({ officerId }: Officer): Promise<MemberRow> {
  return room.inside(async ({ tx, ctx, now }) => {
    const id = newId<MemberId>();
    const nameSealed = ctx.keyring.seal('member-name', id, new TextEncoder().encode('Awa'));
    const row = {
      id,
      officerId,
      nameSealed,
      role: 'officer',
      recipient: 'age1pq1x',
      createdAt: now,
    } as const;
    await insertMember(tx, row);
    return { ...row, signature: null, removedAt: null };
  });
}

describe('a case that is not urgent', () => {
  it('wakes no one, however long it waits, and stands on no list of alerts', async () => {
    await room.pass(hours(1));
    room.clock.advance(hours(80));
    await room.cycle();
    expect(heard()).toEqual([]);
    await room.say(awa, 'list');
    expect(room.last(awa.contactId)?.text).not.toContain(calm.reference);
    expect(await room.alert(calm.reference)).toMatchObject({ state: 'open', isQuiet: true });
  });

  it('is taken by an officer who keeps it for days, can write to the person, and closes it', async () => {
    await room.say(awa, `o:take:${calm.reference}`);
    expect(room.last(awa.contactId)?.text).toContain('This case is not urgent: nobody else is paged.');
    room.clock.advance(hours(70));
    await room.cycle();
    expect(await room.alert(calm.reference)).toMatchObject({ state: 'taken', takenBy: awa.officerId });
    await room.say(awa, `o:p_call:${calm.reference}`);
    expect(toReporter().at(-1)).toContain('a call will follow');
    await room.say(awa, `o:end_resolved:${calm.reference}`);
    expect(await room.alert(calm.reference)).toMatchObject({ state: 'closed', outcome: 'resolved' });
    expect(await statusOf(calm.caseId)).toBe('closed');
    expect(heard()).toEqual([]);
  });

  it('tells the person the truth: received, then followed, then closed', async () => {
    const keys = async () =>
      (await room.inside((at) => reporterStatus(at, calm.caseId))).map(({ key }) => key);
    expect(await keys()).toEqual(['status.case_received', 'status.if_danger']);
    await room.say(awa, `o:take:${calm.reference}`);
    expect(await keys()).toEqual(['status.case_received', 'status.taken', 'status.if_danger']);
    await room.say(awa, `o:end_resolved:${calm.reference}`);
    expect(await keys()).toEqual(['status.case_received', 'status.closed']);
  });

  it('is no one’s again when its taker is no officer any more; no one is woken for that', async () => {
    await room.say(awa, `o:take:${calm.reference}`);
    await room.inside((at) => removeOfficer(at, awa.officerId));
    await room.cycle();
    expect(await room.alert(calm.reference)).toMatchObject({ state: 'open', isQuiet: true, takenBy: null });
    await room.pass(minutes(30));
    expect(heard()).toEqual([]);
  });

  it('is handed over like any other', async () => {
    await room.say(awa, `o:take:${calm.reference}`);
    await room.say(awa, `o:give:${calm.reference}/${binta.officerId}`);
    await room.cycle();
    await room.say(binta, `o:take:${calm.reference}`);
    expect(await room.alert(calm.reference)).toMatchObject({ takenBy: binta.officerId, isQuiet: true });
  });
});

describe('a case from before such cases had an alert', () => {
  it('gets one when the person says something that must be seen, and those on duty see it', async () => {
    await room.database.sql`delete from alert_log`;
    await room.database.sql`delete from alerts`;
    room.phones.clear();
    await room.inside((at) => tellOfficer(at, calm.caseId, 'erase_requested'));
    await room.deliver();
    expect(room.last(awa.contactId)?.text).toContain(calm.reference);
    expect(await room.alert(calm.reference)).toMatchObject({ state: 'open', isQuiet: true, level: 'medium' });
  });
});

describe('of a case which the only officer on duty must not know of', () => {
  it('what a person must see is shown to the others, and not to that one', async () => {
    const { sql } = room.database;
    await sql`update officers set is_on_duty = (id = ${awa.officerId})`;
    await sql`update alerts set excluded = jsonb_build_array(${awa.officerId}::text)`;
    room.phones.clear();
    await room.inside((at) => tellOfficer(at, calm.caseId, 'erase_requested'));
    await room.deliver();
    expect(room.screen(awa.contactId).join('\n')).not.toContain(calm.reference);
    expect(room.last(binta.contactId)?.text).toContain(calm.reference);
  });
});

describe('a case that becomes urgent', () => {
  it('while no officer has it: the phones ring as for any urgent one', async () => {
    await room.inside((at) => raiseAlertLevel(at, { caseId: calm.caseId, level: 'urgent' }));
    await room.cycle();
    expect(heard()).toHaveLength(2);
    expect(await room.alert(calm.reference)).toMatchObject({ level: 'urgent', isQuiet: false });
    await room.pass(minutes(5));
    expect(heard()).toHaveLength(4);
  });

  it('while an officer has it: that officer is told, and without "seen" everybody is called', async () => {
    await room.say(awa, `o:take:${calm.reference}`);
    room.clock.advance(hours(20));
    await room.inside((at) => raiseAlertLevel(at, { caseId: calm.caseId, level: 'urgent' }));
    await room.cycle();
    expect(room.last(awa.contactId)?.text).toContain('more serious');
    expect(room.pages(binta.contactId)).toEqual([]);
    await room.pass(minutes(6));
    expect(room.pages(binta.contactId)).toHaveLength(1);
  });

  it('by a cry for help: the phones ring', async () => {
    await room.inside((at) => repeatSos(at, calm.caseId));
    await room.cycle();
    expect(heard()).toHaveLength(2);
    expect(await room.alert(calm.reference)).toMatchObject({ level: 'urgent', isQuiet: false });
  });

  it('is paged with the time at which it became urgent, days after it came', async () => {
    room.clock.advance(hours(50));
    await room.inside((at) => repeatSos(at, calm.caseId));
    await room.cycle();
    expect(room.pages(awa.contactId).at(-1)?.text).toBe(
      `URGENT · ${calm.reference}\nAsked for help at 16:00.`,
    );
  });

  it('keeps what became of the replies to the person', async () => {
    await room.say(awa, `o:take:${calm.reference}`);
    const before = await room.alert(calm.reference);
    const link = { contactId: calm.contactId, replies: [{ place: 1, delivery: 7 as DeliveryId }] };
    await room.inside(async (at) => {
      await updateAlert(at.tx, before.id, await sealReporter(at, before.id, link));
      const { caseId, reference, contactId } = calm;
      await raiseAlert(at, { caseId, reference, level: 'urgent', contactId });
    });
    const after = await room.alert(calm.reference);
    expect(await room.inside((at) => openReporter(at, after))).toMatchObject(link);
  });
});

describe('a case that was closed', () => {
  let urgent: Awaited<ReturnType<DutyRoom['raise']>>;
  beforeEach(async () => {
    urgent = await room.raise('urgent');
    await room.say(awa, `o:take:${urgent.reference}`);
    await room.say(awa, `o:end_resolved:${urgent.reference}`);
    room.phones.clear();
  });

  it('is open again when the person adds something: the officer who had it is told, and no officer is woken', async () => {
    await room.inside((at) => tellOfficer(at, urgent.caseId, 'new_answers'));
    await room.pass(minutes(10));
    expect(await room.alert(urgent.reference)).toMatchObject({ state: 'open', isQuiet: true, outcome: null });
    expect(await statusOf(urgent.caseId)).toBe('waiting_for_us');
    expect(room.screen(awa.contactId)).toEqual([`New answers in ${urgent.reference}.`]);
    expect(heard()).toEqual([]);
  });

  it('pages again when what the person adds is a new danger, at whatever level it was', async () => {
    await room.inside((at) => raiseAlertLevel(at, { caseId: urgent.caseId, level: 'urgent' }));
    await room.cycle();
    expect(heard()).toHaveLength(2);
    expect(await statusOf(urgent.caseId)).toBe('waiting_for_us');
  });

  it('is taken again from the console by an officer who may have it, and not by an old button', async () => {
    await room.say(binta, `o:take:${urgent.reference}`);
    expect(await room.alert(urgent.reference)).toMatchObject({ state: 'closed' });
    const member = await inTheConsole(binta);
    await room.inside((at) => decide(at, member, urgent.reference, { do: 'take_again' }));
    const row = await room.alert(urgent.reference);
    expect(row).toMatchObject({ state: 'taken', takenBy: binta.officerId, isQuiet: true });
    expect(await statusOf(urgent.caseId)).toBe('active');
    expect(await room.inside((at) => openReporter(at, row))).toMatchObject({
      contactId: urgent.contactId,
    });
    await room.pass(minutes(40));
    expect(heard()).toEqual([]);
  });
});

describe('handing over in the console', () => {
  it('says so when the colleague must not have it, and was not asked', async () => {
    const member = await inTheConsole(awa);
    await room.say(awa, `o:take:${calm.reference}`);
    const give = () =>
      room.inside((at) => decide(at, member, calm.reference, { do: 'hand_over', to: binta.officerId }));
    const { sql } = room.database;
    await sql`update alerts set excluded = ${sql.json([binta.officerId])}`;
    expect(await give()).toEqual({ ok: false, reason: 'not_offered' });
    expect(heard()).toEqual([]);
    await sql`update alerts set excluded = '[]'`;
    expect(await give()).toMatchObject({ ok: true, came: 'offered', to: 'Binta' });
  });
});

describe('a level that a person changes', () => {
  it('stays quiet among those that wake no one, and rings when it is urgent', async () => {
    const member = await inTheConsole(awa);
    const set = (level: 'high' | 'urgent') =>
      room.inside((at) => setLevel(at, member, calm.reference, { level }));
    expect(await set('high')).toMatchObject({ ok: true, came: 'raised' });
    await room.cycle();
    expect(await room.alert(calm.reference)).toMatchObject({ level: 'high', isQuiet: true });
    expect(heard()).toEqual([]);
    expect(await set('urgent')).toMatchObject({ ok: true, came: 'raised' });
    await room.cycle();
    expect(heard()).toHaveLength(2);
  });
});
