import { describe, expect, it } from 'vitest';
import type { ItemVerdict } from '../../src/crypto/case-check.ts';
import { proofOf } from '../../src/web/console/proof-of.ts';

const items = (...verdicts: ItemVerdict[]) => verdicts.map((verdict) => ({ verdict }));

describe('a case on paper', () => {
  it('says that all of it is signed only if it is', () => {
    expect(proofOf({ items: items('vouched', 'vouched'), troubles: [] }).isWhole).toBe(true);
  });

  it('does not say so of items that are older than the check, of foreign ones, or of an end that is missing', () => {
    expect(proofOf({ items: items('before', 'vouched'), troubles: [] })).toMatchObject({
      isWhole: false,
      before: 1,
    });
    expect(proofOf({ items: items('vouched', 'not_ours', 'adrift'), troubles: [] })).toMatchObject({
      isWhole: false,
      foreign: 2,
    });
    expect(proofOf({ items: items('vouched'), troubles: ['key_changed'] })).toMatchObject({
      isWhole: false,
      troubles: ['key_changed'],
    });
  });
});
