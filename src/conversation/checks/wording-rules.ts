/** What the words of a language's `wording.yaml` are looked for, and what is said where one is found. */

export type WordingRule = {
  /** `texts`: everything that a reporter reads. `our voice`: what the service says, to officers too, outside quotes. */
  of: 'texts' | 'our voice';
  problem: string;
  mend: string;
};

/** By the name of the list in `wording.yaml`. A new one needs its list in every language. */
export const WORDING_RULES: Readonly<Record<string, WordingRule>> = {
  reasons: { of: 'texts', problem: 'asks for reasons', mend: 'ask what happened, never why' },
  makes_little: {
    of: 'texts',
    problem: 'makes little of what happened',
    mend: 'take it out: thank, do not judge',
  },
  promises: { of: 'texts', problem: 'promises what nobody can keep', mend: 'say only what is true today' },
  calls_secure: {
    of: 'texts',
    problem: 'calls the messenger secure',
    mend: 'say what it protects, and what it does not',
  },
  guilt: { of: 'texts', problem: 'speaks of guilt', mend: 'write "alleged perpetrator"' },
  our_people: {
    of: 'texts',
    problem: 'calls us what many take for the State',
    mend: 'say "a person of the team"',
  },
  one_gender: {
    of: 'texts',
    problem: 'is said to men only',
    mend: 'say it so that anybody may be meant',
  },
  first_person: { of: 'our voice', problem: 'speaks as one person', mend: 'say "we", or nobody' },
  familiar: { of: 'our voice', problem: 'is too familiar', mend: 'say "vous"' },
};

/** Every key of `wording.yaml`. */
export const WORDING_KEYS = [...Object.keys(WORDING_RULES), 'telling', 'allowed', 'longest_sentence'].map(
  (name) => `wording.${name}`,
);
