/**
 * The words of all cases, for searching.
 *
 * Invariants: they are opened only when somebody asks for it, live in memory, and go with the keys; between two cases the
 * page answers to touches.
 */
import { openSealed } from '../../crypto/case-key.ts';
import { normalForm } from '../../kernel/unicode.ts';
import { api, type InboxCase, type WordsComing } from './api.ts';
import { breath } from './breath.ts';
import { caseSecretBy, type Ring } from './keys.ts';

/** By reference: the row as it stands in the list, and all words. */
export type CaseIndex = ReadonlyMap<string, { row: InboxCase; text: string }>;

/** Opens every case; `onProgress` hears how many are done. Stops, with what there is, when `signal` says so. */
export async function openAll(
  ring: Ring,
  signal: AbortSignal,
  onProgress: (index: CaseIndex) => void,
): Promise<'done' | 'lost'> {
  const index = new Map<string, { row: InboxCase; text: string }>();
  type Page = Awaited<ReturnType<typeof api.sealedCases>>;
  let coming: Promise<Page> | undefined = api.sealedCases('');
  while (coming && !signal.aborted) {
    const answer: Page = await coming;
    if (!answer.ok) return 'lost';
    const { cases } = answer.value;
    const next: string | null = answer.value.next;
    // The next page is on its way while this one is opened.
    coming = next === null ? undefined : api.sealedCases(next);
    for (const sealed of cases) {
      if (signal.aborted) return 'done';
      const row = sealed.row as InboxCase;
      index.set(row.reference, { row, text: await wordsOf(sealed, ring) });
      await breath();
    }
    onProgress(new Map(index));
  }
  return 'done';
}

/** Whether a case has all of these words. */
export function hasWords(index: CaseIndex, reference: string, sought: string): boolean {
  const text = index.get(reference)?.text;
  return (
    text !== undefined &&
    fold(sought)
      .split(/\s+/)
      .every((word) => text.includes(word))
  );
}

async function wordsOf({ id, wraps, items }: WordsComing, ring: Ring): Promise<string> {
  try {
    const secret = await caseSecretBy(ring, id, wraps);
    const texts: string[] = [];
    for (const { type, place, ciphertext } of items) {
      const opened = await openSealed(
        secret,
        { type, version: 1, caseId: id, place },
        await ciphertext,
      ).catch(() => undefined);
      if (opened) texts.push(...stringsIn(JSON.parse(new TextDecoder().decode(opened))));
    }
    return fold(texts.join('\n'));
  } catch {
    return '';
  }
}

function stringsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(stringsIn) : [];
}

/** Without case and accents. */
const fold = (text: string): string => normalForm('NFD', text).replace(/\p{M}/gu, '').toLowerCase().trim();
