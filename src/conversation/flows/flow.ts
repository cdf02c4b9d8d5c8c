/**
 * What a flow file may say. Staff of the CNDH read and change these files: see `docs/flows.md`.
 */
import { z } from 'zod';
import { LEVELS } from '../../kernel/vocabulary.ts';
import { CONSENT_FOR, CONSENT_OF } from '../values/consent.ts';

/** A parsed file: `name` is what an error calls it (`flows/report.yaml`). */
export type FlowFile = { name: string; content: unknown };

const word = z.string().regex(/^[a-z][a-z0-9_]*$/, 'use lower case letters, digits and _');

/**
 * A condition on answers, the same in flows and in `triage.yaml`; data, not an expression language.
 *
 * - `{ all: […] }`, `{ any: […] }`, `{ not: … }`
 * - `{ danger: now }`, `{ kind: [killing, kidnapping] }`: the answer is, or contains, one of these.
 *   `skipped`, `unknown` and `not_said` (it was not understood) can be named like options.
 * - `{ when_happened: { within_days: 7 } }`: a date answer not older than this.
 * - `{ perpetrator: { group: state_security } }`: the chosen code has this attribute in its list file.
 * - `{ account: answered }`: there is any answer but skipped or unknown.
 */
export type Condition =
  | { all: Condition[] }
  | { any: Condition[] }
  | { not: Condition }
  | {
      [step: string]:
        | string
        | string[]
        | { within_days: number }
        | { [attribute: string]: string | string[] };
    };

const leaf = z.record(
  word,
  z.union([
    z.string(),
    z.array(z.string()),
    z.strictObject({ within_days: z.number().positive() }),
    z.record(word, z.union([z.string(), z.array(z.string())])),
  ]),
);
const conditionSchema: z.ZodType<Condition> = z.lazy(() =>
  z.union([
    z.strictObject({ all: z.array(conditionSchema).min(1) }),
    z.strictObject({ any: z.array(conditionSchema).min(1) }),
    z.strictObject({ not: conditionSchema }),
    leaf,
  ]),
) as z.ZodType<Condition>;

/** `to`: a step of this flow, `flow.step` of another, or a flow's name for its first step. */
const nextSchema = z.union([
  z.string(),
  z.array(z.union([z.string(), z.strictObject({ to: z.string(), when: conditionSchema })])),
]);

const common = {
  /** May not be skipped. */
  required: z.boolean().default(false),
  /** Asked only if this holds; otherwise passed by. */
  when: conditionSchema.optional(),
  /** Where to go after the answer; default: the next step of the file, after the last one the flow's `end`. */
  next: nextSchema.optional(),
  /** Not shown in the read-back, only "answered". */
  sensitive: z.boolean().default(false),
};

const choiceFrom = {
  /** Codes written here, in order … */
  options: z.array(word).optional(),
  /** … or the name of a file in `flows/lists/`. */
  list: word.optional(),
  /** Of the list only the entries whose attribute equals (one of) the answer(s) to a step: `{ menu: group }`. */
  filter: z.record(word, word).optional(),
  /** Codes that count as an answer but are never offered (set by the service: `unclear`; no longer asked). */
  hidden: z.array(word).optional(),
  /** Codes of `options` that are offered, and count, only if this holds. */
  offered_when: z.record(word, conditionSchema).optional(),
};

/**
 * What was said here, to which text and when, goes into the case as a record of its own. `to`: a code of
 * `flows/lists/sharing_scopes.yaml`.
 */
const records = z.strictObject({ of: z.enum(CONSENT_OF), to: word, for: z.enum(CONSENT_FOR) }).optional();

const stepSchema = z.discriminatedUnion('ask', [
  z.strictObject({ ask: z.literal('choice'), ...common, ...choiceFrom, records }),
  z.strictObject({ ask: z.literal('choices'), ...common, ...choiceFrom, max: z.number().int().optional() }),
  /** yes, no; with `unknown: true` also "I don't know"; with `more: true` also a second screen to read, its text `more`. */
  z.strictObject({
    ask: z.literal('yes_no'),
    ...common,
    unknown: z.boolean().default(false),
    more: z.boolean().optional(),
    records,
  }),
  /** `may_be_no`: a bare "no" is an answer: "did they have a vehicle?". */
  z.strictObject({
    ask: z.literal('text'),
    ...common,
    max: z.number().int().default(2000),
    may_be_no: z.boolean().optional(),
  }),
  /**
   * Text, voice, photos, as many as wanted, until "done". `or_choose: true`: a person who can neither write nor speak presses a
   * button instead, and the answer is `skipped`.
   */
  z.strictObject({ ask: z.literal('account'), ...common, or_choose: z.boolean().optional() }),
  z.strictObject({ ask: z.literal('evidence'), ...common }),
  z.strictObject({ ask: z.literal('date'), ...common }),
  /** Zone, then region, then cercle, then words; each part may be skipped. */
  z.strictObject({ ask: z.literal('place'), ...common }),
  /** A word or number the reporter chooses; never read back in the clear. */
  z.strictObject({ ask: z.literal('code'), ...common }),
  /** Read-back of everything answered, correct any answer, send, or go on; conditions may name `send` and `more`. */
  z.strictObject({ ask: z.literal('review'), ...common }),
  /** Says something and goes on with the next step in the same message. */
  z.strictObject({
    ask: z.literal('statement'),
    ...common,
    /** Has no words of its own: what it `does` says enough. */
    quiet: z.literal(true).optional(),
    /** What the service does when this is reached. */
    does: z
      .enum([
        'submit',
        'forget_draft',
        'keep_bare_alert',
        'say_status',
        'retract_messages',
        'erase',
        'name_outside',
        'give_code',
        'ask_for_person',
        'ask_how_again',
        'take_number',
      ])
      .optional(),
  }),
  /** A page to read, in a flow that `keeps: nothing`: asks nothing, and nothing is kept of what is chosen or typed there. */
  z.strictObject({
    ask: z.literal('screen'),
    ...common,
    /** In order: a text of the page's own, or `{ fact: … }` of `flows/facts.yaml`. Its title comes first and is not named. */
    says: z.array(z.union([word, z.strictObject({ fact: word })])).default([]),
    /** Its buttons: pages of this flow, and other flows. */
    leads_to: z.array(word).min(1),
    does: z.enum(['name_outside']).optional(),
  }),
]);
export type Step = z.infer<typeof stepSchema>;

export const flowSchema = z.strictObject({
  flow: word,
  version: z.number().int().positive(),
  /** Where the flow goes after its last step: `flow` or `flow.step`; default `menu.home`. */
  end: z.string().default('menu.home'),
  /** A room to read in, made of `screen`s: nothing of what people choose or type there is kept. */
  keeps: z.literal('nothing').optional(),
  steps: z.record(word, stepSchema),
});
export type Flow = z.infer<typeof flowSchema>;

/** A list file: codes in order, each with attributes that conditions and filters may use. */
export const listSchema = z.strictObject({
  list: word,
  entries: z.record(z.string(), z.record(word, z.string()).nullable()),
});
export type CodeList = z.infer<typeof listSchema>;

/** `flows/triage.yaml`: for each level its rules; the first level with a rule that holds is the level. */
export const triageSchema = z.strictObject({
  version: z.number().int().positive(),
  rules: z.record(
    z.enum(LEVELS),
    z.array(
      z.strictObject({ id: z.string().regex(/^[CUHML][0-9]+$/), why: z.string(), when: conditionSchema }),
    ),
  ),
});
export type TriageRules = z.infer<typeof triageSchema>;
