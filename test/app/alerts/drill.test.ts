/** Exercises: the whole way, marked as such, and never in the way of anybody real. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { raiseDrill, runScheduledDrill } from '../../../src/app/alerts/drill.ts';
import { freeReference } from '../../../src/app/records/case-opening.ts';
import { lastDrill } from '../../../src/db/alerts.ts';
import { type DutyRoom, minutes, openDutyRoom, seconds } from './duty-room.ts';

let room: DutyRoom;
beforeEach(async () => {
  room = await openDutyRoom();
});
afterEach(() => room.close());

const drill = () => room.inside((at) => raiseDrill(at, 'urgent'));

describe('an exercise', () => {
  it('pages as a real alert does and says that it is one; taking it ends it, with the times', async () => {
    const awa = await room.enrol('Awa');
    const fanta = await room.enrol('Fanta', { role: 'supervisor', isOnDuty: false });
    const reference = await drill();
    await room.cycle();
    expect(room.pages(awa.contactId)[0]?.text).toContain(`EXERCISE · ${reference}`);
    expect(room.pages(awa.contactId)[0]?.text).not.toContain('URGENT');
    await room.pass(seconds(40));
    await room.say(awa, `o:take:${reference}`);
    expect(room.last(awa.contactId)?.text).toContain(`EXERCISE ${reference}: passed`);
    expect(room.last(awa.contactId)?.text).toContain('taken after 40 s');
    expect(room.last(fanta.contactId)?.text).toContain('Awa took it after 40 s');
    const row = await room.alert(reference);
    expect(row).toMatchObject({ state: 'closed', outcome: 'drill_passed', caseId: null, isDrill: true });
    expect((await lastDrill(room.database.db))?.reference).toBe(reference);
    await room.pass(minutes(40));
    expect(room.pages(awa.contactId)).toHaveLength(1);
  });

  it('that no officer takes ends by itself, and supervisors are told who did not answer', async () => {
    await room.enrol('Awa');
    const fanta = await room.enrol('Fanta', { role: 'supervisor', isOnDuty: false });
    const reference = await drill();
    await room.pass(minutes(36));
    expect(await room.alert(reference)).toMatchObject({ state: 'closed', outcome: 'drill_failed' });
    expect(room.last(fanta.contactId)?.text).toMatch(/FAILED[\s\S]*Awa, Fanta/);
    const pages = room.pages(fanta.contactId).length;
    await room.pass(minutes(20));
    expect(room.pages(fanta.contactId)).toHaveLength(pages);
  });

  it('goes to the next person when an officer cannot', async () => {
    const awa = await room.enrol('Awa');
    const binta = await room.enrol('Binta', { isOnDuty: false });
    const reference = await drill();
    await room.cycle();
    await room.say(awa, `o:cannot:${reference}`);
    expect(room.pages(binta.contactId)).toHaveLength(1);
  });

  it('is never on one message with real alerts, and does not make theirs a bundle', async () => {
    const awa = await room.enrol('Awa');
    for (let n = 0; n < 3; n++) await room.raise();
    await room.cycle();
    await drill();
    await room.cycle();
    const texts = room.pages(awa.contactId).map(({ text }) => text);
    expect(texts).toHaveLength(4);
    expect(texts.filter((text) => text.includes('EXERCISE') && text.includes('CRITICAL'))).toEqual([]);
  });

  it('that fails names apart who answered that they cannot', async () => {
    const awa = await room.enrol('Awa');
    await room.enrol('Binta');
    const fanta = await room.enrol('Fanta', { role: 'supervisor', isOnDuty: false });
    const reference = await drill();
    await room.cycle();
    await room.say(awa, `o:cannot:${reference}`);
    await room.pass(minutes(36));
    expect(room.last(fanta.contactId)?.text).toContain('without an answer: Binta, Fanta');
    expect(room.last(fanta.contactId)?.text).toContain('cannot: Awa');
  });

  it('that a supervisor calls off counts neither as passed nor as failed', async () => {
    await room.enrol('Awa');
    const fanta = await room.enrol('Fanta', { role: 'supervisor', isOnDuty: false });
    const passed = await drill();
    await room.cycle();
    await room.say(fanta, `o:take:${passed}`);
    await room.pass(seconds(10));
    const off = await drill();
    await room.cycle();
    await room.say(fanta, `o:end_false_alarm:${off}`);
    expect(await room.alert(off)).toMatchObject({ state: 'closed', outcome: 'false_alarm' });
    expect((await lastDrill(room.database.db))?.reference).toBe(passed);
  });

  it('of the week does not begin while a real person waits, and supervisors are told', async () => {
    const fanta = await room.enrol('Fanta', { role: 'supervisor' });
    await room.raise();
    await room.cycle();
    expect(await runScheduledDrill(room.ctx, room.clock.at())).toBeUndefined();
    await room.deliver();
    expect(room.last(fanta.contactId)?.text).toContain('No exercise this week');
  });

  it('of the week begins once when no person waits', async () => {
    await room.enrol('Awa');
    expect(await runScheduledDrill(room.ctx, room.clock.at())).toMatch(/^[A-Z]{4}-\d{4}$/);
    const fanta = await room.enrol('Fanta', { role: 'supervisor', isOnDuty: false });
    expect(await runScheduledDrill(room.ctx, room.clock.at())).toBeUndefined();
    await room.deliver();
    // The one that is under way is the exercise of the week: no real person waits, and nothing else is said.
    expect(room.last(fanta.contactId)).toBeUndefined();
  });

  it('of the week is made up for after a power cut, once, however often its hour is handed over', async () => {
    const awa = await room.enrol('Awa');
    const dueAt = room.clock.at();
    room.clock.advance(minutes(100));
    const reference = await runScheduledDrill(room.ctx, dueAt);
    await room.cycle();
    await room.say(awa, `o:take:${reference}`);
    expect(await runScheduledDrill(room.ctx, dueAt)).toBeUndefined();
    await room.deliver();
    expect(room.pages(awa.contactId)).toHaveLength(1);
    expect(room.last(awa.contactId)?.text).toContain('passed');
  });

  it('of the week that a power cut swallowed is not rung hours later: supervisors hear that there was none', async () => {
    const awa = await room.enrol('Awa');
    const fanta = await room.enrol('Fanta', { role: 'supervisor' });
    const dueAt = room.clock.at();
    room.clock.advance(minutes(60 * 14));
    expect(await runScheduledDrill(room.ctx, dueAt)).toBeUndefined();
    expect(await runScheduledDrill(room.ctx, dueAt)).toBeUndefined();
    await room.cycle();
    expect(room.phones.get(awa.contactId) ?? []).toEqual([]);
    expect(room.phones.get(fanta.contactId)).toHaveLength(1);
    expect(room.last(fanta.contactId)?.text).toMatch(/did not take place: .*\n.*\.\/lakana alert drill/);
  });
});

describe('the reference of an exercise', () => {
  it('is never given to a real case later: the officer who takes that case would be shown the exercise', async () => {
    const reference = await drill();
    expect(await room.inside(({ tx }) => freeReference(tx, sequence(reference, 'TAKO-4827')))).toBe(
      'TAKO-4827',
    );
    expect(await room.inside(({ tx }) => freeReference(tx, sequence('TAKO-4827')))).toBe('TAKO-4827');
  });

  it('is never one that a real case has', async () => {
    const { reference } = await room.raise();
    expect(await room.inside(({ tx }) => freeReference(tx, sequence(reference, 'TAKO-4828')))).toBe(
      'TAKO-4828',
    );
  });
});

/** Gives these, one after the other. */
function sequence(...references: string[]): () => string {
  return () => references.shift() ?? 'none left';
}
