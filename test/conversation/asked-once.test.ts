/** Nothing is asked twice, and nobody is welcomed back to what they never began. */
import { describe, expect, it } from 'vitest';
import { calmPerson, Person, walkTo } from './person.ts';

const hour = 3_600_000;

describe('a reporter who does not say where', () => {
  it('passes a place once, and not part by part', () => {
    const awa = walkTo(calmPerson(), 'report.place', { group: 'threats' }).writes('passer');
    expect(awa.at).not.toBe('report.place');
    expect(awa.state?.answers.place).toEqual({ kind: 'skipped' });
    const binta = walkTo(calmPerson(), 'report.place', { group: 'threats' }).picks('+not_said');
    expect(binta.state?.answers.place).toEqual({ kind: 'skipped' });
  });

  it('who was taken is not asked for the place again that was passed', () => {
    const coumba = walkTo(calmPerson(), 'report.taken_from', { group: 'arrested' }).writes('passer');
    expect(coumba.at).toBe('report.taken_by');
    const seen = new Set<string>();
    for (let i = 0; i < 60 && coumba.at !== 'report.review'; i++) {
      seen.add(coumba.at);
      coumba.presses('skip');
    }
    expect(coumba.at).toBe('report.review');
    expect(seen).not.toContain('report.place');
  });
});

describe('who only asked what this is', () => {
  const asked = () =>
    new Person().writes('bonjour').writes('non').writes("c'est quoi la CNDH ?").picks('+out');

  it('is not welcomed back to a report after an hour', () => {
    const person = asked().writes('bonjour', hour);
    expect(person.keys).not.toContain('bot.welcome_back');
    expect(person.at).toBe('menu.home');
  });

  it('is not told after days that answers were erased, and the answer is gone all the same', () => {
    const person = asked();
    expect(person.state?.due?.what).toBe('silence_over');
    person.does({ kind: 'silence_over' }, 72 * hour);
    expect(person.state?.answers.danger).toBeUndefined();
    expect(person.writes('bonjour').keys).not.toContain('bot.draft_forgotten');
  });

  it('and who had begun is told both', () => {
    const back = walkTo(calmPerson(), 'report.who').writes('bonjour', hour);
    expect(back.keys).toContain('bot.welcome_back');
    back.does({ kind: 'silence_over' }, 72 * hour).writes('bonjour');
    expect(back.keys).toContain('bot.draft_forgotten');
  });

  it.each(['ok', 'merci', "d'accord", 'oui merci', 'thanks'])('and says "%s" begins no report', (words) => {
    const person = asked().writes(words);
    expect(person.at).toBe('menu.home');
    expect(person.keys).toContain('menu.home.ask');
    expect(person.state?.answers.account).toBeUndefined();
  });
});
