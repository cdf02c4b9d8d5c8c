/** That the shared words are listed in one place: a second list drifts from the first. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import * as vocabulary from '../../src/kernel/vocabulary.ts';

const SOURCE = resolve(import.meta.dirname, '../../src');

/** Names a few roles for each right, which is what it is for; and words of Telegram's own, as they stand on its wire. */
const PICKS = ['app/console/rights.ts', 'channels/telegram/content.ts'];

/** `['high', 'medium', 'low']`, `'high' | 'medium' | 'low'`: three words of a list (or both of two) side by side, in code. */
function listOf(words: readonly string[]): RegExp {
  const word = `['"](?:${words.join('|')})['"]`;
  return new RegExp(`${word}(?:\\s*[,|]\\s*${word}){${Math.min(words.length, 3) - 1},}`, 'g');
}

describe('the words that the parts of the house share', () => {
  const files = readdirSync(SOURCE, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name) && name !== 'kernel/vocabulary.ts' && !PICKS.includes(name))
    .map((name) => ({ name, text: readFileSync(join(SOURCE, name), 'utf8') }));
  const { LEVELS, OUTCOMES, DRILL_OUTCOMES, ROLES, OFFICER_ROLES, ALERT_STATES } = vocabulary;
  const { PHRASES, ONE_WAY_KINDS, FILE_KINDS, TEXT_FILTERS, TEXT_CHANGES } = vocabulary;
  const ofPeople = { ROLES, OFFICER_ROLES, PHRASES, TEXT_FILTERS, TEXT_CHANGES };
  const lists = { LEVELS, OUTCOMES, DRILL_OUTCOMES, ALERT_STATES, ONE_WAY_KINDS, FILE_KINDS, ...ofPeople };

  test.each(Object.entries(lists))('%s are listed once, in the vocabulary', (_name, words) => {
    const again = files.flatMap(({ name, text }) =>
      [...text.matchAll(listOf(words))].map(([found]) => `${name}: ${found}`),
    );
    expect(again).toEqual([]);
  });
});
