/** What is said of recordings that people make in the room. */
import { z } from 'zod';
import { moment } from './forms.ts';

const language = z.string().regex(/^[a-z]{2,3}$/);
const key = z
  .string()
  .regex(/^[a-z_]+(\.[\w-]+)+$/)
  .max(120);

export const voicesAsked = z.strictObject({ language });
/** `id`: what waits for a second person; without it what counts. */
export const soundAsked = z.strictObject({ language, key, id: z.uuid().optional() });
/** `version`: of the text that was read aloud. `ogg`: a minute has at most 240 kB. */
export const voiceRecorded = z.strictObject({
  language,
  key,
  version: z.string().regex(/^[0-9a-f]{12}$/),
  ogg: z.base64().min(1).max(400_000),
});
export const voiceDecided = z.strictObject({ id: z.uuid(), isYes: z.boolean() });

export const voiceRoom = z.object({
  languages: z.array(z.object({ code: z.string(), name: z.string() })),
  /** Texts that can be heard; how many are; and how many of those are missing without which the language is not offered. */
  all: z.number(),
  recorded: z.number(),
  missing: z.number(),
  /** Recordings in the database that this server did not make: nobody hears them. */
  strange: z.array(z.string()),
  rows: z.array(
    z.object({
      key: z.string(),
      text: z.string(),
      version: z.string(),
      /** The language is not offered to those who listen before it is there. */
      isNeeded: z.boolean(),
      /** What people hear. `isStale`: its text has changed, so they do not. */
      counts: z.object({ source: z.string(), isStale: z.boolean() }).nullable(),
      /** What waits until a second person has listened to it. */
      waits: z
        .object({
          id: z.string(),
          at: moment,
          seconds: z.number(),
          isMine: z.boolean(),
          isStale: z.boolean(),
        })
        .nullable(),
    }),
  ),
});
export type VoiceRoom = z.output<typeof voiceRoom>;
