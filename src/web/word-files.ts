/**
 * Fetches the words of a page, a part at a time. Small, and without i18next: a page begins with it before its program is there.
 *
 * Invariant: words are data from our own origin, and only ever shown as text.
 */
/** Texts by part of the page. */
type Content = Readonly<Record<string, unknown>>;

/** What the build made of `locales/`. The first language is for a person who has none of them. */
export type Built = {
  languages: readonly { code: string; name: string }[];
  /** Addresses, by language and part; several parts may lie in one file. */
  files: Readonly<Record<string, Readonly<Record<string, string>>>>;
};

const PATIENCE_MS = 30_000;
const AGAIN_MS = [500, 1_000, 2_000, 5_000];

const asked = new Map<string, Promise<Content>>();

/** The service has these words no more: it was upgraded since it sent this page. */
class Gone extends Error {}

/**
 * The words that lie there, asked for once. Without a network it goes on trying: a page has nothing to say without them.
 * Fails where they are gone; who needs them later may ask again.
 */
export function wordsAt(address: string): Promise<Content> {
  const before = asked.get(address);
  if (before) return before;
  const words = fetched(address);
  asked.set(address, words);
  words.catch(() => asked.delete(address));
  return words;
}

async function fetched(address: string): Promise<Content> {
  for (let n = 0; ; n++) {
    try {
      const answer = await fetch(address, { signal: AbortSignal.timeout(PATIENCE_MS) });
      if (answer.ok) return (await answer.json()) as Content;
      if (answer.status === 404) throw new Gone(address);
    } catch (error) {
      if (error instanceof Gone) throw error;
      // Tried again.
    }
    await new Promise((resolve) => setTimeout(resolve, AGAIN_MS[Math.min(n, AGAIN_MS.length - 1)]));
  }
}

/** The language of this browser if it is on offer, else the first. `wished`: one that was chosen before. */
export function languageHere({ languages }: Built, wished = navigator.language): string {
  const found = languages.find(({ code }) => wished.toLowerCase().split('-')[0] === code);
  return (found ?? languages[0])?.code ?? '';
}
