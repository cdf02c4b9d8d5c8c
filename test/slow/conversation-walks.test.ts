import fc from 'fast-check';
import { describe, it } from 'vitest';
import { takeWalk, walk } from '../conversation/walks.ts';

/** How many conversations; each is two people and up to sixty deeds. */
const WALKS = Number(process.env.LAKANA_WALKS ?? 10_000);

describe(`${WALKS} conversations of two people`, () => {
  it('have no dead end, lose no answer and do not mix', () => {
    fc.assert(fc.property(walk, takeWalk), { numRuns: WALKS });
  });
});
