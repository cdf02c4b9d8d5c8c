/** What is said of how the service is: what `doctor` says on the machine, without the places of it. */
import { z } from 'zod';
import { CHECK_STATES } from '../kernel/vocabulary.ts';
import { oneLanguage } from './cases.ts';
import { moment } from './forms.ts';

const check = z.object({
  name: z.string(),
  state: z.enum(CHECK_STATES),
  /** As it is read in the language of the member, without places of the machine. */
  detail: z.string(),
  mend: z.string().nullable(),
});
export type DoctorCheck = z.output<typeof check>;

/** In which language it is to be said; default, and where it has no words for it: that of the service. */
export const doctorAsked = oneLanguage.partial();

export const doctorSays = z.object({
  /** When it was looked at: at most half a minute ago. */
  at: moment,
  /** In which language the lines are. */
  language: z.string(),
  isForRealReporters: z.boolean(),
  missing: z.array(z.string()),
  checks: z.array(check),
});
export type DoctorSays = z.output<typeof doctorSays>;
