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
  const erased = toSee.slice(0, NAMED).flatMap(({ reference, erasing }) => {
    const day = erasing?.dueAt && sayTime(erasing.dueAt, now, ctx.settings.timeZone);
    if (day) return [say('digest.erasing', { reference, day })];
    return erasing ? [say('digest.erasing_asked', { reference })] : [];
  });
  return [...asked, ...erased];
}

export function named(found: readonly { reference: string }[]): string {
  const references = found.slice(0, NAMED).map(({ reference }) => reference);
  return `${references.join(', ')}${found.length > NAMED ? ' …' : ''}`;
}
