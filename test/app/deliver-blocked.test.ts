/** A person who cannot be written to any more: the fate of what was meant for them, and who learns of it. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { addOfficer } from '../../src/app/duty/officers.ts';
import { blocked } from './phones.ts';
import { openSendingRoom, type SendingRoom } from './sending-room.ts';

const BLOCKED = 'person blocked this service';

let room: SendingRoom;
beforeEach(async () => {
  room = await openSendingRoom();
});
afterEach(() => room.close());

/** An officer on duty, whose phone is at this address. */
async function officer(address: string, role: 'officer' | 'supervisor' = 'officer'): Promise<void> {
  const { code } = await room.inside((at) => addOfficer(at, { name: address, role, language: 'en' }));
  await room.hears(address, `/start ${code}`);
  await room.hears(address, 'o:duty:on');
}

const pages = (address: string) => room.phones.received(address).filter((text) => text.includes('CRITICAL'));
const referenceOn = (address: string) => /[A-Z]{4}-\d{4}/.exec(pages(address)[0] ?? '')?.[0] ?? 'none';

describe('a reporter who has blocked the service', () => {
  it('counts as blocked, and the officers see it on the page that no one has taken yet', async () => {
    await officer('officer');
    room.phones.script('reporter', ...Array(20).fill(blocked));
    await room.hears('reporter', 'SOS');
    await room.settle();
    expect((await room.contact('reporter')).blockedAt).toEqual(room.clock.at());
    const screen = room.phones.screen('officer').filter((text) => text.includes('CRITICAL'));
    expect(screen).toHaveLength(1);
    expect(screen[0]).toContain(BLOCKED);
  });

  it('is told of once to the officer who has the case', async () => {
    await officer('officer');
    await room.hears('reporter', 'SOS');
    await room.hears('officer', `o:take:${referenceOn('officer')}`);
    const { id } = await room.contact('reporter');
    room.phones.script('reporter', ...Array(20).fill(blocked));
    for (const text of ['one', 'two', 'three']) await room.say(id, text);
    await room.settle();
    const told = room.phones.received('officer').filter((text) => text.includes(BLOCKED));
    expect(told).toEqual([expect.stringContaining(referenceOn('officer'))]);
  });

  it('still leaves every message with a fate, also those written later', async () => {
    await room.hears('reporter', 'hello');
    const { id } = await room.contact('reporter');
    room.phones.script('reporter', ...Array(20).fill(blocked));
    const ids = [await room.say(id, 'one'), await room.say(id, 'two')];
    await room.settle();
    ids.push(await room.say(id, 'three'));
    await room.settle();
    for (const each of ids)
      expect(await room.row(each)).toMatchObject({ state: 'failed', failure: 'blocked', bodySealed: null });
  });

  it('is written to again once they write', async () => {
    room.phones.script('reporter', blocked);
    await room.say(await room.newContact('reporter'), 'never arrives');
    await room.settle();
    expect((await room.contact('reporter')).blockedAt).not.toBeNull();
    await room.hears('reporter', 'hello');
    expect((await room.contact('reporter')).blockedAt).toBeNull();
    expect(room.phones.received('reporter')).not.toEqual([]);
  });
});

describe('an officer who has blocked the service', () => {
  it('is no dead end: another officer is paged at once', async () => {
    await officer('awa');
    await officer('binta');
    await room.hears('binta', 'o:duty:off');
    room.phones.script('awa', ...Array(20).fill(blocked));
    await room.hears('reporter', 'SOS');
    expect(pages('awa')).toEqual([]);
    expect(pages('binta')).toHaveLength(1);
    expect((await room.contact('awa')).blockedAt).toEqual(room.clock.at());
  });
});

describe('an officer whose phone is a new one, or whose account is gone', () => {
  const told = (address: string) =>
    room.phones.received(address).filter((text) => text.includes('has not reached'));

  /** The officer enrols from another phone too. */
  async function alsoOn(address: string, first: string): Promise<void> {
    await room.hears(first, 'new contact');
    const code = /\/start (\S+)/.exec(room.phones.received(first).at(-1) ?? '')?.[1];
    await room.hears(address, `/start ${code}`);
  }

  it('reads on every other phone how to enrol again, and so do supervisors, once; the new phone reads nothing', async () => {
    await officer('fanta', 'supervisor');
    await officer('awa');
    await alsoOn('awa2', 'awa');
    for (const _ of [1, 2]) await room.brings('awa', { kind: 'blocked', because: 'new_phone' });
    expect(told('awa')).toEqual([]);
    expect(told('awa2')).toEqual([expect.stringMatching(/on another phone[\s\S]*write "new contact" here/)]);
    const [text, ...more] = told('fanta');
    expect(more).toEqual([]);
    expect(text).toContain('awa: Telegram has not reached them since');
    expect(text).toContain('Alerts arrive by: Telegram.');
    expect(text).toMatch(/call awa on a number that you know[\s\S]*\.\/lakana officer code "awa"/);
    expect([...told('awa2'), ...told('fanta')].join()).not.toMatch(/\/start/);
  });

  it('and who had only that one: supervisors read that no alert arrives, also when only a page found it out', async () => {
    await officer('fanta', 'supervisor');
    await officer('awa');
    room.phones.script('awa', ...Array(20).fill(blocked));
    await room.hears('reporter', 'SOS');
    await room.settle();
    expect(told('fanta')).toEqual([expect.stringMatching(/blocked there[\s\S]*NO ALERT ARRIVES/)]);
    expect(told('reporter')).toEqual([]);
  });

  it('is told nothing of a reporter who has a new phone', async () => {
    await officer('fanta', 'supervisor');
    await room.hears('reporter', 'hello');
    await room.brings('reporter', { kind: 'blocked', because: 'new_phone' });
    expect(told('fanta')).toEqual([]);
  });
});
