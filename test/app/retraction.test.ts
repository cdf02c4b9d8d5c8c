import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { retractSent } from '../../src/app/duty/retraction.ts';
import { hours, seconds } from '../../src/kernel/time.ts';
import { CLASS } from '../../src/kernel/vocabulary.ts';
import { hanging, rateLimited } from './phones.ts';
import { openSendingRoom, type SendingRoom } from './sending-room.ts';

let room: SendingRoom;
beforeEach(async () => {
  room = await openSendingRoom();
});
afterEach(() => room.close());

describe('a reporter who writes "leave"', () => {
  it('keeps nothing of the conversation on the phone but one neutral line', async () => {
    await room.hears('awa', 'hello');
    await room.hears('awa', 'SOS');
    expect(room.phones.screen('awa').length).toBeGreaterThan(1);
    await room.hears('awa', 'leave');
    const [line, ...more] = room.phones.screen('awa');
    expect(more).toEqual([]);
    expect(line).toBe(room.ctx.texts.t('en', 'bot.left', {}));
  });

  it('keeps what is older than a messenger lets us delete', async () => {
    const awa = await room.newContact('awa');
    await room.say(awa, 'two days old');
    await room.deliver();
    room.clock.advance(seconds(1));
    await room.say(awa, 'just young enough');
    await room.deliver();
    room.clock.advance(hours(47) - seconds(1));
    await room.hears('awa', 'leave');
    expect(room.phones.screen('awa')).toEqual(['two days old', room.ctx.texts.t('en', 'bot.left', {})]);
  });

  it('keeps others out of it', async () => {
    await room.say(await room.newContact('binta'), 'for Binta');
    await room.deliver();
    await room.hears('awa', 'hello');
    await room.hears('awa', 'leave');
    expect(room.phones.screen('binta')).toEqual(['for Binta']);
  });
});

describe('taking back', () => {
  const takeBack = async () => {
    const { id } = await room.contact('awa');
    await room.inside((at) => retractSent(at, id));
  };

  it('leaves the pages of an officer who also writes as a reporter', async () => {
    const awa = await room.newContact('awa');
    await room.say(awa, 'critical', { class: CLASS.criticalPage });
    await room.say(awa, 'urgent', { class: CLASS.page });
    await room.say(awa, 'answer');
    await room.deliver();
    await takeBack();
    await room.deliver();
    expect(room.phones.screen('awa')).toEqual(['critical', 'urgent']);
  });

  it('keeps an answer that has not left from leaving, but not a page', async () => {
    const awa = await room.newContact('awa');
    room.phones.script('awa', rateLimited(30));
    await room.say(awa, 'answer');
    await room.say(awa, 'next answer');
    await room.deliver();
    await room.say(awa, 'urgent', { class: CLASS.page });
    await takeBack();
    room.clock.advance(seconds(30));
    await room.deliver();
    expect(room.phones.received('awa')).toEqual(['urgent']);
  });

  it('takes off the phone also what was on its way at that moment', async () => {
    const awa = await room.newContact('awa');
    const slow = hanging();
    room.phones.script('awa', slow.answer);
    await room.say(awa, 'answer');
    const other = room.startProcess();
    await other.replies.run();
    await slow.begun;
    await takeBack();
    await room.deliver();
    slow.letGo();
    await other.replies.idle();
    expect(room.phones.screen('awa')).toEqual(['answer']);
    await room.deliver();
    expect(room.phones.screen('awa')).toEqual([]);
  });

  it('does not put off what was to be taken back before', async () => {
    const awa = await room.newContact('awa');
    await room.say(awa, 'answer');
    await room.deliver();
    room.phones.script('awa', rateLimited(30));
    await takeBack();
    await room.deliver();
    await takeBack();
    room.clock.advance(seconds(30));
    await room.deliver();
    expect(room.phones.screen('awa')).toEqual([]);
  });
});
