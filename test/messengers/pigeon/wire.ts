/**
 * What goes over the wire: JSON, one letter a line.
 *
 * - `GET /letters?after=7`: letters to us, from number 8 on; all up to 7 are confirmed and never come again. It waits until
 *   there is one.
 * - `POST /letters`: a letter of ours, or with `change` another text in the place of one, or none. 410: the person let us go.
 * - `GET /files/<ref>`: bytes. `GET /who`: what we are called.
 */
import { z } from 'zod';

const FILE_KINDS = ['voice', 'photo', 'video'] as const;

const content = z.discriminatedUnion('is', [
  z.object({ is: z.literal('words'), words: z.string(), again: z.boolean().optional() }),
  z.object({ is: z.literal('choice'), data: z.string() }),
  z.object({ is: z.literal('sign'), sign: z.string() }),
  z.object({
    is: z.literal('file'),
    kind: z.enum(FILE_KINDS),
    ref: z.string(),
    size: z.int(),
    words: z.string().optional(),
    again: z.boolean().optional(),
  }),
  z.object({
    is: z.literal('place'),
    latitude: z.number(),
    longitude: z.number(),
    words: z.string().optional(),
    again: z.boolean().optional(),
  }),
  z.object({ is: z.literal('card'), words: z.string() }),
  z.object({ is: z.literal('gone') }),
]);

export const letterSchema = z.object({
  n: z.int(),
  /** The same for a letter and what it was changed to. */
  id: z.string(),
  from: z.string(),
  at: z.int(),
  /** The letter of ours that it answers. */
  about: z.string().optional(),
  content,
});
/** What is known of one that does not fit: enough to say that it cannot be read. */
export const littleSchema = z.looseObject({ n: z.int(), from: z.string() });

export type Letter = z.infer<typeof letterSchema>;
export type LetterContent = Letter['content'];

export const sendingSchema = z.object({
  to: z.string(),
  text: z.string(),
  choices: z.array(z.array(z.object({ label: z.string(), data: z.string() }))).optional(),
  /** The same for each try to send one letter. */
  key: z.string().optional(),
  /** A voice note in the place of words: its bytes in base64, and how many seconds it lasts. */
  voice: z.object({ bytes: z.base64(), seconds: z.number() }).optional(),
  /** The letter to be changed; without `text` it goes. */
  change: z.string().optional(),
});
export type Sending = z.infer<typeof sendingSchema>;

export const sentSchema = z.object({ id: z.string() });
export const whoSchema = z.object({ name: z.string().regex(/^\w{1,64}$/) });

/** Undefined: it is none. */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
