/** What is said of how the service is: what `doctor` says on the machine, without the places of it. */
import { z } from 'zod';
import { CHECK_STATES } from '../kernel/vocabulary.ts';
import { moment } from './forms.ts';

const check = z.object({
  name: z.string(),
  state: z.enum(CHECK_STATES),
  /** As the operator reads it. */
  detail: z.string(),
  mend: z.string().nullable(),
});
export type DoctorCheck = z.output<typeof check>;

export const doctorSays = z.object({
  /** When it was looked at: at most half a minute ago. */
  at: moment,
  /** In which language the lines are, for screen readers. */
  language: z.string(),
  isForRealReporters: z.boolean(),
  missing: z.array(z.string()),
  checks: z.array(check),
});
export type DoctorSays = z.output<typeof doctorSays>;
