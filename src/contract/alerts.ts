/** What is said of alerts: a decision, and to whom one can be handed over. */
import { z } from 'zod';
import { OUTCOMES, PHRASES } from '../kernel/vocabulary.ts';
import { id } from './forms.ts';

export const decisionAsked = z.discriminatedUnion('do', [
  z.strictObject({ do: z.enum(['take', 'take_again', 'cannot', 'release', 'seen', 'code_yes', 'code_no']) }),
  z.strictObject({
    do: z.literal('close'),
    outcome: z.enum(OUTCOMES),
  }),
  z.strictObject({ do: z.literal('hand_over'), to: z.uuid() }),
  z.strictObject({
    do: z.literal('phones'),
    only: z
      .string()
      .regex(/^[0-9a-f]{8}$/)
      .optional(),
  }),
  z.strictObject({ do: z.literal('phrase'), phrase: z.enum(PHRASES) }),
]);

/** An officer to whom an alert can be handed over. */
export const colleague = z.object({ id, name: z.string(), isOnDuty: z.boolean() });
export type Colleague = z.output<typeof colleague>;
