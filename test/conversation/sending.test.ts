/** "Envoyer": at every step it sends, or says what is missing and asks for it. */
import { describe, expect, it } from 'vitest';
import { calmPerson, conversation, Person, walkTo } from './person.ts';

const missingOf = (person: Person) =>
  person.says.flatMap(({ lines }) => lines).find(({ key }) => key === 'bot.missing')?.params?.list;

describe('a reporter who writes "envoyer"', () => {
  it('before anything was said is told that nothing is sent, and asked again', () => {
    const person = new Person().writes('bonjour').writes('envoyer');
    expect(person.keys[0]).toBe('bot.not_sent');
    expect(person.keys).not.toContain('bot.missing');
  });

  it('before the account is told what is missing, and asked the first of it', () => {
    const person = walkTo(calmPerson(), 'report.phone_safe').writes('envoyer');
    expect(person.keys).toEqual(['bot.not_sent', 'bot.missing', 'report.who.ask']);
    expect(missingOf(person)).toBe('personne concernée, votre récit, comment vous joindre');
    expect(person.did('submit')).toEqual([]);
  });

  it('after the last words of the account has ended it, and is asked how to be reached', () => {
    const person = walkTo(calmPerson(), 'report.account').writes('On me suit').writes('envoyer');
    expect(person.at).toBe('report.contact_how');
    expect(missingOf(person)).toBe('comment vous joindre');
    expect(person.writes('envoyer').at).toBe('report.contact_how');
    expect(person.picks('here_any_time').at).toBe('report.review');
    expect(person.writes('envoyer').did('submit')).toHaveLength(1);
  });

  it.each(['report.group', 'report.happened', 'report.needs', 'report.evidence', 'report.steps_taken'])(
    'at %s has sent, with what was answered so far and what was half chosen',
    (path) => {
      const person = walkTo(calmPerson(), path, { suspect: 'state_security' });
      expect(person.commands).toContain('send');
      if (path === 'report.needs') person.picks('legal');
      person.writes('envoyer');
      expect(person.did('submit')).toHaveLength(1);
      expect(person.inCase('account')).toHaveLength(1);
      if (path === 'report.needs') expect(person.inCase('needs')).toHaveLength(1);
      expect(person.at).toBe('menu.home');
      expect(JSON.stringify(person.state)).not.toContain('On me suit');
    },
  );

  it('in English as well, and by the button', () => {
    const person = walkTo(calmPerson(), 'report.course').writes('english');
    expect(person.writes('send').did('submit')).toHaveLength(1);
    expect(walkTo(calmPerson(), 'report.course').presses('send').did('submit')).toHaveLength(1);
  });

  it('after it was sent is told so, and sends nothing twice', () => {
    const person = walkTo(calmPerson(), 'report.review').picks('+send').writes('envoyer');
    expect(person.keys).toEqual(['bot.already_sent', 'menu.home.ask']);
    expect(person.did('submit')).toEqual([]);
    expect(person.cases).toHaveLength(1);
  });

  it('after an alert is not told that nothing is sent, but what the report still needs', () => {
    const person = walkTo(new Person().writes('SOS'), 'report.consent').writes('envoyer');
    expect(person.keys.slice(0, 2)).toEqual(['bot.alert_already', 'bot.missing']);
    expect(missingOf(person)).toContain('accord pour continuer');
    expect(person.at).toBe('report.consent');
  });

  it('after consent was refused to an alert is told what a report would need, and asked it', () => {
    const person = walkTo(new Person().writes('SOS'), 'report.consent').picks('no').writes('envoyer');
    expect(person.keys[0]).toBe('bot.missing');
    expect(person.at).toBe('report.danger');
  });

  it('during SOS hears that the alert has left, and is asked its questions again', () => {
    const person = new Person().writes('SOS').writes('Kati').writes('envoyer');
    expect(person.at).toBe('sos.safe');
    expect(person.keys).toEqual(['bot.alert_already', 'sos.safe.ask']);
  });

  it('at the menu, during SOS or days after it, hears that the alert has left', () => {
    const person = walkTo(new Person().writes('SOS'), 'sos.go_on').picks('pause').writes('envoyer');
    expect(person.keys).toEqual(['bot.alert_already', 'menu.home.ask']);
    person.does({ kind: 'silence_over' }, 3 * 24 * 3_600_000).writes('envoyer');
    expect(person.keys).toContain('bot.alert_already');
    expect(person.at).toBe('menu.home');
  });

  it('after beginning with the story is not told that the story is missing', () => {
    const person = new Person().writes('ils nous insultent à la radio depuis lundi').writes('envoyer');
    expect(missingOf(person)).toContain('accord pour continuer');
    expect(missingOf(person)).not.toContain('votre récit');
    walkTo(person, 'report.account').writes('envoyer');
    expect(person.at).toBe('report.contact_how');
  });

  it('is never told that there is nothing to finish, at any question of the report', () => {
    const asked = [...conversation.flows.steps.values()].filter(
      ({ flow, step }) => flow === 'report' && step.ask !== 'statement' && step.ask !== 'review',
    );
    for (const { path } of asked) {
      const person = walkTo(calmPerson(), 'report.review').picks('+go_on');
      if (person.state) person.state.at = path;
      expect(person.writes('envoyer').keys, path).not.toContain('bot.nothing_to_finish');
    }
  });
});

