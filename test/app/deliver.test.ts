import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { enqueueAll } from '../../src/app/ground/outbox.ts';
import { hours, minutes, seconds } from '../../src/kernel/time.ts';
import { CLASS } from '../../src/kernel/vocabulary.ts';
import { accepted, hanging, rateLimited, rejected, throws, unreachable } from './phones.ts';
import { openSendingRoom, type SendingRoom } from './sending-room.ts';

const { criticalPage, page, reply } = CLASS;

let room: SendingRoom;
beforeEach(async () => {
  room = await openSendingRoom();
});
afterEach(() => room.close());

describe('what one person is sent', () => {
  it('arrives in the order in which it was said, however many sends are under way', async () => {
    const [awa, binta] = [await room.newContact('awa'), await room.newContact('binta')];
    for (const n of [1, 2, 3]) {
      await room.say(awa, `awa ${n}`);
      await room.say(binta, `binta ${n}`);
    }
    await room.deliver();
    expect(room.phones.received('awa')).toEqual(['awa 1', 'awa 2', 'awa 3']);
    expect(room.phones.received('binta')).toEqual(['binta 1', 'binta 2', 'binta 3']);
  });

  it('arrives in order also when it was said all at once', async () => {
    const awa = await room.newContact('awa');
    const texts = ['one', 'two', 'three', 'four'];
    await room.inside((at) =>
      enqueueAll(
        at,
        texts.map((text) => ({ contactId: awa, class: reply, message: { text } })),
      ),
    );
    await room.deliver();
    expect(room.phones.received('awa')).toEqual(texts);
  });

  it('shows, if they are an officer, that their chat works: when it was taken, not when it was refused', async () => {
    const [awa, binta] = [await room.newContact('awa'), await room.newContact('binta')];
    const { sql } = room.database;
    for (const contact of [awa, binta]) {
      await sql`insert into officers (id, name_sealed, role, language, code_index, code_expires_at, created_at)
        values (${contact}, 'x', 'officer', 'fr', ${contact}, now(), now())`;
      await sql`insert into officer_contacts (contact_id, officer_id, position) values (${contact}, ${contact}, 0)`;
    }
    room.phones.script('binta', rejected);
    for (const contact of [awa, binta]) await room.say(contact, 'mes contacts');
    await room.deliver();
    const taken = await sql`select contact_id from officer_contacts where taken_at is not null`;
    expect(taken.map((each) => each.contact_id)).toEqual([awa]);
  });

  it('waits behind a message that is still on its way, while others get theirs', async () => {
    const [awa, binta] = [await room.newContact('awa'), await room.newContact('binta')];
    const slow = hanging();
    room.phones.script('awa', slow.answer);
    await room.say(awa, 'slow');
    await room.say(awa, 'next');
    await room.say(binta, 'hello');
    const first = room.startProcess();
    await first.replies.run();
    await slow.begun;
    await room.deliver();
    expect(room.phones.received()).toEqual(['hello']);
    slow.letGo();
    await first.replies.idle();
    await room.deliver();
    expect(room.phones.received('awa')).toEqual(['slow', 'next']);
  });

  it('is left to the process that has the connection, and is not one try the later for it', async () => {
    const awa = await room.newContact('awa');
    const id = await room.say(awa, 'hello');
    const channel = { ...room.phones.channel, maySend: () => false };
    const standby = room.startProcess(16, { ...room.ctx, channels: new Map([['telegram', channel]]) });
    await room.deliver(Object.values(standby));
    expect(await room.row(id)).toMatchObject({ state: 'queued', attempts: 0 });
    await room.deliver();
    expect(room.phones.received('awa')).toEqual(['hello']);
  });

  it('goes on behind a message that has failed', async () => {
    const awa = await room.newContact('awa');
    room.phones.script('awa', rejected);
    const refused = await room.say(awa, 'refused');
    await room.say(awa, 'next');
    await room.deliver();
    expect(await room.row(refused)).toMatchObject({ state: 'failed', failure: '400' });
    expect(room.phones.received('awa')).toEqual(['next']);
  });

  it('is not sent before its time', async () => {
    const awa = await room.newContact('awa');
    await room.say(awa, 'later', { delayMs: seconds(5) });
    room.clock.advance(seconds(5) - 1);
    await room.deliver();
    expect(room.phones.calls).toEqual([]);
    room.clock.advance(1);
    await room.deliver();
    expect(room.phones.received('awa')).toEqual(['later']);
  });

  it('does not leave if what caused it was rolled back', async () => {
    const awa = await room.newContact('awa');
    const failing = room.inside(async (at) => {
      await enqueueAll(at, [{ contactId: awa, class: reply, message: { text: 'never' } }]);
      throw new Error('rolled back');
    });
    await expect(failing).rejects.toThrow('rolled back');
    await room.deliver();
    expect(room.phones.calls).toEqual([]);
  });
});

