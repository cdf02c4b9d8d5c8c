/** What was written before a question was said answers it never, however short it is: a phone without a network sends all at once. */
import { describe, expect, it } from 'vitest';
import { calmPerson, Person, walkTo } from './person.ts';

/** Written a minute and more ago, handled now. */
function cameLate(person: Person, words: string): Person {
  person.writtenAt = new Date(person.now.getTime() - 120_000);
  person.writes(words, 200);
  person.writtenAt = undefined;
  return person;
}

describe('a reporter whose two messages were kept by the network and come together', () => {
  it.each(['oui', '1', 'je ne sais pas', 'passer'])(
    'and who wrote "%s" twice has not answered what no one had asked yet',
    (words) => {
      const awa = walkTo(calmPerson(), 'report.consent').writes('oui');
      expect(awa.at).toBe('report.phone_safe');
      cameLate(awa, words);
      expect(awa.state?.answers.phone_safe).toBeUndefined();
      expect(awa.at).toBe('report.phone_safe');
      expect(awa.keys).toContain('bot.stale_button');
    },
  );

  it.each(['1', 'envoyer'])('and who wrote "%s" twice has sent nothing that was not read back', (words) => {
    const binta = walkTo(calmPerson(), 'report.contact_how').picks('here_any_time');
    expect(binta.at).toBe('report.review');
    cameLate(binta, words);
    expect(binta.case).toBeUndefined();
    expect(binta.writes('envoyer').case?.isSubmitted).toBe(true);
  });

  it('and who spoke of danger is offered SOS', () => {
    const coumba = cameLate(new Person().writes('bonjour'), 'oui');
    expect(coumba.state?.answers.danger).toBeUndefined();
    expect(coumba.keys).toContain('bot.sos_offer');
    expect(coumba.state?.due?.what).toBe('danger_unanswered');
  });

  it('and who wrote more than a yes loses nothing of it', () => {
    const kadia = cameLate(new Person().writes('bonjour'), 'oui mon mari me frappe');
    expect(kadia.state?.answers.danger).toBeUndefined();
    expect(JSON.stringify(kadia.state?.answers.account)).toContain('mon mari me frappe');
    expect(kadia.keys).toContain('bot.sos_offer');
  });

  it('loses no words, and a cry for help counts at once', () => {
    const djeneba = walkTo(calmPerson(), 'report.consent').writes('oui');
    expect(JSON.stringify(cameLate(djeneba, 'on me suit').state?.answers.account)).toContain('on me suit');
    expect(cameLate(djeneba, 'sos').case?.reason).toBe('sos');
  });

  it('may answer late what was asked before they wrote', () => {
    const emma = walkTo(calmPerson(), 'report.consent').writes('oui');
    emma.writtenAt = new Date(emma.now.getTime() + 10_000);
    emma.writes('oui', 600_000);
    expect(emma.state?.answers.phone_safe).toEqual({ kind: 'choice', value: 'yes' });
  });

  it('may answer late a question that was said again since', () => {
    const fanta = walkTo(calmPerson(), 'report.consent').writes('oui').writes('mon fils joue avec', 20_000);
    fanta.writtenAt = new Date(fanta.now.getTime() - 10_000);
    fanta.writes('oui', 600_000);
    expect(fanta.state?.answers.phone_safe).toEqual({ kind: 'choice', value: 'yes' });
  });
});
