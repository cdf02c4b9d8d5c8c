/** Questions to us are answered in the first line, with a yes or a no, wherever they are asked. */
import { describe, expect, it } from 'vitest';
import { calmPerson, Person, walkTo } from '../person.ts';

const first = (words: string) => new Person({ hint: 'fr' }).writes(words);
const everything = (person: Person) => JSON.stringify([person.state?.answers, person.cases]);

describe('a person whose first words ask who we are', () => {
  it.each([
    ['vous etes la police ?', 'answer_police', 'Non.'],
    ['c est la gendarmerie ?', 'answer_police', 'Non.'],
    ['vs ete la polis ou koi', 'answer_police', 'Non.'],
    ['are u police', 'answer_police', 'No.'],
    ['vous travaillez pour l etat ?', 'answer_state', 'Oui.'],
    ['vs travaillé avec le gouvernement', 'answer_state', 'Oui.'],
    ['vous etes qui ?', 'answer_who', 'Ici,'],
    ['c est la cndh ?', 'answer_cndh', 'Oui.'],
    ['vous êtes un robot ?', 'answer_robot', 'Ici,'],
    ['c une machine ou une vrai personne ki repon', 'answer_robot', 'Ici,'],
    ['qui lit mes messages ?', 'answer_reader', 'Dans'],
    ['c ki ki va lire sa', 'answer_reader', 'Dans'],
    ['ca coute combien', 'answer_price', "C'est gratuit."],
    ["c'est payant ?", 'answer_price', "C'est gratuit."],
    ['fo payé koi pr avoir laide', 'answer_price', "C'est gratuit."],
    ['c combien la carte', 'answer_card', 'Ici, aucune carte'],
    ['vous répondez quand ?', 'answer_when', 'Ici,'],
  ])('"%s" reads the answer before anything else', (words, key, begins) => {
    const person = first(words);
    expect(person.keys.slice(0, 2)).toEqual([`bot.${key}`, 'bot.greeting']);
    expect(person.screen.startsWith(begins)).toBe(true);
    expect(everything(person)).not.toContain(words);
  });

  it.each(['aide ailleurs', 'ou je peu trouvé de laide a par vous'])(
    '"%s" is told of help outside the State, and nothing of it is an account',
    (words) => {
      const person = first(words);
      expect(person.keys).toContain('menu.outside.say');
      expect(everything(person)).not.toContain(words);
    },
  );

  it('however often they ask, is called danger by no one', () => {
    const person = first('bonjour').writes('vous êtes la police ?').writes("c'est payant ?").writes('c ki ?');
    expect(person.cases).toEqual([]);
  });
});

describe('a reporter who asks it in the middle', () => {
  it.each(['report.consent', 'report.who', 'report.contact_how', 'report.happened'])(
    'at %s reads the answer, and the same question again; it is kept apart, and is no answer',
    (path) => {
      const person = walkTo(calmPerson(), path);
      const before = JSON.stringify(person.state?.answers);
      person.writes('vous êtes la police ?');
      expect(person.keys[0]).toBe('bot.answer_police');
      expect(person.at).toBe(path);
      expect(JSON.stringify(person.state?.answers)).toBe(before);
      expect(JSON.stringify([person.state?.kept, person.cases])).toContain('vous êtes la police ?');
      expect(person.state?.misses).toBe(0);
    },
  );

  it('in the account reads the answer too, and every word is there', () => {
    const person = walkTo(calmPerson(), 'report.account').writes('vous êtes la police ?');
    expect(person.keys[0]).toBe('bot.answer_police');
    expect(JSON.stringify(person.state?.answers.account)).toContain('vous êtes la police ?');
  });

  it.each([
    ["c'est la police", 'report.account'],
    ["c'est la gendarmerie qui nous a frappés", 'report.account'],
    ['la police a dit que c est gratuit', 'report.account'],
  ])('and who only tells ("%s") has told it', (words, path) => {
    const person = walkTo(calmPerson(), path).writes(words);
    expect(JSON.stringify(person.state?.answers.account)).toContain(words);
    expect(person.keys.filter((key) => key.startsWith('bot.answer_'))).toEqual([]);
  });
});
