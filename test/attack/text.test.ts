/** Texts made to burn the processor: twice the length is at most two and a half times the steps, for everything that reads. */
import { once } from 'node:events';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { normalise } from '../../src/conversation/reading/normalise.ts';
import { calmed, isStammeredSos } from '../../src/conversation/words/sos-words.ts';
import { normalForm } from '../../src/kernel/unicode.ts';
import { texts } from '../conversation/person.ts';

const LONGEST = 24_000;
const MOST = 2.5;
const FEW = 12;
/** `LAKANA_TEXTS=1000`: that many, and other ones each time. */
const TRIES = Number(process.env.LAKANA_TEXTS ?? FEW);

let reader: Worker;
let readers: string[];

beforeAll(async () => {
  reader = new Worker(join(import.meta.dirname, 'text-steps.ts'));
  [readers] = (await once(reader, 'message')) as [string[]];
});
afterAll(() => reader.terminate());

async function steps(name: string, text: string): Promise<number> {
  reader.postMessage({ reader: name, text });
  const [count] = (await once(reader, 'message')) as [number];
  return count;
}

/** Words of every command in every language, of officers too, pieces of them, and what phones put between. */
const words = [
  ...texts.languages.flatMap((language) => [
    ...[...texts.commandWords(language).values()].flat(),
    ...texts
      .keys(language)
      .filter((key) => key.startsWith('officer.words.'))
      .flatMap((key) => texts.t(language, key).split(',').map(normalise)),
  ]),
];
const letters = [...new Set(words.join(''))];
const between = [
  ' ',
  '  ',
  '\n',
  '-',
  '.',
  '\u0301',
  '\u0316\u0315',
  '\u200b',
  '🆘',
  '👍🏽',
  '1 ',
  '12/',
  'TAKO-48',
  '$t("',
  '{{',
];

const atom = fc.oneof(
  fc.constantFrom(...words),
  fc.constantFrom(...letters),
  fc.constantFrom(...letters).map((letter) => letter.repeat(4)),
  fc.constantFrom(...between),
);
/** A beginning, something again and again, an end that spoils it. */
const attack = fc.record({
  begin: fc.oneof(fc.constant(''), atom),
  again: fc.array(atom, { minLength: 1, maxLength: 3 }).map((atoms) => atoms.join('')),
  end: fc.oneof(fc.constant(''), fc.constantFrom(' x', '!', 'o', ' ', 'x')),
});
type Attack = { begin: string; again: string; end: string };

/** Those that froze the service, or a part of it, and their next of kin. */
const KNOWN: Attack[] = [
  { begin: 's', again: 'ossss', end: ' x' },
  { begin: 's', again: 'o s s', end: ' x' },
  { begin: 'a', again: '\u0315\u0316\u0300', end: '' },
  { begin: 'か', again: '\uFF9E\u0316', end: '' },
  { begin: '', again: '1 2 3 4 5 6 7 8 9 10 11 12 ', end: 'x' },
  { begin: '', again: 'tako4827', end: '' },
  { begin: '', again: '1 ', end: 'x' },
  { begin: '', again: '$t("', end: '' },
  { begin: 'passe à ', again: 'a', end: '' },
  { begin: '/start ', again: 'A', end: ' ' },
  { begin: '/start', again: ' ', end: '' },
  { begin: 'depuis ', again: '3 jours about ', end: '' },
];

const ofLength = ({ begin, again, end }: Attack, length: number): string =>
  begin + again.repeat(Math.ceil(length / again.length)).slice(0, length - begin.length - end.length) + end;

describe('a stranger’s phone', () => {
  it('cannot hold the loop with a long text: twice as long is at most 2.5 times the work, whatever reads it', {
    timeout: 240_000,
  }, async () => {
    const tried = async (given: Attack, from: number) => {
      for (const name of readers) {
        const short = await steps(name, ofLength(given, from));
        const long = await steps(name, ofLength(given, 2 * from));
        expect({ name, given, from, short, long, isLinear: long <= MOST * short }).toMatchObject({
          isLinear: true,
        });
      }
    };
    for (const given of KNOWN) await tried(given, LONGEST / 2);
    const property = fc.asyncProperty(attack, fc.constantFrom(60, 1_500, 4_000), tried);
    await fc.assert(property, { numRuns: TRIES, ...(TRIES === FEW ? { seed: 15 } : {}) });
  });

  it('is understood as before when SOS is stammered', () => {
    const before = /^(s+ ?o+ ?s+ ?)+$/;
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('s', 'o', ' '), maxLength: 16 }), (text) => {
        expect(isStammeredSos(text)).toBe(before.test(text));
      }),
      { numRuns: 5_000 },
    );
    expect(calmed('au secouuuurs heeelp oo')).toBe('au secours help oo');
  });

  it('is compared as before, however many accents a letter has that people use', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(normalForm('NFKC', text)).toBe(text.normalize('NFKC'));
      }),
    );
  });
});
