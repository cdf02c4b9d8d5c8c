/** The words of the pages and of the service stand in `locales/`: each is said somewhere, and no program has words or languages of its own. */
import { globSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseSync } from '@swc/core';
import { describe, expect, test } from 'vitest';
import { PAGE_KEYS } from '../../src/conversation/words/page-keys.ts';
import { type Node, partsOf } from '../program-parts.ts';

const SRC = resolve(import.meta.dirname, '../../src');
const readIn = (folder: string, pattern: string) =>
  globSync(pattern, { cwd: folder }).map((name) => ({
    name,
    text: readFileSync(resolve(folder, name), 'utf8'),
  }));
const read = (pattern: string) => readIn(resolve(SRC, 'web'), pattern);

const programOf = (name: string, text: string): unknown =>
  parseSync(text, { syntax: 'typescript', tsx: name.endsWith('x'), target: 'es2022' }).body;

/** What a string, a piece of a template, or words between tags say. */
function wordsOf({ type, value, cooked }: Node): string | undefined {
  if (type === 'StringLiteral' || type === 'JSXText') return String(value);
  return type === 'TemplateElement' ? String(cooked) : undefined;
}

/** The name of the attribute that it stands in. */
function attributeOf(within: readonly Node[]): string | undefined {
  const found = within.findLast(({ type }) => type === 'JSXAttribute');
  return (found?.name as { value?: string } | undefined)?.value;
}

/** Names that stand as they are in every language. */
const NAMES = /Lakana( ·)?/;
const READ_OUT = new Set(['aria-label', 'aria-description', 'title', 'placeholder', 'alt', 'label']);

/** Words that a person would read: between tags, in what is read out, and whatever looks like more than one word. */
function saidBy(name: string, text: string): string[] {
  return [...partsOf(programOf(name, text))].flatMap(({ node, within }) => {
    const words = wordsOf(node)?.replace(NAMES, '');
    if (!words || !/\p{L}{2}/u.test(words)) return [];
    const attribute = attributeOf(within);
    const isThrown = within.some(({ type, callee }) => type === 'NewExpression' && isError(callee));
    const isShown =
      node.type === 'JSXText' ||
      (attribute !== undefined && READ_OUT.has(attribute) && !within.some(isCall)) ||
      (attribute !== 'class' && !isThrown && /\p{L}{2}[^\S\n]+\p{L}{2}/u.test(words));
    return isShown ? [`${name}: ${words.trim()}`] : [];
  });
}
const isCall = ({ type }: Node): boolean => type === 'CallExpression';
const isError = (callee: unknown): boolean => /Error$/.test((callee as { value?: string }).value ?? '');

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

  test('has no words of its own: each stands in a file of each language', () => {
    const programs = read('**/*.{ts,tsx}').filter(({ name }) => !name.endsWith('.d.ts'));
    expect(programs.flatMap(({ name, text }) => saidBy(name, text))).toEqual([]);
    expect(saidBy('a.tsx', 'const a = <p title="Fermer">Bonjour {f(`vous êtes`)}</p>')).toHaveLength(3);
    for (const { name, text } of read('*/index.html'))
      expect([name, /<title>(.*)</.exec(text)?.[1]]).toEqual([name, 'Lakana']);
  });

  test('knows no language by name', () => {
    const named = read('**/*.{ts,tsx}').flatMap(({ name, text }) =>
      [...text.matchAll(/(['"`])(fr|en|bm)(-\w+)?\1/g)].map(([found]) => `${name}: ${found}`),
    );
    expect(named).toEqual([]);
  });
});

/** Letters that English does not have: the service says nothing in French or Bambara but from the files of a language. */
const OF_OTHERS = /[à-ÿÀ-ÖØ-Ýœɛɔɲŋ]/;
/** How letters are compared, and which of them an SMS has. */
const ABOUT_LETTERS = ['kernel/fold.ts', 'channels/africas-talking/gsm.ts'];

describe('the service', () => {
  test('has no words of French or Bambara of its own, in no chat, mail, page or command', () => {
    const programs = readIn(SRC, '**/*.{ts,tsx}').filter(({ name }) => !ABOUT_LETTERS.includes(name));
    const own = programs.flatMap(({ name, text }) =>
      OF_OTHERS.test(text)
        ? [...partsOf(programOf(name, text))].flatMap(({ node }) => {
            const words = wordsOf(node);
            return words !== undefined && OF_OTHERS.test(words) ? [`${name}: ${words}`] : [];
          })
        : [],
    );
    expect(own).toEqual([]);
  });
});
