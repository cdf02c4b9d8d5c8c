/** How long cases are kept: rules as staff write them, and what they come to. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { afterSpan, retentionSchema, ruleFor, spanText, whenOver } from '../../src/cases/retention.ts';
import { CASE_ENDS, END_REASONS, GOING_ON, LEVELS } from '../../src/kernel/vocabulary.ts';

const last = { id: 'all', why: 'so', keep: { case: '5 years' } };
const read = (...rules: object[]) => retentionSchema.safeParse({ retention: 1, rules });
const wrong = (...rules: object[]) => read(...rules).error?.issues.map(({ message }) => message) ?? [];
const at = (day: string) => new Date(`${day}T10:00:00Z`);

describe('the rules that the program comes with', () => {
  const rules = retentionSchema.parse(parse(readFileSync('flows/retention.yaml', 'utf8')));

  test('keep every case that has ended for five years, and one that goes on for ever', () => {
    const endedAt = at('2026-12-01');
    for (const level of LEVELS) {
      for (const status of CASE_ENDS)
        for (const reason of [...END_REASONS[status], null])
          expect(whenOver(rules, { status, level, reason, endedAt })?.case).toEqual(at('2031-12-01'));
      for (const status of [...GOING_ON, 'draft'])
        expect(whenOver(rules, { status, level, reason: null, endedAt })).toBeUndefined();
    }
  });

  test('lead from the chat to an ended case for a week, as before there were rules', () => {
    const of = { status: 'closed', level: 'low', reason: null, endedAt: at('2026-12-01') };
    expect(whenOver(rules, of)?.conversation).toEqual(at('2026-12-08'));
  });
});

describe('a rule', () => {
  test('is the first that fits status, level and outcome', () => {
    const parsed = retentionSchema.parse({
      retention: 1,
      rules: [
        { ...last, id: 'none', when: { status: 'rejected', outcome: ['no_report'] } },
        { ...last, id: 'rejected', when: { status: ['rejected', 'duplicate'] } },
        { ...last, id: 'grave', when: { level: ['critical', 'urgent'] } },
        last,
      ],
    });
    const found = (status: string, level: string, reason: string | null) =>
      ruleFor(parsed, { status, level, reason })?.id;
    expect(found('rejected', 'low', 'no_report')).toBe('none');
    expect(found('rejected', 'critical', 'no_facts')).toBe('rejected');
    expect(found('closed', 'critical', 'reached')).toBe('grave');
    expect(found('closed', 'low', null)).toBe('all');
  });

  test.each([
    ['a case is kept for less than thirty days', { ...last, keep: { case: '29 days' } }],
    ['a month may have 28 days', { ...last, keep: { case: '1 month' } }],
    [
      'a chat leads to its case for longer than that is there',
      { ...last, keep: { case: '60 days', conversation: '3 months' } },
    ],
    ['a span is none', { ...last, keep: { case: 'forever' } }],
    ['a case is kept for no time', { ...last, keep: { case: '0 days' } }],
    ['a case that goes on has one', { ...last, when: { status: 'active' } }],
    ['a word is none of those that there are', { ...last, when: { outcome: 'because' } }],
    ['rows of the log go', { ...last, keep: { case: '5 years', audit: '10 years' } }],
    ['a field is misspelt', { ...last, keep: { case: '5 years', conversations: '7 days' } }],
  ])('is refused when %s', (_, rule) => {
    expect(wrong(rule, last).length + wrong({ ...rule, id: 'first' }, last).length).toBeGreaterThan(1);
  });

  test('stands once, and the last one fits everything: no case is without', () => {
    expect(wrong(last, last)).toEqual(['"all" stands twice']);
    expect(wrong({ ...last, when: { level: 'low' } })).toEqual([
      'the last rule must fit every case: leave out its "when"',
    ]);
  });
});

describe('a span', () => {
  test.each([
    ['2024-02-29', { n: 1, unit: 'year' }, '2025-03-01'],
    ['2024-02-29', { n: 4, unit: 'year' }, '2028-02-29'],
    ['2026-08-31', { n: 1, unit: 'month' }, '2026-10-01'],
    ['2026-12-31', { n: 2, unit: 'month' }, '2027-03-01'],
    ['2026-12-15', { n: 18, unit: 'month' }, '2028-06-15'],
    ['2026-12-25', { n: 90, unit: 'day' }, '2027-03-25'],
  ] as const)('from %s is by the calendar, and never shorter', (from, span, to) => {
    expect(afterSpan(at(from), span)).toEqual(at(to));
  });

  test('is said as it is written', () => {
    expect(spanText({ n: 1, unit: 'year' })).toBe('1 year');
    expect(spanText({ n: 18, unit: 'month' })).toBe('18 months');
  });
});
