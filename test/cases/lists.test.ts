/** Which cases stand in which list of the room. */
import { describe, expect, test } from 'vitest';
import { isIn, isOverdue, LISTS, type Listed, rowsOf } from '../../src/cases/lists.ts';
import { CASE_ENDS, GOING_ON, LEVELS } from '../../src/kernel/vocabulary.ts';

const NOW = new Date('2026-12-01T12:00:00Z');
const ago = (minutes: number): string => new Date(NOW.getTime() - minutes * 60_000).toISOString();
const row = (set: Partial<Listed>): Listed => ({
  level: 'low',
  status: 'new',
  since: ago(1),
  region: null,
  isMine: false,
  isOwn: false,
  ...set,
});
const ANY = { level: '', region: '', status: '' };

describe('a case', () => {
  test('is mine if I have its alert or answer for it, until it has ended', () => {
    expect(isIn('mine', row({}), NOW)).toBe(false);
    for (const mine of [{ isMine: true }, { isOwn: true }]) {
      expect(isIn('mine', row(mine), NOW)).toBe(true);
      for (const status of CASE_ENDS) expect(isIn('mine', row({ ...mine, status }), NOW)).toBe(false);
    }
  });

  test('is unanswered while no member has looked at it, or a word of the person waits', () => {
    const found = [...GOING_ON, ...CASE_ENDS].filter((status) => isIn('unanswered', row({ status }), NOW));
    expect(found).toEqual(['new', 'waiting_for_us']);
  });

  test.each([
    ['critical', 15],
    ['urgent', 60],
    ['high', 1_440],
    ['medium', 4_320],
    ['low', 10_080],
    // Unknown never lowers.
    ['something else', 15],
  ])('that is %s is overdue after %i minutes, and not before', (level, minutes) => {
    for (const status of ['new', 'waiting_for_us']) {
      expect(isOverdue(row({ level, status, since: ago(minutes) }), NOW)).toBe(false);
      expect(isOverdue(row({ level, status, since: ago(minutes + 1) }), NOW)).toBe(true);
    }
    for (const status of ['assessing', 'active', 'waiting_for_person', ...CASE_ENDS])
      expect(isOverdue(row({ level, status, since: ago(1e6) }), NOW)).toBe(false);
  });

  test('stands in some list besides that of all, or goes on in the hands of the team', () => {
    for (const status of [...GOING_ON, ...CASE_ENDS]) {
      const lists = LISTS.filter((list) => list !== 'all' && isIn(list, row({ status, isOwn: true }), NOW));
      expect(lists.length, status).toBeGreaterThan(0);
    }
  });
});

describe('a list', () => {
  const rows = LEVELS.map((level, n) =>
    row({ level, status: 'waiting_for_us', since: ago(20_000 + n), region: n % 2 === 0 ? 'segou' : 'gao' }),
  );

  test('of what waits has first what waits longest, and else the order in which cases come', () => {
    expect(rowsOf(rows, 'all', ANY, NOW).map(({ level }) => level)).toEqual(LEVELS);
    for (const list of ['waiting', 'overdue'] as const)
      expect(rowsOf(rows, list, ANY, NOW).map(({ level }) => level)).toEqual(LEVELS.toReversed());
  });

  test('is narrowed by level, region and status, by all of them at once', () => {
    expect(rowsOf(rows, 'all', { ...ANY, region: 'gao' }, NOW)).toHaveLength(2);
    expect(rowsOf(rows, 'all', { ...ANY, level: 'urgent', region: 'gao' }, NOW)).toHaveLength(1);
    expect(rowsOf(rows, 'all', { ...ANY, level: 'urgent', region: 'segou' }, NOW)).toHaveLength(0);
    expect(rowsOf(rows, 'all', { ...ANY, status: 'new' }, NOW)).toHaveLength(0);
  });
});
