/** How people write the name of a region or a town, and what they put around it. The words stand in `locales/<language>/small_words.yaml`. */
import { plain } from './normalise.ts';
import { type SmallWordsByLanguage, setOf } from './small-words.ts';

export type PlaceWords = { around: ReadonlySet<string>; written: ReadonlyMap<string, string> };

export function placeWords(all: SmallWordsByLanguage): PlaceWords {
  const written = [...all.values()].flatMap(({ places }) => Object.entries(places.written));
  return {
    around: setOf(all, ({ places }) => places.around),
    written: new Map(written.map(([as, name]) => [plain(as), plain(name)])),
  };
}

/** "À Mopti", "bko", "la ville de Ségou": the bare name, as the lists have it. */
export function bareName({ around, written }: PlaceWords, typed: string): string {
  const name = plain(typed)
    .split(' ')
    .filter((word) => !around.has(word))
    .join(' ');
  return written.get(name) ?? name;
}
