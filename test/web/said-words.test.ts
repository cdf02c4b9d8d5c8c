/** The pages' words and their program: each text is said somewhere, and no program knows a language. */
import { globSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { PAGE_KEYS } from '../../src/conversation/words/page-keys.ts';

const WEB = resolve(import.meta.dirname, '../../src/web');
const read = (pattern: string) =>
  globSync(pattern, { cwd: WEB }).map((name) => ({ name, text: readFileSync(resolve(WEB, name), 'utf8') }));

/** As a program begins a key whose last word it fills in. */
const begun = (key: string): string[] =>
  [...key.matchAll(/_/g)].map(({ index }) => `\`${key.slice(0, index + 1)}\${`);

describe('a page in the browser', () => {
  test.each(['console', 'simulator'])('says each of its texts somewhere (%s)', (page) => {
    const program = read(`${page}/**/*.{ts,tsx}`)
      .map(({ text }) => text)
      .join('\n');
    const worker = /^worker\./;
    const unsaid = Object.keys(PAGE_KEYS[page] ?? {}).filter((key) => {
      if (worker.test(key)) return !program.includes(`say.${key.replace(worker, '')}`);
      // `'case.close'`, `t.of('case.events', …)`, `['case.media', …]`, `case.trust.items.${…}`, `rights.task_how_${…}`.
      const group = key.replace(/\.\w+$/, '');
      const inStep = key.replace(/\.\w+(\.\w+)$/, (_, last: string) => `\\.\\$\\{\\w+\\}${last}`);
      return (
        ![`'${key}'`, `t.of('${group}'`, `'${group}'`, `\`${group}.\${`, ...begun(key)].some((each) =>
          program.includes(each),
        ) && !new RegExp(`\`${inStep}\``).test(program)
      );
    });
    expect(unsaid).toEqual([]);
  });

  test('knows no language by name', () => {
    const named = read('**/*.{ts,tsx}').flatMap(({ name, text }) =>
      [...text.matchAll(/(['"`])(fr|en|bm)(-\w+)?\1/g)].map(([found]) => `${name}: ${found}`),
    );
    expect(named).toEqual([]);
  });
});
