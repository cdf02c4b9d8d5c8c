import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openQuietAlert } from '../../../src/app/alerts/quiet-alerts.ts';
import { newCaseNotice } from '../../../src/app/alerts/reporter-news.ts';
import { reporterStatus } from '../../../src/app/alerts/reporter-status.ts';
import { sendDigest } from '../../../src/app/duty/digest.ts';
import { isOfficerCode } from '../../../src/app/duty/officer-codes.ts';
import { addOfficer, listOfficers } from '../../../src/app/duty/officers.ts';
import { meetCode } from '../../../src/app/officer-chat/officer-enrolment.ts';
import { officerTimers } from '../../../src/app/officer-chat/officer-self.ts';
import { createDraft, openCase } from '../../../src/app/records/case-opening.ts';
import type { CaseId, ContactId } from '../../../src/kernel/ids.ts';
import { hours } from '../../../src/kernel/time.ts';
import type { Level } from '../../../src/kernel/vocabulary.ts';
import { type DutyRoom, minutes, openDutyRoom, seconds } from './duty-room.ts';

let room: DutyRoom;
beforeEach(async () => {
  room = await openDutyRoom();
});
afterEach(() => room.close());

const add = (name: string, role: 'officer' | 'supervisor' = 'officer') =>
  room.inside((at) => addOfficer(at, { name, role, language: 'en' }));
const start = async (contactId: ContactId, code: string) => {
  const isMeant = isOfficerCode(code);
  const met = await room.inside((at) => meetCode(at, contactId, { code, isMeant }));
  await room.deliver();
  return met !== 'no_code';
};
const texts = (contactId: ContactId) => room.sent(contactId).map((each) => each.text);
const buttons = (contactId: ContactId) =>
  room.sent(contactId).flatMap((each) => (each.rows ?? []).flat().map((button) => button.data));

describe('enrolment', () => {
  it('asks for duty and sends a test page with how to let it through', async () => {
    const contactId = await room.newContact();
    const { code } = await add('Awa Traoré');
    expect(await start(contactId, code)).toBe(true);
    const said = texts(contactId).join('\n');
    expect(said).toContain('Awa, you are enrolled');
    expect(said).toContain('Are you on duty now?');
    expect(said).toMatch(/TEST[\s\S]*Android[\s\S]*iPhone/);
    await room.say({ contactId }, 'o:duty:on');
    expect(await listOfficers(room.ctx.db, room.ctx)).toMatchObject([
      { name: 'Awa Traoré', state: 'enrolled', isOnDuty: true, channels: ['telegram'] },
    ]);
    await room.say({ contactId }, 'off duty');
    expect((await listOfficers(room.ctx.db, room.ctx))[0]?.isOnDuty).toBe(false);
  });

  it('works once, for 24 hours, and says the same kind sentence to a wrong, a used and an old code', async () => {
    const used = await add('Awa');
    const old = await add('Binta');
    await start(await room.newContact(), used.code);
    const second = await room.newContact();
    await start(second, used.code);
    await start(second, 'AAAA-BBBB-CCCC');
    room.clock.advance(hours(24));
    await start(second, old.code);
    expect(new Set(texts(second)).size).toBe(1);
    expect(texts(second)).toHaveLength(3);
    expect(texts(second)[0]).toContain('This code does not work');
    expect(
      (await listOfficers(room.ctx.db, room.ctx)).filter((each) => each.state === 'enrolled'),
    ).toHaveLength(1);
  });

  it('leaves a person who opens the bot by another link a reporter', async () => {
    const contactId = await room.newContact();
    expect(await start(contactId, 'from_poster')).toBe(false);
    expect(texts(contactId)).toEqual([]);
  });

  it('takes a code typed in small letters with dashes', async () => {
    const contactId = await room.newContact();
    const { code } = await add('Awa');
    await start(contactId, code.toLowerCase().replace(/(.{4})(?=.)/g, '$1-'));
    expect(texts(contactId).join()).toContain('you are enrolled');
  });

  it('is told to all supervisors, who alone can undo it', async () => {
    const boss = await room.enrol('Fanta', { role: 'supervisor' });
    const binta = await room.enrol('Binta');
    const contactId = await room.newContact();
    const { code, officerId } = await add('Moussa');
    await start(contactId, code);
    expect(texts(boss.contactId).at(-1)).toContain('Moussa');
    expect(buttons(boss.contactId)).toContain(`o:undo:${officerId}`);
    await room.say(binta, `o:undo:${officerId}`);
    expect(texts(binta.contactId).at(-1)).toContain('Only a supervisor');
    await room.say(boss, `o:undo:${officerId}`);
    await room.raise();
    await room.cycle();
    expect(room.pages(contactId)).toEqual([]);
    expect((await listOfficers(room.ctx.db, room.ctx)).map((each) => each.name)).not.toContain('Moussa');
  });

  it('keeps names sealed', async () => {
    await add('Zumaradi');
    const rows = await room.database
      .sql`select encode(name_sealed, 'escape') as name, encode(code_index, 'hex') from officers`;
    expect(JSON.stringify(rows)).not.toContain('Zumaradi');
  });
});

