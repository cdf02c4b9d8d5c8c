/** How far a case is: what follows by itself, and who may say what. */
import { describe, expect, test } from 'vitest';
import {
  type CaseEvent,
  endAs,
  endOf,
  mayEnd,
  mayFollow,
  type Standing,
  statusAfter,
} from '../../src/cases/status.ts';
import { CASE_ENDS, END_REASONS, GOING_ON, hasEnded, OUTCOMES } from '../../src/kernel/vocabulary.ts';

describe('a case', () => {
  test.each([
    ['new', 'looked', 'assessing'],
    ['active', 'looked', 'active'],
    ['waiting_for_us', 'looked', 'waiting_for_us'],
    ['new', 'answered', 'waiting_for_person'],
    ['waiting_for_us', 'answered', 'waiting_for_person'],
    ['new', 'wrote', 'new'],
    ['assessing', 'wrote', 'waiting_for_us'],
    ['waiting_for_person', 'wrote', 'waiting_for_us'],
    ['waiting_for_us', 'wrote', 'waiting_for_us'],
  ] as const)('that is %s and is %s is %s', (status, event, after) => {
    expect(statusAfter(status, event)).toBe(after);
  });

  test('is ended by nothing that happens, and is new again never', () => {
    for (const status of GOING_ON)
      for (const event of ['looked', 'answered', 'wrote'] satisfies CaseEvent[]) {
        const after = statusAfter(status, event);
        expect(hasEnded(after)).toBe(false);
        if (status !== 'new') expect(after).not.toBe('new');
      }
  });

  test('ends with a reason of its own list, and its alert with the outcome that says the same', () => {
    for (const status of CASE_ENDS)
      for (const reason of CASE_ENDS.flatMap((each) => [...END_REASONS[each]])) {
        const isOwn = (END_REASONS[status] as readonly string[]).includes(reason);
        expect(endAs(status, reason)?.status, `${status} ${reason}`).toBe(isOwn ? status : undefined);
      }
    expect(endAs('closed', 'resolved')?.outcome).toBe('resolved');
    expect(endAs('duplicate', 'same_event')?.outcome).toBe('duplicate');
    expect(OUTCOMES.map((each) => endOf(each).status)).toEqual([
      'closed',
      'closed',
      'transferred',
      'closed',
      'closed',
    ]);
  });
});

const NOBODY: Standing = {
  isTaker: false,
  isResponsible: false,
  isCoordinator: false,
  isSupervisor: false,
  isPaging: false,
};

describe('who says it', () => {
  test('is one who has the alert, answers for the case, coordinates or supervises; no other member', () => {
    expect(mayFollow(NOBODY)).toBe(false);
    for (const is of ['isTaker', 'isResponsible', 'isCoordinator', 'isSupervisor'] as const)
      expect(mayFollow({ ...NOBODY, [is]: true })).toBe(true);
  });

  test('of a case for which officers are called ends it only who may close its alert', () => {
    const may = (is: keyof Standing) => mayEnd({ ...NOBODY, isPaging: true, [is]: true });
    expect(['isTaker', 'isSupervisor'].map((is) => may(is as keyof Standing))).toEqual([true, true]);
    expect(['isResponsible', 'isCoordinator'].map((is) => may(is as keyof Standing))).toEqual([false, false]);
  });
});
