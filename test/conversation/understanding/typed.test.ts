/** Wishes and questions as thumbs type them: compared by their bones, not by their letters. */
import { describe, expect, it } from 'vitest';
import { openingOf } from '../../../src/conversation/words/heard.ts';
import { isTypedIn, isTypedOnly } from '../../../src/conversation/words/typed.ts';
import { Person, texts } from '../person.ts';

describe('a person who wants to speak to a person, however it is typed', () => {
  it.each([
    'kelkun pe mapler',
    'wi jveu parler a 1 persone',
    'jveu parlé a kelkun',
    'rapelé moi',
    'je peux parler a quelqu un',
    'jveu kon me rapel svp',
    'vs pouvé mapelé',
    'jai besoin de parlé avec 1 responsable',
    'ya til une dame avec ki je peu causé',
    'je peu causé avec kelk1',
    'can i speak with sombody pls',
  ])('"%s" is taken to one', (words) => {
    expect(openingOf(texts, words)).toBe('person');
    const person = new Person({ hint: 'fr' }).writes(words);
    expect(person.state?.answers.ways).toEqual({ kind: 'choice', value: 'person' });
    expect(person.keys).toContain('bot.question_first');
  });

  it.each([
    'il veut parler à la radio de mon mari',
    'mon chef m appelle chaque nuit et crie',
    'je veux parler de mon voisin',
    'on m a dit de ne parler à personne',
    'ils ont pris la parole contre une femme hier, je veux que ça cesse',
    'je peux pas parler',
  ])('"%s" is no such wish', (words) => {
    expect(openingOf(texts, words)).not.toBe('person');
  });
});

describe('bones', () => {
  it('of a phrase are found where words begin and end, and never in the middle of one', () => {
    expect(isTypedIn(texts, 'svp rapeler mwa rapelé moi', 'for_person')).toBe(true);
    expect(isTypedIn(texts, 'trapelez moins', 'for_person')).toBe(false);
    expect(isTypedIn(texts, '', 'for_person')).toBe(false);
  });

  it('are no bones of a message that tells something', () => {
    const long = `rappelez moi ${'et encore '.repeat(40)}`;
    expect(isTypedIn(texts, long, 'for_person')).toBe(false);
    expect(isTypedOnly(texts, 'jaksepte svp', ['agrees', 'around_yes'], () => false)).toBe(false);
  });
});
