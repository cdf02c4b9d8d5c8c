/** What is said of what was erased, of who writes, and of who can be reached is true of that person. */
import { describe, expect, it } from 'vitest';
import { calmPerson, Person, walkTo } from './person.ts';

const asked = (person: Person) =>
  person.did('tell_officer').flatMap((effect) => ('what' in effect ? [effect.what] : []));

describe('a reporter who refuses consent', () => {
  it('while people are called for them is not told that everything is erased, whatever they were called for', () => {
    const person = walkTo(calmPerson(), 'report.who', { phone_safe: 'yes' }).picks('self_under_18');
    expect(person.case?.level).toBe('urgent');
    for (let i = 0; i < 6 && person.at !== 'report.consent'; i++) person.presses('back');
    person.picks('no');
    expect(person.keys).toEqual(expect.arrayContaining(['bot.refused_later', 'bot.erase_requested']));
    expect(person.keys).not.toContain('report.refused_after_alert.say');
    expect(person.keys).not.toContain('report.refused.say');
    expect(person.did('keep_bare_alert')).toEqual([]);
    expect(person.inCase('who')).toEqual([{ kind: 'choice', value: 'self_under_18' }]);
    expect(asked(person)).toEqual(['erase_requested']);
  });

  it('of a second report is told that the first one stays', () => {
    const person = walkTo(calmPerson(), 'report.review').picks('+send');
    walkTo(person.picks('report'), 'report.consent', { danger: 'none' }).picks('no');
    expect(person.keys).toContain('bot.refused_beside_case');
    expect(person.keys).not.toContain('report.refused.say');
    expect(person.case).toMatchObject({ isSubmitted: true });
  });
});

describe('a reporter who writes "effacer"', () => {
  it('in a second report has that erased, and the team is asked to erase the first', () => {
    const person = walkTo(calmPerson(), 'report.review').picks('+send');
    walkTo(person.picks('report'), 'report.account', { danger: 'none' }).writes('effacer');
    expect(person.forgotten).toBe(1);
    expect(asked(person)).toEqual(['erase_requested']);
    expect(person.keys).toEqual(expect.arrayContaining(['bot.erased_beside_case', 'bot.erase_requested']));
    expect(person.keys).not.toContain('bot.erased');
  });

  it('after they refused a second one can still have the first one erased', () => {
    const person = walkTo(calmPerson(), 'report.review').picks('+send');
    walkTo(person.picks('report'), 'report.consent', { danger: 'none' }).picks('no').writes('effacer');
    expect(asked(person)).toEqual(['erase_requested']);
  });
});

describe('a reporter who is asked after SOS whether we may write', () => {
  const atSafe = () => new Person().writes('SOS').writes('Kati');
  const end = (person: Person) => person.keys.filter((key) => key.startsWith('sos.received_'));

  it.each(["non n'écrivez surtout pas", "non c'est dangereux", 'non il est à côté de moi'])(
    'and answers "%s" has said no',
    (words) => {
      const person = atSafe().writes(words);
      expect(person.state?.mayWrite).toEqual({ no: 'no' });
      expect(end(person)).toEqual(['sos.received_silent.say']);
      expect(JSON.stringify(person.case)).toContain(words.slice(4));
    },
  );

  it('and says "oui" with a condition has not said that we may write at any time', () => {
    expect(atSafe().writes('oui mais seulement quand il est parti').state?.mayWrite).not.toBe(true);
  });

  it('and names no hours is promised no message at any hour', () => {
    const person = atSafe().picks('certain_hours').presses('skip');
    expect(end(person)).toEqual(['sos.received_silent.say']);
    expect(person.keys).not.toContain('sos.find_again.say');
    expect(end(atSafe().picks('certain_hours').picks('night').presses('done'))).toEqual([
      'sos.received_later.say',
    ]);
  });

  it('and says neither yes nor no is told what will come', () => {
    expect(end(atSafe().presses('skip'))).toEqual(['sos.received_unsure.say']);
    expect(end(atSafe().writes('derrière la mairie').writes('ils sont quatre'))).toEqual([
      'sos.received_unsure.say',
    ]);
  });

  it('is not asked on a phone of which they have said that it is not safe, and nothing is written to it', () => {
    const person = walkTo(calmPerson(), 'report.account', { phone_safe: 'no' });
    person.writes('SOS').writes('Kati');
    expect(person.at).toBe('sos.go_on');
    expect(end(person)).toEqual(['sos.received_silent.say']);
    expect(person.state?.mayWrite).toEqual({ no: 'phone_unsafe' });
  });
});

describe('a reporter who wants to speak to a person', () => {
  const asksFor = (phone_safe: string) =>
    walkTo(calmPerson().writes("je veux parler à quelqu'un"), 'report.contact_how', { phone_safe });

  it('is told that they can be reached only if anybody can reach them', () => {
    expect(asksFor('yes').picks('here_any_time').keys).toContain('person.reachable.say');
    const unsafe = asksFor('no').picks('here_certain_hours');
    expect(unsafe.keys).toContain('person.unreachable_here.say');
    expect(unsafe.keys).not.toContain('report.silent_here.say');
    expect(unsafe.keys).not.toContain('person.reachable.say');
    const never = asksFor('yes').picks('no_contact');
    expect(never.keys).toContain('person.not_contacted.say');
    expect(never.keys).not.toContain('person.reachable.say');
    // A number that they write after a no is in the case, as they are told.
    expect(never.picks('no').writes('76 00 11 22, le soir').keys).toContain('bot.added_to_case');
  });

  it('whose report says that no one may contact them is told how that can change', () => {
    const person = walkTo(calmPerson(), 'report.review', { contact_how: 'no_contact' }).picks('+send');
    expect(person.writes('rappelez-moi').keys).toContain('bot.person_cannot_reach');
    const called = walkTo(calmPerson(), 'report.review').picks('+send').writes('rappelez-moi');
    expect(called.keys).not.toContain('bot.person_cannot_reach');
  });

  it('in the middle of an account is told that it goes with the wish', () => {
    const person = walkTo(calmPerson(), 'report.account').writes('On me suit').writes('rappelez-moi');
    expect(person.picks('here_any_time').keys).toContain('person.joined.say');
    expect(asksFor('yes').picks('here_any_time').keys).not.toContain('person.joined.say');
  });

  it('and writes "envoyer" is asked what is missing to be reached, and no report begins', () => {
    const person = asksFor('yes').writes('envoyer');
    const list = person.says.flatMap(({ lines }) => lines).find(({ key }) => key === 'bot.missing')?.params;
    expect(list).toEqual({ list: 'comment vous joindre' });
    expect(person.at).toBe('report.contact_how');
    person.picks('call').writes('76 00 11 22').picks('evening').writes('envoyer');
    expect(person.case).toMatchObject({ reason: 'person' });
    expect(person.at).toBe('menu.home');
  });
});
