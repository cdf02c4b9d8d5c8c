import { describe, expect, it } from 'vitest';
import { calmPerson, Person, walkTo } from './person.ts';

describe('a person who needs help now', () => {
  it('is passed on first and asked two questions after', () => {
    const person = new Person().writes('bonjour').picks('now');
    expect(person.effects[0]).toMatchObject({
      type: 'open_case',
      reason: 'danger',
      triage: { level: 'critical' },
    });
    expect(person.keys).toEqual(['bot.danger_received', 'sos.where.ask']);
    person.writes('Bamako, Badalabougou');
    expect(person.did('add_to_case')).toHaveLength(1);
    expect(person.at).toBe('sos.safe');
    person.picks('no');
    expect(person.did('set_contact_safety')).toEqual([
      { type: 'set_contact_safety', mayWrite: { no: 'no' } },
    ]);
    expect(person.at).toBe('sos.go_on');
    expect(person.picks('continue').at).toBe('report.consent');
  });

  it('is told to go to safety only if they said that they are in danger; an answer about another person is thanked for', () => {
    const calm = walkTo(calmPerson(), 'report.kind', { group: 'threats' }).picks('death_threat');
    expect(calm.did('open_case')).toMatchObject([{ reason: 'danger', triage: { level: 'urgent' } }]);
    expect(calm.keys[0]).toBe('bot.danger_in_answer');
    expect(calm.screen).toContain('Vous pouvez continuer.');
    expect(calm.screen).not.toContain('lieu sûr, allez-y');
  });

  it('can do so in the middle of any question, and the answers so far go along', () => {
    const person = walkTo(calmPerson(), 'report.suspect').writes('SOS');
    expect(person.did('open_case')).toMatchObject([{ reason: 'sos', triage: { level: 'critical' } }]);
    expect(person.inCase('account')).toHaveLength(1);
    walkTo(person, 'report.suspect');
  });

  it('who presses SOS again joins the open alert and says anew where they are', () => {
    const person = new Person().writes('SOS').writes('sos');
    expect(person.did('sos_again')).toHaveLength(1);
    expect(person.did('open_case')).toEqual([]);
    expect(person.at).toBe('sos.where');
    walkTo(person, 'report.consent').writes('SOS');
    expect(person.did('sos_again')).toHaveLength(1);
    expect(person.at).toBe('sos.where');
    expect(person.state?.sosCount).toBe(3);
  });

  it('whose report or wish lies with the team, and who never had an alert, is told what is said to a first SOS', () => {
    const sent = walkTo(calmPerson(), 'report.review').picks('+send').writes('SOS');
    const wishing = walkTo(calmPerson().writes("je veux parler à quelqu'un"), 'report.contact_how');
    for (const person of [sent, wishing.picks('here_any_time').writes('SOS')]) {
      expect(person.keys).toContain('bot.sos_received');
      expect(person.keys).not.toContain('bot.sos_again');
      expect(person.case?.level).toBe('critical');
      expect(person.did('sos_again')).toHaveLength(1);
      expect(person.writes('SOS').keys).toContain('bot.sos_again');
    }
  });

  it('who reports again and then cries for help joins the alert of the first report, with what they said', () => {
    const person = walkTo(new Person().writes('SOS'), 'report.review').picks('+send');
    expect(person.at).toBe('menu.home');
    walkTo(person.picks('report'), 'report.account', { danger: 'none' }).writes('on nous suit depuis hier');
    expect(person.state?.reference).toBeUndefined();
    expect(person.writes('statut').did('say_status')).toHaveLength(1);
    expect(person.writes('fausse alerte').did('tell_officer')).toMatchObject([{ what: 'mistake' }]);

    person.writes('SOS');
    expect(person.did('open_case')).toEqual([]);
    expect(person.did('sos_again')).toHaveLength(1);
    expect(person.inCase('account').at(-1)).toMatchObject({ parts: [{ text: 'on nous suit depuis hier' }] });
    expect(person.state?.reference).toBe('REF-1');
    expect(person.state?.sosCount).toBe(2);
  });

  it('whose first report woke no one gets an alert of its own', () => {
    const person = walkTo(calmPerson(), 'report.review').picks('+send');
    walkTo(person.picks('report'), 'report.account').writes('SOS');
    expect(person.did('open_case')).toMatchObject([{ reason: 'sos' }]);
  });

  it('who begins with SOS is passed on at once, with everything they wrote', () => {
    for (const text of [
      'SOS je suis à Kati',
      'Sos, ils sont devant la porte',
      'S.O.S. help me please they come',
    ]) {
      const first = new Person().writes(text);
      expect(first.did('open_case')).toMatchObject([{ reason: 'sos', triage: { level: 'critical' } }]);
      expect(first.inCase('account')).toMatchObject([{ parts: [{ text }] }]);
      expect(first.at).toBe('sos.where');
      const inBetween = walkTo(calmPerson(), 'report.suspect').writes(text);
      expect(inBetween.did('open_case')).toHaveLength(1);
      expect(inBetween.inCase('account').at(-1)).toMatchObject({ parts: [{}, { text }] });
    }
  });

  it('who says SOS again with where they are has answered the question', () => {
    const person = new Person().writes('SOS').writes('SOS je suis à Kati');
    expect(person.did('sos_again')).toEqual([]);
    expect(person.inCase('where')).toMatchObject([{ text: 'SOS je suis à Kati' }]);
  });

  it('who writes a word of alarm before saying whether they are in danger, and then nothing, is passed on', () => {
    const person = new Person().writes('Bonjour, il y a des gens, au secours vite');
    expect(person.keys).toContain('bot.sos_offer');
    expect(person.state?.due?.what).toBe('danger_unanswered');
    expect(person.does({ kind: 'danger_unanswered' }, 120_000).did('open_case')).toMatchObject([
      { triage: { level: 'urgent' } },
    ]);
  });

  it('who writes an SOS word inside a story is offered SOS, and the story is kept', () => {
    const person = walkTo(calmPerson(), 'report.account').writes('Hier on a crié au secours dans la rue');
    expect(person.did('open_case')).toEqual([]);
    expect(person.keys).toContain('bot.sos_offer');
    expect(person.commands).toContain('sos');
    expect(person.state?.answers.account).toMatchObject({
      parts: [{ text: 'Hier on a crié au secours dans la rue' }],
    });
    expect(person.presses('sos').did('open_case')).toHaveLength(1);
  });

  it('who says where they are in alarming words is not offered what they have just pressed', () => {
    const person = new Person().writes('SOS').writes('je suis en danger près de Kati');
    expect(person.keys).not.toContain('bot.sos_offer');
    expect(person.inCase('where')).toMatchObject([{ text: 'je suis en danger près de Kati' }]);
  });

  it('who refuses consent after an alert leaves only that a person asked for help', () => {
    const person = walkTo(new Person().writes('SOS'), 'report.consent').picks('no');
    expect(person.did('keep_bare_alert')).toHaveLength(1);
    expect(person.case?.isBare).toBe(true);
    expect(person.at).toBe('menu.home');
    walkTo(person.picks('report').writes('encore'), 'report.consent');
    expect(person.case?.entries).toEqual([]);
  });

  it('who refuses consent and then agrees is listened to again', () => {
    const person = walkTo(new Person().writes('SOS'), 'report.consent').picks('no').picks('report');
    walkTo(person, 'report.who');
    expect(person.inCase('consent')).toEqual([{ kind: 'choice', value: 'yes' }]);
  });

  it('who is in danger again after having refused consent is heard at once', () => {
    const person = walkTo(new Person().writes('SOS'), 'report.consent')
      .picks('no')
      .picks('report')
      .picks('now');
    expect(person.did('sos_again')).toHaveLength(1);
  });

  it('who pauses can go on later where they were', () => {
    const person = walkTo(new Person().writes('SOS'), 'sos.go_on').picks('pause');
    expect(person.at).toBe('menu.home');
    person.picks('report');
    expect(person.at).toBe('sos.go_on');
    expect(person.picks('continue').at).toBe('report.consent');
  });

  it('who goes back to say "not now" can go on later as well', () => {
    const person = walkTo(new Person().writes('SOS'), 'report.phone_safe').presses('back').presses('back');
    expect(person.at).toBe('sos.go_on');
    expect(person.picks('pause').at).toBe('menu.home');
    expect(person.picks('report').at).toBe('sos.go_on');
  });

  it('whose later answers are worse raises the level, and nothing lowers it', () => {
    const person = new Person().writes('bonjour').picks('within_24h');
    expect(person.case?.level).toBe('urgent');
    walkTo(person, 'report.group').picks('violence').writes('Meurtre');
    walkTo(person, 'report.medical_now', { group: 'violence' }).picks('yes');
    expect(person.did('raise_level')).toMatchObject([{ triage: { level: 'critical' } }]);
    person.presses('back').picks('no');
    expect(person.did('raise_level')).toEqual([]);
    expect(person.state?.level).toBe('critical');
  });

  it('who writes "fausse alerte" is shown to the officer and closes nothing', () => {
    const person = new Person().writes('SOS').writes('fausse alerte');
    expect(person.did('tell_officer')).toEqual([{ type: 'tell_officer', what: 'mistake' }]);
    expect(person.state?.isCaseOpen).toBe(true);
    expect(person.keys).toContain('bot.mistake_noted');
  });

  it.each(['erreur', 'annuler'])(
    'who writes "%s" when asked where they are has the word kept, and the button for a mistake beside it',
    (words) => {
      const person = new Person().writes('SOS').writes(words);
      expect(person.did('tell_officer')).toEqual([]);
      expect(person.inCase('where')).toEqual([{ kind: 'text', text: words }]);
      expect(person.commands).toContain('mistake');
      person.presses('mistake');
      expect(person.did('tell_officer')).toEqual([{ type: 'tell_officer', what: 'mistake' }]);
    },
  );

  it('who writes "effacer" has nothing erased by a word that a captor could type', () => {
    const person = new Person().writes('SOS').writes('tout effacer');
    expect(person.did('forget_draft')).toEqual([]);
    expect(person.did('tell_officer')).toEqual([{ type: 'tell_officer', what: 'erase_requested' }]);
  });

  it.each([
    ['fausse alerte', 'mistake'],
    ['effacer', 'erase'],
  ])('who wrote "%s" before it, and whose cry for help passed it, was not forced', (words, what) => {
    const saidAfter = (ms: number) => {
      const person = new Person().writes('SOS');
      person.writtenAt = new Date(person.now.getTime() + ms);
      return person.writes(words).did('tell_officer');
    };
    expect(saidAfter(-1_000)).toEqual([{ type: 'tell_officer', what: `${what}_before` }]);
    // Messengers tell whole seconds: in the same one it may be another person who types.
    expect(saidAfter(0)).toEqual(new Person().writes('SOS').writes(words).did('tell_officer'));
  });

  it('who takes the danger back after the alert left is told that it stays open', () => {
    const person = new Person().writes('bonjour').picks('now');
    person.writes('retour').picks('none');
    expect(person.keys).toContain('bot.alert_stays');
    expect(person.case?.level).toBe('critical');
    // Nothing was taken back where nothing had been said.
    expect(new Person().writes('bonjour').picks('none').keys).not.toContain('bot.alert_stays');
    const unsure = new Person().writes('bonjour').picks('now').writes('retour').picks('within_24h');
    expect(unsure.keys).not.toContain('bot.alert_stays');
  });

  it('who blocks the service is shown to the officer without a word', () => {
    const person = new Person().writes('SOS').does({ kind: 'blocked' });
    expect(person.effects).toEqual([{ type: 'tell_officer', what: 'blocked' }]);
    // Nobody has blocked anything: the messenger says what it is.
    person.does({ kind: 'blocked', because: 'new_phone' });
    expect(person.effects).toEqual([{ type: 'tell_officer', what: 'new_phone' }]);
  });

  it('who asks gets the truth about the case', () => {
    const person = new Person().writes('SOS').writes('statut');
    expect(person.did('say_status')).toHaveLength(1);
    expect(person.at).toBe('sos.where');
  });
});

describe('a cry for help that is polite', () => {
  it.each([
    'au secours svp',
    "à l'aide svp",
    'a l aide svp',
    'aidez nous svp',
    'svp aidez moi',
    'sauvez moi svp',
    'urgence svp',
    "AU SECOURS S'IL VOUS PLAIT",
    'svp svp au secouuurs',
  ])('"%s" calls people at once, first or later', (words) => {
    for (const person of [new Person({ hint: 'fr' }), new Person({ hint: 'fr' }).writes('bonjour')]) {
      person.writes(words);
      expect(person.case).toMatchObject({ level: 'critical', reason: 'sos' });
    }
  });

  it.each(['merci', 'svp', 'merci svp', 'un avocat svp', 'no danger', 'non danger', 'danger non merci'])(
    'but "%s" calls nobody',
    (words) => {
      expect(new Person({ hint: 'fr' }).writes(words).case).toBeUndefined();
    },
  );
});
