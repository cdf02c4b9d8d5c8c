/** That the shared words are listed in one place: a second list drifts from the first. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import * as vocabulary from '../../src/kernel/vocabulary.ts';

const SOURCE = resolve(import.meta.dirname, '../../src');

/** Files that pick a few of a list, which is what they are for, or have words of their own that look like those. */
const PICKS: readonly (readonly [file: string, list: string])[] = [
  ['app/members/rights.ts', 'ROLES'],
  ['conversation/reading/hours.ts', 'CONTACT_HOURS'],
  ['conversation/checks/check-flows.ts', 'WHY_SILENT'],
  ['app/alerts/reporter-status.ts', 'POSTPONED'],
  ['web/console/doctor.tsx', 'CHECK_STATES'],
  // Those of which a phone shows something, or will.
  ['db/pages.ts', 'DELIVERY_STATES'],
  // What a channel is asked to do, by the names of its functions.
  ['app/sending/one-try.ts', 'DELIVERY_ACTIONS'],
  // Words of Telegram's own, as they stand on its wire.
  ['channels/telegram/content.ts', 'FILE_KINDS'],
];

/** The same words, and another thing each time. */
const CHANCE: ReadonlySet<string> = new Set([
  // What of a simulated phone may reply; what of any messenger may go on with a thought.
  'card file location text',
  // What of it says something, to the page and to the channel behind it: the page may know types alone of that.
  'card file location sticker text',
  // What the answers of two services for pages prove.
  'address key right',
  // Questions that words answer; the one is asked before, the other after what a message means.
  'code date place text',
]);

const WORD = `(['"])[\\w.-]+\\1`;
const LIST = new RegExp(`${WORD}(?:\\s*[,|]\\s*(?:/\\*\\*?[^*]*\\*/\\s*)?(['"])[\\w.-]+\\2)+`, 'g');

const files = readdirSync(SOURCE, { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.tsx?$/.test(name) && name !== 'kernel/vocabulary.ts')
  .map((name) => ({ name, text: readFileSync(join(SOURCE, name), 'utf8') }));

/** `['high', 'medium', 'low']`, `'high' | 'medium' | 'low'`: three words of a list (or both of two) side by side, in code. */
function listOf(words: readonly string[]): RegExp {
  const word = `['"](?:${words.join('|')})['"]`;
  return new RegExp(`${word}(?:\\s*[,|]\\s*${word}){${Math.min(words.length, 3) - 1},}`, 'g');
}

/** Every list of three words and more that a file spells out, its words in the order of the alphabet. */
function listsIn(text: string): string[] {
  return [...text.matchAll(LIST)].flatMap(([found]) => {
    const words = [...found.replace(/\/\*.*?\*\//gs, '').matchAll(/['"]([\w.-]+)['"]/g)].map(
      ([, word = '']) => word,
    );
    return words.length < 3 ? [] : [words.toSorted().join(' ')];
  });
}

describe('the words that the parts of the house share', () => {
  const lists = Object.entries(vocabulary).flatMap(([name, words]) =>
    Array.isArray(words) ? [[name, words as readonly string[]] as const] : [],
  );

  test('are many lists', () => {
    expect(lists.length).toBeGreaterThan(30);
  });

  test.each(lists)('%s are listed once, in the vocabulary', (list, words) => {
    const again = files.flatMap(({ name, text }) =>
      PICKS.some(([file, of]) => file === name && of === list)
        ? []
        : [...text.matchAll(listOf(words))].map(([found]) => `${name}: ${found}`),
    );
    expect(again).toEqual([]);
  });

  test('no other list stands in two files', () => {
    const where = new Map<string, Set<string>>();
    for (const { name, text } of files)
      for (const list of listsIn(text)) where.set(list, (where.get(list) ?? new Set()).add(name));
    const twice = [...where].flatMap(([list, names]) =>
      names.size > 1 && !CHANCE.has(list) ? [`${list}: ${[...names].join(', ')}`] : [],
    );
    expect(twice).toEqual([]);
  });
});
