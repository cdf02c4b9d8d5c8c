import { describe, expect, it } from 'vitest';
import { inBambara, Person, walkTo } from './person.ts';

const WISHES = [
  'je veux signaler',
  'bonjour je voudrais faire un signalement svp',
  'je veux porter plainte',
  'hello i need to report',
  'i want to report a threat please',
  'signaler',
];

describe('a reporter who says that they want to report, and no more', () => {
  it.each(WISHES)(
    '"%s" is led to the report by the first words, and the account is still theirs to tell',
    (wish) => {
      const person = new Person({ hint: 'fr' }).writes(wish);
      expect(person.at).toBe('report.danger');
      expect(person.keys).not.toContain('bot.story_kept');
      expect(person.picks('none').at).toBe('report.consent');
      walkTo(person, 'report.account');
      expect(person.state?.answers.account).toBeUndefined();
      // Who can neither write nor speak finds the list; and what was never told is missing.
      expect(person.choices).toEqual(['+choose']);
      expect(person.writes('envoyer').keys).toContain('bot.missing');
    },
  );

  it.each(WISHES)('"%s" does the same at the three ways, in the menu, and in that of a case', (wish) => {
    const ways = new Person({ hint: 'fr' }).writes('bonjour').picks('none').writes(wish);
    expect(ways.at).toBe('report.consent');
    const home = new Person({ hint: 'fr' }).writes('bonjour').picks('none').picks('report').picks('no');
    expect(home.writes(wish).at).toMatch(/^report\.(consent|danger)$/);
    const sent = walkTo(new Person({ hint: 'fr' }).writes('bonjour'), 'report.review').picks('+send');
    expect(sent.writes(wish).keys).not.toContain('bot.added_to_case');
    expect(sent.at).toMatch(/^report\./);
    for (const person of [ways, home, sent]) expect(person.state?.answers.account).toBeUndefined();
  });

  it('in a report is asked again, and nothing of it is the account', () => {
    const person = walkTo(new Person({ hint: 'fr' }).writes('bonjour'), 'report.consent').writes('signaler');
    expect(person.keys).toEqual(['bot.yes_or_no', 'report.consent.ask']);
    expect(person.picks('yes').state?.answers.account).toBeUndefined();
  });

  it('in Bambara too', () => {
    const person = new Person({ deps: inBambara }).writes("n b'a fɛ ka ko lase");
    expect(person.picks('none').at).toBe('report.consent');
    expect(person.state?.answers.account).toBeUndefined();
  });

  it('and tells more with it has told it', () => {
    const said = 'je veux signaler que le maire a fermé notre radio';
    const person = new Person({ hint: 'fr' }).writes(said);
    expect(person.keys).toContain('bot.story_kept');
    expect(JSON.stringify(person.state?.answers.account)).toContain(said);
  });
});

describe('a reporter whose word begins several answers', () => {
  it('is asked which, and the word is no part of the account', () => {
    const person = walkTo(new Person({ hint: 'fr' }).writes('bonjour'), 'report.contact_how').writes('ici');
    expect(person.keys).toEqual(['bot.not_understood', 'report.contact_how.ask']);
    expect(JSON.stringify(person.state?.answers.account)).not.toContain('ici');
  });
});

describe('a reporter who is asked to send or go on', () => {
  it.each(['encore', 'continuer', 'more questions'])('and writes "%s" goes on', (words) => {
    const person = walkTo(new Person({ hint: 'fr' }).writes('bonjour'), 'report.review').writes(words);
    expect(person.at).toBe('report.group');
    expect(JSON.stringify(person.state?.answers.account)).not.toContain(words);
  });

  it('and writes "allez-y" sends: what is asked is whether to send now', () => {
    const person = walkTo(new Person({ hint: 'fr' }).writes('bonjour'), 'report.review');
    expect(person.screen).toContain("Voulez-vous l'envoyer maintenant ?");
    expect(person.writes('allez-y').state?.isSubmitted).toBe(true);
  });
});

describe('a voice note that is too big', () => {
  it('is told how big it may be', () => {
    const person = walkTo(new Person({ hint: 'fr' }).writes('bonjour'), 'report.who');
    person.does({ kind: 'file_refused', limit: 20_000_000, media: 'voice' });
    expect(person.screen).toContain('20 Mo');
  });
});

describe('a reporter who answers an old question about danger with a yes', () => {
  it('is passed on, and not offered what is done already', () => {
    const person = walkTo(new Person({ hint: 'fr' }).writes('bonjour'), 'report.who');
    person.replies('report.danger', '1');
    expect(person.case?.level).toBe('critical');
    expect(person.at).toBe('sos.where');
    expect(person.keys).not.toContain('bot.sos_offer');
    expect(person.commands[0]).not.toBe('sos');
  });
});
