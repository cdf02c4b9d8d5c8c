/** Whether, and when, one may write to a person unasked: what they chose, as plain data. */
import { z } from 'zod';
import { CONTACT_HOURS, type ContactHours, WHY_SILENT, type WhySilent } from '../../kernel/vocabulary.ts';

/**
 * `true`: at any time. `unclear`: they were asked, and said neither yes nor no. `hours`: at these hours alone. `no`: not at
 * all, and what they chose. `false`: not at all, of before it was kept what they chose.
 */
export const mayWriteSchema = z.union([
  z.boolean(),
  z.literal('unclear'),
  z.object({ hours: z.array(z.enum(CONTACT_HOURS)).min(1) }),
  z.object({ no: z.enum(WHY_SILENT) }),
]);
export type MayWrite = z.infer<typeof mayWriteSchema>;

/** By what choice nothing may be written to them; undefined: something may. */
export function whySilent(said: MayWrite | undefined): WhySilent | undefined {
  if (said === false) return 'no';
  return typeof said === 'object' && 'no' in said ? said.no : undefined;
}

/** At which hours alone they may be written to; undefined: they chose none. */
export function hoursOf(said: MayWrite | undefined): readonly ContactHours[] | undefined {
  return typeof said === 'object' && 'hours' in said ? said.hours : undefined;
}

export const isSameChoice = (one: MayWrite | undefined, other: MayWrite | undefined): boolean =>
  JSON.stringify(one) === JSON.stringify(other);
