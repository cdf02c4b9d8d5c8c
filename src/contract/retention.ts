/** What is said of how long cases are kept, and of those that are held. */
import { z } from 'zod';
import { HOLD_DECISIONS, HOLD_REASONS } from '../kernel/vocabulary.ts';
import { level, moment, reference } from './forms.ts';

export const holdAsked = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('hold'), because: z.enum(HOLD_REASONS) }),
  z.strictObject({ do: z.enum(HOLD_DECISIONS) }),
]);

const hold = z.object({
  because: z.enum(HOLD_REASONS),
  /** Names of members. */
  by: z.string(),
  at: moment,
  /** The first who lets it go; null: nobody does. */
  liftBy: z.string().nullable(),
  liftAt: moment.nullable(),
  /** Whether the reader can be the second. */
  mayAgree: z.boolean(),
});
export type HoldOfCase = z.output<typeof hold>;

export const keptOfCase = z.object({
  /** When its time is over; null: it goes on, and is kept. */
  until: moment.nullable(),
  /** Why so long, in the words of the rule. */
  why: z.string().nullable(),
  /** Null: it is not held. */
  hold: hold.nullable(),
});
export type KeptOfCase = z.output<typeof keptOfCase>;

export const retentionNow = z.object({
  /** In the order in which they count; spans as they are written. */
  rules: z.array(z.object({ id: z.string(), why: z.string(), case: z.string(), conversation: z.string() })),
  /** Cases whose time is over within a year, and those that are held: the next first. */
  cases: z.array(
    z.object({
      reference,
      level,
      status: z.string(),
      endedAt: moment,
      until: moment,
      rule: z.string(),
      /** When it is destroyed; null: that was not told yet. */
      goesAt: moment.nullable(),
      held: z.enum(HOLD_REASONS).nullable(),
    }),
  ),
});
export type RetentionNow = z.output<typeof retentionNow>;
