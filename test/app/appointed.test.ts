/** What was due when the service was away: how late it is, and whether it still helps. */
import { describe, expect, it } from 'vitest';
import { isDigestDue, isStillExpected, lastAppointed } from '../../src/app/ground/appointed-hours.ts';

const at = (text: string) => new Date(text);
const TUESDAY_AT_TEN = '0 10 * * 2';

describe('the weekly exercise', () => {
  it.each([
    ['at its hour', '2026-12-01T10:00:20Z', '2026-12-01T10:00:00Z', true],
    ['after a short power cut', '2026-12-01T12:59:00Z', '2026-12-01T10:00:00Z', true],
    ['in the evening', '2026-12-01T21:00:00Z', '2026-12-01T10:00:00Z', false],
    ['on the next monday', '2026-12-07T09:00:00Z', '2026-12-01T10:00:00Z', false],
    ['just before its hour', '2026-12-01T09:59:59Z', '2026-11-24T10:00:00Z', false],
  ])('that is looked at %s was due then', (_, now, due, isExpected) => {
    const dueAt = lastAppointed(TUESDAY_AT_TEN, at(now), 'Africa/Bamako');
    expect(dueAt).toEqual(at(due));
    expect(isStillExpected(dueAt, at(now))).toBe(isExpected);
  });

  it('on a sunday, in a zone that changes its clocks, is due at its hour on the wall', () => {
    expect(lastAppointed('0 10 * * 0', at('2026-03-29T12:00:00Z'), 'Europe/Paris')).toEqual(
      at('2026-03-29T08:00:00Z'),
    );
    expect(lastAppointed('0 10 * * 0', at('2026-03-28T12:00:00Z'), 'Europe/Paris')).toEqual(
      at('2026-03-22T09:00:00Z'),
    );
  });
});

it('the digest of a morning without power goes out later that day, and after midnight with the next one', () => {
  expect(isDigestDue(at('2026-12-01T08:00:00Z'), 'Africa/Bamako')).toBe(true);
  expect(isDigestDue(at('2026-12-01T23:30:00Z'), 'Africa/Bamako')).toBe(true);
  expect(isDigestDue(at('2026-12-02T07:30:00Z'), 'Africa/Bamako')).toBe(false);
});
