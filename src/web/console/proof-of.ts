/** What a case on paper may say of its own proof: no more than the checks found. */
import { type CaseTrouble, type ItemVerdict, isGood } from '../../crypto/case-check.ts';

/** `before`: items older than the check, of which it says nothing. `foreign`: those that the service did not write. */
type Proof = { isWhole: boolean; troubles: readonly CaseTrouble[]; before: number; foreign: number };

export function proofOf({
  items,
  troubles,
}: {
  items: readonly { verdict: ItemVerdict }[];
  troubles: readonly CaseTrouble[];
}): Proof {
  const before = items.filter(({ verdict }) => verdict === 'before').length;
  const foreign = items.filter(({ verdict }) => !isGood(verdict)).length;
  return { isWhole: troubles.length === 0 && before === 0 && foreign === 0, troubles, before, foreign };
}