describe('a reporter who has told the account', () => {
  it('and goes back before they send is shown what it is first', () => {
    const person = walkTo(calmPerson(), 'report.review').presses('back').writes('envoyer');
    expect(person.at).toBe('report.review');
    expect(person.did('submit')).toEqual([]);
    expect(person.screen).toContain('Voici ce que vous avez dit');
  });

  it('may send now, or go on with so many questions, or correct', () => {
    const person = walkTo(calmPerson(), 'report.review');
    expect(person.choices).toEqual(['+send', '+go_on', '+correct']);
    expect(person.screen).toMatch(/2\. Encore \d+ à \d+ questions \(\d+–\d+ min\)/);
  });

  it('is told at each further question how many are left at most, and comes back to the read-back after the last', () => {
    const person = walkTo(calmPerson(), 'report.review').picks('+go_on');
    const counts: number[] = [];
    for (let i = 0; i < 40 && person.at !== 'report.review'; i++) {
      const left = person.says.flatMap(({ lines }) => lines);
      const count = left.find(({ key }) => key.startsWith('bot.questions_left'))?.params?.count;
      counts.push(left.some(({ key }) => key === 'bot.last_question') ? 0 : Number(count));
      person.presses('skip');
      while (person.state?.answers.place?.kind === 'place' && !person.state.answers.place.done)
        person.presses('skip');
    }
    expect(counts).toEqual([...counts].sort((a, b) => b - a));
    expect(counts.at(-1)).toBe(0);
    expect(person.choices).toEqual(['+send', '+correct']);
  });

  it('goes on where they were after a cry for help among the further questions, and nothing is asked anew', () => {
    const person = walkTo(calmPerson(), 'report.course', { group: 'threats' }).writes('SOS');
    const before = { ...person.state?.answers };
    walkTo(person, 'report.course');
    for (const id of ['group', 'who', 'account', 'contact_how'])
      expect(person.state?.answers[id]).toEqual(before[id]);
  });

  it('says of a new danger, and nothing that was said is asked again', () => {
    const person = walkTo(calmPerson(), 'report.medical_now', { group: 'violence' });
    const before = { ...person.state?.answers };
    person.picks('yes');
    expect(person.did('open_case')).toMatchObject([{ triage: { level: 'critical' } }]);
    expect(person.at.startsWith('report.')).toBe(true);
    expect(person.state?.answers).toMatchObject(before);
    // And corrects the first answer of all.
    const other = walkTo(calmPerson(), 'report.review', { group: 'threats' });
    other.picks('+correct').picks('danger').picks('now');
    expect(other.at).toBe('sos.where');
    const said = { ...other.state?.answers };
    walkTo(other, 'report.review');
    for (const id of ['who', 'account', 'contact_how', 'group'])
      expect(other.state?.answers[id]).toEqual(said[id]);
  });

  it('who can neither write nor speak chooses what happened from two lists instead, and may send', () => {
    const person = walkTo(calmPerson(), 'report.account');
    expect(person.choices).toEqual(['+choose']);
    expect(person.writes('1').at).toBe('told.group');
    expect(person.picks('threats').picks('death_threat').at).toBe('report.contact_how');
    expect(person.did('open_case')).toMatchObject([{ triage: { level: 'urgent' } }]);
    expect(walkTo(person, 'report.review').picks('+go_on').at).toBe('report.threat_signs');
    expect(person.writes('envoyer').did('submit')).toHaveLength(1);
    // A reporter who tells something is not offered the list any more, and a number among words is told.
    const telling = walkTo(calmPerson(), 'report.account').writes('2');
    expect(telling.at).toBe('report.account');
    expect(telling.state?.answers.account).toMatchObject({ parts: [{ text: '2' }] });
    expect(telling.writes('1').state?.answers.account).toMatchObject({
      parts: [{ text: '2' }, { text: '1' }],
    });
  });

  it('who is under 18 is offered no further question, and a person is found for them at once', () => {
    const person = walkTo(calmPerson(), 'report.who').picks('self_under_18');
    expect(person.did('open_case')).toMatchObject([{ triage: { level: 'urgent', rules: ['U13'] } }]);
    expect(walkTo(person, 'report.review').choices).toEqual(['+send', '+correct']);
  });
});
