/** What is said of what people ask for by right: tasks of the team, and the erasing of a case. */
import { z } from 'zod';
import { ERASE_REASONS, ERASURE_STATES, POSTPONED, TASK_STATES, TASKS } from '../kernel/vocabulary.ts';
import { moment, reference } from './forms.ts';

export const erasingAsked = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('ask'), because: z.enum(ERASE_REASONS) }),
  z.strictObject({ do: z.enum(['agree', 'stop']) }),
]);

/** A new code is decided about like an alert. */
export const taskAsked = z.strictObject({
  kind: z.enum(TASKS).exclude(['code']),
  state: z.enum(TASK_STATES).extract(['done', 'declined']),
});

export const taskOfCase = z.object({
  kind: z.enum(TASKS),
  state: z.enum(TASK_STATES),
  askedAt: moment,
  /** How often it was asked for. */
  times: z.number(),
  decidedAt: moment.nullable(),
});
export type TaskOfCase = z.output<typeof taskOfCase>;

const wanted = {
  because: z.enum([...ERASE_REASONS, 'time_over']),
  /** In words, of one whose time is over: why it was kept so long; null: of one that people want erased, or by a rule that is gone. */
  rule: z.string().nullable(),
  /** Names of members. Null: nobody asked, its time is over. */
  askedBy: z.string().nullable(),
  askedAt: moment,
  agreedBy: z.string().nullable(),
  /** Who let each of the two into the team; empty: nobody is known. */
  letInBy: z.array(z.array(z.string())),
  /** Not before this; null: a second person has not agreed yet. */
  dueAt: moment.nullable(),
  /** Since when it is due and not done, and why not yet. */
  postponedAt: moment.nullable(),
  postponedBecause: z.enum(POSTPONED).nullable(),
};

export const erasureOfCase = z.object({
  ...wanted,
  state: z.enum(ERASURE_STATES).exclude(['done']),
  endedAt: moment.nullable(),
  stoppedBy: z.string().nullable(),
  stoppedBecause: z.string().nullable(),
  /** Whether the reader can agree to it, or stop it. */
  mayAgree: z.boolean(),
  mayStop: z.boolean(),
});
export type ErasureOfCase = z.output<typeof erasureOfCase>;

export const erasingNow = z.object({ ...wanted, reference });
export type ErasingNow = z.output<typeof erasingNow>;
