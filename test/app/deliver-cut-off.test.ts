/** A process that was cut off from the database, or slept, sends nothing of what another one may be sending by now. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLane } from '../../src/app/sending/deliver.ts';
import { seconds } from '../../src/kernel/time.ts';
import { CLASS } from '../../src/kernel/vocabulary.ts';
import { openSendingRoom, type SendingRoom } from './sending-room.ts';

let room: SendingRoom;
beforeEach(async () => {
  room = await openSendingRoom();
});
afterEach(() => room.close());

/** A process whose machine has its own time: `passes` is called when it is looked at for the nth time. */
function processThat(passes: (look: number) => number) {
  let looks = 0;
  let time = 0;
  const elapsed = () => {
    looks += 1;
    time += passes(looks);
    return time;
  };
  return createLane(room.ctx, [CLASS.criticalPage, CLASS.reply], 16, () => undefined, elapsed);
}

async function runs(lane: ReturnType<typeof processThat>): Promise<void> {
  await lane.run();
  await lane.idle();
}

describe('a process', () => {
  it('that hears only after half a minute what it has claimed sends none of it: another one does', async () => {
    const id = await room.say(await room.newContact('awa'), 'hello');
    // Between asking for the claim and the first look after it.
    await runs(processThat((look) => (look === 2 ? seconds(30) : 0)));
    expect(room.phones.received('awa')).toEqual([]);
    expect(await room.row(id)).toMatchObject({ state: 'sending', attempts: 1 });
    room.clock.advance(seconds(30));
    await room.deliver();
    expect(room.phones.received('awa')).toEqual(['hello']);
  });

  it('that waits so long with a message in its hands lets go of it before another one may have it', async () => {
    const id = await room.say(await room.newContact('awa'), 'hello');
    // The body was read and looked at; then the machine slept.
    await runs(processThat((look) => (look === 3 ? seconds(28) : 0)));
    expect(room.phones.received('awa')).toEqual([]);
    expect((await room.row(id)).state).toBe('sending');
  });

  it('that is in time sends', async () => {
    await room.say(await room.newContact('awa'), 'hello');
    await runs(processThat((look) => (look === 3 ? seconds(27) : 0)));
    expect(room.phones.received('awa')).toEqual(['hello']);
  });
});
