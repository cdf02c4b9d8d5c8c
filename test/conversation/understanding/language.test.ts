import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { guessLanguage, namedLanguage } from '../../../src/conversation/reading/language-guess.ts';
import { texts } from '../person.ts';

const words = texts.reading.languages;

/** By part, then by language: messages. */
type Messages = Readonly<Record<'learn' | 'judge', Readonly<Record<string, readonly string[]>>>>;
const messages: Messages = parse(
  readFileSync(new URL('languages.yaml', import.meta.url), 'utf8'),
) as Messages;
const all = Object.values(messages).flatMap((part) =>
  Object.entries(part).flatMap(([language, texts]) => texts.map((text) => ({ language, text }))),
);
const EVERY = ['fr', 'en', 'bm'];

describe('the language that a person writes', () => {
  it('is told of two hundred short messages, with no more than three taken for another', () => {
    expect(all).toHaveLength(200);
    const guessed = all.map(({ language, text }) => ({
      language,
      text,
      guess: namedLanguage(words, text, EVERY) ?? guessLanguage(words, text, EVERY),
    }));
    expect(guessed.filter(({ language, guess }) => guess !== undefined && guess !== language)).toEqual([]);
    expect(guessed.filter(({ guess }) => guess === undefined).length).toBeLessThanOrEqual(3);
  });

  it.each([
    ['salut', 'fr'],
    ['slm', 'fr'],
    ['hello', 'en'],
    ['i ni ce', 'bm'],
    ['aw ni sogoma', 'bm'],
    ['aw ni sɔgɔma', 'bm'],
  ])('is told by an opening as short as "%s"', (text, language) => {
    expect(guessLanguage(words, text, EVERY)).toBe(language);
  });

  it.each(['', '/start', '🙂', '42', 'Bamako', 'ߌ ߣߌ߫ ߗߋ߫'])('is not made up for "%s"', (text) => {
    expect(guessLanguage(words, text, EVERY)).toBeUndefined();
  });

  it('is, for Bambara as long as it is not on offer, French: who writes it reads that sooner', () => {
    expect(guessLanguage(words, 'u ye n balima mine', ['fr', 'en'])).toBe('fr');
    expect(guessLanguage(words, 'u ye n balima mine', ['en'])).toBeUndefined();
  });

  it.each([
    ['fr', 'fr'],
    ['francais svp', 'fr'],
    ['en français s’il vous plaît', 'fr'],
    ['bm', 'bm'],
    ['bamanankan', 'bm'],
    ['bambara svp', 'bm'],
    ['english please', 'en'],
    ['EN', 'en'],
    ['i speak english', 'en'],
  ])('is chosen with "%s"', (text, language) => {
    expect(namedLanguage(words, text, EVERY)).toBe(language);
  });

  it('is not chosen by a name that is not on offer, or that stands in a story', () => {
    expect(namedLanguage(words, 'bambara', ['fr', 'en'])).toBeUndefined();
    expect(namedLanguage(words, 'je suis prof de français à Gao', EVERY)).toBeUndefined();
    expect(namedLanguage(words, 'en prison', EVERY)).toBeUndefined();
  });
});
