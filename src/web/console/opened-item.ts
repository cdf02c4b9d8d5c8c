import type { ItemVerdict } from '../../crypto/case-check.ts';

/** One thing that lies in a case, opened in the browser. */
export type OpenedItem = {
  place: number;
  type: string;
  at: string;
  content: Record<string, unknown>;
  verdict: ItemVerdict;
  /** Link of the chain, as it came: the same item as before has the same. */
  link: string;
};
