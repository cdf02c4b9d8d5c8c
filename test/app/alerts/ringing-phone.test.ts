/** Phones that ring or cost: SMS and calls wake for alerts, and are left alone otherwise. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { repeatSos } from '../../../src/app/alerts/alerting.ts';
import { sendDigest } from '../../../src/app/duty/digest.ts';
import { createDraft, openCase } from '../../../src/app/records/case-opening.ts';
import {
  createCallChannel,
  createSmsChannel,
} from '../../../src/channels/africas-talking/africas-talking.ts';
import type { ContactId } from '../../../src/kernel/ids.ts';
import { type DutyRoom, hours, minutes, openDutyRoom } from './duty-room.ts';

const nowhere = 'http://127.0.0.1:9';
const account = { username: 'x', apiKey: 'x', smsRoot: nowhere, voiceRoot: nowhere };
let room: DutyRoom;
beforeEach(async () => {
  room = await openDutyRoom({
    channels: [createSmsChannel(account), createCallChannel({ ...account, callFrom: '+22320000000' })],
  });
});
afterEach(() => room.close());

describe('a phone that only rings', () => {
  /** Everything that came to this contact after what is done. */
  async function comesTo(contact: ContactId, done: () => Promise<unknown>): Promise<string[]> {
    const before = room.sent(contact).length;
    await done();
    await room.deliver();
    return room
      .sent(contact)
      .slice(before)
      .map(({ text }) => text);
  }

  it.each(['sms', 'call'])('(%s) hears of an alert and not of what became of it', async (way) => {
    const awa = await room.enrol('Awa');
    const fanta = await room.enrol('Fanta', { role: 'supervisor' });
    const phone = await room.adds(fanta, `${way} 70 00 00 00`);
    await room.say(fanta, `o:contact_first:${phone}`);
    const { reference } = await room.raise();
    expect(await comesTo(phone, room.cycle)).toHaveLength(1);
    expect(
      await comesTo(phone, async () => {
        await room.say(awa, `o:take:${reference}`);
        await room.say(awa, `o:end_resolved:${reference}`);
      }),
    ).toEqual([]);
    expect(room.last(fanta.contactId)?.text).toContain('closed');
  });

  it('is not rung by the digest in the morning', async () => {
    const awa = await room.enrol('Awa');
    const phone = await room.adds(awa, 'call 70 00 00 00');
    await room.say(awa, `o:contact_first:${phone}`);
    await room.inside(async (at) => {
      const caseId = await createDraft(at, 'telegram');
      await openCase(at, caseId, { level: 'medium', isSubmitted: true, isUnfinished: false });
    });
    room.clock.advance(hours(18));
    expect(await comesTo(phone, async () => expect(await sendDigest(room.ctx)).toBe(1))).toEqual([]);
    expect(room.last(awa.contactId)?.text).toContain('New cases: 1');
  });

  it('and comes first: the officer who took an alert sees in the chat that the person asks again', async () => {
    const awa = await room.enrol('Awa');
    const phone = await room.adds(awa, 'sms 70 00 00 00');
    await room.say(awa, `o:contact_first:${phone}`);
    const { reference, caseId } = await room.raise();
    await room.cycle();
    await room.say(awa, `o:take:${reference}`);
    room.clock.advance(minutes(1));
    const inChat = await comesTo(awa.contactId, () => room.inside((at) => repeatSos(at, caseId)));
    expect(inChat.join()).toContain('asks again');
    expect(room.last(awa.contactId)?.rows?.flat()).toContainEqual({
      label: expect.any(String),
      data: `o:ack:${reference}`,
    });
  });
});
