import { describe, expect, it } from 'vitest';
import { calmPerson, walkTo } from './person.ts';

describe('a reporter who reads back what they said', () => {
  it('sees every answer, corrects one and comes back', () => {
    const person = walkTo(calmPerson(), 'report.review', { group: 'threats' });
    expect(person.screen).toContain('On me suit depuis lundi.');
    person.picks('+correct');
    expect(person.choices).toContain('who');
    person.picks('who');
    expect(person.at).toBe('report.who');
    person.picks('organisation');
    expect(person.at).toBe('report.review');
    expect(person.state?.answers.who).toEqual({ kind: 'choice', value: 'organisation' });
  });

  it.each([
    ['yesterday', 'Date – 23 novembre 2026'],
    ['last_7_days', 'Date – Ces 7 derniers jours'],
    ['earlier', 'Date – Il y a plus de 30 jours'],
  ])('reads a date pressed as "%s" in words', (button, line) => {
    const person = walkTo(calmPerson(), 'report.happened', { group: 'threats' }).picks(button);
    expect(walkTo(person, 'report.review').screen.split('\n')).toContain(line);
  });

  it('is asked again what no longer fits, and the old answer is kept', () => {
    const person = walkTo(calmPerson(), 'report.review', { group: 'threats', kind: 'death_threat' });
    person.picks('+correct');
    while (!person.choices.includes('group')) person.picks('+next');
    person.picks('group').picks('arrested');
    expect(person.at).toBe('report.kind');
    expect(person.inCase('kind')).toEqual([{ kind: 'choice', value: 'death_threat' }]);
  });

  it('never sees a sensitive answer again, only that it was given', () => {
    const person = walkTo(calmPerson(), 'report.contact_number', { contact_how: 'call' }).writes(
      '76 00 11 22',
    );
    walkTo(person, 'report.review', { contact_how: 'call' });
    expect(person.screen).not.toContain('76 00 11 22');
    expect(person.screen).toContain('Numéro – Donné, pas montré ici');
  });

  it('sees nothing after half an hour, and can send unseen', () => {
    const person = walkTo(calmPerson(), 'report.review').writes('bonjour', 31 * 60_000);
    expect(person.keys).toContain('bot.review_veiled');
    expect(person.screen).not.toContain('On me suit');
    expect(person.choices).toContain('+send');
    person.picks('+send');
    expect(person.did('submit')).toHaveLength(1);
  });

  it('sends, and from then on the engine knows nothing of what was said', () => {
    const person = walkTo(calmPerson(), 'report.review').writes('envoyer');
    expect(person.effects.map(({ type }) => type)).toEqual([
      'open_case',
      'record_consent',
      'submit',
      'say',
      'give_code',
      'say',
    ]);
    expect(JSON.stringify(person.state)).not.toContain('On me suit');
    expect(person.state).toMatchObject({
      isSubmitted: true,
      caseId: 'case-1',
      reference: 'REF-1',
      level: 'medium',
    });
    // The code comes in a message of its own.
    expect(person.did('give_code')).toMatchObject([{ why: 'sent' }]);
    expect(person.says[0]?.lines.at(-1)).toEqual({ key: 'report.sent.say' });
  });

  it('sends twice by a double tap and has one report', () => {
    const person = walkTo(calmPerson(), 'report.review').picks('+send');
    person.does({ kind: 'button', data: person.state?.lastButton ?? '' });
    expect(person.cases).toHaveLength(1);
    expect(person.did('submit')).toEqual([]);
  });

  it('writes afterwards and it is added to the case', () => {
    const person = walkTo(calmPerson(), 'report.review')
      .picks('+send')
      .writes('Le préfet a téléphoné ce matin');
    expect(person.did('add_to_case')).toMatchObject([{ entries: [{ step: 'account' }] }]);
    expect(person.keys).toEqual(['bot.added_to_case', 'menu.home.ask']);
    expect(JSON.stringify(person.state)).not.toContain('téléphoné');
  });

  it('cries for help after sending: joins the case and is not asked the report again', () => {
    const person = walkTo(calmPerson(), 'report.review').picks('+send').writes('SOS');
    expect(person.did('sos_again')).toHaveLength(1);
    expect(person.did('raise_level')).toMatchObject([{ triage: { level: 'critical' } }]);
    person.writes('Kati');
    walkTo(person, 'menu.home');
    expect(person.cases).toHaveLength(1);
  });

  it('reports something else: another case', () => {
    const person = walkTo(calmPerson(), 'report.review').picks('+send').picks('report');
    expect(person.at).toBe('report.danger');
    walkTo(person, 'report.review').picks('+send');
    expect(person.cases).toHaveLength(2);
  });
});
