import { z } from 'zod';

/** The message that brought it, where the messenger tells when that is deleted. Never goes into a case. */
const from = z.string().optional();

/** One piece of a free account: words, or a file that lies in the case under this id. */
export const partSchema = z.discriminatedUnion('kind', [
  /** `apart`: said where it was asked how and when to be reached, by whom, or what is needed. It is heard by itself, and no part of what happened. */
  z.object({ kind: z.literal('text'), text: z.string(), from, apart: z.literal(true).optional() }),
  z.object({ kind: z.literal('file'), evidence: z.string(), media: z.string(), from }),
  z.object({ kind: z.literal('point'), latitude: z.number(), longitude: z.number(), from }),
]);
export type Part = z.infer<typeof partSchema>;

/** What a reporter answered to one step. `skipped` and `unknown` are answers too: they are never dropped. */
export const answerSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('skipped') }),
  z.object({ kind: z.literal('unknown') }),
  /** What came was not understood, so nothing was said. `tried`: what came; the account holds it too. */
  z.object({ kind: z.literal('not_said'), tried: z.array(partSchema) }),
  /** A statement that was shown. */
  z.object({ kind: z.literal('seen') }),
  /** choice and yes_no (`yes`, `no`). */
  z.object({ kind: z.literal('choice'), value: z.string(), from }),
  /** `from`: the last of the messages that chose. */
  z.object({ kind: z.literal('choices'), values: z.array(z.string()), from }),
  z.object({ kind: z.literal('text'), text: z.string(), from }),
  /** account and evidence: as many parts as wanted, until `done`. */
  z.object({ kind: z.literal('account'), parts: z.array(partSchema), done: z.boolean() }),
  /** `date` is the earliest day it can have been, `YYYY-MM-DD` in the service's time zone; absent: not known. */
  z.object({
    kind: z.literal('date'),
    date: z.string().optional(),
    precision: z.enum(['day', 'week', 'month', 'year', 'unknown']),
    words: z.string().optional(),
    from,
  }),
  z.object({
    kind: z.literal('place'),
    zone: z.string().optional(),
    region: z.string().optional(),
    cercle: z.string().optional(),
    words: z.string().optional(),
    from,
    parts: z.array(partSchema).optional(),
    done: z.boolean(),
  }),
  /** A word the reporter chose; never read back in the clear. */
  z.object({ kind: z.literal('code'), text: z.string(), from }),
]);
export type Answer = z.infer<typeof answerSchema>;

/** Answers by step id. Step ids are unique over all flows: the same id in two flows is the same question. */
export type Answers = Readonly<Record<string, Answer>>;
