/** Whether a text that counts is there in every form that its language has: French has three, English two, Bambara one. */
import { fileOfKey, type Problem } from './problem.ts';

/** A text by its key, of one language. */
export type FlatTexts = ReadonlyMap<string, string | readonly string[]>;

/** `saved_one`; `nth_ordinal_one` of what is counted as first, second, third. */
const FORM = /^(.*)_(zero|one|two|few|many|other)$/;

/** What the forms of a text are called without their ending; undefined: it is none of them, its name only ends so. */
export function stemOf(key: string, texts: FlatTexts): string | undefined {
  const stem = FORM.exec(key)?.[1];
  const other = texts.get(`${stem}_other`);
  if (stem === undefined || other === undefined) return undefined;
  return String(other).includes('{{count}}') || texts.has(`${stem}_one`) ? stem : undefined;
}

export function checkPlurals(language: string, texts: FlatTexts): Problem[] {
  const stems = new Map<string, (string | undefined)[]>();
  for (const key of texts.keys()) {
    const stem = stemOf(key, texts);
    if (stem !== undefined) stems.set(stem, [...(stems.get(stem) ?? []), FORM.exec(key)?.[2]]);
  }
  const formsOf = (type: Intl.PluralRuleType) =>
    new Intl.PluralRules(language, { type }).resolvedOptions().pluralCategories;
  return [...stems].flatMap(([stem, forms]): Problem[] => {
    const pluralCategories = formsOf(stem.endsWith('_ordinal') ? 'ordinal' : 'cardinal');
    const lacking = pluralCategories.filter((form) => !forms.includes(form));
    const strange = forms.filter((form) => !pluralCategories.some((each) => each === form));
    const about = { file: fileOfKey(language, stem), key: stem };
    return [
      ...lacking.map((form) => ({ ...about, problem: `its form _${form} is missing`, mend: 'write it' })),
      ...strange.map((form) => ({
        ...about,
        problem: `this language has no form _${form}`,
        mend: 'take it out',
      })),
    ];
  });
}
