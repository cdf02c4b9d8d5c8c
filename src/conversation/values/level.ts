/** How urgent a case is, most urgent first. */
export const LEVELS = ['critical', 'urgent', 'high', 'medium', 'low'] as const;
export type Level = (typeof LEVELS)[number];

/** Whether `a` is more urgent than `b`; no level at all is less urgent than any. */
export function isMoreUrgent(a: Level, b: Level | undefined): boolean {
  return b === undefined || LEVELS.indexOf(a) < LEVELS.indexOf(b);
}

/** Levels at which a person must be found at once. */
export function demandsAlert(level: Level): boolean {
  return level === 'critical' || level === 'urgent';
}

/** What triage says of a set of answers. `rules` are the ids of every rule that fired. */
export type Triage = { level: Level; rules: string[] };
