/** A case that is in two phones: what an officer is told, writes and decides. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { setReporterSafety } from '../../../src/app/alerting.ts';
import { chatsOf, openReporter } from '../../../src/app/reporter-link.ts';
import { cutOtherChats, joinCase } from '../../../src/app/two-phones.ts';
import { lockContactById } from '../../../src/db/contacts.ts';
import type { ContactId } from '../../../src/kernel/ids.ts';
import { type DutyRoom, openDutyRoom } from './duty-room.ts';

let room: DutyRoom;
beforeEach(async () => {
  room = await openDutyRoom();
});
afterEach(() => room.close());

const said = (contactId: ContactId) => room.sent(contactId).map(({ text }) => text);

it('is decided by whoever has the alert; until then nothing goes to either, then to those that are kept and may be written to', async () => {
  const awa = await room.enrol('Awa');
  const { reference, contactId: first, caseId } = await room.raise();
  await room.cycle();
  const second = await room.newContact();
  const joins = (id: ContactId) =>
    room.inside(async (tx, ctx, now) => {
      const contact = await lockContactById(tx, id);
      return contact && joinCase(tx, ctx, now, contact, caseId);
    });
  expect(await joins(second)).toBe(true);
  await room.say(awa, `o:take:${reference}`);
  await room.say(awa, `o:p_call:${reference}`);
  expect([...said(first), ...said(second)]).toEqual([]);
  expect(room.last(awa.contactId)?.text).toContain("First decide which phone is the person's");
  // The same phone again, or the first one: nothing new.
  const before = room.sent(awa.contactId).length;
  expect(await joins(second)).toBe(true);
  await room.deliver();
  expect(room.sent(awa.contactId)).toHaveLength(before);
  await room.say(awa, `o:chats_all:${reference}`);
  await room.inside((tx, ctx, now) => setReporterSafety(tx, ctx, now, caseId, first, false));
  await room.say(awa, `o:p_call:${reference}`);
  expect(said(first)).toEqual([]);
  expect(said(second)).toEqual(['Somebody at the CNDH will call you.']);
  // A third phone says that the others were taken.
  const third = await room.newContact();
  await joins(third);
  await room.inside((tx, ctx, now) => cutOtherChats(tx, ctx, now, third, caseId));
  await room.deliver();
  expect(room.last(awa.contactId)?.text).toContain('the old one was taken');
  const link = async () => {
    const alert = await room.alert(reference);
    return room.inside((tx, ctx) => openReporter(tx, ctx, alert));
  };
  const now = await link();
  expect(now && chatsOf(now).map(({ contactId }) => contactId)).toEqual([third]);
  await room.say(awa, `o:chat_only:${reference}/${second.slice(0, 8)}`);
  expect(await link()).toMatchObject({ contactId: second });
  expect((await link())?.chats).toBeUndefined();
});
