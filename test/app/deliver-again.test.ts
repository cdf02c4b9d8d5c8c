/** What is sent a second time: after a process died, after an answer that never came, by two who both hold it. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { enqueue } from '../../src/app/ground/outbox.ts';
import { hours, seconds } from '../../src/kernel/time.ts';
import { CLASS } from '../../src/kernel/vocabulary.ts';
import {
  type Answer,
  accepted,
  arrivedUnanswered,
  blocked,
  hanging,
  lostUnanswered,
  rateLimited,
  unreachable,
} from './phones.ts';
import { openSendingRoom, type Process, type SendingRoom } from './sending-room.ts';

const { page, reply } = CLASS;
const PAGE = 'CRITICAL · KAYA-1234';
const REPEATED = `(you may have had this already)\n${PAGE}`;

let room: SendingRoom;
beforeEach(async () => {
  room = await openSendingRoom();
});
afterEach(() => room.close());

const lanesOf = (process: Process) => Object.values(process);

/** A process that takes what is due and dies in the middle of sending it. */
async function dies(address: string, before: Answer = lostUnanswered): Promise<void> {
  const begun = Promise.withResolvers<void>();
  room.phones.script(address, async (arrive, call) => {
    await before(arrive, call);
    begun.resolve();
    return new Promise<never>(() => {});
  });
  for (const lane of lanesOf(room.startProcess())) await lane.run();
  await begun.promise;
}

describe('a message whose process died while sending it', () => {
  it('is sent by another one after 30 seconds, not before', async () => {
    const id = await room.say(await room.newContact('awa'), 'hello');
    await dies('awa');
    room.clock.advance(seconds(30) - 1);
    await room.deliver();
    expect(room.phones.received('awa')).toEqual([]);
    room.clock.advance(1);
    await room.deliver();
    expect(room.phones.received('awa')).toEqual(['hello']);
    expect(await room.row(id)).toMatchObject({ state: 'sent', attempts: 2, leaseUntil: null });
  });

  it('says that it is a repeat and keeps its reference when it is a page', async () => {
    await room.say(await room.newContact('awa'), PAGE, { class: page });
    await dies('awa', accepted);
    room.clock.advance(seconds(30));
    await room.deliver();
    expect(room.phones.received('awa')).toEqual([PAGE, REPEATED]);
  });

  it('stays as it was when it is a reply', async () => {
    await room.say(await room.newContact('awa'), 'hello');
    await dies('awa', accepted);
    room.clock.advance(seconds(30));
    await room.deliver();
    expect(room.phones.received('awa')).toEqual(['hello', 'hello']);
  });

  it('keeps the next one waiting, so that the order stays', async () => {
    const awa = await room.newContact('awa');
    await room.say(awa, 'one');
    await room.say(awa, 'two');
    await dies('awa');
    await room.deliver();
    room.clock.advance(seconds(30));
    await room.deliver();
    expect(room.phones.received('awa')).toEqual(['one', 'two']);
  });
});

describe('a message whose answer never came', () => {
  it('is sent again after two seconds; a page says so', async () => {
    const awa = await room.newContact('awa');
    room.phones.script('awa', arrivedUnanswered);
    await room.say(awa, PAGE, { class: page });
    await room.deliver();
    room.clock.advance(seconds(2));
    await room.deliver();
    expect(room.phones.received('awa')).toEqual([PAGE, REPEATED]);
  });

  it('fails after three tries', async () => {
    const id = await room.say(await room.newContact('awa'), 'hello');
    room.phones.answerAllWith(lostUnanswered);
    for (let gone = 0; gone < 10; gone++) {
      await room.deliver();
      room.clock.advance(seconds(2));
    }
    expect(room.phones.calls).toHaveLength(3);
    expect(await room.row(id)).toMatchObject({ state: 'failed', failure: 'ambiguous', bodySealed: null });
  });

  it('is tried again though many tries before it found no connection', async () => {
    const awa = await room.newContact('awa');
    room.phones.script('awa', ...Array(6).fill(unreachable), lostUnanswered);
    await room.say(awa, 'hello');
    for (let gone = 0; gone < 10; gone++) {
      await room.deliver();
      room.clock.advance(seconds(40));
    }
    expect(room.phones.received('awa')).toEqual(['hello']);
  });
});

