import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Person } from '../../fakes/whatsapp/person.ts';
import { type ChannelRoom, openChannelRoom } from './channel-room.ts';

let room: ChannelRoom;
let awa: Person;
beforeEach(async () => {
  room = await openChannelRoom();
  awa = room.whatsapp.person('Awa');
});
afterEach(() => room.close());

/** Resolves once so many messages have come through. */
const came = async (count: number) => {
  await expect.poll(() => room.came.length).toBeGreaterThanOrEqual(count);
  return room.came;
};
const firstWords = async (): Promise<string> => {
  await awa.says('bonjour');
  return (await came(1))[0]?.address ?? '';
};

describe('a person who writes on WhatsApp', () => {
  it('sees that it was read once it is saved, and that an answer is being written', async () => {
    const sent = await awa.says('bonjour');
    await awa.seesTyping();
    await awa.seesTicks(sent, 'read');
    expect(room.came.map(({ content }) => content)).toEqual([{ kind: 'text', text: 'bonjour' }]);
  });

  it('gets disappearing messages with the first answer; what they choose after that is followed', async () => {
    const address = await firstWords();
    await room.send(address, 'Bonjour.');
    const first = await awa.seesText('Bonjour.', { ever: true });
    expect(first.expiration).toBe(86_400);
    await expect.poll(() => room.whatsapp.callsOf('message').length).toBe(2);
    await expect.poll(() => room.fates.length).toBe(2);
    await room.send(address, 'Encore.');
    // Two answers, and after the first one the timer, once.
    const isSet = () => room.whatsapp.callsOf('message').length;
    await expect.poll(isSet).toBe(3);
    await awa.letsDisappear(604_800);
    await awa.says('merci');
    await came(2);
    await room.send(address, 'De rien.');
    expect((await awa.seesText('De rien.')).expiration).toBe(604_800);
    await awa.letsDisappear(0);
    await awa.says('encore');
    await came(3);
    await room.send(address, 'Au revoir.');
    expect((await awa.seesText('Au revoir.')).expiration).toBe(0);
  });

  it('whose phone cannot read an answer gets it again, also from a service that was restarted meanwhile', async () => {
    const address = await firstWords();
    awa.turnsOff();
    await room.send(address, 'Votre référence est DINI-4003.');
    await room.stops();
    await awa.losesSession();
    await room.starts();
    await awa.turnsOn();
    await awa.seesText('DINI-4003', { ever: true });
    // It has come to the phone: what it said is forgotten.
    const kept = () => room.database.sql`select 1 from whatsapp_sent`;
    await expect.poll(async () => (await kept()).length).toBe(0);
  });

  it('is told of by two ticks and then blue ones', async () => {
    const address = await firstWords();
    const result = await room.send(address, 'Bonjour.');
    const messageRef = result.ok ? result.messageRef : '';
    const fates = () => room.fates.filter((fate) => fate.messageRef === messageRef).map(({ is }) => is);
    await expect.poll(fates).toEqual(['delivered']);
    awa.reads();
    await expect.poll(fates).toEqual(['delivered', 'read']);
  });

  it('deletes a message, and the service hears which', async () => {
    const sent = await awa.says('ils sont là');
    await awa.deletes(sent);
    const [said, deleted] = await came(2);
    expect(said?.messageRef).toBe(sent.id);
    expect(deleted?.content).toEqual({ kind: 'deleted', messageRef: sent.id });
  });

  it('sends what can be seen once, which is kept from us: the service hears that it came', async () => {
    await awa.sendsPhoto(Buffer.from('a photo'), { viewOnce: 'withheld' });
    expect((await came(1))[0]?.content).toEqual({ kind: 'unsupported', what: 'view_once' });
  });

  it('lost the keys, and sends again what could not be read: it counts once, and no one is told', async () => {
    const address = await firstWords();
    await awa.losesSession();
    await awa.says('deuxième');
    await awa.says('troisième');
    await came(3);
    expect(room.of(address).map(({ content }) => content)).toEqual(
      ['bonjour', 'deuxième', 'troisième'].map((text) => ({ kind: 'text', text })),
    );
  });

  it('is in a group with the bot: what is said there is none of its business, and holds no one up', async () => {
    awa.saysInGroup();
    await awa.says('bonjour');
    await came(1);
    await room.whatsapp.until(() => room.whatsapp.unconfirmed() === 0);
    expect(room.came.map(({ content }) => content)).toEqual([{ kind: 'text', text: 'bonjour' }]);
    expect(room.whatsapp.callsOf('receipt').filter(({ attrs }) => attrs.type === 'retry')).toEqual([]);
  });

  it('writes the same bytes twice, also after they were handled: they count once, and are receipted again', async () => {
    const sent = await awa.says('bonjour');
    await awa.seesTicks(sent, 'read');
    room.whatsapp.repeats(sent);
    await room.whatsapp.until(() => room.whatsapp.unconfirmed() === 0);
    await awa.says('merci');
    await came(2);
    expect(room.came).toHaveLength(2);
  });

  it('is known by the number alone, in a service that has just started, as who they are by LID', async () => {
    const address = await firstWords();
    await room.stops();
    awa.isAddressedBy('number', { alone: true });
    await awa.says('encore moi');
    await room.starts();
    await came(2);
    expect(room.of(address)).toHaveLength(2);
  });

  it('has a new phone: what they write comes from another person, and nothing more goes to the old one', async () => {
    const before = await firstWords();
    awa.reinstalls();
    // WhatsApp tells of it before anybody writes.
    expect((await came(2))[1]).toMatchObject({
      address: before,
      content: { kind: 'blocked', because: 'new_phone' },
    });
    await expect.poll(() => room.send(before, 'un instant')).toEqual({ ok: false, reason: 'blocked' });
    expect(await room.send(before, 'pour vous seule')).toEqual({ ok: false, reason: 'blocked' });
    await awa.says('me revoilà');
    await expect.poll(() => room.came.at(-1)?.content).toMatchObject({ kind: 'text' });
    const now = room.came.at(-1)?.address ?? '';
    expect(now).not.toBe(before);
    expect(await room.send(before, 'pour vous seule')).toEqual({ ok: false, reason: 'blocked' });
    expect(await room.send(now, 'bonjour')).toMatchObject({ ok: true });
    await awa.seesText('bonjour', { ever: true });
    expect(awa.screen().join()).not.toContain('pour vous seule');
  });
});

