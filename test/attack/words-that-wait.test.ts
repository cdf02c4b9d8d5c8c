/** What waits behind a flood or a dead messenger, and what does not. Addresses of phones are names. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { movePagesOn } from '../../src/app/alerts/page-failure.ts';
import { seconds } from '../../src/kernel/time.ts';
import type { ChannelKind } from '../../src/kernel/vocabulary.ts';
import { openDutyRoom } from '../app/alerts/duty-room.ts';
import { type House, openHouse, referenceOn } from '../app/house.ts';
import type { Phone } from '../app/messenger.ts';

describe('a stranger’s phone', () => {
  let house: House;
  let awa: Phone;
  let kadi: Phone;
  let reference: string;
  beforeEach(async () => {
    house = await openHouse({ floodPerMinute: 4 });
    kadi = await house.officer('Kadi');
    awa = house.person('Awa');
    await awa.says('SOS');
    reference = referenceOn(awa);
    await house.cycle();
    await kadi.presses('Je prends');
    await house.cycle();
  });
  afterEach(() => house.close());

  const floods = async () => {
    for (let n = 1; n <= 8; n++) await awa.says(`mot ${n}.`);
  };

  it('cannot, by a flood, make an officer’s words or the answer to "status" wait', async () => {
    await floods();
    await kadi.presses('pouvez-vous parler');
    expect(awa.last()).toContain('14:00 – pouvez-vous parler maintenant ?');
    expect(kadi.last()).toBe(
      `${reference} : envoyé à 14:00 « pouvez-vous parler maintenant ? Répondez oui ou non. ». La réponse ira dans le dossier.`,
    );
    await awa.says('statut');
    expect(awa.screen().slice(-3).join('\n')).toContain("s'en occupe depuis 14:00");
  });

  it('that cannot be reached cannot make an officer believe that words were sent', async () => {
    const pass = async (ms: number) => {
      house.clock.advance(ms);
      await house.deliver();
    };
    house.phones.failing.set('Awa', { ok: false, reason: 'unreachable', code: 'ECONNREFUSED' });
    await kadi.presses('pouvez-vous parler');
    expect(kadi.last()).toContain("n'est pas encore parti");
    await pass(seconds(2));
    expect(kadi.last()).toContain("n'est pas encore parti");
    house.phones.failing.delete('Awa');
    await pass(seconds(15));
    expect(awa.last()).toContain('14:00 – pouvez-vous parler maintenant ?');
    expect(kadi.last()).toContain(`${reference} : envoyé à 14:00`);
    house.phones.failing.set('Awa', { ok: false, reason: 'blocked' });
    await kadi.presses('un appel va suivre');
    expect(kadi.screen().join('\n')).toContain(
      `${reference} : « un appel va suivre » n'est pas parti. Essayez autrement.`,
    );
  });

  it('that leaves takes back words that wait, and the officer is told that they did not go', async () => {
    house.phones.failing.set('Awa', { ok: false, reason: 'unreachable', code: 'ECONNREFUSED' });
    await kadi.presses('pouvez-vous parler');
    house.phones.failing.delete('Awa');
    await awa.says('quitter');
    await house.cycle();
    expect(awa.screen().join('\n')).not.toContain('pouvez-vous parler');
    expect(kadi.screen().join('\n')).toContain(
      "« pouvez-vous parler maintenant ? Répondez oui ou non. » n'est pas parti",
    );
  });

  it('gets its page late when the messenger was dead, and the page then says that it is a repeat', async () => {
    house.phones.failing.set('Kadi', { ok: false, reason: 'unreachable', code: 'ECONNREFUSED' });
    await house.person('Binta').says('SOS');
    await house.cycle();
    await house.officer('Moussa');
    await house.database
      .sql`update contacts set channel = 'whatsapp' where id not in (select contact_id from pages)`;
    expect(await movePagesOn(house.ctx, new Set<ChannelKind>(['telegram']))).toBe(1);
    house.phones.failing.delete('Kadi');
    house.clock.advance(seconds(15));
    await house.deliver();
    expect(kadi.last()).toContain('(peut-être déjà reçu)');
  });
});

describe('a page to a messenger that is known to be dead', () => {
  it('goes to the officer’s next contact at once, to the next person if there is none, and back and forth never', async () => {
    await using room = await rooms();
    const dead = new Set<ChannelKind>(['whatsapp']);
    const awa = await room.enrol('Awa');
    const second = await room.enrolAlso(awa);
    await room.database.sql`update contacts set channel = 'whatsapp' where id = ${awa.contactId}`;
    room.unreachable.add(awa.contactId);
    await room.raise();
    await room.cycle();
    expect(room.pages(second)).toHaveLength(0);
    expect(await movePagesOn(room.ctx, dead)).toBe(1);
    await room.deliver();
    expect(room.pages(second)).toHaveLength(1);
    // The other way is dead as well: a colleague is called, and neither contact is tried in turns.
    room.unreachable.add(second);
    const binta = await room.enrol('Binta', { isOnDuty: true });
    await room.raise();
    await room.database.sql`update contacts set channel = 'whatsapp' where id = ${second}`;
    await room.cycle();
    for (let n = 0; n < 5; n++) await movePagesOn(room.ctx, dead);
    await room.deliver();
    expect(room.pages(binta.contactId).length).toBeGreaterThan(0);
    const [row] = await room.database.sql`
      select count(*)::int as pages from pages where officer_id = ${awa.officerId}`;
    expect(row?.pages).toBeLessThanOrEqual(4);
  });

  it('stays where it is while the whole team is out of reach for a moment, and the round is not used up', async () => {
    await using room = await rooms();
    const dead = new Set<ChannelKind>(['whatsapp']);
    const team = [];
    for (const name of ['Awa', 'Binta', 'Kadi'])
      team.push(await room.enrol(name, { isOnDuty: name === 'Awa' }));
    for (const { contactId } of team) room.unreachable.add(contactId);
    await room.database.sql`update contacts set channel = 'whatsapp'`;
    const { reference } = await room.raise();
    await room.cycle();
    for (let n = 0; n < 8; n++) expect(await movePagesOn(room.ctx, dead)).toBe(0);
    room.unreachable.clear();
    room.clock.advance(seconds(15));
    await room.deliver();
    expect(team.map(({ contactId }) => room.pages(contactId).length)).toEqual([1, 0, 0]);
    expect(await room.log(reference)).not.toContain('page_moved');
    // An officer who can be reached again is called at once, also when nobody could be before.
    room.unreachable.add(team[0]?.contactId as never);
    await room.raise();
    await room.cycle();
    expect(await movePagesOn(room.ctx, dead)).toBe(0);
    await room.database.sql`update contacts set channel = 'telegram' where id = ${team[2]?.contactId ?? ''}`;
    expect(await movePagesOn(room.ctx, dead)).toBe(1);
    await room.deliver();
    expect(team.map(({ contactId }) => room.pages(contactId).length)).toEqual([1, 0, 1]);
  });
});

async function rooms() {
  const room = await openDutyRoom();
  return { ...room, [Symbol.asyncDispose]: () => room.close() };
}
