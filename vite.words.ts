/**
 * The words of the pages, out of `locales/`: for each language one JSON file of what the first rooms say, and one for each further part of
 * a page, which a browser fetches when it first needs it; in each the texts by part. A language is a folder there; no TypeScript names one.
 *
 * A page imports `virtual:words/<page>` (its file is `locales/<language>/<page>.yaml`, its parts are the keys at the top), and
 * gets the languages on offer and the addresses of their files. The console's worker, which is one file with one address, gets
 * its few words themselves (`virtual:worker-words`).
 *
 * Invariants: a language whose texts nobody has signed (`reviewed: false` in `language.yaml`), or that has none for the page, is
 * not on offer there; what a translator wrote is text, never markup.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin } from 'vite';
import { parse } from 'yaml';

/** Offered first, and in place of what another language lacks. */
const FIRST = 'fr';
const OF_PAGE = 'virtual:words/';
const OF_WORKER = 'virtual:worker-words';
/** Parts of a page that come in one file: each further one that is asked for keeps the first room waiting. */
const AT_FIRST = ['shell', 'entry', 'inbox', 'case', 'rights', 'page', 'phone'];

type Content = { [key: string]: string | Content };
type Language = { code: string; name: string; content: (page: string) => Content };

/** `folder`: absolute path of `locales`. */
export function words(folder: string): Plugin {
  return {
    name: 'words',
    resolveId: (id) => (id.startsWith(OF_PAGE) || id === OF_WORKER ? `\0${id}` : undefined),
    load(id) {
      if (id === `\0${OF_WORKER}`) {
        const all = languagesIn(folder, 'console').map(({ code, content }) => [
          code,
          content('console').worker,
        ]);
        return `export const words = ${JSON.stringify(Object.fromEntries(all))};`;
      }
      if (!id.startsWith(`\0${OF_PAGE}`)) return undefined;
      const page = id.slice(OF_PAGE.length + 1);
      const languages = languagesIn(folder, page);
      const files = languages.map(({ code, content }) => {
        const said = content(page);
        const parts = Object.keys(said).filter((part) => part !== 'worker');
        const first = AT_FIRST.filter((part) => parts.includes(part));
        const further = parts.filter((part) => !first.includes(part)).map((part) => [part]);
        const addresses = [first, ...further].flatMap((together) => {
          const name = `${code}-${together === first ? 'first' : together[0]}.json`;
          const texts = Object.fromEntries(together.map((part) => [part, said[part]]));
          const file = this.emitFile({ type: 'asset', name, source: JSON.stringify(texts) });
          return together.map((part) => `${JSON.stringify(part)}: import.meta.ROLLUP_FILE_URL_${file}`);
        });
        return `${JSON.stringify(code)}: { ${addresses.join(', ')} }`;
      });
      const offered = languages.map(({ code, name }) => ({ code, name }));
      return `export const languages = ${JSON.stringify(offered)};\nexport const files = { ${files.join(', ')} };`;
    },
    // The sentences that stand in the page itself: for a browser that runs nothing, and for a page whose words do not come.
    transformIndexHtml: (html) =>
      html.replaceAll(/%(noscript|wordless)%/g, (_, key: string) =>
        asText(
          languagesIn(folder, 'language')
            .map(({ content }) => content('language')[key])
            .join(' '),
        ),
      ),
  };
}

/** What a translator wrote is text, never markup. */
const asText = (words: string): string =>
  words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** The signed languages that have such a file. */
function languagesIn(folder: string, file: string): Language[] {
  const codes = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort((a, b) => Number(b === FIRST) - Number(a === FIRST) || a.localeCompare(b));
  const read = (code: string, file: string) =>
    parse(readFileSync(join(folder, code, `${file}.yaml`), 'utf8')) as Content;
  return codes.flatMap((code) => {
    const { name, reviewed, fallback } = read(code, 'language') as Record<string, unknown>;
    if (reviewed !== true || !existsSync(join(folder, code, `${file}.yaml`))) return [];
    const behind = [FIRST, ...(typeof fallback === 'string' && fallback !== '' ? [fallback] : [])];
    const content = (page: string) => [...behind, code].map((each) => read(each, page)).reduce(merged);
    return [{ code, name: String(name), content }];
  });
}

/** What `over` says, and what only `under` does. */
function merged(under: Content, over: Content): Content {
  const all = { ...under };
  for (const [key, value] of Object.entries(over)) {
    const below = all[key];
    all[key] = typeof value === 'object' && typeof below === 'object' ? merged(below, value) : value;
  }
  return all;
}
