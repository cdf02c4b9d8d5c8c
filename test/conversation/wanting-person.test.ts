import { describe, expect, it } from 'vitest';
import { calmPerson, Person, walkTo } from './person.ts';

/** Says yes to what stands between the wish and how to be reached. */
const agrees = (person: Person): Person =>
  walkTo(person, 'report.contact_how', { consent: 'yes', phone_safe: 'yes', danger: 'none' });

/** What the team was shown of the wish. */
const wishes = (person: Person) =>
  person.did('tell_officer').filter((effect) => 'what' in effect && effect.what === 'wants_person');

describe('a reporter who wants to speak to a person', () => {
  it('is asked for consent, and how and when to be reached, and nothing else; the team has it in a case', () => {
    const person = calmPerson().writes("je veux parler à quelqu'un");
    expect(person.keys).toEqual(['person.wish.say', 'report.consent.ask']);
    const asked: string[] = [];
    for (const pick of [
      () => person.picks('yes'),
      () => person.picks('yes'),
      () => person.picks('call'),
      () => person.writes('76 00 00 00'),
      () => person.picks('evening').writes('terminé'),
    ]) {
      asked.push(person.at);
      pick();
    }
    const steps = ['consent', 'phone_safe', 'contact_how', 'contact_number', 'contact_hours'];
    expect(asked).toEqual(steps.map((step) => `report.${step}`));
    expect(person.at).toBe('menu.home');
    expect(person.case).toMatchObject({ reason: 'person', level: 'low', isSubmitted: false });
    expect(person.inCase('contact_how')).toMatchObject([{ value: 'call' }]);
    expect(person.inCase('contact_hours')).toMatchObject([{ values: ['evening'] }]);
    expect(wishes(person)).toHaveLength(1);
    expect(person.did('say_status')).toHaveLength(1);
    // What is written next is for that person.
    expect(person.writes('C’est pour ma sœur').keys).toContain('bot.added_to_case');
  });

  it.each(['rappelez-moi', 'AGENT', 'Je veux parler à quelqu’un', 'a human', 'call me back'])(
    'is understood at a question with buttons when they write "%s"',
    (words) => {
      expect(calmPerson().writes(words).keys).toContain('person.wish.say');
    },
  );

  it('is asked about danger first, at the first message too', () => {
    for (const words of ['rappelez-moi', "bonjour je voudrais parler à quelqu'un svp"]) {
      const first = new Person({ hint: 'fr' }).writes(words);
      expect(first.at).toBe('report.danger');
      expect(first.case).toBeUndefined();
      expect(first.picks('none').at).toBe('report.consent');
      expect(first.keys[0]).toBe('person.wish.say');
    }
  });

  it('and is in danger is passed on first, as always, and then asked only how to be reached', () => {
    const person = new Person({ hint: 'fr' }).writes('rappelez-moi').picks('now');
    expect(person.did('open_case')).toMatchObject([{ reason: 'danger', triage: { level: 'critical' } }]);
    walkTo(person, 'sos.go_on').picks('continue');
    agrees(person).picks('here_any_time');
    expect(person.at).toBe('menu.home');
    expect(person.cases).toHaveLength(1);
    expect(wishes(person)).toHaveLength(1);
  });

  it('in the middle of a report keeps what was said, is not asked anything twice, and can go on with it', () => {
    const person = walkTo(calmPerson(), 'report.account')
      .writes('On me suit depuis lundi.')
      .writes('terminé');
    person.writes('je veux parler à une personne');
    expect(person.at).toBe('report.contact_how');
    person.picks('here_any_time');
    expect(person.case).toMatchObject({ reason: 'person' });
    expect(person.inCase('account')).toMatchObject([{ parts: [{ text: 'On me suit depuis lundi.' }] }]);
    expect(person.inCase('who')).toHaveLength(1);
    walkTo(person.picks('report'), 'report.review').picks('+send');
    expect(person.cases).toHaveLength(1);
    expect(person.case).toMatchObject({ isSubmitted: true });
  });

  it('whose report is sent is shown in that case, with no question', () => {
    const person = walkTo(calmPerson(), 'report.review').picks('+send');
    expect(person.at).toBe('menu.home');
    for (const says of [() => person.writes('rappelez-moi'), () => person.picks('person')]) {
      says();
      expect(wishes(person)).toHaveLength(1);
      expect(person.did('say_status')).toHaveLength(1);
      expect(person.did('open_case')).toEqual([]);
      expect(person.at).toBe('menu.home');
    }
  });

  it('while people are being called for them is shown there, and the question stays', () => {
    const person = new Person({ hint: 'fr' }).writes('SOS').writes('/person');
    expect(wishes(person)).toHaveLength(1);
    expect(person.at).toBe('sos.where');
  });

  it('and had said "do not contact me" is asked again how', () => {
    const person = walkTo(calmPerson(), 'report.contact_how').picks('no_contact');
    person.writes('parler à une personne');
    expect(person.at).toBe('report.contact_how');
  });

  it('and does not agree leaves nothing behind', () => {
    const person = calmPerson().writes('rappelez-moi').picks('no');
    expect(person.case).toBeUndefined();
    expect(person.forgotten).toBe(1);
    expect(wishes(person)).toEqual([]);
    // It was no choice for ever: a report is a report again.
    walkTo(person.picks('report'), 'report.account', { danger: 'none' });
  });

  it('can choose it where the ways on are offered, and in the menu', () => {
    const first = new Person({ hint: 'fr' }).writes('bonjour').picks('none');
    expect(first.at).toBe('menu.ways');
    expect(first.picks('person').keys).toEqual(['person.wish.say', 'report.consent.ask']);
    const later = calmPerson().picks('no').picks('person').picks('none');
    expect(later.keys).toEqual(['person.wish.say', 'report.consent.ask']);
    agrees(later).picks('here_any_time');
    expect(later.case).toMatchObject({ reason: 'person' });
  });

  const unsafePhone = (person: Person): Person =>
    walkTo(person, 'report.contact_how', { consent: 'yes', phone_safe: 'no', danger: 'none' });

  it('and cannot be reached is noted first, and then asked at once whether there is another way', () => {
    const person = unsafePhone(calmPerson().writes('rappelez-moi')).picks('here_certain_hours');
    expect(person.keys).toContain('person.unreachable_here.say');
    expect(person.case).toMatchObject({ reason: 'person' });
    expect(wishes(person)).toHaveLength(1);
    expect(person.at).toBe('person.other_way');
    expect(person.choices).toEqual(['yes', 'no']);
    person.picks('yes');
    expect(person.at).toBe('report.contact_how');
    person.picks('call').writes('76 00 00 00').picks('evening').writes('terminé');
    expect(person.keys).toContain('person.reachable.say');
    expect(person.at).toBe('menu.home');
    // Nothing is lost: both ways lie in the case, one wish, and nobody is written to here.
    expect(person.inCase('contact_how')).toMatchObject([{ value: 'here_certain_hours' }, { value: 'call' }]);
    expect(person.inCase('contact_number')).toMatchObject([{ text: '76 00 00 00' }]);
    expect(person.cases).toHaveLength(1);
    expect(wishes(person)).toEqual([]);
    expect(person.state?.mayWrite).toEqual({ no: 'call' });
  });

  it.each([
    ['does not want to be contacted', 'no_contact', 'person.not_contacted.say', { no: 'no_contact' }],
    ['names no hours', 'here_certain_hours', 'report.no_hours_here.say', { no: 'hours_unsaid' }],
  ])('and %s is asked it too, and a no changes nothing', (_, how, told, mayWrite) => {
    const person = agrees(calmPerson().writes('rappelez-moi')).picks(how);
    if (person.at === 'report.contact_hours') person.presses('skip');
    expect(person.keys).toContain(told);
    expect(person.at).toBe('person.other_way');
    person.writes('non');
    expect(person.keys).toContain('person.stays.say');
    expect(person.at).toBe('menu.home');
    expect(person.inCase('contact_how')).toHaveLength(1);
    expect(person.state?.mayWrite).toEqual(mayWrite);
  });

  it('and again chooses what reaches no one is told so again, and kept at it no longer; a new wish asks anew', () => {
    const person = unsafePhone(calmPerson().writes('rappelez-moi')).picks('here_certain_hours').picks('yes');
    person.picks('no_contact');
    expect(person.keys).toContain('person.not_contacted.say');
    expect(person.at).toBe('menu.home');
    person.writes('rappelez-moi');
    expect(person.at).toBe('report.contact_how');
    person.picks('trusted_person').writes('Ma soeur 66 00 00 00').presses('skip');
    expect(person.at).toBe('menu.home');
    expect(person.state?.mayWrite).toEqual({ no: 'trusted_person' });
    expect(person.cases).toHaveLength(1);
  });

  const unreachable = () => unsafePhone(calmPerson().writes('rappelez-moi')).picks('here_certain_hours');

  it.each([
    ['76123456', 'call'],
    ['appelez le 76 00 00 00 le soir', 'call'],
    ['oui 76 00 00 00', 'call'],
    ['oui, appelez ma soeur au +223 76 00 00 00', 'trusted_person'],
  ])('and writes "%s" in place of a yes has said which way: by a call there', (words, how) => {
    const person = unreachable().writes(words);
    // Not asked how once more, and no account of what happened.
    expect(person.at).toBe('report.contact_hours');
    expect(person.keys).not.toContain('person.ask_again.say');
    expect(person.state?.answers.account).toBeUndefined();
    person.picks('evening').writes('terminé');
    expect(person.keys).toContain('person.reachable.say');
    expect(person.at).toBe('menu.home');
    expect(person.inCase('contact_how').at(-1)).toEqual({ kind: 'choice', value: how });
    expect(person.inCase('contact_number')).toMatchObject([{ text: words }]);
    expect(person.case?.level).toBe('low');
    expect(person.state?.mayWrite).toEqual({ no: how });
  });

  it('and writes "par un appel" there is asked for the number, and with a no it is no', () => {
    expect(unreachable().writes('par un appel').at).toBe('report.contact_number');
    const person = unreachable().writes('non, pas le 76 00 00 00');
    expect(person.at).toBe('menu.home');
    expect(person.inCase('contact_how')).toMatchObject([{ value: 'here_certain_hours' }]);
    expect(JSON.stringify(person.case)).toContain('76 00 00 00');
  });

  it('and replies to the question with a number has said which way, also where it stands further up', () => {
    const person = unreachable().picks('yes').replies('person.other_way', '76 00 00 00');
    expect(person.at).toBe('report.contact_hours');
    person.presses('skip');
    expect(person.inCase('contact_how').at(-1)).toEqual({ kind: 'choice', value: 'call' });
    expect(person.inCase('contact_number')).toMatchObject([{ text: '76 00 00 00' }]);
    // When all is said it is added to the case, and not lost.
    const over = unreachable().writes('non').replies('person.other_way', '76 00 00 00');
    expect(over.keys).toContain('bot.added_to_case');
    expect(JSON.stringify(over.inCase('account'))).toContain('76 00 00 00');
  });

  it('and writes what is no number there is not asked for ever', () => {
    const person = unreachable().writes('le numéro de mon voisin');
    expect(person.at).toBe('person.other_way');
    expect(person.writes('je ne le sais plus').at).toBe('menu.home');
  });

  it('on a phone that is not safe is not offered it again as another way; a reply to the old question says nothing', () => {
    const person = unreachable().picks('yes');
    expect(person.choices).toEqual(['call', 'trusted_person', 'no_contact']);
    expect(person.writes('ici').at).toBe('report.contact_how');
    // "1" was "here" where they quote it, and would be a call where they are.
    const quoting = unreachable();
    const said = quoting.state?.asked?.findLast(({ path }) => path === 'report.contact_how')?.at ?? 0;
    quoting.picks('yes').quoted = new Date(said);
    quoting.writes('1');
    expect(quoting.at).toBe('report.contact_how');
    expect(quoting.keys).toContain('bot.stale_button');
    // Where only the hours were missing, here is as good as before.
    const safe = agrees(calmPerson().writes('rappelez-moi')).picks('here_certain_hours').presses('skip');
    expect(safe.picks('yes').choices).toContain('here_any_time');
  });

  it('is told what they may write once nothing is asked any more, not between two questions', () => {
    const person = unreachable();
    expect(person.keys).not.toContain('person.tell.say');
    person.writes('76 00 00 00').presses('skip');
    expect(person.keys).toContain('person.tell.say');
    expect(person.at).toBe('menu.home');
    expect(agrees(calmPerson().writes('rappelez-moi')).picks('here_any_time').keys).toContain(
      'person.tell.say',
    );
  });

  it('and looked for another way comes back after three days: it is said that it is still open', () => {
    const days = 80 * 3_600_000;
    const person = unreachable().picks('yes').writes('partir').writes('bonjour', days);
    expect(person.at).toBe('menu.home');
    expect(person.keys).toContain('bot.way_still_open');
    expect(person.writes('bonjour').keys).not.toContain('bot.way_still_open');
    person.writes('76 00 00 00 le soir');
    expect(JSON.stringify(person.case)).toContain('76 00 00 00');
    const half = unreachable().picks('yes').picks('call').writes('bonjour', days);
    expect(half.keys).toContain('bot.way_still_open');
    // Whose way is said is told nothing of it.
    const done = unreachable().writes('76 00 00 00').presses('skip').writes('bonjour', days);
    expect(done.keys).not.toContain('bot.way_still_open');
  });

  it('is not taken for one who answers: at a question for words "agent" is an answer, and the way is offered', () => {
    const person = walkTo(calmPerson(), 'report.account').writes('agent');
    expect(person.at).toBe('report.account');
    expect(person.state?.answers.account).toMatchObject({ parts: [{ text: 'agent' }] });
    expect(person.commands).toContain('person');
    expect(person.presses('person').at).not.toBe('report.account');
  });
});