describe('what is sent', () => {
  it('twice, since no one knew whether it had arrived, is one message on the phone', async () => {
    const address = await firstWords();
    const message = { text: 'CRITIQUE · DINI-4003', key: 'one delivery' };
    awa.turnsOff();
    room.whatsapp.fail({ on: 'message', with: 'accept_then_drop' });
    const first = await room.channel().send(address, message, AbortSignal.timeout(30_000));
    expect(first).toMatchObject({ ok: false, reason: 'ambiguous' });
    await room.whatsapp.isReady();
    const again = () => room.channel().send(address, message, AbortSignal.timeout(30_000));
    await expect.poll(again).toMatchObject({ ok: true });
    await awa.turnsOn();
    await awa.seesText('DINI-4003', { ever: true });
    expect(awa.screen().filter((line) => line.includes('DINI-4003'))).toHaveLength(1);
  });

  it('all at once to one person loses no buttons: each page is answered by quoting it', async () => {
    const address = await firstWords();
    const page = (n: number) => ({
      text: `CRITIQUE ${n}`,
      rows: [[{ label: 'Je prends', data: `take-${n}` }]],
    });
    const send = (n: number) => room.channel().send(address, page(n), AbortSignal.timeout(30_000));
    const results = await Promise.all(Array.from({ length: 12 }, (_, n) => send(n)));
    expect(results.every(({ ok }) => ok)).toBe(true);
    for (let n = 0; n < 12; n++)
      await awa.quotes('1', await awa.seesText(new RegExp(`CRITIQUE ${n}\\n`), { ever: true }));
    await came(13);
    const pressed = room.came.flatMap(({ content }) => (content.kind === 'button' ? [content.data] : []));
    expect(pressed.toSorted()).toEqual(Array.from({ length: 12 }, (_, n) => `take-${n}`).toSorted());
  });
});

describe('on a server that answers messages as if they were receipts', () => {
  it('an answer arrives once, and is known to have', async () => {
    await room.close();
    room = await openChannelRoom({ isForeign: true });
    awa = room.whatsapp.person('Awa');
    const address = await firstWords();
    expect(await room.send(address, 'Bonjour.')).toMatchObject({ ok: true });
    await awa.seesText('Bonjour.', { ever: true });
    // The words come first, and nothing without words before them.
    expect(awa.screen()).toEqual(['Awa: bonjour', 'bot: Bonjour.']);
  });
});

describe('the number', () => {
  it('does not write faster than it may, but for what cannot wait', async () => {
    await room.close();
    room = await openChannelRoom({ perMinute: 10, disappearAfter: 0 });
    awa = room.whatsapp.person('Awa');
    const address = await firstWords();
    for (let n = 0; n < 10; n++) expect(await room.send(address, `mot ${n}`)).toMatchObject({ ok: true });
    expect(await room.send(address, 'trop')).toMatchObject({ ok: false, reason: 'rate_limited' });
    expect(await room.send(address, 'CRITIQUE', true)).toMatchObject({ ok: true });
  });

  it('answers also when WhatsApp never says that everything that waited has come', async () => {
    await room.stops();
    await awa.says('SOS');
    room.whatsapp.fail({ on: 'replay', with: 'hang' });
    const starting = room.starts();
    await came(1);
    await room.send(room.came[0]?.address ?? '', 'Nous avons reçu votre SOS.');
    await awa.seesText('Nous avons reçu votre SOS.');
    room.whatsapp.heal();
    room.whatsapp.drops();
    await starting;
  });
});

it('asked whether WhatsApp is there it makes a round trip to it, and says when there is none', async () => {
  const soon = AbortSignal.timeout(30_000);
  await expect.poll(() => room.channel().probe?.(soon)).toBeUndefined();
  const channel = room.channel();
  await room.stops();
  expect(await channel.probe?.(soon)).toBeDefined();
});

describe('the handset that owns the number', () => {
  it('names files with old chats and settings: none is fetched, and one that breaks off ends nothing', async () => {
    const { whatsapp } = room;
    // Where Baileys looks for them.
    const real = globalThis.fetch;
    const fetched = vi.spyOn(globalThis, 'fetch').mockImplementation((address, how) => {
      const here = String(address).replace('https://mmg.whatsapp.net', whatsapp.media.origin);
      return real(here, how);
    });
    onTestFinished(() => fetched.mockRestore());
    whatsapp.media.spoils.push('cut', 'cut');
    await whatsapp.handset.tellsHistory();
    await whatsapp.handset.tellsSettings();
    const { waiting } = whatsapp.account;
    await whatsapp.until(() => waiting.length === 0);
    expect(await firstWords()).not.toBe('');
    expect(fetched.mock.calls.map(([address]) => String(address))).toEqual([]);
    expect(whatsapp.media.asked).toEqual([]);
    expect(whatsapp.callsOf('w:sync:app:state/set/sync')).toEqual([]);
  });
});
