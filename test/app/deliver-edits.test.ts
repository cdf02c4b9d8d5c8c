/** Messages about messages: edits and retractions of what was sent, and newer ones in the place of older ones. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cancelQueued } from '../../src/db/deliveries.ts';
import { seconds } from '../../src/kernel/time.ts';
import { CLASS } from '../../src/kernel/vocabulary.ts';
import { hanging, rateLimited, rejected } from './phones.ts';
import { openSendingRoom, type SendingRoom } from './sending-room.ts';

const { page, reply } = CLASS;

let room: SendingRoom;
beforeEach(async () => {
  room = await openSendingRoom();
});
afterEach(() => room.close());

describe('an edit', () => {
  it('changes the message on the phone and leaves nothing of itself behind', async () => {
    const awa = await room.newContact('awa');
    const targetId = await room.say(awa, 'open');
    await room.deliver();
    const edit = await room.say(awa, 'taken', { action: 'edit', targetId });
    await room.deliver();
    expect(room.phones.screen('awa')).toEqual(['taken']);
    expect(await room.row(edit)).toMatchObject({
      state: 'sent',
      bodySealed: null,
      messageRefSealed: null,
      epochId: null,
    });
  });

  it('finds the message also after several changes', async () => {
    const awa = await room.newContact('awa');
    const targetId = await room.say(awa, 'open');
    for (const text of ['taken', 'open again', 'closed']) {
      await room.say(awa, text, { action: 'edit', targetId });
      await room.deliver();
    }
    expect(room.phones.screen('awa')).toEqual(['closed']);
  });

  it('of a page that has not left yet waits for it', async () => {
    const awa = await room.newContact('awa');
    room.phones.script('awa', rateLimited(30));
    const targetId = await room.say(awa, 'open', { class: page });
    await room.deliver();
    await room.say(awa, 'taken', { action: 'edit', targetId, class: reply });
    for (let gone = 0; gone < 29; gone++) {
      await room.deliver();
      room.clock.advance(seconds(1));
    }
    expect(room.phones.calls).toHaveLength(1);
    room.clock.advance(seconds(1));
    await room.deliver();
    room.clock.advance(seconds(1));
    await room.deliver();
    expect(room.phones.received('awa')).toEqual(['open']);
    expect(room.phones.screen('awa')).toEqual(['taken']);
  });

  it('of a page that another process is sending just now waits for it', async () => {
    const awa = await room.newContact('awa');
    const slow = hanging();
    room.phones.script('awa', slow.answer);
    const targetId = await room.say(awa, 'open', { class: page });
    const other = room.startProcess();
    await other.pages.run();
    await slow.begun;
    await room.say(awa, 'taken', { action: 'edit', targetId, class: reply });
    await room.deliver();
    expect(room.phones.calls).toHaveLength(1);
    slow.letGo();
    await other.pages.idle();
    room.clock.advance(seconds(1));
    await room.deliver();
    expect(room.phones.screen('awa')).toEqual(['taken']);
  });

  it('of a message that failed fails too, and what comes after it leaves', async () => {
    const awa = await room.newContact('awa');
    room.phones.script('awa', rejected);
    const targetId = await room.say(awa, 'open');
    const edit = await room.say(awa, 'taken', { action: 'edit', targetId });
    await room.say(awa, 'next');
    await room.deliver();
    expect(await room.row(edit)).toMatchObject({ state: 'failed', failure: 'no_target', bodySealed: null });
    expect(room.phones.screen('awa')).toEqual(['next']);
  });

  it('of a message whose reference no one can read any more fails too', async () => {
    const awa = await room.newContact('awa');
    const targetId = await room.say(awa, 'open');
    await room.deliver();
    await room.destroyKeys();
    room.clock.advance(seconds(86_400));
    const edit = await room.say(awa, 'taken', { action: 'edit', targetId });
    await room.deliver();
    expect(await room.row(edit)).toMatchObject({ state: 'failed', failure: 'no_target' });
  });
});

describe('a retraction', () => {
  it('takes the message off the phone', async () => {
    const awa = await room.newContact('awa');
    const targetId = await room.say(awa, 'secret');
    await room.say(awa, 'harmless');
    await room.deliver();
    await room.say(awa, '', { action: 'retract', targetId });
    await room.deliver();
    expect(room.phones.screen('awa')).toEqual(['harmless']);
  });
});

describe('a newer message of the same kind', () => {
  const kind = { coalesce: 'status' };

  it('takes the place of what has not left, which is then gone', async () => {
    const awa = await room.newContact('awa');
    const older = await room.say(awa, 'one answer', { ...kind, delayMs: seconds(5) });
    await room.say(awa, 'two answers', { ...kind, delayMs: seconds(5) });
    expect(await room.row(older)).toMatchObject({ state: 'replaced', bodySealed: null, epochId: null });
    room.clock.advance(seconds(5));
    await room.deliver();
    expect(room.phones.received('awa')).toEqual(['two answers']);
  });

  it('leaves other kinds and other people alone', async () => {
    const [awa, binta] = [await room.newContact('awa'), await room.newContact('binta')];
    await room.say(awa, 'of another kind', { coalesce: 'held' });
    await room.say(awa, 'of no kind');
    await room.say(binta, 'of another person', kind);
    await room.say(awa, 'newest', kind);
    await room.deliver();
    expect(room.phones.received('awa')).toEqual(['of another kind', 'of no kind', 'newest']);
    expect(room.phones.received('binta')).toEqual(['of another person']);
  });

  it('comes after what is on its way, and replaces nothing that has left', async () => {
    const awa = await room.newContact('awa');
    const gone = await room.say(awa, 'has left', kind);
    await room.deliver();
    const slow = hanging();
    room.phones.script('awa', slow.answer);
    await room.say(awa, 'on its way', kind);
    const other = room.startProcess();
    await other.replies.run();
    await slow.begun;
    await room.say(awa, 'newest', kind);
    slow.letGo();
    await other.replies.idle();
    await room.deliver();
    expect(room.phones.received('awa')).toEqual(['has left', 'on its way', 'newest']);
    expect((await room.row(gone)).state).toBe('sent');
  });
});

describe('taking back what has not left', () => {
  it('says which were in time; those do not leave', async () => {
    const awa = await room.newContact('awa');
    const left = await room.say(awa, 'left');
    await room.deliver();
    const slow = hanging();
    room.phones.script('awa', slow.answer);
    const leaving = await room.say(awa, 'leaving');
    const other = room.startProcess();
    await other.replies.run();
    await slow.begun;
    const waiting = await room.say(awa, 'waiting');
    const inTime = await room.inside(({ tx }) => cancelQueued(tx, [left, leaving, waiting]));
    expect(inTime).toEqual([waiting]);
    slow.letGo();
    await other.replies.idle();
    await room.deliver();
    expect(room.phones.received('awa')).toEqual(['left', 'leaving']);
  });
});