describe('an officer who sends SOS', () => {
  it('is asked "for yourself?" and paged for after two minutes without an answer', async () => {
    const awa = await room.enrol('Awa');
    const binta = await room.enrol('Binta');
    expect(await room.say(awa, 'SOS')).toBe('handled');
    expect(room.last(awa.contactId)?.text).toContain('For YOURSELF?');
    room.clock.advance(seconds(119));
    expect(await officerTimers(room.ctx)).toBe(0);
    room.clock.advance(seconds(1));
    expect(await officerTimers(room.ctx)).toBe(1);
    await room.cycle();
    expect(room.pages(binta.contactId)).toHaveLength(1);
    expect(await officerTimers(room.ctx)).toBe(0);
    expect(await room.say(awa, 'near the market')).toBe('as_reporter');
    await room.say(awa, 'officer');
    expect(await room.say(awa, 'hello')).toBe('handled');
  });

  it('is a reporter at once with "yes", and nothing happens with "no"', async () => {
    const awa = await room.enrol('Awa');
    await room.say(awa, 'sos');
    expect(await room.say(awa, 'o:self:yes')).toBe('sos_for_self');
    const binta = await room.enrol('Binta');
    await room.say(binta, 'c:sos');
    expect(await room.say(binta, 'no')).toBe('handled');
    await room.pass(minutes(3));
    expect(await officerTimers(room.ctx)).toBe(0);
  });

  it('does not gain time by writing something else, and is asked again', async () => {
    const awa = await room.enrol('Awa');
    await room.say(awa, 'sos');
    room.clock.advance(seconds(90));
    await room.say(awa, 'what?');
    room.clock.advance(seconds(30));
    expect(await officerTimers(room.ctx)).toBe(1);
  });
});

describe('what an officer writes', () => {
  it('takes, lists and closes in words, in capitals and without the dash', async () => {
    const awa = await room.enrol('Awa');
    const { reference } = await room.raise();
    const other = await room.raise('urgent');
    await room.cycle();
    await room.say(awa, 'list');
    expect(room.last(awa.contactId)?.text).toMatch(/Open alerts: 2[\s\S]*CRITICAL[\s\S]*URGENT/);
    await room.say(awa, `TAKE ${reference.replace('-', ' ').toLowerCase()}`);
    expect((await room.alert(reference)).state).toBe('taken');
    await room.say(awa, 'take');
    expect((await room.alert(other.reference)).state).toBe('taken');
    await room.say(awa, other.reference);
    expect(room.last(awa.contactId)?.text).toContain('YOURS');
  });

  it('is always answered and never becomes a report', async () => {
    const awa = await room.enrol('Awa');
    const contents = [
      { kind: 'text', text: 'xyz' },
      { kind: 'text', text: '' },
      { kind: 'text', text: '/start' },
      { kind: 'text', text: 'edited', edited: true },
      { kind: 'button', data: 'o:unheard:of' },
      { kind: 'button', data: 'o:take:NOPE-0000' },
      { kind: 'button', data: 'r:3:now' },
      { kind: 'button', data: 'o:' },
      { kind: 'button', data: 'o:undo:not-a-uuid' },
      { kind: 'reaction', emoji: '👍' },
      { kind: 'location', latitude: 1, longitude: 2 },
      { kind: 'unsupported', what: 'sticker' },
      { kind: 'file', file: { kind: 'voice', ref: 'x' } },
    ] as const;
    for (const content of contents) {
      const before = room.sent(awa.contactId).length;
      expect(await room.say(awa, content), JSON.stringify(content)).toBe('handled');
      expect(room.sent(awa.contactId).length, JSON.stringify(content)).toBeGreaterThan(before);
    }
    expect(await room.database.sql`select 1 from cases`).toHaveLength(0);
  });

  it('mutes a reporter with a reason that is sealed, and unmutes them', async () => {
    const awa = await room.enrol('Awa');
    const { reference, contactId } = await room.raise();
    await room.cycle();
    await room.say(awa, `o:mute:${reference}`);
    expect(room.last(awa.contactId)?.text).toContain('first');
    await room.say(awa, `o:take:${reference}`);
    await room.say(awa, `o:mute:${reference}`);
    await room.say(awa, 'writes sos fifty times for fun');
    const row = async () => (await room.database.sql`select * from contacts where id = ${contactId}`)[0];
    expect(await row()).toMatchObject({ muted_by: awa.officerId });
    expect(Buffer.from((await row())?.muted_reason_sealed).toString('latin1')).not.toContain('fifty');
    expect((await room.alert(reference)).state).toBe('taken');
    await room.say(awa, `o:unmute:${reference}`);
    expect((await row())?.muted_at).toBeNull();
    expect(await room.log(reference)).toEqual(expect.arrayContaining(['muted', 'unmuted']));
  });
});

