/** How officers are reached: further contacts, their codes, order and delays, and a phone that is lost. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { noteContact } from '../../../src/app/duty/noted-contacts.ts';
import { listContacts } from '../../../src/app/duty/officer-contacts.ts';
import { createSmsChannel } from '../../../src/channels/africas-talking/africas-talking.ts';
import type { SendResult } from '../../../src/channels/channel.ts';
import { createEmailChannel } from '../../../src/channels/email/email-channel.ts';
import { createNtfyChannel } from '../../../src/channels/ntfy/ntfy-channel.ts';
import type { ContactId } from '../../../src/kernel/ids.ts';
import { days } from '../../../src/kernel/time.ts';
import { type DutyRoom, hours, minutes, openDutyRoom, seconds } from './duty-room.ts';

const nowhere = 'http://127.0.0.1:9';
const account = { username: 'x', apiKey: 'x', smsRoot: nowhere, voiceRoot: nowhere };
let room: DutyRoom;
beforeEach(async () => {
  room = await openDutyRoom({
    channels: [
      createEmailChannel({ url: 'smtp://127.0.0.1:9', from: 'permanence@example.org' }),
      createNtfyChannel({ url: nowhere }),
      createSmsChannel(account),
    ],
  });
});
afterEach(() => room.close());

const codeOn = (contact: ContactId): string => /\d{6}/.exec(room.last(contact)?.text ?? '')?.[0] ?? 'none';

describe('an officer who adds a contact', () => {
  it('types the code that came there, and only then is paged there, a minute after the first', async () => {
    const awa = await room.enrol('Awa');
    const fanta = await room.enrol('Fanta', { role: 'supervisor', isOnDuty: false });
    await room.say(awa, 'add email awa@example.org');
    const email = await room.contactOf(awa, 'email');
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
    const email = await room.contactOf(awa, 'email');
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
    await room.adds(awa, 'email office@example.org');
    await room.say(binta, 'add email office@example.org');
    expect(room.last(binta.contactId)?.text).toContain('enrolled already');
    await room.say(awa, 'add ntfy');
    expect(room.last(awa.contactId)?.text).toMatch(/subscribe to: lk-/);
    await room.say(awa, 'add sms 70 00 00 00');
    expect(await room.contactOf(awa, 'sms')).toBeDefined();
  });

  it('sees contacts in order and masked, and chooses which comes first and when', async () => {
    const awa = await room.enrol('Awa');
    const email = await room.adds(awa, 'email awa@example.org');
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

  it('is told once in the chat that an address is refused there, and sees it until something is taken', async () => {
    const awa = await room.enrol('Awa');
    const phone = await room.adds(awa, 'sms 70 00 00 00');
    const note = async (result: SendResult) => {
      await noteContact(
        room.ctx,
        { contactId: phone, channel: 'sms', claimedAt: room.clock.at(), isToBeNoted: true },
        result,
      );
      await room.deliver();
    };
    const told = () => room.sent(awa.contactId).filter(({ text }) => text.includes('reaches you no more'));
    const list = async () => {
      await room.say(awa, 'my contacts');
      return room.last(awa.contactId)?.text;
    };
    // Neither what passes nor our own account says anything of this number.
    await note({ ok: false, reason: 'unreachable', code: 'http_503' });
    await note({ ok: false, reason: 'account', fault: 'balance', code: 'at_405' });
    expect(await list()).toContain('· after 1 min');
    for (let n = 0; n < 2; n++) await note({ ok: false, reason: 'rejected', code: 'at_403' });
    expect(told()).toHaveLength(1);
    expect(await list()).toContain('· refused there');
    await note({ ok: true, messageRef: '1' });
    expect(await list()).toContain('· after 1 min');
    // An exercise each week goes to the first contact only: of others no one knows after a while.
    room.clock.advance(days(9));
    expect(await list()).toContain('· not tried for 8 days');
    expect(await list()).toContain('Telegram (here) · at once');
    await room.database
      .sql`insert into channel_troubles (channel, because, since, told) values ('sms', 'account_key', now(), 1)`;
    expect(await list()).toContain('· does not work now');
  });

  it('in a chat of which nothing is known for long has a chat that is not tried, and is paged there all the same', async () => {
    const awa = await room.enrol('Awa');
    const state = async () => {
      const { db, clock } = room.ctx;
      return (await listContacts(db, room.ctx, await clock.now(db), awa.officerId)).map((each) => each.state);
    };
    expect(await state()).toEqual(['works']);
    room.clock.advance(days(9));
    expect(await state()).toEqual(['untried']);
    await room.raise();
    await room.cycle();
    expect(room.pages(awa.contactId)).toHaveLength(1);
  });

  it('keeps the address sealed', async () => {
    const awa = await room.enrol('Awa');
    await room.adds(awa, 'email awa@example.org');
    const rows = await room.database
      .sql`select encode(address_sealed, 'escape') || encode(address_index, 'escape') as all from contacts`;
    expect(JSON.stringify(rows)).not.toContain('awa@');
  });

  it('who asks for a code again and again is sent one a minute, and ten a day', async () => {
    const awa = await room.enrol('Awa');
    await room.say(awa, 'add sms 70 00 00 00');
    const sms = await room.contactOf(awa, 'sms');
    for (let n = 0; n < 5; n++) await room.say(awa, 'add sms 70 00 00 00');
    expect(room.sent(sms)).toHaveLength(1);
    for (let n = 0; n < 20; n++) {
      room.clock.advance(minutes(2));
      await room.say(awa, 'add sms 70 00 00 00');
    }
    expect(room.sent(sms)).toHaveLength(10);
    expect(room.last(awa.contactId)?.text).toContain('Ten codes were sent today');
    room.clock.advance(hours(25));
    await room.say(awa, 'add sms 70 00 00 00');
    await room.say(awa, codeOn(sms));
    expect(room.last(awa.contactId)?.text).toContain('added');
  });

  it('can add a number that a colleague mistyped and never verified', async () => {
    const awa = await room.enrol('Awa');
    const binta = await room.enrol('Binta');
    await room.say(awa, 'add sms 70 00 00 00');
    const wrong = codeOn(await room.contactOf(awa, 'sms'));
    room.clock.advance(minutes(31));
    await room.adds(binta, 'sms 70 00 00 00');
    expect(room.last(binta.contactId)?.text).toContain('added');
    await room.say(awa, wrong);
    expect(room.last(awa.contactId)?.text).toContain('does not work');
  });
});
