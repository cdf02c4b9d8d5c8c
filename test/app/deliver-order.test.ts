import fc from 'fast-check';
import { describe, it } from 'vitest';
import { deliveryWalk, newPeople, walkDeliveries } from './delivery-walks.ts';
import { openSendingRoom } from './sending-room.ts';

describe('whatever the messenger answers, and if a process dies', () => {
  it('each message leaves in its order, with one holder, and has one fate in the end', async () => {
    const room = await openSendingRoom();
    const people = await newPeople(room);
    try {
      await fc.assert(
        fc.asyncProperty(deliveryWalk, (steps) => walkDeliveries(room, people, steps)),
        { numRuns: Number(process.env.LAKANA_WALKS ?? 60) },
      );
    } finally {
      await room.close();
    }
  }, 120_000);
});
