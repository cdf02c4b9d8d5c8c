import type { Level } from '../../kernel/vocabulary.ts';

/** What triage says of a set of answers. `rules` are the ids of every rule that fired. */
export type Triage = { level: Level; rules: string[] };
