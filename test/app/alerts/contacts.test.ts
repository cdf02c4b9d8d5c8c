/** How officers are reached: further contacts, their codes, order and delays, and a phone that is lost. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSmsChannel } from '../../../src/channels/africas-talking/africas-talking.ts';
import { createEmailChannel } from '../../../src/channels/email/email-channel.ts';
import { createNtfyChannel } from '../../../src/channels/ntfy/ntfy-channel.ts';
import { contactsWithAddress } from '../../../src/db/officers.ts';
import type { ContactId } from '../../../src/kernel/ids.ts';
import { type DutyRoom, minutes, openDutyRoom, seconds } from './duty-room.ts';

const nowhere = 'http://127.0.0.1:9';
let room: DutyRoom;
beforeEach(async () => {
  room = await openDutyRoom({
    channels: [
      createEmailChannel({ url: 'smtp://127.0.0.1:9', from: 'permanence@example.org' }),
      createNtfyChannel({ url: nowhere }),
      createSmsChannel({ username: 'x', apiKey: 'x', smsRoot: nowhere, voiceRoot: nowhere }),
    ],
  });
});
afterEach(() => room.close());

type Officer = Awaited<ReturnType<DutyRoom['enrol']>>;

/** The officer's contact of a kind. */
async function contactOf({ officerId }: Officer, channel: string): Promise<ContactId> {
  const all = await contactsWithAddress(room.database.db, officerId);
  const found = all.find((each) => each.channel === channel);
  if (!found) throw new Error(`no ${channel}`);
  return found.contactId;
}

const codeOn = (contact: ContactId): string => /\d{6}/.exec(room.last(contact)?.text ?? '')?.[0] ?? 'none';

async function addsEmail(officer: Officer, address = 'awa@example.org'): Promise<ContactId> {
  await room.say(officer, `add email ${address}`);
  const email = await contactOf(officer, 'email');
  await room.say(officer, codeOn(email));
  return email;
}

describe('an officer who adds a contact', () => {
  it('types the code that came there, and only then is paged there, a minute after the first', async () => {
    const awa = await room.enrol('Awa');
    const fanta = await room.enrol('Fanta', { role: 'supervisor', isOnDuty: false });
    await room.say(awa, 'add email awa@example.org');
    const email = await contactOf(awa, 'email');
    await room.raise();
    await room.pass(minutes(2));
    expect(room.pages(email)).toHaveLength(0);
    expect(room.sent(email)).toHaveLength(1);
    await room.say(awa, codeOn(email));
    expect(room.last(awa.contactId)?.text).toContain('E-mail: added');
    expect(room.last(fanta.contactId)?.text).toContain('Awa added a contact');
    await room.raise();
    await room.pass(seconds(70));
    const page = room.sent(email).at(-1);
    expect(page?.text).toContain('Take it in your messenger.');
    expect(page?.rows).toBeUndefined();
  });

  it('has five tries and half an hour for a code, and can begin again', async () => {
    const awa = await room.enrol('Awa');
    await room.say(awa, 'add email awa@example.org');
    const email = await contactOf(awa, 'email');
    const code = codeOn(email);
    const wrong = code === '000000' ? '111111' : '000000';
    for (let n = 0; n < 5; n++) await room.say(awa, wrong);
    await room.say(awa, code);
    expect(room.last(awa.contactId)?.text).toContain('does not work');
    await room.say(awa, 'add email awa@example.org');
    const fresh = codeOn(email);
    room.clock.advance(minutes(31));
    await room.say(awa, fresh);
    expect(room.last(awa.contactId)?.text).toContain('does not work');
    await room.say(awa, 'add email awa@example.org');
    await room.say(awa, codeOn(email));
    expect(room.last(awa.contactId)?.text).toContain('added');
  });

  it('is kindly told what is wrong with an address, that one is taken, and what is not set up', async () => {
    const awa = await room.enrol('Awa');
    const binta = await room.enrol('Binta');
    await room.say(awa, 'add email awa');
    expect(room.last(awa.contactId)?.text).toContain('This address does not work');
    await room.say(awa, 'add call +223 70 00 00 00');
    expect(room.last(awa.contactId)?.text).toContain('not set up');
    await addsEmail(awa, 'office@example.org');
    await room.say(binta, 'add email office@example.org');
    expect(room.last(binta.contactId)?.text).toContain('enrolled already');
    await room.say(awa, 'add ntfy');
    expect(room.last(awa.contactId)?.text).toMatch(/subscribe to: lk-/);
    await room.say(awa, 'add sms 70 00 00 00');
    expect(await contactOf(awa, 'sms')).toBeDefined();
  });

  it('sees contacts in order and masked, and chooses which comes first and when', async () => {
    const awa = await room.enrol('Awa');
    const email = await addsEmail(awa);
    await room.say(awa, 'my contacts');
    expect(room.last(awa.contactId)?.text).toContain(
      '1. Telegram (here) · at once\n2. E-mail a…@example.org · after 1 min',
    );
    await room.say(awa, `o:contact_delay:${email}`);
    expect(room.last(awa.contactId)?.text).toContain('after 2 min');
    await room.say(awa, `o:contact_first:${email}`);
    expect(room.last(awa.contactId)?.text).toContain(
      '1. E-mail a…@example.org · at once\n2. Telegram (here) · at once',
    );
    await room.raise();
    await room.cycle();
    expect(room.sent(email).at(-1)?.text).toContain('CRITICAL');
  });

  it('keeps the address sealed', async () => {
    const awa = await room.enrol('Awa');
    await addsEmail(awa);
    const rows = await room.database
      .sql`select encode(address_sealed, 'escape') || encode(address_index, 'escape') as all from contacts`;
    expect(JSON.stringify(rows)).not.toContain('awa@');
  });
});

describe('a phone that is lost', () => {
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

  it('that is the only contact is not given up: nobody could reach the officer', async () => {
    const awa = await room.enrol('Awa');
    await room.say(awa, 'stop reaching me');
    await room.say(awa, `o:contact_stop_yes:${awa.contactId}`);
    expect(room.last(awa.contactId)?.text).toContain('your only contact');
    await room.raise();
    await room.cycle();
    expect(room.pages(awa.contactId)).toHaveLength(1);
  });

  it('of a colleague cannot be named by somebody else', async () => {
    const awa = await room.enrol('Awa');
    await room.enrolAlso(awa);
    const binta = await room.enrol('Binta');
    await room.say(binta, `o:contact_stop_yes:${awa.contactId}`);
    await room.raise();
    await room.cycle();
    expect(room.pages(awa.contactId)).toHaveLength(1);
  });
});
