/** Phrases that are looked for in what people write: whole words, in order, wherever they stand. */
import { describe, expect, it } from 'vitest';
import { createPhrases } from '../../src/conversation/words/phrases.ts';
import { createTexts } from '../../src/conversation/words/texts.ts';

const commands = {
  sign_now: { words: ['en ce moment', 'maintenant'] },
  sign_danger: { words: ['ils ont des armes', 'ils ont', 'armes'] },
  no_sign: { words: ['armes de jeu'] },
};
const texts = createTexts({ fr: { commands, small_words: {} } }, { defaultLanguage: 'fr' });
const phrases = createPhrases((phrase) => phrase);

describe('a phrase', () => {
  it.each([
    ['ils ont des armes', true],
    ['hier ils ont', true],
    ['ils ontario', false],
    ['des armesse', false],
    ['les armes', true],
    ['', false],
  ])('stands in "%s": %s', (said, isThere) => {
    expect(phrases.stands(texts, said, 'sign_danger')).toBe(isThere);
  });

  it('is found wherever it stands, each that begins there, in the order of the words', () => {
    const at = phrases.places(texts, ' maintenant ils ont des armes en ce moment ');
    expect(at('sign_danger')).toEqual([
      { from: 11, to: 29 },
      { from: 11, to: 19 },
      { from: 23, to: 29 },
    ]);
    expect(at('sign_danger', 'sign_now').map(({ from }) => from)).toEqual([0, 11, 11, 23, 29]);
  });

  it('is masked where it only sounds like a sign', () => {
    const said = phrases.withoutHarmless(texts, ' ils ont des armes de jeu ');
    expect(said).toBe(' ils ont des ............ ');
    expect(phrases.stands(texts, said, 'sign_danger')).toBe(true);
    expect(phrases.places(texts, said)('sign_danger')).toEqual([{ from: 0, to: 8 }]);
  });
});
