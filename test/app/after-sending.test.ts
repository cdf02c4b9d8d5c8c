import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFates } from '../../src/app/sending/after-sending.ts';
import type { Fate } from '../../src/channels/channel.ts';
import { openSendingRoom, type SendingRoom } from './sending-room.ts';

let room: SendingRoom;
beforeEach(async () => {
  room = await openSendingRoom();
  room.phones.channel.can.tells = true;
});
afterEach(() => room.close());

const [early, late] = [new Date('2026-11-24T10:00:00Z'), new Date('2026-11-24T10:05:00Z')];
const fate = (messageRef: string, is: Fate['is'], at: Date): Fate => ({
  channel: 'telegram',
  messageRef,
  is,
  at,
});

async function told(...fates: Fate[]): Promise<void> {
  const notes = createFates(room.ctx);
  notes.note(fates);
  await notes.stop();
}

describe('a message, as the messenger tells it later', () => {
  it('has come to the phone, and has been seen; the first time counts', async () => {
    const awa = await room.newContact('awa');
    const [first, second] = [await room.say(awa, 'one'), await room.say(awa, 'two')];
    await room.deliver();
    await told(fate('ref-1', 'delivered', early));
    expect(await room.row(first)).toMatchObject({ deliveredAt: early, readAt: null });
    await told(fate('ref-1', 'read', late), fate('ref-1', 'delivered', late));
    expect(await room.row(first)).toMatchObject({ deliveredAt: early, readAt: late });
    expect(await room.row(second)).toMatchObject({ deliveredAt: null, readAt: null });
  });

  it('that was seen has come, also if that was never told', async () => {
    const id = await room.say(await room.newContact('awa'), 'one');
    await room.deliver();
    await told(fate('ref-1', 'read', early));
    expect(await room.row(id)).toMatchObject({ deliveredAt: early, readAt: early });
  });

  it('that no one knows harms nothing, and no handle stands in the clear', async () => {
    await room.say(await room.newContact('awa'), 'one');
    await room.deliver();
    await told(fate('another-person', 'read', early));
    expect((await room.rows())[0]).toMatchObject({ deliveredAt: null, readAt: null });
    expect(await room.dump()).not.toContain('ref-1');
  });
});
