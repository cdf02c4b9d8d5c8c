import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { repeatSos } from '../../../src/app/alerts/alerting.ts';
import { escalateDue } from '../../../src/app/alerts/escalate.ts';
import { tellOfficer } from '../../../src/app/alerts/reporter-news.ts';
import { meetCode } from '../../../src/app/officer-chat/officer-enrolment.ts';
import { updateContact } from '../../../src/db/contacts.ts';
import { type DutyRoom, minutes, openDutyRoom, seconds } from './duty-room.ts';

let room: DutyRoom;
beforeEach(async () => {
  room = await openDutyRoom();
});
afterEach(() => room.close());

describe('a page', () => {
  it('links to the case in the officer’s room, where there is one; an exercise has no case', async () => {
    const awa = await room.enrol('Awa');
    await room.raise();
    await room.cycle();
    expect(room.pages(awa.contactId).at(-1)?.text).not.toContain('http');
    room.ctx.settings.consoleUrl = 'https://lakana.example.org/console/';
    const { reference } = await room.raise();
    await room.cycle();
    expect(room.pages(awa.contactId).at(-1)?.text).toContain(
      `\nhttps://lakana.example.org/console/#/case/${reference}`,
    );
  });
});

describe('paging', () => {
  it('pages everybody on duty at once, with reference and level and nothing else', async () => {
    const awa = await room.enrol('Awa Traoré');
    const binta = await room.enrol('Binta');
    const off = await room.enrol('Cheick', { isOnDuty: false });
    const { reference } = await room.raise('critical', { region: '05' });
    await room.cycle();
    for (const officer of [awa, binta]) {
      const [page] = room.pages(officer.contactId);
      expect(page?.text).toBe(`CRITICAL · ${reference}\nAsked for help at 14:00.`);
      expect(page?.rows?.flat().map((button) => button.data)).toEqual([
        `o:take:${reference}`,
        `o:cannot:${reference}`,
      ]);
    }
    expect(room.pages(off.contactId)).toEqual([]);
  });

  it('repeats with a new message every 2 minutes, calls the next person at 5 and everybody at 10, for ever', async () => {
    const awa = await room.enrol('Awa');
    const off = await room.enrol('Cheick', { isOnDuty: false });
    room.clock.advance(1);
    const other = await room.enrol('Demba', { isOnDuty: false });
    const boss = await room.enrol('Fanta', { role: 'supervisor', isOnDuty: false });
    await room.raise();
    await room.cycle();
    const counts = () => [awa, off, other, boss].map((each) => room.pages(each.contactId).length);
    expect(counts()).toEqual([1, 0, 0, 0]);
    await room.pass(minutes(4));
    expect(counts()).toEqual([3, 0, 0, 0]);
    await room.pass(minutes(1));
    expect(counts()).toEqual([3, 1, 0, 0]);
    await room.pass(minutes(5));
    expect(counts()).toEqual([6, 4, 1, 1]);
    await room.pass(minutes(10));
    expect(counts()).toEqual([8, 6, 3, 3]);
    expect(room.pages(awa.contactId).at(-1)?.text).toContain('17 min ago');
    expect(room.pages(awa.contactId).at(-1)?.text).toContain('7th repeat');
  });

  it('calls everybody at once when no officer is on duty', async () => {
    const off = await room.enrol('Cheick', { isOnDuty: false });
    const boss = await room.enrol('Fanta', { role: 'supervisor', isOnDuty: false });
    await room.raise();
    await room.cycle();
    expect(room.pages(off.contactId)).toHaveLength(1);
    expect(room.pages(boss.contactId)).toHaveLength(1);
  });

  it('stays open while no officer is enrolled, and pages the officers who enrol later', async () => {
    const { reference } = await room.raise();
    await room.pass(minutes(30));
    const alert = await room.alert(reference);
    expect(alert.state).toBe('open');
    expect(alert.nextStepAt?.getTime()).toBeGreaterThan(room.clock.at().getTime());
    expect((await room.log(reference)).filter((what) => what === 'nobody')).toHaveLength(1);
    const late = await room.enrol('Awa', { isOnDuty: false });
    await room.pass(minutes(5));
    expect(room.pages(late.contactId).length).toBeGreaterThan(0);
  });

  it('names the region only where the setting allows it', async () => {
    const open = await openDutyRoom({ alertDetail: 'region' });
    const awa = await open.enrol('Awa');
    await open.raise('urgent', { region: '05' });
    await open.cycle();
    expect(open.pages(awa.contactId)[0]?.text.split('\n')[0]).toMatch(/^URGENT · \S+ · Mopti$/);
    await open.close();
  });

  it('calls the next person at once when an officer cannot, and asks that officer no more before everybody', async () => {
    const awa = await room.enrol('Awa');
    const off = await room.enrol('Cheick', { isOnDuty: false });
    const { reference } = await room.raise();
    await room.cycle();
    await room.say(awa, `o:cannot:${reference}`);
    expect(room.pages(off.contactId)).toHaveLength(1);
    await room.pass(minutes(4));
    expect(room.pages(awa.contactId)).toHaveLength(1);
    expect(room.pages(off.contactId)).toHaveLength(3);
    await room.pass(minutes(6));
    expect(room.pages(awa.contactId).length).toBeGreaterThan(1);
  });
});

