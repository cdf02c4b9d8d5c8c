/** What waits for a person of the team and has no alert: rights that reporters asked for, and cases that are to be erased. */
import type { CaseToSee } from '../../db/case-tasks.ts';
import { TASKS } from '../../kernel/vocabulary.ts';
import type { Moment } from '../ground/transaction.ts';
import { officerText, sayTime } from './officer-wording.ts';

/** References named in one line; the rest is counted. */
const NAMED = 40;

/** A line for each kind of task, and one for each case that is to be erased. */
export function linesToSee({ ctx, now }: Moment, language: string, toSee: readonly CaseToSee[]): string[] {
  const say = (key: string, params: Record<string, string | number>) =>
    officerText(ctx, language, key, params);
  const asked = TASKS.flatMap((task) => {
    const found = toSee.filter(({ tasks }) => tasks.includes(task));
    return found.length > 0
      ? [say(`digest.task_${task}`, { count: found.length, references: named(found) })]
      : [];
  });
  const leaving = soonestFirst(toSee);
  const erased = leaving.slice(0, NAMED).map(({ reference, dueAt }) => {
    if (dueAt === null) return say('digest.erasing_asked', { reference });
    return say('digest.erasing', { reference, day: sayTime(dueAt, now, ctx.settings.timeZone) });
  });
  const others = leaving.length - erased.length;
  return [...asked, ...erased, ...(others > 0 ? [say('digest.erasing_others', { count: others })] : [])];
}

/** Those that are to be erased; last those to which a second person has not agreed. */
function soonestFirst(toSee: readonly CaseToSee[]): { reference: string; dueAt: Date | null }[] {
  const time = (dueAt: Date | null) => dueAt?.getTime() ?? Number.MAX_SAFE_INTEGER;
  return toSee
    .flatMap(({ reference, erasing }) => (erasing ? [{ reference, dueAt: erasing.dueAt }] : []))
    .sort((one, other) => time(one.dueAt) - time(other.dueAt));
}

export function named(found: readonly { reference: string }[]): string {
  const references = found.slice(0, NAMED).map(({ reference }) => reference);
  return `${references.join(', ')}${found.length > NAMED ? ' …' : ''}`;
}
