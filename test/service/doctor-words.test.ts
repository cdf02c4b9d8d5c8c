/** What `doctor` says stands in `locales/`, and no check brings words of its own: the room says each in the language of the member. */
import { globSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { parseSync } from '@swc/core';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { flatten } from '../../src/conversation/checks/check-texts.ts';
import { DIAGNOSIS_KEYS } from '../../src/conversation/diagnosis/diagnosis-keys.ts';
import { LOCALES, PROJECT } from '../../src/kernel/project.ts';
import { MESSENGERS } from '../../src/messengers/list.ts';
import { type Node, partsOf } from '../program-parts.ts';

const programs = ['src/doctor/*.ts', 'src/messengers/**/{checks,telegram,meanings,lines}.ts'].flatMap(
  (pattern) =>
    globSync(pattern, { cwd: PROJECT }).map((name) => ({
      name,
      parts: [
        ...partsOf(parseSync(readFileSync(join(PROJECT, name), 'utf8'), { syntax: 'typescript' }).body),
      ],
    })),
);

const NAMES = Object.keys(DIAGNOSIS_KEYS).flatMap((key) =>
  key.startsWith('names.') ? [key.slice('names.'.length).replaceAll('_', ' ')] : [],
);

/** Two words that a person would read. */
const isSentence = (text: string): boolean => /\p{L}{2,} \p{L}/u.test(text);

/** What says no word to a person: a question to the database. A link that could not be made is for a terminal. */
const isAsked = (node: Node): boolean =>
  node.type === 'TaggedTemplateExpression' ||
  (node.type === 'KeyValueProperty' && (node.key as { value?: string }).value === 'problem');

describe('what doctor says', () => {
  test('stands in the locales: no check has a sentence of its own', () => {
    expect(programs.length).toBeGreaterThan(15);
    const own = programs.flatMap(({ name, parts }) =>
      parts.flatMap(({ node, within }) => {
        const text =
          node.type === 'StringLiteral'
            ? String(node.value)
            : node.type === 'TemplateElement'
              ? String(node.cooked)
              : '';
        if (!isSentence(text) || NAMES.includes(text) || within.some(isAsked)) return [];
        return [`${name}: ${text}`];
      }),
    );
    expect(own).toEqual([]);
  });

  test('is called by a name of the locales, by a setting or by a messenger', () => {
    const known = [...NAMES, ...MESSENGERS.map(({ kind }) => kind as string), '.env'];
    const named = programs.flatMap(({ parts }) =>
      parts.flatMap(({ node }) => {
        const { value = '' } = (node.callee ?? {}) as { value?: string };
        const isCheck = node.type === 'CallExpression' && ['ok', 'warn', 'fail', 'unseen'].includes(value);
        const [first] = (isCheck ? node.arguments : []) as { expression: Node }[];
        return first?.expression.type === 'StringLiteral' ? [String(first.expression.value)] : [];
      }),
    );
    expect(named.length).toBeGreaterThan(50);
    expect(named.filter((name) => !known.includes(name) && !/^[A-Z_]+$/.test(name))).toEqual([]);
  });

  test('is French in French, but for commands and names', () => {
    const [french, english] = ['fr', 'en'].map((language) =>
      flatten(parse(readFileSync(join(LOCALES, language, 'diagnosis.yaml'), 'utf8'))),
    );
    const alike = [...(english ?? [])].filter(
      ([key, text]) => french?.get(key) === text && isSentence(String(text)),
    );
    expect(alike.filter(([, text]) => !/^(?:\.\/lakana |npm |chmod |alter )/.test(String(text)))).toEqual([]);
  });

  test.each(globSync('src/messengers/*/lines.ts', { cwd: PROJECT }))(
    'of %s has its words, with what is filled in',
    (path) => {
      const kind = basename(dirname(path));
      const asked = [
        ...readFileSync(join(PROJECT, path), 'utf8').matchAll(/^ {2}'?([\w.]+)'?: \[(.*)\],$/gm),
      ].map(([, key, names]) => `${key}: ${[...(names ?? '').matchAll(/\w+/g)].join()}`);
      const { doctor } = parse(readFileSync(join(LOCALES, 'en', `${kind}.yaml`), 'utf8')) as {
        doctor: unknown;
      };
      const there = [...flatten(doctor)].map(
        ([key, text]) =>
          `${key}: ${[...String(text).matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name).join()}`,
      );
      expect(there.toSorted()).toEqual(asked.toSorted());
    },
  );
});
