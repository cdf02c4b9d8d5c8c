/**
 * The words of all cases, for searching.
 *
 * Invariants: they are opened only when the member asks for it, live in memory, and go with the keys; what the service
 * did not write into a case is not among its words; between two cases the page answers to touches.
 */

import type { InboxCase } from '../../contract/cases.ts';
import { isGood, type Seen } from '../../crypto/case-check.ts';
import { openSealed } from '../../crypto/case-key.ts';
import { searchable } from '../../kernel/fold.ts';
import { api, type WordsComing } from './api.ts';
import { breath } from './breath.ts';
import { toBytes } from './bytes.ts';
import { caseSecretBy } from './keys.ts';
import { checkOf, isBegunAnew, judged, type Opener, provenRecipient } from './opened-case.ts';
import { browserMemory, rememberSeen, seenOf } from './remembered.ts';

type Indexed = {
  /** As it stands in the list. */
  row: InboxCase;
  /** All words, as they are searched. */
  text: string;
  /** Something in it does not fit: its room says what. */
  isSuspect: boolean;
};
/** By reference. */
export type CaseIndex = ReadonlyMap<string, Indexed>;

/** Opens every case; `onProgress` hears how many are done. Stops, with what there is, when `signal` says so. */
export async function openAll(
  opener: Opener,
  signal: AbortSignal,
  onProgress: (index: CaseIndex) => void,
): Promise<'done' | 'lost'> {
  const index = new Map<string, Indexed>();
  type Page = Awaited<ReturnType<typeof api.sealedCases>>;
  let coming: Promise<Page> | undefined = api.sealedCases('');
  while (coming && !signal.aborted) {
    const answer: Page = await coming;
    if (!answer.ok) return 'lost';
    const { cases } = answer.value;
    const next: string | null = answer.value.next;
    // The next page is on its way while this one is opened.
    coming = next === null ? undefined : api.sealedCases(next);
    const seen = new Map<string, Seen>();
    for (const sealed of cases) {
      if (signal.aborted) return 'done';
      const row = sealed.row as InboxCase;
      index.set(row.reference, { row, ...(await wordsOf(sealed, opener, seen)) });
      await breath();
    }
    rememberSeen(browserMemory(), seen);
    onProgress(new Map(index));
  }
  return 'done';
}

/** `seen`: takes up how far this case was seen, if it is whole. */
async function wordsOf(
  sealed: WordsComing,
  opener: Opener,
  seen: Map<string, Seen>,
): Promise<Omit<Indexed, 'row'>> {
  const { id, wraps, items, length, chainHead } = sealed;
  try {
    const secret = await caseSecretBy(opener.ring, id, wraps);
    const check = checkOf(sealed, opener);
    const remembered = seenOf(browserMemory(), id);
    const texts: string[] = [];
    let isOnceMore = false;
    for (const item of items) {
      const ciphertext = await item.ciphertext;
      const { type, place } = item;
      const verdict = await judged(check, { ...item, ciphertext });
      if (!isGood(verdict)) continue;
      const header = { type, version: 1, caseId: id, place };
      const opened = await openSealed(secret, header, ciphertext).catch(() => undefined);
      if (!opened) continue;
      const content = JSON.parse(new TextDecoder().decode(opened));
      if (place === 0) isOnceMore = isBegunAnew({ verdict, type, content });
      texts.push(...stringsIn(content));
    }
    const head = chainHead === null ? null : toBytes(chainHead);
    const troubles = check.end({ length, head, remembered, isBegunAnew: isOnceMore });
    const whole = check.seen();
    if (whole) seen.set(id, whole);
    const isProved = (await provenRecipient(sealed, secret, opener)) !== undefined;
    return { text: searchable(texts.join('\n')), isSuspect: troubles.length > 0 || !isProved };
  } catch {
    return { text: '', isSuspect: false };
  }
}

function stringsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(stringsIn) : [];
}
