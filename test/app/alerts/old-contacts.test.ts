/** Contacts outside that grow old: who is told, when, and how often; and what `doctor` says. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { reporterStatus } from '../../../src/app/alerts/reporter-status.ts';
import { warnOfContacts } from '../../../src/app/duty/contact-warnings.ts';
import type { Context } from '../../../src/app/ground/context.ts';
import { transact } from '../../../src/app/ground/transaction.ts';
import { checkContacts } from '../../../src/doctor/contacts.ts';
import { days, hours } from '../../../src/kernel/time.ts';
import { appointedWork } from '../../../src/service/appointed.ts';
import { liveConfig } from '../../live-config.ts';
import { withContacts } from '../../outside-contacts.ts';
import { type DutyRoom, type Officer, openDutyRoom } from './duty-room.ts';

let room: DutyRoom;
let ctx: Context;
let fanta: Officer;
let awa: Officer;

/** Today is Tuesday, 24 November 2026. The first is shown until 8 December, the second until 12 December, the third for long. */
const LISTED = {
  fld: { name: 'Front Line Defenders', contact: '+000 1', verified_on: '2026-06-11', always: 'yes' },
  observatory: { name: 'FIDH-OMCT', contact: '+000 2', verified_on: '2026-06-15' },
  comaddh: { name: 'COMADDH', contact: '+000 3', verified_on: '2026-11-20' },
};

beforeEach(async () => {
  room = await openDutyRoom();
  ctx = withContacts(room.ctx, LISTED);
  fanta = await room.enrol('Fanta', { role: 'supervisor' });
  awa = await room.enrol('Awa');
});
afterEach(() => room.close());

/** What this officer was told of contacts since they were last looked at. */
async function told({ contactId }: Officer): Promise<string[]> {
  await room.deliver();
  const shown = room.phones.get(contactId) ?? [];
  room.phones.delete(contactId);
  return shown.map(({ text }) => text).filter((text) => text.startsWith('OUTSIDE CONTACTS'));
}

