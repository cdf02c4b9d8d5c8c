/**
 * What pages of the mechanism state of laws and institutions: each sentence a record with its sources, and with the day on
 * which a person checked it.
 *
 * Invariant: a fact that nobody checked is shown to nobody as if it were checked; neither is a sentence that is another one than
 * the one that was checked.
 */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { LakanaError } from '../../kernel/errors.ts';
import type { FlowFile } from './flow.ts';

const factSchema = z.strictObject({
  /** Keys of `flows/sources.yaml`. */
  sources: z.array(z.string()).default([]),
  /** `itself`: the source is what it speaks of; `reported`: it tells of a law or a decision that was not read. */
  kind: z.enum(['itself', 'reported']),
  /** When the sentence was compared with its source, and by whom; without it the fact is unchecked. */
  checked_on: z.iso.date().optional(),
  checked_by: z.string().optional(),
  /** Which sentence was compared, by language (`sentenceVersion`): one that was changed since is unchecked. */
  sentences: z.record(z.string(), z.string().regex(/^[0-9a-f]{12}$/)).default({}),
});
export type Fact = z.infer<typeof factSchema>;

/** Which sentence it is: changes with every letter. */
export const sentenceVersion = (sentence: string): string =>
  createHash('sha256').update(sentence).digest('hex').slice(0, 12);

/** Whether this very sentence, in whatever language, was compared with the sources of the fact. */
export const isChecked = (
  { checked_on, sentences }: Pick<Fact, 'checked_on' | 'sentences'>,
  sentence: string | undefined,
): boolean =>
  checked_on !== undefined &&
  sentence !== undefined &&
  Object.values(sentences).includes(sentenceVersion(sentence));

/** `flows/facts.yaml`; the sentence itself stands in `locales/<language>/facts.yaml` under the same name. */
const factsSchema = z.strictObject({
  facts: z.record(z.string().regex(/^[a-z][a-z0-9_]*$/, 'use lower case letters, digits and _'), factSchema),
});

const sourceSchema = z.strictObject({
  title: z.string(),
  /** As far as it is known: a year, a month, a day. */
  date: z.string().optional(),
  /** Where it was read. */
  address: z.string(),
});
export type Source = z.infer<typeof sourceSchema>;

/** `flows/sources.yaml`. */
const sourcesSchema = z.strictObject({
  sources: z.record(z.string().regex(/^[A-Z][A-Z0-9]*$/, 'use capitals and digits'), sourceSchema),
});

/** Facts and sources by their names. */
export type Knowledge = {
  readonly facts: Readonly<Record<string, Fact>>;
  readonly sources: Readonly<Record<string, Source>>;
};

export const NOTHING_KNOWN: Knowledge = { facts: {}, sources: {} };

/** Their files. */
export const FACTS_FILE = 'flows/facts.yaml';
export const SOURCES_FILE = 'flows/sources.yaml';

/** Reads both files; one that is not there holds nothing. Throws `flow_invalid`. */
export function parseKnowledge(files: readonly FlowFile[]): Knowledge {
  const file = (name: string) => files.find((each) => each.name === name);
  const facts = file(FACTS_FILE);
  const sources = file(SOURCES_FILE);
  return {
    facts: facts ? parsed(factsSchema, facts).facts : {},
    sources: sources ? parsed(sourcesSchema, sources).sources : {},
  };
}

function parsed<T>(schema: z.ZodType<T>, { name, content }: FlowFile): T {
  const read = schema.safeParse(content);
  if (read.success) return read.data;
  const issue = read.error.issues[0];
  throw new LakanaError(
    'flow_invalid',
    `${name}, ${issue?.path.join('.')}: ${issue?.message}; see docs/flows.md`,
  );
}

/** Whether a file of `flows/` holds knowledge and no questions. */
export const isKnowledge = ({ name }: FlowFile): boolean => name === FACTS_FILE || name === SOURCES_FILE;
