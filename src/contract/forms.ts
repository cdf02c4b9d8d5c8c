/**
 * The forms that requests and answers of the console are made of.
 *
 * What is asked is checked to the letter: it comes from a stranger. Of an answer is checked which fields it has and of
 * what kind they are, so that no other field leaves the server; how a text in it looks is only described, since an odd
 * value in one row of the database must not close the room.
 */
import { z } from 'zod';
import { LEVELS, ROLES, WRAPPED_BY } from '../kernel/vocabulary.ts';
import { REFUSALS } from './refusals.ts';

/** Asked: bytes as base64, bounded. */
export const base64Asked = z.base64().max(400_000);
/** Asked: the reference of a case, as it is said aloud. */
export const referenceAsked = z.string().regex(/^[A-Z]{4}-\d{4}$/);
/** Asked: the fingerprint of a key, as people compare it. */
export const fingerprintAsked = z.string().regex(/^([0-9a-f]{4} ){7}[0-9a-f]{4}$/);
/** Asked: what a device answered, as WebAuthn gives it: checked by the library that knows it. */
export const credentialAsked = z.looseObject({ id: z.string().max(2_000), response: z.looseObject({}) });

export const role = z.enum(ROLES);
export const wrappedBy = z.enum(WRAPPED_BY);

export const id = z.string().meta({ format: 'uuid' });
export const reference = z.string().meta({ example: 'TAKO-4827' });
export const level = z.string().meta({ examples: [...LEVELS] });
/** A moment in UTC, as ISO 8601 has it. */
export const moment = z.string().meta({ format: 'date-time' });
export const base64 = z.string().meta({ contentEncoding: 'base64' });
export const fingerprint = z.string().meta({ description: 'Eight groups of four, as people compare them.' });
/** Bytes beside the JSON (`kernel/packed.ts`). */
export const bytes = z
  .custom<Uint8Array>((value) => value instanceof Uint8Array)
  .meta({ type: 'object', description: 'Bytes: { "$bytes": length } here, and themselves behind the JSON.' });

/** What was asked is done, and there is nothing else to say. */
export const done = z.object({ ok: z.literal(true) });
/** Why not: a word of a closed list. `by`, `at`: who has taken an alert, and when, if that is why. */
export const refusal = z.object({
  error: z.string().meta({ examples: Object.keys(REFUSALS) }),
  by: z.string().exactOptional(),
  at: moment.exactOptional(),
});
export type Refusal = z.output<typeof refusal>;

/** A case's or trial's secret key, sealed to the team's key of this fingerprint. */
export const wrap = z.object({ key: z.string(), wrapped: bytes });
