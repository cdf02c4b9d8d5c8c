import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const FOR_EVERYBODY = ['http/public-page/render.ts', 'commands/print/sheet.ts'];
const SRC = join(import.meta.dirname, '../../src');

it('every page says that it must not be translated: a translator would read the case, and freeze what is shown', async () => {
  const pages: string[] = [];
  for (const file of (await readdir(SRC, { recursive: true })).filter((name) =>
    /\.(html|tsx?|js)$/.test(name),
  )) {
    const text = await readFile(join(SRC, file), 'utf8');
    // What is there for everybody may be read in any language: no case is near it, and nothing runs.
    if (FOR_EVERYBODY.includes(file)) continue;
    for (const [tag] of text.matchAll(/<html[ >][^\n]*/g)) {
      pages.push(file);
      expect(tag, file).toContain(' translate="no">');
      expect(text, file).toContain('<meta name="google" content="notranslate">');
    }
  }
  expect(pages.sort()).toEqual([
    'messengers/whatsapp/linking-page/page.ts',
    'web/console/index.html',
    'web/simulator/index.html',
  ]);
});
