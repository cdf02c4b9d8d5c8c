/** What would wake people once they agreed offers the way to SOS from the first words on. */
import { describe, expect, it } from 'vitest';
import { Person } from './person.ts';

describe('who tells of what would call people', () => {
  it.each([
    'mon frère a été enlevé hier à Koro',
    'ils ont pris mon frère hier soir à Sévaré, je ne sais pas où il est',
    "j'ai été violée par deux hommes hier",
    'la gendarmerie a arrêté mon mari hier',
    'mon père a été assassiné ce matin',
    'my brother was kidnapped yesterday in Gao',
  ])('as the first words ("%s") is offered SOS', (words) => {
    expect(new Person().writes(words).keys).toContain('bot.sos_offer');
  });
});