describe('taking', () => {
  it('lets one of two officers who tap Take at the same instant have it, and tells the other who', async () => {
    const awa = await room.enrol('Awa Traoré');
    const binta = await room.enrol('Binta');
    const { reference } = await room.raise();
    await room.cycle();
    await Promise.all([room.say(awa, `o:take:${reference}`), room.say(binta, `o:take:${reference}`)]);
    await room.deliver();
    const alert = await room.alert(reference);
    expect(alert.state).toBe('taken');
    const [winner, loser] = alert.takenBy === awa.officerId ? [awa, binta] : [binta, awa];
    const name = winner === awa ? 'Awa' : 'Binta';
    expect(room.sent(winner.contactId).at(-1)?.text).toContain('YOURS since 14:00');
    expect(room.sent(loser.contactId).at(-1)?.text).toContain(`${name} took it at 14:00`);
    expect((await room.log(reference)).filter((what) => what === 'taken')).toHaveLength(1);
  });

  it('shows everybody who was paged who took it and when, and pages no one any more', async () => {
    const awa = await room.enrol('Awa Traoré');
    const binta = await room.enrol('Binta');
    const boss = await room.enrol('Fanta', { role: 'supervisor', isOnDuty: false });
    const { reference, contactId } = await room.raise();
    await room.cycle();
    await room.pass(minutes(2));
    await room.say(awa, `o:take:${reference}`);
    expect(room.screen(binta.contactId)).toEqual([
      `CRITICAL · ${reference}\nTaken by Awa at 14:02.`,
      `CRITICAL · ${reference}\nTaken by Awa at 14:02.`,
    ]);
    expect(room.screen(boss.contactId)).toEqual([`${reference}: taken by Awa at 14:02.`]);
    expect(room.screen(contactId)).toEqual(['14:02 – received']);
    const before = room.pages(binta.contactId).length;
    await room.pass(minutes(29));
    expect(room.pages(binta.contactId)).toHaveLength(before);
  });

  it('says nothing unasked to a reporter who must not be written to, and tells the officer', async () => {
    const awa = await room.enrol('Awa');
    const { reference, contactId } = await room.raise('critical', { mayWrite: false });
    await room.cycle();
    await room.say(awa, `o:take:${reference}`);
    expect(room.screen(contactId)).toEqual([]);
    expect(room.last(awa.contactId)?.text).toContain('Do not write to them here: they said no.');
    await room.say(awa, `o:p_call:${reference}`);
    expect(room.screen(contactId)).toEqual([]);
    expect(room.last(awa.contactId)?.text).toContain('not sent');
  });

  it('who was not understood at "may we write to you?" is told nothing by itself, and the officer decides knowing it', async () => {
    const awa = await room.enrol('Awa');
    const { reference, contactId } = await room.raise('critical', { mayWrite: 'unclear' });
    await room.cycle();
    await room.say(awa, `o:take:${reference}`);
    expect(room.screen(contactId)).toEqual([]);
    const taken = room.last(awa.contactId);
    expect(taken?.text).toContain('neither yes nor no, or we did not understand');
    expect(taken?.text).not.toContain('Do not write');
    expect(taken?.rows?.flat().map(({ data }) => data)).toContain(`o:p_talk:${reference}`);
    await room.say(awa, `o:p_talk:${reference}`);
    expect(room.screen(contactId)).toHaveLength(1);
  });

  it('ends a take after 30 minutes without work: the officer is told and paged first, the others a minute later', async () => {
    const awa = await room.enrol('Awa');
    const binta = await room.enrol('Binta');
    const { reference } = await room.raise();
    await room.cycle();
    await room.say(awa, `o:take:${reference}`);
    await room.pass(minutes(20));
    await room.say(awa, `o:p_talk:${reference}`);
    await room.pass(minutes(29));
    expect((await room.alert(reference)).state).toBe('taken');
    await room.pass(minutes(1));
    expect((await room.alert(reference)).state).toBe('open');
    expect(room.sent(awa.contactId).some((each) => each.text.includes('no longer yours'))).toBe(true);
    expect(room.pages(awa.contactId).at(-1)?.text).toContain('Asked for help');
    expect(room.pages(binta.contactId)).toHaveLength(1);
    await room.pass(minutes(1));
    expect(room.pages(binta.contactId)).toHaveLength(2);
    expect(room.screen(binta.contactId)[0]).toContain('Asked for help');
  });

  it('seals a phrase into the case and says it to the reporter', async () => {
    const awa = await room.enrol('Awa');
    const { reference, contactId, caseId } = await room.raise();
    await room.cycle();
    await room.say(awa, `o:p_call:${reference}`);
    expect(room.screen(contactId)).toEqual([]);
    await room.say(awa, `o:take:${reference}`);
    await room.say(awa, `o:p_call:${reference}`);
    expect(room.screen(contactId)).toContain('14:00 – a call will follow');
    const items = await room.database.sql`select kind from case_items where case_id = ${caseId}`;
    expect(items.map((item) => item.kind)).toEqual(['phrase']);
  });

  it('gives an alert back to the others at once', async () => {
    const awa = await room.enrol('Awa');
    const binta = await room.enrol('Binta');
    const { reference } = await room.raise();
    await room.cycle();
    await room.say(awa, `o:take:${reference}`);
    await room.say(awa, `o:release:${reference}`);
    await room.cycle();
    expect(room.pages(binta.contactId)).toHaveLength(2);
    expect(room.pages(awa.contactId)).toHaveLength(1);
  });

  it('is closed by the taker or a supervisor with an outcome, and by no one else', async () => {
    const awa = await room.enrol('Awa');
    const binta = await room.enrol('Binta');
    const boss = await room.enrol('Fanta', { role: 'supervisor', isOnDuty: false });
    const { reference } = await room.raise();
    await room.cycle();
    await room.say(binta, `o:end_false_alarm:${reference}`);
    expect((await room.alert(reference)).state).toBe('open');
    await room.say(awa, `o:take:${reference}`);
    await room.say(binta, `o:end_false_alarm:${reference}`);
    expect((await room.alert(reference)).state).toBe('taken');
    await room.say(awa, `close ${reference}`);
    expect(
      room
        .last(awa.contactId)
        ?.rows?.flat()
        .map((button) => button.data),
    ).toContain(`o:end_reached:${reference}`);
    await room.say(awa, `o:end_reached:${reference}`);
    expect(await room.alert(reference)).toMatchObject({
      state: 'closed',
      outcome: 'reached',
      nextStepAt: null,
    });
    expect(room.screen(boss.contactId).at(-1)).toContain('closed by Awa');
    const second = await room.raise();
    await room.say(boss, `o:end_transferred:${second.reference}`);
    expect((await room.alert(second.reference)).outcome).toBe('transferred');
  });

  it('makes an alert live again when the officer who has it is removed', async () => {
    const { removeOfficer } = await import('../../../src/app/duty/officers.ts');
    const awa = await room.enrol('Awa');
    const binta = await room.enrol('Binta');
    const { reference } = await room.raise();
    await room.cycle();
    await room.say(awa, `o:take:${reference}`);
    await room.inside((at) => removeOfficer(at, awa.officerId));
    await room.cycle();
    expect((await room.alert(reference)).state).toBe('open');
    expect(room.pages(binta.contactId)).toHaveLength(2);
    expect(await room.say(awa, `o:take:${reference}`)).toBe('as_reporter');
  });
});

