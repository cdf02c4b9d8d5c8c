/** What the first message says counts. */
import { describe, expect, it } from 'vitest';
import { openingOf } from '../../../src/conversation/words/heard.ts';
import { calmPerson, Person, texts } from '../person.ts';
import { NOW, standing } from '../standing.ts';

describe('a person who begins with a story', () => {
  it('is thanked, keeps it as the account, and is asked about danger in that light', () => {
    const person = new Person().writes('depuis lundi on parle mal de moi a la radio');
    expect(person.keys).toEqual(['bot.greeting', 'bot.story_kept', 'report.danger.ask']);
    expect(person.screen).toContain('Merci de nous');
    expect(person.state?.answers.account).toMatchObject({
      parts: [{ kind: 'text', text: 'depuis lundi on parle mal de moi a la radio' }],
    });
    expect(person.state?.misses).toBe(0);
  });

  it('may greet first and tell then', () => {
    const person = new Person().writes('bonjour').writes('mes voisins me menacent');
    expect(person.keys).toEqual(['bot.story_kept', 'report.danger.ask']);
    expect(JSON.stringify(person.state?.answers.account)).toContain('mes voisins me menacent');
  });

  it.each([
    'ils veulent me tuer ce soir',
    'ya 3 hommes devant la porte',
    'ils ont des armes',
    'ils ont pris mon mari ce matin',
    'they took my husband this morning',
    'men with guns came to our house',
    'u ko u be na n faga',
  ])(
    'with a sign of danger in it ("%s") finds SOS in the first line, and two minutes of silence count',
    (words) => {
      const person = new Person().writes(words);
      expect(person.keys[0]).toBe('bot.sos_offer');
      expect(person.commands[0]).toBe('sos');
      expect(person.state?.due?.what).toBe('danger_unanswered');
      person.does({ kind: 'danger_unanswered' }, 120_000);
      expect(person.did('open_case')).toMatchObject([{ reason: 'danger', triage: { level: 'urgent' } }]);
      expect(JSON.stringify(person.inCase('account'))).toContain(words);
    },
  );

  it('without one is left the time to answer; with one after the danger question SOS is offered, and no clock runs', () => {
    expect(new Person().writes('on a ferme notre radio').state?.due?.what).toBe('silence_over');
    const told = new Person({ at: NOW });
    told.state = standing('report.account', {});
    expect(told.writes('il avait un fusil devant la porte').keys).toContain('bot.sos_offer');
    expect(told.state?.due?.what).toBe('silence_over');
  });

  it('finds SOS in the first line also for what stands beside a photo', () => {
    const person = new Person().does({
      kind: 'file',
      evidence: 'e1',
      media: 'photo',
      caption: 'ils sont devant la porte',
    });
    expect(person.keys[0]).toBe('bot.sos_offer');
    expect(person.state?.language).toBe('fr');
  });
});

describe('a person who begins with a question or a wish for a person', () => {
  it.each([
    ['je veux parler à quelqu’un', 'person', 'person'],
    ['vous pouvez m’appeler', 'person', 'person'],
    ['i want to talk to a person', 'person', 'person'],
    ['mes voisins me menacent', 'report', 'story'],
  ])('"%s" is asked about danger once and has chosen the way "%s"', (words, way, opening) => {
    expect(openingOf(texts, words)).toBe(opening);
    const person = new Person().writes(words);
    expect(person.at).toBe('report.danger');
    expect(person.keys).toContain(opening === 'story' ? 'bot.story_kept' : 'bot.question_first');
    expect(person.state?.answers.ways).toEqual({ kind: 'choice', value: way });
  });

  it.each(["c'est quoi le mécanisme", 'comment saisir la CNDH', 'what is the mechanism'])(
    'about the mechanism ("%s") reads at once, and is asked about danger on the way out',
    (words) => {
      expect(openingOf(texts, words)).toBe('information');
      const person = new Person().writes(words);
      expect(person.at).toMatch(/^mechanism\./);
      expect(person.keys[0]).toBe('bot.greeting');
      expect(person.state?.answers.ways).toBeUndefined();
      expect(person.commands).toContain('sos');
      expect(person.picks('+out').at).toBe('report.danger');
    },
  );

  it('for a person is led to one, not to the account', () => {
    const person = new Person().writes('je veux parler à quelqu’un').picks('none');
    expect(person.keys).toContain('person.wish.say');
    expect(person.at).toBe('report.consent');
  });

  it.each([
    ['je veux signaler, mes voisins me menacent', 'report.consent'],
    ['comment saisir la cndh', 'mechanism.refer'],
    ['quelqu’un peut me répondre', 'report.consent'],
  ])('says "%s" where the three ways stand as buttons, and is taken there', (words, path) => {
    const person = new Person().writes('bonjour').picks('none');
    expect(person.at).toBe('menu.ways');
    expect(person.writes(words).at).toBe(path);
    expect(person.keys).not.toContain('bot.words_kept');
  });

  it('asks in the menu too, and what a story says there is not taken for a question', () => {
    const home = () => {
      const person = new Person({ at: NOW });
      person.state = { ...standing('menu.home', {}), answers: { language: { kind: 'choice', value: 'fr' } } };
      return person;
    };
    const asked = home().writes('comment saisir la cndh');
    expect(asked.keys).toContain('mechanism.refer.title');
    expect(asked.at).toBe('mechanism.refer');
    expect(home().writes('quelqu’un peut me répondre').keys).toContain('bot.question_first');
    expect(home().writes('on a fermé notre radio hier').keys).toContain('bot.words_kept');
  });

  it('is no try to answer the danger question: no one is paged for curiosity', () => {
    const person = new Person()
      .writes('bonjour')
      .writes('comment saisir la cndh')
      .writes('c est quoi le mecanisme');
    expect(person.picks('+out').at).toBe('report.danger');
    expect(person.cases).toEqual([]);
    expect(person.state?.misses).toBe(0);
  });

  it('a question inside a story is a story', () => {
    expect(openingOf(texts, 'ils ont pris mon mari ce matin comment porter plainte')).toBe('story');
    expect(
      openingOf(
        texts,
        'mon frere a disparu il y a deux semaines sur la route de bandiagara et personne ne nous dit comment porter plainte',
      ),
    ).toBe('story');
  });
});

