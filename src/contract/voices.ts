/** What is said of recordings that people make in the room. */
import { z } from 'zod';
import { moment } from './forms.ts';
import { saidBy } from './texts.ts';

const language = z.string().regex(/^[a-z]{2,3}$/);
const key = z
  .string()
  .regex(/^[a-z_]+(\.[\w-]+)+$/)
  .max(120);

export const voicesAsked = z.strictObject({ language });
export const voiceAsked = z.strictObject({ language, key });
/** `id`: what waits for a second person; without it what counts. */
export const soundAsked = z.strictObject({ language, key, id: z.uuid().optional() });
/** `version`: of the text that was read aloud. `ogg`: a minute has at most 240 kB. */
export const voiceRecorded = z.strictObject({
  language,
  key,
  version: z.string().regex(/^[0-9a-f]{12}$/),
  ogg: z.base64().min(1).max(400_000),
});
export const voiceDecided = z.strictObject({ language, key, id: z.uuid(), isYes: z.boolean() });
export const voiceWithdrawn = z.strictObject({ language, key, id: z.uuid() });

export const voiceCount = z.object({
  /** Texts that can be heard; how many are; and how many of those are missing without which the language is not offered. */
  all: z.number(),
  recorded: z.number(),
  missing: z.number(),
  /** Recordings in the database that this server did not make, or does not stand for any more: nobody hears them. */
  strange: z.array(z.string()),
});
export type VoiceCount = z.output<typeof voiceCount>;

export const oneVoice = z.object({
  /** Null: this text is never heard. */
  voice: z
    .object({
      /** The language is not offered to those who listen before it is there. */
      isNeeded: z.boolean(),
      version: z.string(),
      /** What people hear. `isStale`: its text has changed, so they do not. Of a file nobody is known. */
      counts: z
        .object({
          id: z.string().nullable(),
          by: saidBy.nullable(),
          at: moment.nullable(),
          isStale: z.boolean(),
          mayWithdraw: z.boolean(),
        })
        .nullable(),
      /** What waits until a second person has listened to it. */
      waits: z
        .object({
          id: z.string(),
          by: saidBy,
          at: moment,
          seconds: z.number(),
          isMine: z.boolean(),
          isStale: z.boolean(),
          /** Whether the reader's yes would count, and why not. */
          mayAgree: z.boolean(),
          whyNot: z.string().nullable(),
          /** Whether they may take it away. */
          mayRefuse: z.boolean(),
        })
        .nullable(),
    })
    .nullable(),
});
export type OneVoice = z.output<typeof oneVoice>;