describe('a page', () => {
  const again = async (...answers: Answer[]) => {
    await room.say(await room.newContact('awa'), PAGE, { class: page });
    room.phones.script('awa', ...answers);
    for (const _try of answers) {
      await room.deliver();
      room.clock.advance(seconds(30));
    }
  };

  it('does not say that it is a repeat when no earlier try can have arrived', async () => {
    await again(unreachable, rateLimited(5), unreachable, accepted);
    expect(room.phones.received('awa')).toEqual([PAGE]);
  });

  it('still says so when the tries between were turned away', async () => {
    await again(arrivedUnanswered, rateLimited(5), unreachable, accepted);
    expect(room.phones.received('awa')).toEqual([PAGE, REPEATED]);
  });

  it('that leaves late says how late it is', async () => {
    const awa = await room.newContact('awa');
    await room.say(awa, PAGE, { class: page });
    room.clock.advance(seconds(130));
    await room.deliver();
    room.phones.script('awa', unreachable);
    await room.say(awa, PAGE, { class: page });
    await room.deliver();
    room.clock.advance(seconds(300));
    await room.deliver();
    expect(room.phones.received('awa')).toEqual([
      `(this message is 2 min late)\n${PAGE}`,
      `(this message is 5 min late)\n${PAGE}`,
    ]);
  });

  it('that was to leave later is not late when it does', async () => {
    const contactId = await room.newContact('awa');
    await room.inside((at) =>
      enqueue(at, { contactId, class: page, message: { text: PAGE }, delayMs: seconds(300) }),
    );
    room.clock.advance(seconds(301));
    await room.deliver();
    expect(room.phones.received('awa')).toEqual([PAGE]);
  });

  it('says so when a process died with it after a try that had found no connection', async () => {
    await room.say(await room.newContact('awa'), PAGE, { class: page });
    room.phones.script('awa', unreachable);
    await room.deliver();
    room.clock.advance(seconds(1));
    await dies('awa', accepted);
    room.clock.advance(seconds(30));
    await room.deliver();
    expect(room.phones.received('awa')).toEqual([PAGE, REPEATED]);
  });
});

describe('a slow sender whose time is over', () => {
  /** Awa's message is with a slow process; its 30 seconds are over. */
  async function slowSender() {
    const contactId = await room.newContact('awa');
    const id = await room.say(contactId, 'hello');
    const slow = hanging();
    room.phones.script('awa', slow.answer);
    const first = room.startProcess();
    await first.replies.run();
    await slow.begun;
    room.clock.advance(seconds(30));
    const comesBack = async (answer: Answer) => {
      slow.letGo(answer);
      await first.replies.idle();
    };
    return { contactId, id, comesBack };
  }

  it('changes nothing once the second one has sent, and the message is edited where the second put it', async () => {
    const { contactId, id, comesBack } = await slowSender();
    await room.deliver();
    const settled = await room.row(id);
    expect(settled.state).toBe('sent');
    room.clock.advance(hours(1));
    await comesBack(accepted);
    expect(await room.row(id)).toEqual(settled);
    await room.say(contactId, 'changed', { action: 'edit', targetId: id });
    await room.deliver();
    expect(room.phones.screen('awa')).toEqual(['changed', 'hello']);
  });

  it('cannot make a person count as blocked, nor have a sent message sent again', async () => {
    for (const answer of [blocked, unreachable]) {
      const { id, comesBack } = await slowSender();
      await room.deliver();
      await comesBack(answer);
      expect((await room.row(id)).state).toBe('sent');
      expect((await room.contact('awa')).blockedAt).toBeNull();
      await room.close();
      room = await openSendingRoom();
    }
  });

  it('changes nothing while the second one is still at it', async () => {
    const { id, comesBack } = await slowSender();
    const other = hanging();
    room.phones.script('awa', other.answer);
    const second = room.startProcess();
    await second.replies.run();
    await other.begun;
    await comesBack(blocked);
    expect(await room.row(id)).toMatchObject({ state: 'sending', attempts: 2 });
    expect((await room.contact('awa')).blockedAt).toBeNull();
    other.letGo();
    await second.replies.idle();
    expect((await room.row(id)).state).toBe('sent');
  });
});

describe('two processes on one database', () => {
  it('send each message once', async () => {
    const people = await Promise.all(Array.from({ length: 40 }, (_, n) => room.newContact(`person ${n}`)));
    for (const who of people) for (const text of ['one', 'two']) await room.say(who, text, { class: reply });
    await room.deliver([...lanesOf(room.startProcess()), ...lanesOf(room.startProcess())]);
    for (const n of people.keys()) expect(room.phones.received(`person ${n}`)).toEqual(['one', 'two']);
  });
});
