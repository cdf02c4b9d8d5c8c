/** "Is the person free now?": who was visited, seen or found dead in prison is not free. */
import { describe, expect, it } from 'vitest';
import { Person } from './person.ts';
import { NOW, standing } from './standing.ts';

const ask = (words: string): Person => {
  const person = new Person({ at: NOW });
  person.state = standing('report.free_now', {});
  return person.writes(words);
};

describe('who is asked whether a prisoner is free now', () => {
  it.each([
    'oui on la visité hier',
    'oui on la vu en prison',
    'oui il est en prison',
    'oui il est toujours la bas',
    'oui mais ils lont repris',
    'oui on la retrouvé mort',
  ])('and says "%s" has not said that they are: the words are kept, and it is asked again', (words) => {
    const person = ask(words);
    expect(person.state?.answers.free_now).toBeUndefined();
    expect(person.at).toBe('report.free_now');
    expect(JSON.stringify([person.state?.kept, person.state?.answers.account])).toContain(words);
  });

  it.each(['oui', 'wi', 'oui merci', 'awo', 'oui oui'])('and says "%s" has', (words) => {
    expect(ask(words).state?.answers.free_now).toMatchObject({ value: 'yes' });
  });

  it.each(['non', 'non pas encore', 'non il est a la mca'])(
    'and says "%s" has said that they are not',
    (words) => {
      expect(ask(words).state?.answers.free_now).toMatchObject({ value: 'no' });
    },
  );
});
