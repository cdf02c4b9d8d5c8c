/**
 * How times and people are written in a coordinator's plan: "5 min", "weekly monday 08:00", "monday-friday 20:00-08:00".
 * Each reads what its partner writes.
 */
import { WEEKDAYS } from '../kernel/vocabulary.ts';
import type { HandOver, Window } from './rota.ts';

const dayNumber = (word: string): number | undefined => {
  const n = WEEKDAYS.findIndex((day) => day === word || day.slice(0, 3) === word);
  return n === -1 ? undefined : n + 1;
};
const dayName = (n: number): string => WEEKDAYS[n - 1] ?? '';

/** "90 s", "5 min", "2 h" in seconds. */
export function readDuration(text: string): number | undefined {
  const [, count, unit] = /^(\d+)\s*(s|min|h)$/.exec(text.trim()) ?? [];
  if (count === undefined) return undefined;
  return Number(count) * (unit === 's' ? 1 : unit === 'min' ? 60 : 3_600);
}

export function writeDuration(seconds: number): string {
  if (seconds % 3_600 === 0 && seconds > 0) return `${seconds / 3_600} h`;
  return seconds % 60 === 0 ? `${seconds / 60} min` : `${seconds} s`;
}

/** "daily 08:00", "every 3 days 08:00", "weekly monday 08:00", "every 12 hours 08:00", or a list of "monday 08:00". */
export function readHandOver(value: string | readonly string[]): HandOver | undefined {
  if (typeof value !== 'string') return readTimes(value);
  const text = value.trim().toLowerCase();
  const hours = /^every (\d+) hours? ((?:[01]\d|2[0-3]):[0-5]\d)$/.exec(text);
  if (hours?.[2]) return { kind: 'hours', every: Number(hours[1]), at: hours[2] };
  const days = /^(?:daily|every (\d+) days?) ((?:[01]\d|2[0-3]):[0-5]\d)$/.exec(text);
  if (days?.[2]) return { kind: 'days', every: Number(days[1] ?? 1), at: days[2] };
  const weeks = /^(?:weekly|every (\d+) weeks?) ([a-z]+) ((?:[01]\d|2[0-3]):[0-5]\d)$/.exec(text);
  const day = weeks?.[2] === undefined ? undefined : dayNumber(weeks[2]);
  if (weeks?.[3] && day) return { kind: 'weeks', every: Number(weeks[1] ?? 1), day, at: weeks[3] };
  return undefined;
}

function readTimes(list: readonly string[]): HandOver | undefined {
  const times = list.map((text) => {
    const [, word = '', at = ''] =
      /^([a-z]+) ((?:[01]\d|2[0-3]):[0-5]\d)$/.exec(text.trim().toLowerCase()) ?? [];
    return { day: dayNumber(word) ?? 0, at };
  });
  return times.length > 0 && times.every(({ day }) => day > 0) ? { kind: 'times', times } : undefined;
}

export function writeHandOver(handOver: HandOver): string | string[] {
  switch (handOver.kind) {
    case 'hours':
      return `every ${handOver.every} hours ${handOver.at}`;
    case 'days':
      return handOver.every === 1 ? `daily ${handOver.at}` : `every ${handOver.every} days ${handOver.at}`;
    case 'weeks': {
      const often = handOver.every === 1 ? 'weekly' : `every ${handOver.every} weeks`;
      return `${often} ${dayName(handOver.day)} ${handOver.at}`;
    }
    case 'times':
      return handOver.times.map(({ day, at }) => `${dayName(day)} ${at}`);
  }
}

/** "monday-friday 20:00-08:00", "saturday,sunday 00:00-24:00", "daily 20:00-08:00". */
export function readWindow(text: string): Window | undefined {
  const found = /^(\S+) ((?:[01]\d|2[0-3]):[0-5]\d)-((?:[01]\d|2[0-3]):[0-5]\d|24:00)$/.exec(
    text.trim().toLowerCase(),
  );
  const [, words = '', from = '', to = ''] = found ?? [];
  const days = words === 'daily' ? [1, 2, 3, 4, 5, 6, 7] : words.split(',').flatMap(readDays);
  if (!found || days.length === 0 || days.includes(0)) return undefined;
  // A day that ends at 24:00 ends at 00:00 of the next one.
  return { days: [...new Set(days)].sort((a, b) => a - b), from, to: to === '24:00' ? '00:00' : to };
}

/** "friday", "friday-monday" (over the end of the week); 0 for what is no day. */
function readDays(text: string): number[] {
  const [first = '', last = first] = text.split('-');
  const [from, to] = [dayNumber(first), dayNumber(last)];
  if (!from || !to) return [0];
  return Array.from({ length: ((to - from + 7) % 7) + 1 }, (_, n) => ((from + n - 1) % 7) + 1);
}

export function writeWindow({ days, from, to }: Window): string {
  const words = days.length === 7 ? 'daily' : days.map(dayName).join(',');
  return `${words} ${from}-${to === '00:00' ? '24:00' : to}`;
}
