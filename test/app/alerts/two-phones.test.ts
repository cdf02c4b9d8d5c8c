/** A case that is in two phones: what an officer is told, writes and decides. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { setReporterSafety } from '../../../src/app/alerts/reporter-news.ts';
import { createIntake } from '../../../src/app/intake/intake.ts';
import { arrivalOf } from '../../../src/app/keys/addresses.ts';
import { chatsOf, openReporter } from '../../../src/app/records/reporter-link.ts';
import { cutOtherChats } from '../../../src/app/reporters/other-chats.ts';
import { joinCase } from '../../../src/app/reporters/two-phones.ts';
import { newReceiptCode } from '../../../src/crypto/receipt-code.ts';
import { saveReceiptCode } from '../../../src/db/cases.ts';
import { lockContactById } from '../../../src/db/contacts.ts';
import type { ContactId } from '../../../src/kernel/ids.ts';
import { CHEAP_CODES } from '../../cheap-codes.ts';
import { createPhones } from '../messenger.ts';
import { type DutyRoom, hours, openDutyRoom } from './duty-room.ts';

let room: DutyRoom;
beforeEach(async () => {
  room = await openDutyRoom({ channels: [createPhones().channel] });
});
afterEach(() => room.close());

const said = (contactId: ContactId) => room.sent(contactId).map(({ text }) => text);

it('is decided by the officer who has the alert; until then nothing goes to either, then to those that are kept and may be written to', async () => {
  const awa = await room.enrol('Awa');
  const { reference, contactId: first, caseId } = await room.raise();
  await room.cycle();
  const second = await room.newContact();
  const joins = (id: ContactId) =>
    room.inside(async (at) => {
      const contact = await lockContactById(at.tx, id);
      return contact && joinCase(at, contact, caseId);
    });
  expect(await joins(second)).toBe('shared');
  await room.say(awa, `o:take:${reference}`);
  await room.say(awa, `o:p_call:${reference}`);
  expect([...said(first), ...said(second)]).toEqual([]);
  expect(room.last(awa.contactId)?.text).toContain("First decide which phone is the person's");
  // The same phone again, or the first one: nothing new.
  const before = room.sent(awa.contactId).length;
  expect(await joins(second)).toBe('shared');
  await room.deliver();
  expect(room.sent(awa.contactId)).toHaveLength(before);
  await room.say(awa, `o:chats_all:${reference}`);
  await room.inside((at) => setReporterSafety(at, caseId, first, false));
  await room.say(awa, `o:p_call:${reference}`);
  expect(said(first)).toEqual([]);
  expect(said(second)).toEqual(['14:00 – a call will follow']);
  // A third phone says that the others were taken.
  const third = await room.newContact();
  await joins(third);
  await room.inside((at) => cutOtherChats(at, third, caseId));
  await room.deliver();
  expect(room.last(awa.contactId)?.text).toContain('the old one was taken');
  const link = async () => {
    const alert = await room.alert(reference);
    return room.inside((at) => openReporter(at, alert));
  };
  const now = await link();
  expect(now && chatsOf(now).map(({ contactId }) => contactId)).toEqual([third]);
  await room.say(awa, `o:chat_only:${reference}/${second.slice(0, 8)}`);
  expect(await link()).toMatchObject({ contactId: second });
  expect((await link())?.chats).toBeUndefined();
});

it('stays decided, whatever a person who was refused does with the right code: it is answered like a wrong one', async () => {
  const awa = await room.enrol('Awa');
  const { reference, contactId: first, caseId } = await room.raise();
  await room.cycle();
  await room.say(awa, `o:take:${reference}`);
  const code = newReceiptCode();
  const stored = await CHEAP_CODES.hash(room.ctx.keyring, code);
  await room.inside(({ tx, now }) => saveReceiptCode(tx, { caseId, ...stored }, now));
  const receive = createIntake(room.ctx);
  let n = 0;
  const seen = new Map<string, number>();
  /** A stranger's phone; returns what it is told. */
  const thief = async (text: string, address = 'thief') => {
    n += 1;
    await receive({ channel: 'telegram', id: `m${n}`, address, content: { kind: 'text', text } });
    await room.deliver();
    const all = said(await contactAt(address));
    const fresh = all.slice(seen.get(address) ?? 0).join('\n');
    seen.set(address, all.length);
    return fresh;
  };
  const contactAt = async (address: string) => {
    const { addressIndex } = arrivalOf(room.ctx, {
      channel: 'telegram',
      id: 'x',
      address,
      content: { kind: 'text', text: '' },
    });
    const [found] = await room.database.sql`select id from contacts where address_index = ${addressIndex}`;
    return found?.id as ContactId;
  };
  const claim = `${reference} ${code}`;
  expect(await thief(claim)).toContain(`Your case ${reference} is open here too`);
  const second = await contactAt('thief');
  // As long as no officer has decided, no phone is muted: it would be the person too.
  await room.say(awa, `o:mute:${reference}`);
  expect(room.last(awa.contactId)?.text).toContain('First decide which phone');
  await room.say(awa, `o:chat_only:${reference}/${first.slice(0, 8)}`);
  const told = () => said(awa.contactId).filter((text) => text.includes('sent the code again'));
  const wrong = await thief(`${reference} 0000 0000 0000 0000`, 'a thief');
  expect(wrong).toContain('do not belong together');
  expect(await thief(claim)).toBe(wrong);
  for (let tries = 1; tries < 4; tries++) expect(await thief(claim)).toContain('do not belong together');
  expect(told()).toHaveLength(1);
  await thief('my old phone was taken');
  const link = async () => {
    const alert = await room.alert(reference);
    return room.inside((at) => openReporter(at, alert));
  };
  const still = await link();
  expect(still).toMatchObject({ contactId: first });
  expect([still?.isUndecided, still?.chats]).toEqual([undefined, undefined]);
  await room.say(awa, `o:p_call:${reference}`);
  expect(said(first).at(-1)).toBe('14:00 – a call will follow');
  // Each was a try.
  expect(await thief(claim)).toContain('do not belong together');
  expect(await thief(claim)).toContain('Too many tries');
  room.clock.advance(hours(1.1));
  expect(await thief(claim)).toContain('do not belong together');
  expect(told()).toHaveLength(2);
  // An SOS of their own is one like anybody's.
  await thief('SOS');
  expect(await room.database.sql`select from alerts`).toHaveLength(2);
  // The officer sees whom they refused, and can think again.
  await room.say(awa, `o:chats:${reference}`);
  expect(room.last(awa.contactId)?.text).toContain('– refused');
  await room.say(awa, `o:chat_again:${reference}/${second.slice(0, 8)}`);
  const again = await link();
  expect(again && chatsOf(again).map(({ contactId }) => contactId)).toEqual([first, second]);
  expect(await room.log(reference)).toContain('phone_admitted_again');
});
