/** Titles of tests, comments and pages name who they are about: "a reporter", "an officer", "no one". */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { filesUnder } from './files-under.ts';

const VAGUE = /\b(whoever|somebody)\b/i;
const TITLE = /^\s*(?:describe|it|test)(?:\.\w+)*\(|^\s*(?:\]\)|\)|\}\))\(\s*['"`]/;
const COMMENT = /^\s*(?:\/\/|\/\*\*?|\*)|\s\/\/ /;

const linesOf = (file: string) =>
  readFileSync(file, 'utf8')
    .split('\n')
    .map((line, index) => ({ line, place: `${file}:${index + 1}` }));

const code = ['src', 'test', 'bench'].flatMap((folder) =>
  filesUnder(folder).filter((file) => /\.(ts|tsx|cts|css)$/.test(file)),
);

it('no title of a test leaves its subject open', () => {
  const vague = code
    .filter((file) => file.startsWith('test/'))
    .flatMap(linesOf)
    .filter(({ line }) => TITLE.test(line) && (VAGUE.test(line) || /\bnobody\b/i.test(line)));
  expect(vague.map(({ place }) => place)).toEqual([]);
});

it('no comment does', () => {
  const vague = code.flatMap(linesOf).filter(({ line }) => COMMENT.test(line) && VAGUE.test(line));
  expect(vague.map(({ place }) => place)).toEqual([]);
});

it('no page that people write does', () => {
  const pages = [
    'README.md',
    'CONTRIBUTING.md',
    'SECURITY.md',
    // Made of what is said to people, which has words of its own.
    ...filesUnder('docs').filter(
      (file) => file.endsWith('.md') && !/conversations\/|settings\.md|mechanism\.md/.test(file),
    ),
  ];
  const vague = pages.flatMap(linesOf).filter(({ line }) => VAGUE.test(line));
  expect(vague.map(({ place }) => place)).toEqual([]);
});
