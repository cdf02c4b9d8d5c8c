import fc from 'fast-check';
import { describe, it } from 'vitest';
import { takeWalk, walk } from './walks.ts';

describe('two people who write whatever comes to them', () => {
  it('always get an answer, lose nothing, never see each other, and can always send or leave', () => {
    fc.assert(fc.property(walk, takeWalk), { numRuns: Number(process.env.LAKANA_WALKS ?? 150) });
  }, 120_000);
});
