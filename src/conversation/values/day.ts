/** A day as an answer, and what the buttons of a question for a day mean. */
import { calendarDay } from '../../kernel/time.ts';
import type { Answer } from './answer.ts';

export type DateAnswer = Extract<Answer, { kind: 'date' }>;

/** `day`: YYYY-MM-DD. */
export function addDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

const SPREAD = { day: 0, week: 6, month: 30, year: 365 } as const;

/** The last day it can have been; undefined if nothing is known. */
export function latestDay(answer: DateAnswer): string | undefined {
  if (answer.date === undefined || answer.precision === 'unknown') return answer.date;
  return addDays(answer.date, SPREAD[answer.precision]);
}

/** What the buttons of a date question mean. */
export const DATE_CHOICES = [
  'today',
  'yesterday',
  'last_7_days',
  'last_30_days',
  'earlier',
  'unknown',
] as const;
export type DateChoice = (typeof DATE_CHOICES)[number];

export function dateOfChoice(choice: DateChoice, now: Date, timeZone: string): Answer {
  const today = calendarDay(now, timeZone);
  switch (choice) {
    case 'today':
      return { kind: 'date', date: today, precision: 'day' };
    case 'yesterday':
      return { kind: 'date', date: addDays(today, -1), precision: 'day' };
    case 'last_7_days':
      return { kind: 'date', date: addDays(today, -6), precision: 'week' };
    case 'last_30_days':
      return { kind: 'date', date: addDays(today, -29), precision: 'month' };
    case 'earlier':
      return { kind: 'date', precision: 'unknown', words: 'earlier' };
    case 'unknown':
      return { kind: 'unknown' };
  }
}
