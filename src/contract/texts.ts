/** What is said of the texts that people work on in the room. */
import { z } from 'zod';
import { TEXT_CHANGES, TEXT_FAULTS, TEXT_FILTERS } from '../kernel/vocabulary.ts';
import { moment } from './forms.ts';

const language = z.string().regex(/^[a-z]{2,3}$/);
const key = z
  .string()
  .regex(/^[a-z_]+(\.[\w-]+)+$/)
  .max(120);
const version = z.string().regex(/^[0-9a-f]{16}$/);
const oneText = { language, key };
/** A text, or the words of a list, one by one. */
const said = z.union([z.string().max(6_000), z.array(z.string().max(200)).max(1_000)]);

export const textAsked = z.strictObject(oneText);

export const textsAsked = z.strictObject({
  language,
  file: z
    .string()
    .regex(/^[a-z_]*$/)
    .max(60)
    .default(''),
  only: z.enum(TEXT_FILTERS).default('all'),
  /** Words that stand in the text, in the one beside it, or in its key. */
  sought: z.string().max(100).default(''),
  /** After the text with this key; empty: from the beginning. */
  after: z.string().max(120).default(''),
});

/** `seen`: the version of the text that counted when this was written. `text` null: as the files say it. */
export const changeAsked = z.strictObject({ ...oneText, text: said.nullable(), seen: version });
/** `of`: the place of what was proposed. */
export const decideAsked = z.strictObject({
  ...oneText,
  of: z.number().int().positive(),
  isYes: z.boolean(),
});
export const reviewAsked = z.strictObject({ ...oneText, seen: version });
export const commentAsked = z.strictObject({ ...oneText, words: z.string().trim().min(1).max(1_000) });
export const previewAsked = z.strictObject({ ...oneText, text: said.nullable() });

const shown = z.union([z.string(), z.array(z.string()).readonly()]);

/** What the check of flows says: the place, its line, and a word for it with what is filled in, if it has one. */
const textProblem = z.object({
  file: z.string(),
  key: z.string(),
  line: z.string(),
  code: z.string().nullable(),
  params: z.record(z.string(), z.string()),
});
export type TextProblem = z.output<typeof textProblem>;

/** `set`: it counts. `propose`: a second person must say yes. `unfit`: it is refused, with what the check says. */
export const changeDone = z.object({
  is: z.enum(['set', 'propose', 'same', 'done', 'unfit']),
  problems: z.array(textProblem),
});
export type ChangeDone = z.output<typeof changeDone>;

/** A change that does not fit, and the texts it may be about; `of` null: any. */
const fault = z.object({
  seq: z.number(),
  why: z.enum(TEXT_FAULTS),
  of: z.array(z.object(oneText)).nullable(),
});

export const textLanguages = z.object({
  languages: z.array(
    z.object({
      code: z.string(),
      name: z.string(),
      /** A native speaker has signed all of it, in the files. */
      isSigned: z.boolean(),
      files: z.array(z.object({ file: z.string(), keys: z.number(), missing: z.number(), read: z.number() })),
    }),
  ),
  defaultLanguage: z.string(),
  faults: z.array(fault),
  /** Texts of the room that the check refuses, since the program has changed. */
  unfit: z.array(z.object({ language: z.string(), key: z.string(), line: z.string() })),
  /** The database holds fewer changes than this process saw. */
  isSetBack: z.boolean(),
  /** Important ones of which nobody could be told but the people who did it. */
  untold: z.array(z.object(oneText)),
});
export type TextLanguages = z.output<typeof textLanguages>;

/** Who did it. `name`: only for members of the team who hold its key, of others than themselves. */
export const saidBy = z.object({ is: z.enum(['me', 'member', 'operator']), name: z.string().nullable() });
export type SaidBy = z.output<typeof saidBy>;

const flags = {
  isList: z.boolean(),
  /** A second person's yes is needed. */
  isSafety: z.boolean(),
  /** Said otherwise here than in the files. */
  isChanged: z.boolean(),
  isProposed: z.boolean(),
  isRead: z.boolean(),
  /** A sentence about laws or institutions that nobody compared with a source. */
  isUnchecked: z.boolean(),
};

export const textList = z.object({
  rows: z.array(
    z.object({
      key: z.string(),
      /** Null: missing, so that another language is said. */
      text: shown.nullable(),
      model: shown.nullable(),
      comments: z.number(),
      /** Null: it is never heard. `stale`: recorded for another text. `isNeeded`: the language is offered only with it. */
      voice: z
        .object({ is: z.enum(['none', 'there', 'stale']), isNeeded: z.boolean(), isWaiting: z.boolean() })
        .nullable(),
      ...flags,
    }),
  ),
  total: z.number(),
  /** After which one to go on; null: that was all. */
  next: z.string().nullable(),
});
export type TextList = z.output<typeof textList>;

const by = { by: saidBy, at: moment };

export const oneTextShown = z.object({
  language: z.string(),
  key: z.string(),
  text: shown.nullable(),
  version: z.string(),
  /** The default language beside it, and what the files say. */
  model: shown.nullable(),
  ofFiles: shown.nullable(),
  /** What is filled in, with what it looks like. */
  placeholders: z.array(z.object({ name: z.string(), sample: z.string() })),
  ...flags,
  /** It does not fit, so the files count. */
  isDistrusted: z.boolean(),
  read: z.object({ ...by, isThis: z.boolean() }).nullable(),
  /** Of a sentence about laws or institutions: who compared it with which sources, and when; null: nobody. */
  fact: z
    .object({
      checkedOn: z.string().nullable(),
      /** Whether it was this very sentence. */
      isChecked: z.boolean(),
      checkedBy: z.string().nullable(),
      sources: z.array(z.object({ title: z.string(), date: z.string().nullable(), address: z.string() })),
    })
    .nullable(),
  proposed: z
    .object({
      ...by,
      seq: z.number(),
      text: shown.nullable(),
      gains: z.array(z.string()),
      isMine: z.boolean(),
      /** Whether the reader's yes would count, and why not. */
      mayAgree: z.boolean(),
      whyNot: z.string().nullable(),
      /** Whether they may take it away. */
      mayRefuse: z.boolean(),
    })
    .nullable(),
  /** Newest first. `second`: who agreed. */
  history: z.array(
    z.object({
      ...by,
      seq: z.number(),
      is: z.enum(TEXT_CHANGES),
      text: shown.nullable(),
      words: z.string().nullable(),
    }),
  ),
});
export type OneTextShown = z.output<typeof oneTextShown>;

/** How it looks on a phone: messages with their buttons, where there are some and where there are none. */
export const textPreview = z.object({
  phones: z.array(
    z.object({
      hasButtons: z.boolean(),
      messages: z.array(z.object({ text: z.string(), rows: z.array(z.array(z.string())) })),
    }),
  ),
  problems: z.array(textProblem),
  isSafety: z.boolean(),
  /** Numbers and addresses that it gains: then a second person's yes is needed too. */
  gains: z.array(z.string()),
});
export type TextPreview = z.output<typeof textPreview>;
