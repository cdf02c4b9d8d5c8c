/** Which cases stand in which list of the room, and what is overdue. Pure; also in the browser. */
import { hasEnded, LEVELS, type Level } from '../kernel/vocabulary.ts';

/**
 * Lists of cases. `mine`: one has the alert, or answers for the case; `unanswered`: nobody has looked at it, or a word of the person waits;
 * `waiting`: a word of the person waits, the one that waits longest first; `overdue`: it waits for the team for too long.
 */
export const LISTS = ['all', 'mine', 'unanswered', 'waiting', 'overdue', 'ended'] as const;
export type List = (typeof LISTS)[number];

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** So long a case of this level may wait for the team, in milliseconds. The first two are the targets of the pages (docs/on-call.md). */
const WITHIN: Readonly<Record<Level, number>> = {
  critical: 15 * MINUTE,
  urgent: HOUR,
  high: DAY,
  medium: 3 * DAY,
  low: 7 * DAY,
};

/** As it stands in a list. `since`: since when it has its status, ISO 8601. */
export type Listed = {
  level: string;
  status: string;
  since: string;
  region: string | null;
  isMine: boolean;
  isOwn: boolean;
};

const waitsForUs = ({ status }: Listed): boolean => status === 'new' || status === 'waiting_for_us';

/** Whether it waits for the team for longer than cases of its level may. An unknown level counts as the most urgent. */
export function isOverdue(row: Listed, now: Date): boolean {
  const level = LEVELS.find((each) => each === row.level) ?? 'critical';
  return waitsForUs(row) && now.getTime() - Date.parse(row.since) > WITHIN[level];
}

export function isIn(list: List, row: Listed, now: Date): boolean {
  switch (list) {
    case 'all':
      return true;
    case 'mine':
      return (row.isMine || row.isOwn) && !hasEnded(row.status);
    case 'unanswered':
      return waitsForUs(row);
    case 'waiting':
      return row.status === 'waiting_for_us';
    case 'overdue':
      return isOverdue(row, now);
    case 'ended':
      return hasEnded(row.status);
  }
}

/** What else is asked of the rows; an empty word asks nothing. */
export type Narrowed = { level: string; region: string; status: string };

/** The rows of a list, in its order: as they come (most urgent first), or those that wait longest first. */
export function rowsOf<T extends Listed>(
  rows: readonly T[],
  list: List,
  { level, region, status }: Narrowed,
  now: Date,
): T[] {
  const found = rows.filter(
    (row) =>
      isIn(list, row, now) &&
      (level === '' || row.level === level) &&
      (region === '' || row.region === region) &&
      (status === '' || row.status === status),
  );
  const isByWait = list === 'waiting' || list === 'overdue';
  return isByWait ? found.sort((a, b) => a.since.localeCompare(b.since)) : found;
}
