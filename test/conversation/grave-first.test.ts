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
    const person = new Person().writes(words);
    expect(person.keys).toContain('bot.sos_offer');
    // Two minutes in silence count as "I do not know": at least urgent.
    expect(person.state?.due?.what).toBe('danger_unanswered');
    person.does({ kind: 'danger_unanswered' }, 120_000);
    expect(person.cases).toMatchObject([{ level: expect.stringMatching(/urgent|critical/) }]);
  });

  it.each([
    "j'ai été violée",
    'jai été violée par un militaire et je suis enceinte',
    'je me suis fait violer',
    "on m'a torturé à la gendarmerie",
  ])('of no day ("%s") is not put behind others: people are called once they agree', (words) => {
    const person = new Person().writes('bonjour').writes('non').picks('report').writes('oui');
    person.writes('oui').writes('moi').writes(words);
    expect(person.cases).toMatchObject([{ level: 'urgent' }]);
  });

  it('of long ago waits to be read', () => {
    const person = new Person().writes('bonjour').writes('non').picks('report').writes('oui');
    person.writes('oui').writes('moi').writes("j'ai été violée il y a dix ans");
    expect(person.cases).toEqual([]);
  });

  it('but asks what to do, or tells of long ago, is offered SOS at most, and no one is called while they are silent', () => {
    for (const words of [
      'que faire quand quelqu’un est enlevé ?',
      'ils ont brûlé ma maison il y a trois ans',
    ]) {
      const person = new Person().writes(words);
      expect(person.state?.due?.what).not.toBe('danger_unanswered');
    }
  });
});