describe('a page', () => {
  it('leaves while every place for replies is taken by a slow phone', async () => {
    const process = room.startProcess(2);
    const slow = hanging();
    for (const name of ['a', 'b', 'c']) {
      room.phones.script(name, slow.answer);
      await room.say(await room.newContact(name), 'reply');
    }
    await process.replies.run();
    await slow.begun;
    expect(await process.replies.run()).toBe(0);
    await room.say(await room.newContact('officer'), 'page', { class: page });
    await room.deliver([process.pages]);
    expect(room.phones.received()).toEqual(['page']);
    slow.letGo();
    await process.replies.idle();
  });

  it('does not wait for replies to the same officer that cannot leave', async () => {
    const officer = await room.newContact('officer');
    room.phones.script('officer', rateLimited(60));
    await room.say(officer, 'reply');
    await room.deliver([room.startProcess().replies]);
    await room.say(officer, 'page', { class: page });
    await room.deliver();
    expect(room.phones.received('officer')).toEqual(['page']);
  });

  it('that is critical leaves before all pages that are not, though they were written first', async () => {
    const one = room.startProcess(1);
    for (const name of ['a', 'b', 'c']) await room.say(await room.newContact(name), 'page', { class: page });
    await room.say(await room.newContact('d'), 'critical', { class: criticalPage });
    await room.deliver([one.pages]);
    expect(room.phones.received()).toEqual(['critical', 'page', 'page', 'page']);
  });
});

describe('a phone or messenger that turns a message away', () => {
  it('is asked again after the time it named, and holds up no one else', async () => {
    const [awa, binta] = [await room.newContact('awa'), await room.newContact('binta')];
    room.phones.script('awa', rateLimited(30));
    const id = await room.say(awa, 'one');
    await room.say(awa, 'two');
    await room.say(binta, 'hello');
    await room.deliver();
    expect(room.phones.received()).toEqual(['hello']);
    expect(await room.row(id)).toMatchObject({ state: 'queued', failure: 'rate_limited', attempts: 1 });
    room.clock.advance(seconds(30) - 1);
    await room.deliver();
    expect(room.phones.calls).toHaveLength(2);
    room.clock.advance(1);
    await room.deliver();
    expect(room.phones.received('awa')).toEqual(['one', 'two']);
  });

  it('gets the message once it can be reached again', async () => {
    const awa = await room.newContact('awa');
    room.phones.script('awa', unreachable, unreachable, unreachable);
    await room.say(awa, 'hello', { class: page });
    for (const wait of [0, 1, 2, 4]) {
      expect(room.phones.received()).toEqual([]);
      room.clock.advance(seconds(wait));
      await room.deliver();
    }
    expect(room.phones.received('awa')).toEqual(['hello']);
  });

  it('gets no page that is an hour old', async () => {
    room.phones.answerAllWith(unreachable);
    const id = await room.say(await room.newContact('awa'), 'page', { class: page });
    for (let gone = 0; gone < hours(1); gone += minutes(1)) {
      await room.deliver();
      expect(await room.row(id)).toMatchObject({ state: 'queued' });
      room.clock.advance(minutes(1));
    }
    await room.deliver();
    expect(await room.row(id)).toMatchObject({ state: 'failed', failure: 'too_late', bodySealed: null });
  });
});

describe('a message that can never leave', () => {
  it('has a fate when its channel is switched off, and waits while that may change', async () => {
    const awa = await room.newContact('awa');
    const id = await room.say(awa, 'page', { class: page });
    const without = { ...room.ctx, channels: new Map() };
    const lanes = room.startProcess(16, without);
    await room.deliver([lanes.pages]);
    expect(await room.row(id)).toMatchObject({ state: 'queued', failure: 'unreachable' });
    room.clock.advance(hours(1));
    await room.deliver([lanes.pages]);
    expect(await room.row(id)).toMatchObject({ state: 'failed', failure: 'too_late' });
  });

  it('has a fate when sending it breaks the program each time, and the next one leaves', async () => {
    const awa = await room.newContact('awa');
    room.phones.script('awa', throws, throws, throws);
    const id = await room.say(awa, 'poison');
    await room.say(awa, 'next');
    for (const _try of [1, 2, 3]) {
      expect(room.phones.received()).toEqual([]);
      await room.deliver();
      room.clock.advance(seconds(31));
    }
    await room.deliver();
    expect((await room.row(id)).state).toBe('failed');
    expect(room.phones.received('awa')).toEqual(['next']);
  });

  it('fails when the key of its day is destroyed, and the next one leaves', async () => {
    const awa = await room.newContact('awa');
    const old = await room.say(awa, 'unreadable');
    await room.destroyKeys();
    room.clock.advance(hours(24));
    await room.say(awa, 'readable');
    await room.deliver();
    expect(await room.row(old)).toMatchObject({ state: 'failed', failure: 'body_gone' });
    expect(room.phones.received('awa')).toEqual(['readable']);
  });
});

describe('what the outbox keeps', () => {
  it('is no text: not before, and of what was sent only the sealed reference', async () => {
    const awa = await room.newContact('awa');
    const [sent, failed] = [await room.say(awa, 'zumaradi'), await room.say(awa, 'zumaradi')];
    room.phones.script('awa', accepted, rejected);
    expect((await room.row(sent)).bodySealed).not.toBeNull();
    expect(await room.dump()).not.toMatch(/zumaradi/);
    await room.deliver();
    expect(await room.row(sent)).toMatchObject({ state: 'sent', bodySealed: null, sentAt: room.clock.at() });
    expect((await room.row(sent)).messageRefSealed).not.toBeNull();
    expect(await room.row(failed)).toMatchObject({
      state: 'failed',
      bodySealed: null,
      messageRefSealed: null,
    });
    expect(await room.dump()).not.toMatch(/zumaradi|ref-1/);
  });
});
