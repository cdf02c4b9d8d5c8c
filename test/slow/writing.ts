/** People who write all the time, while something happens to the databases. */
import { expect } from 'vitest';
import type { Person } from '../fakes/telegram/person.ts';
import { type Killable, rest, wordsIn } from './killable.ts';

/** Each has called for help, and goes on. */
export async function openWriting({ telegram }: Pick<Killable, 'telegram'>, count: number) {
  const people = Array.from({ length: count }, (_, n) => telegram.person(`P${n}`));
  for (const person of people) await person.says('SOS');
  const stopping = new AbortController();
  let words = 0;
  const written = (async () => {
    while (!stopping.signal.aborted) {
      words += 1;
      for (const person of people) await person.says(`mot ${words} de ${person.id}`);
      await rest(500);
    }
  })();
  return {
    /** Nothing more is written. Resolves with how many words each has written. */
    async stops(): Promise<number> {
      stopping.abort();
      await written;
      return words;
    },
  };
}

/** Each case of theirs has all words once, in order; `kadi` was paged for each of the `count` cases. */
export async function allIsThere(
  service: Killable,
  { words, count, kadi }: { words: number; count: number; kadi: Person },
): Promise<void> {
  const references = await service.references();
  expect(references).toHaveLength(count);
  const wanted = Array.from({ length: words }, (_, n) => n + 1);
  for (const reference of references) {
    const found = wordsIn((await service.read(reference)).items);
    if (found.length > 0) expect(found).toEqual(wanted);
    await service.telegram.until(() => kadi.screen().some((line) => line.includes(reference)), 60_000);
  }
}
