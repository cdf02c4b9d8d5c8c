/** What is written once a case is open: thanks get thanks, a question an answer. And the first words of a new phone. */
import { describe, expect, it } from 'vitest';
import { calmPerson, Person, walkTo } from './person.ts';

const sent = () => walkTo(calmPerson(), 'report.review').picks('+send');

describe('a reporter whose report is with the team', () => {
  it.each(['merci', 'merci beaucoup', 'ok', 'que dieu vous bénisse'])(
    'and writes "%s" is thanked',
    (words) => {
      const awa = sent().writes(words);
      expect(awa.keys[0]).toBe('bot.thanked_case');
      expect(awa.keys).not.toContain('bot.added_to_case');
      expect(awa.did('add_to_case')).toMatchObject([{ isCourtesy: true }]);
    },
  );

  it.each(['quand vous répondez ?', 'qui va s occuper de moi', 'est ce que le chef va savoir ?'])(
    'and asks "%s" hears that it is passed on, and where the case stands',
    (words) => {
      const binta = sent().writes(words);
      expect(binta.did('say_status')).toHaveLength(1);
      expect(binta.keys).not.toContain('bot.added_to_case');
      expect(JSON.stringify(binta.did('add_to_case'))).toContain(words);
    },
  );

  it('and tells something hears that it is added', () => {
    expect(sent().writes('Le préfet a téléphoné ce matin').keys[0]).toBe('bot.added_to_case');
  });
});

describe('a person who writes for the first time', () => {
  it('"effacer" is told that there is nothing, and not that something was erased', () => {
    const issa = new Person({ hint: 'fr' }).writes('effacer');
    expect(issa.keys[0]).toBe('bot.erase_nothing');
    expect(issa.keys).not.toContain('bot.erased');
    expect(issa.did('forget_draft')).toEqual([]);
    const awa = new Person({ hint: 'fr' }).writes('le maire me menace').writes('effacer');
    expect(awa.keys[0]).toBe('bot.erased');
  });

  it.each(['merci', 'ok merci', 'mrc'])('"%s" has told nothing', (words) => {
    const binta = new Person({ hint: 'fr' }).writes(words);
    expect(binta.keys).toContain('report.danger.ask');
    expect(binta.keys).not.toContain('bot.story_kept');
    expect(binta.state?.answers.account).toBeUndefined();
  });

  it('wants a person and then says "non" where the language is asked: asked once', () => {
    const coumba = new Person().writes('agent');
    expect(coumba.at).toBe('menu.language');
    coumba.writes('non');
    expect(coumba.at).toBe('report.danger');
    expect(coumba.state?.language).toBe('fr');
    expect(coumba.state?.answers.danger).toBeUndefined();
    expect(coumba.cases).toEqual([]);
    expect(coumba.state?.answers.ways).toMatchObject({ value: 'person' });
  });
});