describe('a reporter who wants a person and reads about the mechanism on the way', () => {
  const wanting = () => new Person().writes("je veux parler à quelqu'un");
  const reads = (person: Person, how: string) => person.writes(how).picks('mechanism.refer').picks('+out');

  it.each(['report.consent', 'report.phone_safe', 'report.contact_how', 'report.contact_hours'])(
    'and left %s for it still wants a person, and the team sees it',
    (path) => {
      const person = walkTo(wanting(), path, { contact_how: 'here_certain_hours' });
      reads(person, 'comprendre');
      expect(person.at).toBe(path);
      walkTo(person, 'report.contact_hours', { contact_how: 'here_certain_hours' });
      person.picks('evening').writes('terminé');
      expect(person.at).toBe('menu.home');
      expect(person.case?.reason).toBe('person');
      expect(wishes(person)).toHaveLength(1);
    },
  );

  it('and looks for another way to be reached is told that it is noted, not read a report back', () => {
    const person = walkTo(wanting(), 'report.contact_how').picks('no_contact');
    expect(person.at).toBe('person.other_way');
    person.picks('yes');
    reads(person, 'comprendre').picks('here_any_time');
    expect(person.at).toBe('menu.home');
    expect(person.state?.answers.who).toBeUndefined();
  });

  it('and reports instead, from the room, does not ask for one any more', () => {
    const person = walkTo(wanting(), 'report.contact_how').picks('no_contact').writes('comprendre');
    person.picks('report');
    expect(person.at).toBe('report.who');
    expect(person.state?.answers.ways).toBeUndefined();
  });
});
