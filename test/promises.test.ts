/** `docs/promises.md`: each sentence that says that something is done has a part that does it, and a test. */
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { stemOf } from '../src/conversation/checks/check-plurals.ts';
import { flatten } from '../src/conversation/checks/check-texts.ts';
import { isReviewed } from '../src/conversation/words/texts.ts';
import { projectContent } from './content/content.ts';

const page = readFileSync('docs/promises.md', 'utf8');
const rows = page
  .split('\n')
  .filter((line) => /^\| `/.test(line))
  .map((line) =>
    line
      .split('|')
      .slice(1, 4)
      .map((cell) => cell.trim()),
  );
const ticked = (cell = ''): string[] => [...cell.matchAll(/`([^`]+)`/g)].map(([, said = '']) => said);

const { texts } = projectContent();
const french = flatten(texts.fr);
/** "Saved: 1 file" and "Saved: 2 files" are one sentence. */
const sentenceOf = (key: string, all = french): string => stemOf(key, all) ?? key;
function keysOf(language: string): Set<string> {
  const all = flatten(texts[language]);
  return new Set([...all.keys()].map((key) => sentenceOf(key, all)));
}

/** Words by which a French sentence says that something is, was or will be done. */
const DONE =
  /gardé|gardons|effac|enregistré|transmi|est envoyé|appelons|d'appeler|reste ouverte|restent|verra|prévenue|reçu|réessayons|écri(vons|rons)|passe tout de suite|vous dira|ajout(é|ons)|noté|pris dès|ne va |sera partagé|lit vos|part tout|n'arrivent plus|va suivre/i;
/** What has such a word, and promises nothing. */
const NO_PROMISE = ['bot.view_once', 'service.repeat'];

describe('what is said to a reporter', () => {
  it('stands in a row if it says that something is done, and in no language a row is about nothing', () => {
    const listed = rows.flatMap(([keys]) => ticked(keys));
    const said = [...french].filter(
      ([key, text]) =>
        /^(bot|sos|status|service|report|menu|mechanism|person|number)\./.test(key) &&
        !/\.(short|officer|words)$|\.options\./.test(key) &&
        DONE.test(String(text)),
    );
    const unkept = said.map(([key]) => sentenceOf(key)).filter((key) => !listed.includes(key));
    expect([...new Set(unkept)].sort()).toEqual(NO_PROMISE);
    // What a draft lacks is said in a language that has it.
    for (const language of Object.keys(texts).filter((each) => isReviewed(texts, each))) {
      const keys = keysOf(language);
      expect(
        listed.filter((key) => !keys.has(key)),
        language,
      ).toEqual([]);
    }
    expect(new Set(listed).size).toBe(listed.length);
  });

  it.each(rows)('%s is kept by %s, as %s shows', (_, part, test) => {
    const [file, title] = [ticked(test)[0], test?.replace(/`[^`]+`/, '').trim()];
    expect(part).toMatch(/`src\/|\*a person\*/);
    expect(ticked(part).filter((each) => !existsSync(each))).toEqual([]);
    if (file === undefined) expect(part).toContain('*a person*');
    else expect(readFileSync(file, 'utf8')).toContain(title);
  });
});