describe('a reporter who asks again', () => {
  const again = (caseId: Parameters<typeof repeatSos>[1]) => room.inside((at) => repeatSos(at, caseId));

  it('joins the open alert: pages say "again, 3rd time" and no one is woken anew', async () => {
    const awa = await room.enrol('Awa');
    const { caseId } = await room.raise();
    await room.cycle();
    await again(caseId);
    expect(await again(caseId)).toEqual({ count: 3 });
    await room.cycle();
    expect(room.pages(awa.contactId)).toHaveLength(1);
    expect(room.screen(awa.contactId)[0]).toContain('Again, 3rd time.');
  });

  it('reaches the taker, and everybody if the taker does not say "seen" within 5 minutes', async () => {
    const awa = await room.enrol('Awa');
    const boss = await room.enrol('Fanta', { role: 'supervisor', isOnDuty: false });
    const { caseId, reference } = await room.raise();
    await room.cycle();
    await room.say(awa, `o:take:${reference}`);
    await again(caseId);
    await room.cycle();
    expect(room.last(awa.contactId)?.text).toContain('asks again: 2nd time');
    await room.say(awa, `o:ack:${reference}`);
    await room.pass(minutes(6));
    expect((await room.alert(reference)).state).toBe('taken');
    await again(caseId);
    await room.pass(minutes(4));
    expect(room.pages(boss.contactId)).toHaveLength(0);
    await room.pass(minutes(1));
    expect(room.pages(boss.contactId)).toHaveLength(1);
    expect((await room.alert(reference)).state).toBe('open');
  });

  it('rings the taker once a minute, however often SOS is pressed', async () => {
    const awa = await room.enrol('Awa');
    const { caseId, reference } = await room.raise();
    await room.cycle();
    await room.say(awa, `o:take:${reference}`);
    const before = room.sent(awa.contactId).length;
    for (let i = 0; i < 20; i++) {
      await again(caseId);
      await room.pass(seconds(5));
    }
    expect(room.sent(awa.contactId).length - before).toBe(2);
    expect((await room.alert(reference)).repeats).toBe(20);
  });

  it('opens an alert again that had been closed', async () => {
    const awa = await room.enrol('Awa');
    const { caseId, reference } = await room.raise();
    await room.cycle();
    await room.say(awa, `o:take:${reference}`);
    await room.say(awa, `o:end_resolved:${reference}`);
    await again(caseId);
    await room.cycle();
    expect((await room.alert(reference)).state).toBe('open');
    expect(room.pages(awa.contactId)).toHaveLength(2);
  });

  it('is shown "mistake" to the officer, and it closes nothing', async () => {
    const awa = await room.enrol('Awa');
    const { caseId, reference } = await room.raise();
    await room.cycle();
    await room.inside((at) => tellOfficer(at, caseId, 'mistake'));
    await room.deliver();
    expect(room.screen(awa.contactId)[0]).toContain('Perhaps under force');
    await room.say(awa, `o:take:${reference}`);
    expect(room.last(awa.contactId)?.text).toContain('Perhaps under force');
    await room.inside((at) => tellOfficer(at, caseId, 'blocked'));
    await room.deliver();
    expect(room.last(awa.contactId)?.text).toContain('blocked this service');
    expect((await room.alert(reference)).state).toBe('taken');
  });

  it('whose news comes while the page is still on its way is shown on it', async () => {
    const awa = await room.enrol('Awa');
    const { caseId } = await room.raise();
    await escalateDue(room.ctx);
    await room.inside((at) => tellOfficer(at, caseId, 'blocked'));
    await room.pass(seconds(10));
    expect(room.screen(awa.contactId)[0]).toContain('The person blocked this service');
  });

  it('whose many answers arrive makes one quiet notice', async () => {
    const awa = await room.enrol('Awa');
    const { caseId, reference } = await room.raise();
    await room.cycle();
    await room.say(awa, `o:take:${reference}`);
    const before = room.sent(awa.contactId).length;
    for (let i = 0; i < 5; i++) await room.inside((at) => tellOfficer(at, caseId, 'new_answers'));
    await room.pass(seconds(10));
    expect(room.sent(awa.contactId)).toHaveLength(before + 1);
    expect(room.last(awa.contactId)).toMatchObject({ text: `New answers in ${reference}.`, silent: true });
  });
});