describe('a contact outside that grows old', () => {
  it('is named to supervisors two weeks before it is shown no longer, once, and to no one else', async () => {
    expect(await warnOfContacts(ctx)).toBe(1);
    expect(await warnOfContacts(ctx)).toBe(0);
    expect(await told(fanta)).toEqual([
      [
        'OUTSIDE CONTACTS, to verify: 1',
        'Front Line Defenders: verified on 11/06/2026. We no longer show it after 08/12/2026.',
        'Call or write to them. Then whoever runs the server writes down the day and who verified it.',
      ].join('\n'),
    ]);
    expect(await told(awa)).toEqual([]);
  });

  it('is named once more on the morning after its last day, in one message with all others that are due', async () => {
    await warnOfContacts(ctx);
    await told(fanta);
    room.clock.advance(days(14));
    expect(await warnOfContacts(ctx)).toBe(1);
    expect((await told(fanta)).join()).toContain(
      'FIDH-OMCT Observatory: verified on 15/06/2026. We no longer show it after 12/12/2026.',
    );
    room.clock.advance(days(1));
    expect(await warnOfContacts(ctx)).toBe(1);
    const [text = ''] = await told(fanta);
    expect(text).toContain('Front Line Defenders: verified on 11/06/2026, which is too long ago.');
    expect(text).toContain('We show no contact that answers day and night.');
    room.clock.advance(days(60));
    expect(await warnOfContacts(ctx)).toBe(1);
    expect(await warnOfContacts(ctx)).toBe(0);
  });

  it('is named all the same where an intruder wrote into the database that it will be told later', async () => {
    await warnOfContacts(ctx);
    await told(fanta);
    await room.database.sql`update contact_warnings set told_at = '2099-01-01'`;
    expect(await warnOfContacts(ctx)).toBe(1);
    expect(await told(fanta)).toHaveLength(1);
    expect(await warnOfContacts(ctx)).toBe(0);
  });

  it('and others, when the service was away for weeks, are named in one message', async () => {
    room.clock.advance(days(30));
    expect(await warnOfContacts(ctx)).toBe(2);
    const texts = await told(fanta);
    expect(texts).toHaveLength(1);
    expect(texts[0]).toContain('to verify: 2');
  });

  it('that was verified anew is told of again when that is long ago too', async () => {
    await warnOfContacts(ctx);
    const again = { ...LISTED, fld: { ...LISTED.fld, verified_on: '2026-11-24' } };
    ctx = withContacts(room.ctx, again);
    expect(await warnOfContacts(ctx)).toBe(0);
    room.clock.advance(days(170));
    await warnOfContacts(ctx);
    expect((await told(fanta)).at(-1)).toContain('Front Line Defenders: verified on 24/11/2026');
  });

  it('is told to everybody where there is no supervisor', async () => {
    await room.close();
    room = await openDutyRoom();
    ctx = withContacts(room.ctx, LISTED);
    const alone = await room.enrol('Awa');
    await warnOfContacts(ctx);
    expect(await told(alone)).toHaveLength(1);
  });

  it('is told with the digest of the morning, and not at night', async () => {
    const work = appointedWork(ctx, liveConfig('', { serverKey: '', recipient: '' }), {
      mayErase: () => true,
    });
    room.clock.advance(hours(11));
    await work.digest();
    expect(await told(fanta)).toEqual([]);
    room.clock.advance(hours(7));
    await work.digest();
    await work.digest();
    expect(await told(fanta)).toHaveLength(1);
  });

  it('is not told by a clock that jumped, and still told once the clock is right', async () => {
    let isTrusted = false;
    const work = appointedWork(ctx, liveConfig('', { serverKey: '', recipient: '' }), {
      mayErase: () => isTrusted,
    });
    room.clock.advance(days(365) + hours(18));
    await work.digest();
    expect(await told(fanta)).toEqual([]);
    room.clock.advance(-days(364));
    isTrusted = true;
    await work.digest();
    expect((await told(fanta)).join()).toContain(
      'Front Line Defenders: verified on 11/06/2026. We no longer show it',
    );
  });
});

describe('a reporter who waits and asks how it stands', () => {
  it('reads the contact until its last day, and then that there is none who answers day and night', async () => {
    const { caseId } = await room.raise();
    const lines = async () => JSON.stringify(await transact(ctx, (at) => reporterStatus(at, caseId)));
    expect(await lines()).toContain('+000 1');
    room.clock.advance(days(15));
    const after = await lines();
    expect(after).not.toContain('+000 1');
    expect(after).toContain('+000 3');
    room.clock.advance(days(200));
    expect(await lines()).toContain('status.no_outside');
  });
});

describe('doctor', () => {
  const said = (now: string, contactsFreshDays?: number) => {
    const given = { timeZone: 'Africa/Bamako', ...(contactsFreshDays ? { contactsFreshDays } : {}) };
    const { checks, isAnyAlwaysOpen } = checkContacts(ctx.conversation.flows, new Date(now), given);
    return { lines: checks.map(({ name, state, detail }) => `${state} ${name}: ${detail}`), isAnyAlwaysOpen };
  };

  it('names the contacts that are shown no longer, and those that soon will not be', () => {
    expect(said('2026-09-01T10:00:00Z')).toEqual({
      lines: ['ok outside contact: answers day and night'],
      isAnyAlwaysOpen: true,
    });
    expect(said('2026-12-10T10:00:00Z')).toEqual({
      lines: [
        'warn outside contact: none that answers day and night is verified',
        'warn old contacts: Front Line Defenders is shown no longer (verified on 2026-06-11); FIDH-OMCT is shown until 2026-12-12',
      ],
      isAnyAlwaysOpen: false,
    });
  });

  it('goes by the days that the operator set', () => {
    expect(said('2026-12-10T10:00:00Z', 365).lines).toEqual(['ok outside contact: answers day and night']);
  });
});
