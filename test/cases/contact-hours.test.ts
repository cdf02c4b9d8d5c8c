import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HOURS, opensAt, spanAt } from '../../src/cases/contact-hours.ts';
import { CONTACT_HOURS, type ContactHours } from '../../src/kernel/vocabulary.ts';
import { projectContent } from '../content/content.ts';

const BAMAKO = 'Africa/Bamako';
const at = (time: string): Date => new Date(`2026-11-24T${time}:00Z`);
const opens = (hours: readonly ContactHours[], now: Date, zone = BAMAKO) =>
  opensAt(hours, now, zone)?.toISOString().slice(0, 16);

describe('the hours at which a person may be written to', () => {
  it('begin at the minute and end at the minute', () => {
    expect(opens(['morning'], at('05:59'))).toBe('2026-11-24T06:00');
    expect(opens(['morning'], at('06:00'))).toBe('2026-11-24T06:00');
    expect(opens(['morning'], at('10:59'))).toBe('2026-11-24T10:59');
    expect(opens(['morning'], at('11:00'))).toBe('2026-11-25T06:00');
  });

  it('of the night begin in the evening and end on the next day', () => {
    expect(opens(['night'], at('21:59'))).toBe('2026-11-24T22:00');
    expect(opens(['night'], at('23:30'))).toBe('2026-11-24T23:30');
    expect(opens(['night'], at('00:30'))).toBe('2026-11-24T00:30');
    expect(opens(['night'], at('05:59'))).toBe('2026-11-24T05:59');
    expect(opens(['night'], at('06:00'))).toBe('2026-11-24T22:00');
  });

  it('that touch are one span, also over midnight', () => {
    expect(spanAt(['evening', 'night'], at('23:00'), BAMAKO)).toEqual({
      from: at('18:00'),
      to: new Date('2026-11-25T06:00:00Z'),
    });
    expect(opens(['morning', 'evening'], at('12:00'))).toBe('2026-11-24T18:00');
    expect(spanAt(CONTACT_HOURS, at('03:00'), BAMAKO)).toBeDefined();
  });

  it('are those of the office, wherever the server stands, and whatever its clocks do', () => {
    expect(opens(['morning'], at('04:30'), 'Europe/Paris')).toBe('2026-11-24T05:00');
    // In the night in which clocks are put forward, six in the morning is an hour nearer.
    const before = new Date('2027-03-28T00:30:00Z');
    expect(opens(['morning'], before, 'Europe/Paris')).toBe('2027-03-28T04:00');
  });

  it('that no one named are none', () => {
    expect(opensAt([], at('12:00'), BAMAKO)).toBeUndefined();
  });

  it('open within a day, and never at a time outside of them', () => {
    const some = fc.uniqueArray(fc.constantFrom(...CONTACT_HOURS), { minLength: 1 });
    const any = fc.date({ min: new Date('2026-01-01'), max: new Date('2028-01-01'), noInvalidDate: true });
    fc.assert(
      fc.property(some, any, (hours, now) => {
        const open = opensAt(hours, now, BAMAKO);
        if (!open) throw new Error('they never open');
        expect(open.getTime() - now.getTime()).toBeLessThanOrEqual(86_400_000);
        expect(spanAt(hours, open, BAMAKO)).toBeDefined();
        const hour = open.getUTCHours();
        const isNamed = hours.some((name) => {
          const [from, to] = HOURS[name];
          return from < to ? hour >= from && hour < to : hour >= from || hour < to;
        });
        expect(isNamed).toBe(true);
      }),
    );
  });

  it('are those that the reporter and the officer read', () => {
    const { texts } = projectContent();
    for (const [language, files] of Object.entries(texts)) {
      const { sos, report, officer } = files as Record<string, Record<string, Record<string, unknown>>>;
      const labels = [sos?.safe_hours?.options, report?.contact_hours?.options, officer?.hours];
      for (const each of labels)
        for (const [name, label] of Object.entries((each ?? {}) as Record<ContactHours, string>)) {
          const said = (String(label).match(/\d+(?!\d|0 to)/g) ?? []).map(Number).filter((n) => n > 0);
          expect(said, `${language}: ${label}`).toEqual([...HOURS[name as ContactHours]]);
        }
    }
  });
});
