/**
 * The words of all cases, for searching.
 *
 * Invariants: they are opened only when somebody asks for it, live in memory, and go with the keys; between two cases the
 * page answers to touches.
 */
import { openSealed } from '../../crypto/case-key.ts';
import { api, type SealedWords } from './api.ts';
import { caseSecretBy, type Ring } from './keys.ts';

export type CaseIndex = ReadonlyMap<string, string>;

/** Opens every case; `onProgress` hears how many are done. Stops, with what there is, when `signal` says so. */
export async function openAll(
  ring: Ring,
  signal: AbortSignal,
  onProgress: (index: CaseIndex) => void,
): Promise<'done' | 'lost'> {
  const index = new Map<string, string>();
  for (let after: string | null = ''; after !== null && !signal.aborted; ) {
    const answer = await api.sealedCases(after);
    if (!answer.ok) return 'lost';
    for (const sealed of answer.value.cases) {
      if (signal.aborted) return 'done';
      index.set(sealed.reference, await wordsOf(sealed, ring));
      await new Promise((resolve) => setTimeout(resolve));
    }
    onProgress(new Map(index));
    after = answer.value.next;
  }
  return 'done';
}

/** Whether a case has all of these words. */
export function hasWords(index: CaseIndex, reference: string, sought: string): boolean {
  const text = index.get(reference);
  return (
    text !== undefined &&
    fold(sought)
      .split(/\s+/)
      .every((word) => text.includes(word))
  );
}

async function wordsOf({ id, wraps, items }: SealedWords, ring: Ring): Promise<string> {
  try {
    const secret = await caseSecretBy(ring, id, wraps);
    const texts: string[] = [];
    for (const { type, place, ciphertext } of items) {
      const opened = await openSealed(secret, { type, version: 1, caseId: id, place }, ciphertext).catch(
        () => undefined,
      );
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
const fold = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().trim();
