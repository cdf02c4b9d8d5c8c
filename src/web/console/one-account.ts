/**
 * An account that a person wrote in several messages is one account where it is read: all its parts, with the time at which
 * each came. In the case each message lies by itself, and says only what was new.
 *
 * Invariants: what the service did not write joins nothing; words of the team stand between what came before them and after;
 * what came from another chat of the case stays apart.
 */

import type { Answer, Part } from '../../conversation/values/answer.ts';
import { isGood } from '../../crypto/case-check.ts';
import type { OpenedItem } from './opened-item.ts';

/** What came at one time. */
type Piece = { at: string; parts: readonly Part[] };
/** `pieces`: of an account, in the order in which they came. */
export type Entry = { step: string; answer: Answer; pieces?: Piece[] };

/** Words of the team: what is said after them may be an answer to them. */
const BETWEEN: ReadonlySet<string> = new Set(['message', 'phrase', 'note']);

/** When it came, by the word of who sealed it. */
export const timeOf = ({ content, at }: Pick<OpenedItem, 'content' | 'at'>): string =>
  typeof content.at === 'string' ? content.at : at;

/** What was said at one moment. */
export const entriesOf = ({ content }: Pick<OpenedItem, 'content'>): Entry[] =>
  Array.isArray(content.entries) ? (content.entries as Entry[]) : [];

/** The items as they are read: what only goes on with an account stands with its beginning. */
export function joinedAccounts(items: readonly OpenedItem[]): OpenedItem[] {
  const begun = new Map<string, Entry>();
  return items.flatMap((item) => {
    if (BETWEEN.has(item.type)) begun.clear();
    const entries = entriesOf(item);
    if (entries.length === 0 || !isGood(item.verdict)) return [item];
    const own: Entry[] = [];
    for (const said of entries) {
      const key = `${String(item.content.cameBackAt ?? '')}/${said.step}`;
      const before = begun.get(key);
      const entry = wentOn(before, said, timeOf(item));
      if (before && entry.pieces) Object.assign(before, entry);
      else own.push(entry);
      if (!before && entry.pieces) begun.set(key, entry);
    }
    return own.length > 0 ? [{ ...item, content: { ...item.content, entries: own } }] : [];
  });
}

/** An answer after what was said before to the same question: an account goes on, everything else is said anew. */
export function wentOn(before: Entry | undefined, { step, answer }: Entry, at: string): Entry {
  if (answer?.kind !== 'account' || !Array.isArray(answer.parts)) return { step, answer };
  const had = before?.answer.kind === 'account' && before.pieces ? before.answer.parts : undefined;
  const isWhole = had?.every((part, n) => JSON.stringify(part) === JSON.stringify(answer.parts[n]));
  const fresh = had && isWhole ? answer.parts.slice(had.length) : answer.parts;
  const pieces = [
    ...(had ? (before?.pieces ?? []) : []),
    ...(fresh.length > 0 ? [{ at, parts: fresh }] : []),
  ];
  return { step, answer: { ...answer, parts: [...(had ?? []), ...fresh] }, pieces };
}
