/** Checks of texts hold the process: they take turns, and nobody asks for as many as they like. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createTurns, WORDS } from '../../src/app/texts/turns.ts';
import { minutes } from '../../src/kernel/time.ts';

const times = <T>(n: number, work: (n: number) => T): T[] =>
  Array.from({ length: n }, (_, each) => work(each));
const refused = (all: unknown[]): number => all.filter((each) => each === 'too_many').length;

describe('a person who works on texts', () => {
  it('is asked to wait after twelve checks, and others are not; a minute later there are twelve again', async () => {
    let now = 0;
    const turns = createTurns(() => now);
    expect(refused(await Promise.all(times(13, () => turns('Mariam', () => 'done'))))).toBe(1);
    expect(await turns('Fanta', () => 'done')).toBe('done');
    now = minutes(1);
    expect(refused(await Promise.all(times(13, () => turns('Mariam', () => 'done'))))).toBe(1);
  });

  it('comments and has read sixty times a minute, as fast as short texts are read', async () => {
    const words = createTurns(() => 0, WORDS);
    expect(refused(await Promise.all(times(70, () => words('Mariam', () => 'done'))))).toBe(10);
    // Of the routes by which that comes none goes another way.
    const routes = readFileSync('src/http/console/text-routes.ts', 'utf8');
    for (const work of ['=> reviewText(', '=> commentOn('])
      expect(routes.split('\n').filter((line) => line.includes(work))).toEqual([
        expect.stringMatching(/await words\(member\.id/),
      ]);
  });

  it('shares thirty with all others', async () => {
    const turns = createTurns(() => 0);
    const all = await Promise.all(times(40, (n) => turns(`member ${n}`, () => 'done')));
    expect(refused(all)).toBe(10);
  });

  it('waits until the one before is done, and everything else comes between; one that fails holds up no one', async () => {
    const turns = createTurns(() => 0);
    const seen: string[] = [];
    const check = (name: string) => async () => {
      seen.push(`${name} begins`);
      setImmediate(() => seen.push(`a reporter is answered after ${name}`));
      await Promise.resolve();
      seen.push(`${name} ends`);
      if (name === 'first') throw new Error('broken');
    };
    const asked = await Promise.allSettled([
      turns('Mariam', check('first')),
      turns('Fanta', check('second')),
    ]);
    expect(asked.map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
    expect(seen).toEqual([
      'first begins',
      'first ends',
      'a reporter is answered after first',
      'second begins',
      'second ends',
    ]);
  });
});