describe('trouble', () => {
  it('calls others when the officer who has the alert blocks the bot', async () => {
    const awa = await room.enrol('Awa');
    const binta = await room.enrol('Binta');
    const { reference } = await room.raise();
    await room.cycle();
    await room.say(awa, `o:take:${reference}`);
    await room.inside(({ tx, now }) => updateContact(tx, awa.contactId, { blockedAt: now }));
    await room.say(awa, { kind: 'blocked' });
    await room.cycle();
    expect((await room.alert(reference)).state).toBe('open');
    expect(room.pages(binta.contactId)).toHaveLength(2);
  });

  it('goes on with the next person at once when an officer has blocked the bot', async () => {
    const awa = await room.enrol('Awa');
    const off = await room.enrol('Cheick', { isOnDuty: false });
    room.blocked.add(awa.contactId);
    await room.raise();
    await room.cycle();
    expect(room.pages(off.contactId)).toHaveLength(1);
  });

  it('goes on with the officer’s other contact first', async () => {
    const awa = await room.enrol('Awa');
    const off = await room.enrol('Cheick', { isOnDuty: false });
    await room.say(awa, 'o:contact:new');
    const code = /\/start (\S+)/.exec(room.last(awa.contactId)?.text ?? '')?.[1] ?? '';
    const second = await room.newContact();
    await room.inside((at) => meetCode(at, second, { code, isMeant: true }));
    room.blocked.add(awa.contactId);
    const { reference } = await room.raise();
    await room.cycle();
    expect(room.pages(second)).toHaveLength(1);
    expect(room.pages(off.contactId)).toHaveLength(0);
    await room.say({ contactId: second }, `o:take:${reference}`);
    expect((await room.alert(reference)).takenBy).toBe(awa.officerId);
  });

  it('pages at once when the clock was set back by hours', async () => {
    const awa = await room.enrol('Awa');
    const { reference } = await room.raise();
    await room.cycle();
    room.clock.advance(-minutes(180));
    await room.cycle();
    expect(room.pages(awa.contactId)).toHaveLength(2);
    const alert = await room.alert(reference);
    const ahead = (alert.nextStepAt?.getTime() ?? 0) - room.clock.at().getTime();
    expect(ahead).toBeGreaterThan(0);
    expect(ahead).toBeLessThanOrEqual(minutes(5));
    await room.pass(minutes(10));
    expect(room.pages(awa.contactId).length).toBeGreaterThan(4);
  });

  it('is refused by the database: an alert that is not closed without a next step', async () => {
    const { reference } = await room.raise();
    const { sql } = room.database;
    await expect(sql`update alerts set next_step_at = null where reference = ${reference}`).rejects.toThrow(
      /an_open_alert_has_a_next_step/,
    );
    await expect(
      sql`update alerts set next_step_at = null, state = 'taken', taken_by = gen_random_uuid(), taken_at = now()
          where reference = ${reference}`,
    ).rejects.toThrow(/an_open_alert_has_a_next_step/);
    await expect(sql`update alerts set state = 'taken' where reference = ${reference}`).rejects.toThrow(
      /a_taken_alert_has_a_taker/,
    );
  });

  it('bundles 30 alerts of 2 minutes, drops none and lets each be taken', async () => {
    const awa = await room.enrol('Awa');
    const references: string[] = [];
    for (let i = 0; i < 30; i++) {
      references.push((await room.raise('urgent')).reference);
      await room.cycle();
      await room.pass(seconds(4));
    }
    await room.pass(seconds(20));
    const pages = room.pages(awa.contactId);
    expect(pages.length).toBeLessThan(15);
    const bundle = pages.at(-1);
    expect(bundle?.text).toMatch(/^30 ALERTS/);
    for (const reference of references) {
      expect(bundle?.text).toContain(reference);
      expect(bundle?.rows?.flat().map((button) => button.data)).toContain(`o:take:${reference}`);
    }
    const chosen = references[7] ?? '';
    await room.say(awa, `o:take:${chosen}`);
    expect((await room.alert(chosen)).state).toBe('taken');
    expect(room.screen(awa.contactId).find((text) => text.startsWith('30 ALERTS'))).toContain('Taken by you');
  });
});