describe('a reporter who asks how it stands', () => {
  const ask = async (caseId: CaseId) => {
    const lines = await room.inside((at) => reporterStatus(at, caseId));
    return lines.map((line) => room.ctx.texts.t('en', line.key, line.params)).join('\n');
  };

  it('learns what is true at each moment', async () => {
    const { caseId, reference } = await room.raise();
    await room.cycle();
    expect(await ask(caseId)).toMatch(
      /Received at 14:00[\s\S]*Nobody on duty can be reached[\s\S]*Nobody is dealing with it yet[\s\S]*no other verified number/,
    );
    const awa = await room.enrol('Awa');
    expect(await ask(caseId)).toContain('We are calling');
    await room.pass(minutes(2));
    expect(await ask(caseId)).toContain('called: 1. Last call at 14:02');
    await room.say(awa, `o:take:${reference}`);
    const taken = await ask(caseId);
    expect(taken).toContain('since 14:02');
    expect(taken).not.toContain('Awa');
    await room.say(awa, `o:end_resolved:${reference}`);
    room.clock.advance(hours(24));
    expect(await ask(caseId)).toContain('closed this request at 24/11 14:02');
  });
});

describe('cases that are not urgent', () => {
  const open = (level: Level) =>
    room.inside(async (at) => {
      const caseId = await createDraft(at, 'telegram');
      const reference = await openCase(at, caseId, {
        level,
        isSubmitted: true,
        isUnfinished: false,
      });
      await openQuietAlert(at, { caseId, reference, level });
      await newCaseNotice(at, { caseId, reference, level });
      return reference;
    });

  it('are one quiet page when high, and a digest at 8:00 when medium or low, once a day', async () => {
    const awa = await room.enrol('Awa');
    const off = await room.enrol('Cheick', { isOnDuty: false });
    const high = await open('high');
    const low = [await open('medium'), await open('low')];
    await room.deliver();
    expect(room.sent(awa.contactId)).toMatchObject([{ text: `New case, level high: ${high}`, silent: true }]);
    room.clock.set(new Date('2026-11-25T08:00:00Z'));
    expect(await sendDigest(room.ctx)).toBe(1);
    expect(await sendDigest(room.ctx)).toBe(0);
    await room.deliver();
    expect(room.sent(awa.contactId)).toHaveLength(2);
    for (const reference of low) expect(room.last(awa.contactId)?.text).toContain(reference);
    expect(room.sent(off.contactId)).toEqual([]);
    // Until an officer follows them they are named each morning.
    room.clock.set(new Date('2026-11-26T08:00:00Z'));
    expect(await sendDigest(room.ctx)).toBe(1);
    await room.deliver();
    expect(room.last(awa.contactId)?.text).toBe(
      `Older ones that nobody follows (3): ${[high, ...low].toSorted().join(', ')}`,
    );
    for (const reference of [high, ...low]) await room.say(awa, `o:take:${reference}`);
    const later = await open('low');
    room.clock.set(new Date('2026-11-27T08:00:00Z'));
    expect(await sendDigest(room.ctx)).toBe(1);
    await room.deliver();
    expect(room.last(awa.contactId)?.text).toContain(later);
    expect(room.last(awa.contactId)?.text).not.toContain(low[0]);
    await room.say(awa, `o:take:${later}`);
    room.clock.set(new Date('2026-11-28T08:00:00Z'));
    expect(await sendDigest(room.ctx)).toBe(0);
  });

  it('are not named to an officer who must not have them', async () => {
    const awa = await room.enrol('Awa');
    const reference = await open('low');
    await room.database.sql`update alerts set excluded = ${room.database.sql.json([awa.officerId])}`;
    room.clock.set(new Date('2026-11-25T08:00:00Z'));
    expect(await sendDigest(room.ctx)).toBe(0);
    await room.deliver();
    expect(JSON.stringify(room.sent(awa.contactId))).not.toContain(reference);
  });

  it('say, given back, that no officer is called for them', async () => {
    const awa = await room.enrol('Awa');
    const reference = await open('low');
    await room.say(awa, `o:take:${reference}`);
    await room.say(awa, `o:release:${reference}`);
    expect(room.last(awa.contactId)?.text).toContain('not urgent, nobody is called');
  });
});
