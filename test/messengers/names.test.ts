/**
 * That nothing names a messenger but what belongs to it: its folder behind the port, its entry in the list, its tables. Everything
 * else goes through the list, so that a third one is added there alone. Comments count too: a reason that holds for one messenger
 * stands with that one.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { LIMITS } from '../../src/conversation/checks/check-screens.ts';
import { MESSENGERS } from '../../src/messengers/list.ts';
import { filesUnder } from '../files-under.ts';

const root = resolve(import.meta.dirname, '../..');
/** The program, what builds it, and what starts it; what watches it (`ops`) and measures it (`bench`) names what it looks at. */
const everything = () => [
  ...['src', 'release', 'flows/lists'].flatMap((folder) => filesUnder(join(root, folder))),
  ...readdirSync(root)
    .filter((name) =>
      /^(vite|vitest|drizzle)\..*ts$|^compose\.yaml$|^Dockerfile$|^lakana$|^biome\.json$/.test(name),
    )
    .map((name) => join(root, name)),
];

/**
 * Where a messenger may be named: its own folders, the list, and its tables (their file, the queries to them, and the line by
 * which the schema has them).
 */
const placesOf = (kind: string): RegExp[] => [
  new RegExp(`^src/(?:channels|messengers)/${kind}/`),
  /^src\/messengers\/list\.ts$/,
  new RegExp(`^src/db/(?:schema/)?${kind}[a-z-]*\\.ts$`),
];

/** Lines that name it all the same, each with its reason. */
const ARGUED: readonly (readonly [file: string, line: RegExp, because: string])[] = [
  [
    'src/db/schema.ts',
    /^export \* from '\.\/schema\/\w+\.ts';$/,
    'the line by which the schema has its tables',
  ],
  ['src/messengers/messenger.ts', /`\w+=on`/, 'an example of what an entry says'],
];

test.each(MESSENGERS.map(({ kind }) => kind))(
  '%s is named by its own files, its entry in the list and its tables alone',
  (kind) => {
    const named = everything().flatMap((path) => {
      const file = relative(root, path);
      if (placesOf(kind).some((place) => place.test(file))) return [];
      if (file.toLowerCase().includes(kind)) return [file];
      return readFileSync(path, 'utf8')
        .split('\n')
        .filter((line) => line.toLowerCase().includes(kind))
        .filter((line) => !ARGUED.some(([where, what]) => where === file && what.test(line)))
        .map((line) => `${file}: ${line.trim()}`);
    });
    expect(named).toEqual([]);
  },
);

test('what is checked of every screen and button fits each messenger', () => {
  for (const { can } of MESSENGERS) {
    expect(can.maxTextLength).toBeGreaterThan(LIMITS.screen);
    expect(can.maxButtonData).toBeGreaterThanOrEqual(LIMITS.buttonData);
  }
});
