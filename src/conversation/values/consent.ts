/**
 * What was said to a question of consent: one record for each person, recipient and purpose, never changed afterwards. Who
 * says something else later adds a record.
 */
import { z } from 'zod';

/** Whose consent it is. For another person it was told by the reporter. */
export const CONSENT_OF = ['reporter', 'other_person'] as const;
/** What for. */
export const CONSENT_FOR = ['protection'] as const;

export const consentSchema = z.object({
  of: z.enum(CONSENT_OF),
  /** Who may see what: a code of `flows/lists/sharing_scopes.yaml`. */
  to: z.string(),
  for: z.enum(CONSENT_FOR),
  /** `yes`, `no`, or another code of the question (`not_asked`, `impossible`). */
  said: z.string(),
  /** Version of the text that was asked, as `./lakana flows check` names it, and its language. */
  text: z.string(),
  language: z.string(),
  at: z.string(),
});
export type Consent = z.infer<typeof consentSchema>;
