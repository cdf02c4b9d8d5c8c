/**
 * What the reader of a case can say of it: of each item whether the service wrote it there, and whether anything is
 * missing.
 *
 * Invariants: `vouched` is said only of an item whose link follows from the one before it, the case, its place, its kind and
 * its sealed bytes, and is signed by a key that is trusted; what lay there before the case's key was signed is never
 * `vouched`; what does not fit is never passed over because something beside it does. Nothing here opens anything.
 * `verifyChain` says at which place a chain breaks first; this goes on behind that place, since a person reads the rest.
 * This file runs in a browser too: nothing of Node here, and nothing that imports it.
 */
import { hexOf } from './bytes.ts';
import { CHAIN_DOMAIN, type ChainItem, nextLink } from './chain.ts';
import type { Verify } from './verifier.ts';

export type ItemVerdict =
  | 'vouched'
  /** Written by the service, before the case's key was signed. */
  | 'before'
  /** Not written by the service, or not here, or changed since. */
  | 'not_ours'
  /** Signed by the service; what stood before it is missing or was changed, so nobody can say that it belongs here. */
  | 'adrift';

export type CaseTrouble =
  /** Something lies in the case that the service did not write there. */
  | 'inserted'
  /** Items are missing: in the middle, or at the end that the service noted. */
  | 'missing'
  /** This reader saw more, or something else, earlier. */
  | 'cut_back'
  /** The case's public key is not the one that the service signed, or not that of its secret key. */
  | 'key_changed';

/** How far a reader saw a case: how many items, and the first and the last link as hex digits. */
export type Seen = { length: number; first: string; head: string };

/** What is known of an item that is not opened. */
export const isGood = (verdict: ItemVerdict): boolean => verdict === 'vouched' || verdict === 'before';

type KnownEnd = {
  /** What the case's row says of its end. */
  length: number;
  head?: Uint8Array | null;
  /** How far this reader saw the case before. */
  remembered?: Seen | undefined;
  /** The first item is vouched for and says that the case was begun anew, since the person wants nothing kept. */
  isBegunAnew?: boolean;
};

export type CaseCheck = {
  /** Says what is known of the next item, in the order in which they are read. */
  item(item: ChainItem): Promise<ItemVerdict>;
  /** Troubles of the items so far. */
  soFar(): CaseTrouble[];
  /** All troubles, once every item has been looked at. */
  end(known: KnownEnd): CaseTrouble[];
  /** What to remember of a case that is whole; undefined: it is not, or is empty. */
  seen(): Seen | undefined;
};

export function createCaseCheck({
  caseId,
  boundFrom,
  verify,
}: {
  caseId: string;
  /** How many items lay in the case before its key was signed. */
  boundFrom: number;
  verify: Verify;
}): CaseCheck {
  const links: string[] = [];
  let next = 0;
  // Undefined: what should stand there is missing.
  let previous: Uint8Array | null | undefined = null;
  let isPreviousGood: Promise<boolean> = Promise.resolve(true);
  let isGap = false;
  let isForeign = false;

  const judge = async (item: ChainItem): Promise<ItemVerdict> => {
    const isInOrder = item.place >= next;
    if (item.place > next) {
      isGap = true;
      previous = undefined;
    }
    const follows =
      previous !== undefined && hexOf(nextLink({ previous, caseId, ...item })) === hexOf(item.link);
    const isBeforeGood = previous === undefined ? Promise.resolve(false) : isPreviousGood;
    links.push(hexOf(item.link));
    next = item.place + 1;
    previous = item.link;
    const verdict = (async () => {
      if (!isInOrder || !(await verify(CHAIN_DOMAIN, item.link, item.signature))) return 'not_ours';
      if (follows) return item.place < boundFrom ? 'before' : 'vouched';
      return (await isBeforeGood) ? 'not_ours' : 'adrift';
    })();
    isPreviousGood = verdict.then(isGood);
    return verdict;
  };
  const soFar = (): CaseTrouble[] => [
    ...(isForeign ? ['inserted' as const] : []),
    ...(isGap ? ['missing' as const] : []),
  ];
  let troubles: CaseTrouble[] | undefined;
  return {
    async item(item) {
      const verdict = await judge(item);
      if (!isGood(verdict)) isForeign ||= verdict === 'not_ours';
      return verdict;
    },
    soFar,
    end({ length, head, remembered, isBegunAnew = false }) {
      // Items may have come into the case between the look at its row and the look at them: then there are more.
      const last = length === 0 ? null : links[length - 1];
      const isShort = links.length < length || last === undefined;
      const isOther = head !== undefined && last !== (head && hexOf(head));
      const isOnceMore = isBegunAnew && links[0] !== remembered?.first;
      const isCut =
        remembered !== undefined && links[remembered.length - 1] !== remembered.head && !isOnceMore;
      troubles = [
        ...new Set([
          ...soFar(),
          ...(isShort || isOther ? ['missing' as const] : []),
          ...(isCut ? ['cut_back' as const] : []),
        ]),
      ];
      return troubles;
    },
    seen() {
      const [first, head] = [links[0], links.at(-1)];
      if (troubles === undefined || troubles.length > 0 || !first || !head) return undefined;
      return { length: links.length, first, head };
    },
  };
}
