/** What is said of how far a case is, and of who answers for it. */
import { z } from 'zod';
import { CASE_ENDS, END_REASONS, SET_BY_PEOPLE } from '../kernel/vocabulary.ts';
import { id, moment } from './forms.ts';

/** An end has a reason of its own list. */
export const statusAsked = z.union([
  z.strictObject({ to: z.enum(SET_BY_PEOPLE) }),
  z.strictObject({ to: z.enum(CASE_ENDS), reason: z.enum(Object.values(END_REASONS).flat()) }),
]);

/** Null: nobody any more. */
export const responsibleAsked = z.strictObject({ to: z.uuid().nullable() });

/** A member who can answer for a case. */
export const mayAnswer = z.array(z.object({ id, name: z.string() }));

export const followingOfCase = z.object({
  /** Since when the case has its status. */
  since: moment,
  /** Why it ended; null: it goes on. */
  reason: z.string().nullable(),
  /** Name of the member who answers for it; null: nobody but the officer who has its alert. */
  answersFor: z.string().nullable(),
  isMine: z.boolean(),
  /** Whether the reader may say how far it is and who answers for it; and end it. */
  mayFollow: z.boolean(),
  mayEnd: z.boolean(),
  hasEnded: z.boolean(),
});
export type FollowingOfCase = z.output<typeof followingOfCase>;
