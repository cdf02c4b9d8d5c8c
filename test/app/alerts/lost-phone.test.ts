/** "Stop reaching me there": phones that are lost or seized, addresses that are given up, contacts that are taken back. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { removeOfficer } from '../../../src/app/duty/officers.ts';
import { createSmsChannel } from '../../../src/channels/africas-talking/africas-talking.ts';
import { createEmailChannel } from '../../../src/channels/email/email-channel.ts';
import { type DutyRoom, minutes, openDutyRoom } from './duty-room.ts';

const nowhere = 'http://127.0.0.1:9';
let room: DutyRoom;
beforeEach(async () => {
  room = await openDutyRoom({
    channels: [
      createEmailChannel({ url: 'smtp://127.0.0.1:9', from: 'permanence@example.org' }),
      createSmsChannel({ username: 'x', apiKey: 'x', smsRoot: nowhere, voiceRoot: nowhere }),
    ],
  });
});
afterEach(() => room.close());

describe('a phone that is lost or seized', () => {
  it('said from another contact: nothing goes there, nothing typed there counts, and others are called at once', async () => {
    const awa = await room.enrol('Awa');
    const other = await room.enrolAlso(awa);
    const binta = await room.enrol('Binta', { isOnDuty: false });
    const fanta = await room.enrol('Fanta', { role: 'supervisor', isOnDuty: false });
    const paged = await room.raise();
    await room.cycle();
    const held = await room.raise();
    await room.cycle();
    await room.say(awa, `o:take:${held.reference}`);
    expect(room.pages(binta.contactId)).toHaveLength(0);
    await room.say({ contactId: other }, `o:contact_stop:${awa.contactId}`);
    expect(room.last(other)?.text).toContain('Phone lost or seized: yes');
    await room.say({ contactId: other }, `o:contact_stop_yes:${awa.contactId}`);
    await room.cycle();
    expect(room.last(other)?.text).toContain('CRITICAL');
    expect(room.sent(other).some(({ text }) => text.includes('change your PIN'))).toBe(true);
    expect(room.last(fanta.contactId)?.text).toContain('phone lost or seized');
    expect(room.pages(binta.contactId).some(({ text }) => text.includes(paged.reference))).toBe(true);
    expect((await room.alert(held.reference)).state).toBe('open');
    expect(await room.log(held.reference)).toContain('contact_revoked');
    const there = room.sent(awa.contactId).length;
    await room.pass(minutes(3));
    expect(room.sent(awa.contactId)).toHaveLength(there);
    expect(await room.say(awa, `o:take:${paged.reference}`)).toBe('as_reporter');
    expect((await room.alert(paged.reference)).state).toBe('open');
  });

  it('takes the pages that are on it back', async () => {
    const awa = await room.enrol('Awa');
    const other = await room.enrolAlso(awa);
    await room.raise();
    await room.cycle();
    await room.say({ contactId: other }, 'stop reaching me on Telegram');
    expect(room.last(other)?.text).toContain('Your contacts');
    await room.say({ contactId: other }, `o:contact_stop_yes:${awa.contactId}`);
    expect(
      (room.phones.get(awa.contactId) ?? []).filter(({ action }) => action === 'retract').length,
    ).toBeGreaterThan(0);
  });

  it('that is the only contact is not given up: no page could reach the officer', async () => {
    const awa = await room.enrol('Awa');
    await room.say(awa, 'stop reaching me');
    await room.say(awa, `o:contact_stop_yes:${awa.contactId}`);
    expect(room.last(awa.contactId)?.text).toContain('your only messenger that works');
    await room.raise();
    await room.cycle();
    expect(room.pages(awa.contactId)).toHaveLength(1);
  });

  it('of a colleague cannot be named by another officer', async () => {
    const awa = await room.enrol('Awa');
    await room.enrolAlso(awa);
    const binta = await room.enrol('Binta');
    await room.say(binta, `o:contact_stop_yes:${awa.contactId}`);
    await room.raise();
    await room.cycle();
    expect(room.pages(awa.contactId)).toHaveLength(1);
  });

  it('hears nothing any more, also when the alert that stands on it is taken later', async () => {
    const awa = await room.enrol('Awa');
    const other = await room.enrolAlso(awa);
    const binta = await room.enrol('Binta');
    const { reference } = await room.raise();
    await room.cycle();
    await room.say({ contactId: other }, `o:contact_stop_yes:${awa.contactId}`);
    await room.cycle();
    const there = (room.phones.get(awa.contactId) ?? []).length;
    await room.say(binta, `o:take:${reference}`);
    await room.cycle();
    expect((room.phones.get(awa.contactId) ?? []).slice(there)).toEqual([]);
  });

  it('is not given up for an SMS, by which nothing can be taken, nor for a chat that is blocked', async () => {
    const awa = await room.enrol('Awa');
    await room.adds(awa, 'sms 70 00 00 00');
    const other = await room.enrolAlso(awa);
    room.blocked.add(other);
    await room.raise();
    await room.pass(minutes(2));
    await room.say(awa, `o:contact_stop_yes:${awa.contactId}`);
    expect(room.last(awa.contactId)?.text).toContain('your only messenger that works');
    expect(await room.contactOf(awa, 'telegram')).toBe(awa.contactId);
  });

  it('held an alert: the reporter hears that it is live again', async () => {
    const awa = await room.enrol('Awa');
    const other = await room.enrolAlso(awa);
    const { reference, contactId } = await room.raise();
    await room.cycle();
    await room.say(awa, `o:take:${reference}`);
    await room.say({ contactId: other }, `o:contact_stop_yes:${awa.contactId}`);
    expect(room.last(contactId)?.text).toContain('we are going on');
  });
});

describe('an address that is given up', () => {
  it('is kept nowhere, and what is taken stays with its officer', async () => {
    const awa = await room.enrol('Awa');
    const email = await room.adds(awa, 'email awa@example.org');
    const { reference } = await room.raise();
    await room.cycle();
    await room.say(awa, `o:take:${reference}`);
    await room.say(awa, `o:contact_stop:${email}`);
    expect(room.last(awa.contactId)?.text).toContain('What you have taken stays yours');
    await room.say(awa, `o:contact_stop_yes:${email}`);
    expect(room.last(awa.contactId)?.text).toContain('E-mail: you are no longer reached there');
    expect((await room.alert(reference)).state).toBe('taken');
    const [row] = await room.database.sql`select address_sealed from contacts where id = ${email}`;
    expect(row?.address_sealed).toHaveLength(0);
    const binta = await room.enrol('Binta');
    await room.adds(binta, 'email awa@example.org');
    expect(room.last(binta.contactId)?.text).toContain('added');
  });

  it('goes with its officer', async () => {
    const awa = await room.enrol('Awa');
    await room.adds(awa, 'email awa@example.org');
    await room.inside((at) => removeOfficer(at, awa.officerId));
    const rows = await room.database.sql`select address_sealed from contacts where channel = 'email'`;
    expect(rows.map((row) => row.address_sealed.length)).toEqual([0]);
  });
});

describe('a supervisor who does not know a new contact', () => {
  it('takes it back: what waited to go there does not, and it hears nothing more', async () => {
    const awa = await room.enrol('Awa');
    const fanta = await room.enrol('Fanta', { role: 'supervisor', isOnDuty: false });
    const email = await room.adds(awa, 'email stranger@example.org');
    const undo = room.last(fanta.contactId)?.rows?.flat()[0]?.data ?? '';
    expect(undo).toBe(`o:undo_c:${email}`);
    await room.raise();
    await room.cycle();
    await room.say(fanta, undo);
    const there = room.sent(email).length;
    await room.pass(minutes(3));
    expect(room.sent(email)).toHaveLength(there);
  });

  it('takes the officer’s only chat back, and with it the officer, whatever else was added and never verified', async () => {
    const awa = await room.enrol('Awa');
    const fanta = await room.enrol('Fanta', { role: 'supervisor', isOnDuty: false });
    await room.say(awa, 'add email awa@example.org');
    await room.say(fanta, `o:undo_c:${awa.contactId}`);
    const [row] = await room.database.sql`select removed_at from officers where id = ${awa.officerId}`;
    expect(row?.removed_at).not.toBeNull();
  });
});