describe('an answer that cannot be one', () => {
  it('"1 et 3" where one can be chosen is told so, and two phone numbers are kept', () => {
    const person = calmPerson();
    person.state = standing('report.group', {});
    expect(person.writes('1 et 3').keys).toContain('bot.one_only');
    expect(person.at).toBe('report.group');
    expect(person.writes('76 00 11 22').keys).not.toContain('bot.one_only');
    expect(JSON.stringify(person.state?.answers.account)).toContain('76 00 11 22');
  });

  it.each(['je ne sais pas', 'passer'])('"%s" at consent gets a kind yes or no, and no refusal', (words) => {
    const person = calmPerson();
    person.state = standing('report.consent', {});
    person.writes(words);
    expect(person.keys).toContain('bot.yes_or_no');
    expect(person.keys).not.toContain('bot.cannot_skip');
    expect(person.at).toBe('report.consent');
  });

  it.each(['👍🏿👍🏿', '...', '!!', '🙏🏿🙏🏿'])('"%s" is not called words that are kept', (signs) => {
    const person = calmPerson();
    person.state = standing('report.who', {});
    person.state.answers = { ...person.state.answers };
    delete person.state.answers.account;
    person.writes(signs);
    expect(person.keys).toContain('bot.reaction_not_understood');
    expect(person.state?.answers.account).toBeUndefined();
  });

  it.each(['?', '???', '؟'])('"%s" gets help with the question, and an SOS button', (signs) => {
    const person = calmPerson();
    person.state = standing('report.who', {});
    person.writes(signs);
    expect(person.keys).toContain('report.who.help');
    expect(person.commands).toContain('sos');
  });

  it('signs are not silence: two of them at the danger question reach a person', () => {
    const person = new Person().writes('bonjour').writes('...').writes('!!');
    expect(person.did('open_case')).toHaveLength(1);
  });
});

describe('an answer with words around it', () => {
  const at = (path: string): Person => {
    const person = new Person({ at: NOW });
    person.state = standing(path, {});
    return person;
  };

  it('"oui mais pas mon nom" is no consent: the words are kept and the question comes again', () => {
    const person = at('report.consent').writes('oui mais pas mon nom');
    expect(person.at).toBe('report.consent');
    expect(JSON.stringify([person.state?.answers.account, person.state?.kept])).toContain(
      'oui mais pas mon nom',
    );
  });

  it('"oui pas maintenant" is no yes', () => {
    expect(at('report.consent').writes('oui pas maintenant').at).toBe('report.consent');
  });

  it('a yes to danger is one whatever follows, a no only when nothing does', () => {
    const yes = new Person().writes('bonjour').writes('oui ils me cherchent dans tout le quartier');
    expect(yes.did('open_case')).toHaveLength(1);
    expect(JSON.stringify(yes.case?.entries)).toContain('dans tout le quartier');
    const no = new Person().writes('bonjour').writes('non mais ils ont dit qu ils reviennent');
    expect(no.at).toBe('report.danger');
  });

  it('a part of a label chooses it, but never the one that says no', () => {
    expect(at('report.contact_how').writes('appel').state?.answers.contact_how).toMatchObject({
      value: 'call',
    });
    expect(at('report.contact_how').writes('contactez').state?.answers.contact_how).toBeUndefined();
  });
});
