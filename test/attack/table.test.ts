/**
 * SECURITY.md's table "What was tried" and test/attack say the same: each row names a test that is there, and each test
 * of test/attack has a row.
 *
 * A row's last cell holds one or more references, each: `` `test/attack/….test.ts`: title ``, parted by `<br>`. The
 * title is that of an `it`, as it is written in the file (with `%s` where it is one of `it.each`).
 */
import { readdir, readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';

const ROOT = new URL('../../', import.meta.url);
const HEADER = '| who | tries | what comes of it | shown by |';
/** This file attacks nothing. */
const OWN = 'test/attack/table.test.ts';

type Reference = { file: string; title: string };

/** The rows of the table, each as its cells. */
function rowsOf(markdown: string): string[][] {
  const lines = markdown.split('\n');
  const header = lines.indexOf(HEADER);
  if (header === -1) throw new Error('SECURITY.md has no table "What was tried"');
  const end = lines.findIndex((line, at) => at > header && !line.startsWith('|'));
  return lines.slice(header + 2, end === -1 ? undefined : end).map((line) =>
    line
      .slice(1, line.lastIndexOf('|'))
      .split('|')
      .map((cell) => cell.trim()),
  );
}

/** What a row's last cell points to; undefined: it cannot be read. */
function referencesOf(cell: string): Reference[] | undefined {
  const found = cell.split('<br>').map((part) => /^`(test\/[\w./-]+\.test\.ts)`: (\S.*)$/.exec(part.trim()));
  if (found.some((match) => match === null)) return undefined;
  return found.flatMap((match) => (match?.[1] && match[2] ? [{ file: match[1], title: match[2] }] : []));
}

/** Titles of the tests that a file holds, as they are written. */
function titlesIn(source: string): string[] {
  const test = /^\s*(?:it|test)(?:\.each\b[\s\S]*?\)|(?:\.(?!each)\w+)*)\(\s*(['"`])((?:\\.|(?!\1).)*)\1/gm;
  return [...source.matchAll(test)].map((match) => (match[2] ?? '').replaceAll(/\\(.)/g, '$1'));
}

const titles = async (file: string): Promise<string[]> =>
  titlesIn(await readFile(new URL(file, ROOT), 'utf8').catch(() => ''));

describe('the table of what was tried', () => {
  it('names a test that exists in each row, and has a row for each test of test/attack', async () => {
    const rows = rowsOf(await readFile(new URL('SECURITY.md', ROOT), 'utf8'));
    expect(
      rows.filter((cells) => cells.length !== 4 || cells.includes('')),
      'rows that do not have four cells',
    ).toEqual([]);
    const references = rows.map((cells) => ({ cells, shownBy: referencesOf(cells.at(-1) ?? '') }));
    expect(
      references.filter(({ shownBy }) => shownBy === undefined).map(({ cells }) => cells.at(-1)),
      'rows whose last cell is not `test/….test.ts`: title',
    ).toEqual([]);
    const named = references.flatMap(({ shownBy }) => shownBy ?? []);

    const missing: Reference[] = [];
    for (const { file, title } of named)
      if (!(await titles(file)).includes(title)) missing.push({ file, title });
    expect(missing, 'rows whose test does not exist').toEqual([]);

    const attacks = (await readdir(new URL('test/attack/', ROOT)))
      .filter((name) => name.endsWith('.test.ts'))
      .map((name) => `test/attack/${name}`)
      .filter((file) => file !== OWN);
    const unlisted: Reference[] = [];
    for (const file of attacks)
      for (const title of await titles(file))
        if (!named.some((each) => each.file === file && each.title === title)) unlisted.push({ file, title });
    expect(unlisted, 'tests of test/attack without a row in SECURITY.md').toEqual([]);
  });

  it('is read as it stands: titles over two lines, of each, with quotes', () => {
    const source = [
      "  it('cannot a', async () => {",
      "  it.each(['x'])('cannot %s', () => {",
      "  it(\n    'cannot b\\'s',",
      '  it("cannot c", () => {',
    ].join('\n');
    expect(titlesIn(source)).toEqual(['cannot a', 'cannot %s', "cannot b's", 'cannot c']);
    expect(rowsOf(`x\n${HEADER}\n|---|---|---|---|\n| a | b | c | d |\n\n| no | more |`)).toEqual([
      ['a', 'b', 'c', 'd'],
    ]);
    expect(referencesOf('`test/attack/x.test.ts`: cannot a<br>`test/y.test.ts`: cannot b')).toEqual([
      { file: 'test/attack/x.test.ts', title: 'cannot a' },
      { file: 'test/y.test.ts', title: 'cannot b' },
    ]);
    expect(referencesOf('cannot a')).toBeUndefined();
  });
});
