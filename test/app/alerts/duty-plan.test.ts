/** The duty plan at work: who is called, who must not be, what is told ahead, what officers are shown. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type PlanKnows, readPlan } from '../../../src/alerts/plan-file.ts';
import { lookAtExclusions } from '../../../src/app/alerts/exclusions.ts';
import { storePlan } from '../../../src/app/duty/duty-plan.ts';
import { warnOfGaps } from '../../../src/app/duty/gap-warnings.ts';
import { addCover, namesOfOfficers } from '../../../src/app/duty/plan-keeping.ts';
import type { Answers } from '../../../src/conversation/values/answer.ts';
import { checkOfficers } from '../../../src/doctor/people.ts';
import { days, hours } from '../../../src/kernel/time.ts';
import { problemsAfter } from '../../../src/service/after-start.ts';
import { readCase } from '../../case-file.ts';
import { liveConfig } from '../../live-config.ts';
import { type DutyRoom, minutes, openDutyRoom, seconds } from './duty-room.ts';

let room: DutyRoom;
beforeEach(async () => {
  // Tuesday, 24 November 2026, 14:00 in Bamako.
  room = await openDutyRoom();
});
afterEach(() => room.close());

async function planIs(text: string): Promise<void> {
  const names = await namesOfOfficers(room.ctx.db, room.ctx);
  const knows: PlanKnows = {
    officers: [...names].map(([id, name]) => ({ id, name })),
    regions: ['07'],
    perpetrators: ['army', 'state_security'],
    languages: ['en'],
    timeZone: 'Africa/Bamako',
  };
  const read = readPlan(text, knows);
  if (!read.ok) throw new Error(read.problems.join('\n'));
  await room.inside((at) => storePlan(at, read.plan, read.exclusions));
}

const DAY_AND_NIGHT = `
rotas:
  - name: day
    layers: [{ officers: Awa, hand_over: daily 08:00, from: 2026-11-01, only: daily 08:00-20:00 }]
  - name: night
    layers: [{ officers: Binta, hand_over: daily 20:00, from: 2026-11-01, only: daily 20:00-08:00 }]
policies:
  - name: office
    steps:
      - { after: 0 min, call: [rota day] }
      - { after: 5 min, call: [rota night] }
      - { after: 10 min, call: everybody }
`;

async function three() {
  const awa = await room.enrol('Awa', { isOnDuty: false });
  const binta = await room.enrol('Binta', { isOnDuty: false });
  const fanta = await room.enrol('Fanta', { role: 'supervisor', isOnDuty: false });
  return { awa, binta, fanta };
}

describe('the start of the service', () => {
  it('says that no officer is on call, and nothing once a rota has one, who need not say “on duty”', async () => {
    const said = async () => {
      const config = { ...liveConfig('', { serverKey: '', recipient: '' }), port: 8080 };
      return (await problemsAfter(config, room.ctx)).map(({ setting, problem }) => `${setting}: ${problem}`);
    };
    await three();
    expect(await said()).toEqual(['officers: nobody is on call now']);
    await planIs(DAY_AND_NIGHT);
    expect(await said()).toEqual([]);
  });
});

describe('doctor', () => {
  it('warns that no officer is on duty, and counts whom a rota has now, who need not say “on duty”', async () => {
    const said = async () => {
      const config = liveConfig('', { serverKey: room.serverKey, recipient: '' });
      const [check] = (await checkOfficers(config, room.ctx.db)).checks;
      return `${check?.state}: ${check?.detail}; ${check?.mend}`;
    };
    await three();
    const mend = 'an officer says "on duty" to the bot, or ./lakana rota apply';
    expect(await said()).toBe(`warn: 3 enrolled, 0 on duty, 1 supervisors; ${mend}`);
    await planIs(DAY_AND_NIGHT);
    expect(await said()).toContain('3 enrolled, 1 on duty, 1 supervisors');
  });
});

describe('an alert', () => {
  it('goes to the officer who is on call by the rota; a step that has no officer is passed over at once, and the log says so', async () => {
    const { awa, binta, fanta } = await three();
    await planIs(DAY_AND_NIGHT);
    const { reference } = await room.raise();
    await room.cycle();
    expect(room.pages(awa.contactId)).toHaveLength(1);
    expect(room.pages(binta.contactId)).toHaveLength(0);
    await room.pass(minutes(5));
    // No officer is on the night rota at 14:05: everybody is called now and not at 14:10.
    expect(await room.log(reference)).toContain('skipped');
    expect(room.pages(fanta.contactId)).toHaveLength(1);
    expect(room.pages(binta.contactId)).toHaveLength(1);
  });

  it('goes to the officer who stands in, from the minute in which the cover begins', async () => {
    const { awa, binta } = await three();
    await planIs(DAY_AND_NIGHT);
    const now = room.clock.at();
    await room.inside((at) =>
      addCover(at, {
        rota: { name: 'day', timeZone: 'Africa/Bamako', layers: [] },
        officerId: binta.officerId,
        insteadOf: awa.officerId,
        startsAt: now,
        endsAt: new Date(now.getTime() + hours(1)),
      }),
    );
    await room.raise();
    await room.cycle();
    expect([awa, binta].map((each) => room.pages(each.contactId).length)).toEqual([0, 1]);
  });

  it('keeps the policy with which it was raised when the plan changes', async () => {
    const { awa, fanta } = await three();
    await planIs(DAY_AND_NIGHT);
    const { reference } = await room.raise();
    await planIs('policies: [{ name: later, steps: [{ after: 0 min, call: everybody }] }]');
    await room.cycle();
    expect((await room.alert(reference)).policy).toMatchObject({ name: 'office' });
    // The day rota is gone with the old plan: its step has no officer, and the next ones follow at once.
    expect(room.pages(awa.contactId)).toHaveLength(1);
    expect(room.pages(fanta.contactId)).toHaveLength(1);
  });

  it('goes out by the usual policy when the plan cannot be read', async () => {
    const { awa } = await three();
    await room.database
      .sql`insert into duty_plans (made_at, document) values (now(), '{"rotas": "nonsense"}'::jsonb)`;
    const { reference } = await room.raise();
    await room.cycle();
    expect((await room.alert(reference)).policy).toMatchObject({ name: 'critical' });
    expect(room.pages(awa.contactId)).toHaveLength(1);
  });
});

describe('an officer who must not have a case', () => {
  const place = (region: string): Answers => ({ place: { kind: 'place', region, done: true } });
  const EXCLUDED =
    'exclusions: [{ officer: Awa, regions: ["07"], perpetrators: [state_security], reason: her cousin }]';

  it('has it no longer from the answer on that excludes them; another is called, and the log does not say why', async () => {
    const { awa, binta } = await three();
    await planIs(EXCLUDED);
    const { reference, caseId } = await room.raise();
    await room.cycle();
    await room.say(awa, `o:take:${reference}`);
    await room.inside((at) => lookAtExclusions(at, caseId, place('07'), { areAll: true }));
    const before = room.pages(binta.contactId).length;
    await room.cycle();
    expect((await room.alert(reference)).state).toBe('open');
    // Nothing is said: what told of it is gone from the chat.
    expect(room.screen(awa.contactId).join()).not.toContain(reference);
    expect(room.pages(binta.contactId)).toHaveLength(before + 1);
    const called = room.pages(awa.contactId).length;
    await room.pass(minutes(30));
    expect(room.pages(awa.contactId)).toHaveLength(called);
    await room.say(awa, `o:take:${reference}`);
    expect((await room.alert(reference)).state).toBe('open');
    expect(room.last(awa.contactId)?.text).toBe(`No alert ${reference}.`);
    const rows = await room.database.sql`select what, detail from alert_log where what = 'excluded'`;
    expect(rows).toMatchObject([{ what: 'excluded', detail: null }]);
    const dump = JSON.stringify(await room.database.sql`select * from duty_plans, alerts, alert_log`);
    expect(dump).not.toContain('cousin');
    const { text } = await readCase(room.database.db, room.ctx.keyring, room.team.secret, reference).then(
      (file) => ({ text: JSON.stringify(file) }),
    );
    expect(text).toContain('region 07');
  });

  it('does not get a case that is not urgent either', async () => {
    const { awa } = await three();
    await planIs(EXCLUDED);
    const { reference, caseId } = await room.raise('medium');
    await room.inside((at) => lookAtExclusions(at, caseId, place('07'), { areAll: true }));
    await room.say(awa, `o:take:${reference}`);
    expect(room.last(awa.contactId)?.text).toBe(`No alert ${reference}.`);
    expect((await room.alert(reference)).state).toBe('open');
  });

  it('may have it again when the answer is corrected', async () => {
    const { awa } = await three();
    await planIs(EXCLUDED);
    const { reference, caseId } = await room.raise();
    const look = (answers: Answers) =>
      room.inside((at) => lookAtExclusions(at, caseId, answers, { areAll: true }));
    await look({ suspect: { kind: 'choice', value: 'state_security' } });
    expect((await room.alert(reference)).excluded).toEqual([awa.officerId]);
    await look({ suspect: { kind: 'choice', value: 'private' } });
    expect((await room.alert(reference)).excluded).toEqual([]);
  });

  it('is not paged even when no other officer is there: the person is told so instead', async () => {
    const awa = await room.enrol('Awa');
    await planIs(EXCLUDED);
    const { reference, caseId } = await room.raise();
    await room.inside((at) => lookAtExclusions(at, caseId, place('07'), { areAll: true }));
    await room.pass(minutes(20));
    expect(room.pages(awa.contactId)).toHaveLength(0);
    expect(await room.log(reference)).toContain('nobody');
  });
});

describe('quiet hours', () => {
  const QUIET = `
quiet_hours: daily 22:00-06:00
rotas: [{ name: night, layers: [{ officers: Binta, hand_over: daily 20:00, from: 2026-11-01 }] }]`;
  const sounds = (officer: { contactId: never }) =>
    room.pages(officer.contactId).map(({ silent }) => (silent ? 'quiet' : 'rings'));

  it('let officers who are not on call sleep when an alert is urgent, unless those on call do not answer', async () => {
    const { awa, binta } = await three();
    await planIs(QUIET);
    room.clock.set(new Date('2026-11-25T01:00:00Z'));
    await room.raise('urgent');
    await room.pass(minutes(31));
    expect(new Set(sounds(binta as never))).toEqual(new Set(['rings']));
    expect(new Set(sounds(awa as never))).toEqual(new Set(['quiet']));
    await room.pass(minutes(10));
    expect(sounds(awa as never).at(-1)).toBe('rings');
  });

  it('are no hours for a critical alert', async () => {
    const { awa } = await three();
    await planIs(QUIET);
    room.clock.set(new Date('2026-11-25T01:00:00Z'));
    await room.raise('critical');
    await room.pass(minutes(11));
    expect(new Set(sounds(awa as never))).toEqual(new Set(['rings']));
  });
});

describe('a gap in the plan', () => {
  it('is told to supervisors seven days, a day and two hours ahead, each once', async () => {
    const { awa, fanta } = await three();
    await planIs(
      DAY_AND_NIGHT.replace('only: daily 08:00-20:00', 'until: 2026-12-05').replace(
        'call: [rota night]',
        'call: [rota day]',
      ),
    );
    const warned = async () => {
      const told = await warnOfGaps(room.ctx);
      await room.deliver();
      return told;
    };
    const said = () =>
      room.sent(fanta.contactId).filter(({ text }) => text.includes('nobody to call')).length;
    expect(await warned()).toBe(0);
    room.clock.set(new Date('2026-11-28T12:00:00Z'));
    expect(await warned()).toBeGreaterThan(0);
    expect(said()).toBe(1);
    expect(await warned()).toBe(0);
    room.clock.set(new Date('2026-12-04T12:00:00Z'));
    expect(await warned()).toBeGreaterThan(0);
    room.clock.set(new Date('2026-12-04T22:30:00Z'));
    expect(await warned()).toBeGreaterThan(0);
    expect(await warned()).toBe(0);
    expect(said()).toBe(3);
    expect(room.sent(awa.contactId).some(({ text }) => text.includes('nobody to call'))).toBe(false);
    expect(room.last(fanta.contactId)?.text).toContain('05/12 00:00');
  });

  it('that was mended and comes back is told again', async () => {
    await three();
    await planIs(DAY_AND_NIGHT.replace('call: [rota night]', 'call: [rota day]'));
    expect(await warnOfGaps(room.ctx)).toBeGreaterThan(0);
    await planIs('policies: [{ name: all, steps: [{ after: 0 min, call: everybody }] }]');
    expect(await warnOfGaps(room.ctx)).toBe(0);
    await planIs(DAY_AND_NIGHT.replace('call: [rota night]', 'call: [rota day]'));
    expect(await warnOfGaps(room.ctx)).toBeGreaterThan(0);
  });
});

describe('an officer who asks', () => {
  it('who is on call hears names, until when, and who is next', async () => {
    const { awa } = await three();
    await planIs(DAY_AND_NIGHT);
    await room.say(awa, 'who is on call');
    expect(room.last(awa.contactId)?.text).toBe(
      'On call now:\nday: Awa, until 20:00. Then: nobody\nnight: nobody, until 20:00. Then: Binta',
    );
  });

  it('for their shifts sees them, and that nothing is planned when nothing is', async () => {
    const { awa, fanta } = await three();
    await room.say(awa, 'my shifts');
    expect(room.last(awa.contactId)?.text).toContain('There is no rota');
    await planIs(DAY_AND_NIGHT);
    await room.say(awa, 'my shifts');
    expect(room.last(awa.contactId)?.text).toContain(
      'Now, until 20:00 · day\n25/11 08:00 – 25/11 20:00 · day',
    );
    await room.say(fanta, 'my shifts');
    expect(room.last(fanta.contactId)?.text).toContain('No shift');
  });

  it('to be off duty while the rota has them on call is told until when, and stays on call', async () => {
    const { awa } = await three();
    await planIs(DAY_AND_NIGHT);
    await room.say(awa, 'off duty');
    expect(room.last(awa.contactId)?.text).toContain('until 20:00');
    await room.raise();
    await room.pass(seconds(10));
    expect(room.pages(awa.contactId)).toHaveLength(1);
    room.clock.advance(days(1) + hours(8));
    await room.say(awa, 'off duty');
    expect(room.last(awa.contactId)?.text).toContain('not on duty');
  });
});
