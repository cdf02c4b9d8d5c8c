/** All pages of the room to read in, with where each sentence is from, as Markdown for those who answer for the texts. */
import { z } from 'zod';
import type { Flows } from '../flows/compile.ts';
import type { Source } from '../flows/facts.ts';
import type { Texts } from '../words/texts.ts';
import { chaptersOf, linesOf, type PageLine, titleKey } from './chapters.ts';

/** What stands on the page beside the chapters: `docs/mechanism.yaml`. */
export const pageWordsSchema = z.strictObject({
  title: z.string(),
  about: z.string(),
  itself: z.string(),
  reported: z.string(),
  unchecked: z.string(),
  sources: z.string(),
  undated: z.string(),
});
type PageWords = z.infer<typeof pageWordsSchema>;

/** The page in one language. */
export function mechanismPage(flows: Flows, texts: Texts, language: string, words: PageWords): string {
  const chapters = chaptersOf(flows).map(({ pages }, index) => {
    const [first = '', ...further] = pages;
    const title = `## ${index + 1}. ${texts.t(language, titleKey(first))}`;
    return [
      title,
      ...linesAt(flows, texts, language, words, first),
      ...further.flatMap((page) => [
        `### ${texts.t(language, titleKey(page))}`,
        ...linesAt(flows, texts, language, words, page),
      ]),
    ].join('\n\n');
  });
  const sources = Object.entries(flows.knowledge.sources).map(([key, source]) =>
    sourceLine(words, key, source),
  );
  return `${[`# ${words.title}`, words.about.trim(), ...chapters, `## ${words.sources}`, sources.join('\n')].join('\n\n')}\n`;
}

function linesAt(flows: Flows, texts: Texts, language: string, words: PageWords, path: string): string[] {
  const placed = flows.steps.get(path);
  if (!placed) return [];
  return linesOf(flows, placed, 'marked', (key) => texts.template(language, key)).map((line) => {
    const said = plain(texts.t(language, line.key));
    return line.fact ? `${said}  \n*${about(flows, words, line.fact)}*` : said;
  });
}

/** Where it is from, and whether it was checked. */
function about(flows: Flows, words: PageWords, fact: NonNullable<PageLine['fact']>): string {
  const from = fact.sources.map((key) => {
    const date = flows.knowledge.sources[key]?.date;
    return date === undefined ? key : `${key}, ${date}`;
  });
  const checked = fact.isChecked ? `${fact.checked_on}, ${fact.checked_by}` : `**${words.unchecked}**`;
  return `${from.join(' ; ')} – ${words[fact.kind]} – ${checked} – \`${fact.id}\``;
}

const sourceLine = (words: PageWords, key: string, { title, date, address }: Source): string =>
  `- **${key}** ${title}, ${date ?? words.undated}. ${address.startsWith('http') ? `<${address}>` : address}`;

/** Each line on its own, and nothing in it that Markdown would take for its own. */
const plain = (text: string): string =>
  text
    .split('\n')
    .map((line) => line.replace(/^(\d+)\. /, '$1\\. ').replace(/([*_<>])/g, '\\$1'))
    .join('  \n');
