/** What happens when pages do not leave, do not wake anybody, or no officer answers at all. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type DutyRoom, minutes, openDutyRoom, seconds } from './duty-room.ts';

let room: DutyRoom;
beforeEach(async () => {
  room = await openDutyRoom();
});
afterEach(() => room.close());

describe('an officer with two phones', () => {
  it('is called on the second a minute later, unless the alert was taken by then', async () => {
    const awa = await room.enrol('Awa');
    const other = await room.enrolAlso(awa);
    const first = await room.raise();
    await room.cycle();
    expect(room.pages(awa.contactId)).toHaveLength(1);
    await room.pass(seconds(50));
    expect(room.pages(other)).toHaveLength(0);
    await room.pass(seconds(10));
    expect(room.pages(other)).toHaveLength(1);
    await room.say(awa, `o:take:${first.reference}`);
    const second = await room.raise();
    await room.cycle();
    await room.say(awa, `o:take:${second.reference}`);
    await room.pass(minutes(2));
    expect(room.pages(other)).toHaveLength(1);
  });

  it('who cannot is not called on the second any more', async () => {
    const awa = await room.enrol('Awa');
    const other = await room.enrolAlso(awa);
    await room.enrol('Binta');
    const { reference } = await room.raise();
    await room.cycle();
    await room.say(awa, `o:cannot:${reference}`);
    await room.pass(seconds(110));
    expect(room.pages(other)).toHaveLength(0);
  });

  it('is called on the second at once when the first refuses, and once', async () => {
    const awa = await room.enrol('Awa');
    const other = await room.enrolAlso(awa);
    room.blocked.add(awa.contactId);
    await room.raise();
    await room.cycle();
    expect(room.pages(other)).toHaveLength(1);
    await room.pass(seconds(110));
    expect(room.pages(other)).toHaveLength(1);
  });
});

describe('a page that does not leave', () => {
  it('goes to the officer’s other phone within a minute, and leaves late if it still can', async () => {
    const awa = await room.enrol('Awa');
    const other = await room.enrolAlso(awa);
    room.unreachable.add(awa.contactId);
    const { reference } = await room.raise();
    await room.cycle();
    await room.pass(seconds(40));
    expect(room.pages(other)).toHaveLength(1);
    expect(await room.log(reference)).toContain('page_moved');
    room.unreachable.clear();
    await room.pass(seconds(20));
    expect(room.pages(awa.contactId)).toHaveLength(1);
  });

  it('calls the next person within a minute when there is no other phone', async () => {
    const awa = await room.enrol('Awa');
    const binta = await room.enrol('Binta', { isOnDuty: false });
    room.unreachable.add(awa.contactId);
    await room.raise();
    await room.cycle();
    expect(room.pages(binta.contactId)).toHaveLength(0);
    await room.pass(seconds(60));
    expect(room.pages(binta.contactId)).toHaveLength(1);
    // Moved on once, not at every look.
    await room.pass(seconds(50));
    expect(room.pages(binta.contactId)).toHaveLength(1);
  });
});

describe('when no officer answers', () => {
  it('the person is told once, and supervisors are called on every phone again and again', async () => {
    await room.enrol('Awa');
    const boss = await room.enrol('Fanta', { role: 'supervisor', isOnDuty: false });
    const bossAlso = await room.enrolAlso(boss);
    const { reference, contactId } = await room.raise();
    await room.cycle();
    await room.pass(minutes(11));
    expect(room.sent(contactId)).toHaveLength(0);
    await room.pass(minutes(1));
    expect(await room.log(reference)).toContain('exhausted');
    expect(room.last(contactId)?.text).toContain('no answer yet');
    expect(room.last(contactId)?.text).not.toContain(reference);
    const before = [boss.contactId, bossAlso].map((each) => room.pages(each).length);
    await room.pass(minutes(5));
    const after = [boss.contactId, bossAlso].map((each) => room.pages(each).length);
    expect(after).toEqual(before.map((count) => count + 1));
    await room.pass(minutes(60));
    expect(room.sent(contactId)).toHaveLength(1);
    expect((await room.alert(reference)).state).toBe('open');
  });

  it('a person who must not be written to is told nothing unasked', async () => {
    await room.enrol('Awa');
    const { contactId } = await room.raise('critical', { mayWrite: false });
    await room.pass(minutes(30));
    expect(room.sent(contactId)).toHaveLength(0);
  });
});
