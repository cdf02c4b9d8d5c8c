/** The same word twice within a moment, from a bad network or an impatient thumb, is one answer: no one read the next question so fast. */
import { describe, expect, it } from 'vitest';
import { calmPerson, conversation, Person, walkTo } from './person.ts';

const at = (path: string, picks: Record<string, string> = {}) => walkTo(calmPerson(), path, picks);

describe('a reporter whose answer comes twice within a moment', () => {
  it.each(['oui', 'Oui', '1', 'ok oui', '👍'])('("%s") has answered one question', (words) => {
    const awa = at('report.consent').writes(words);
    expect(awa.at).toBe('report.phone_safe');
    awa.writes(words, 500);
    expect(awa.at).toBe('report.phone_safe');
    expect(awa.state?.answers.phone_safe).toBeUndefined();
    expect(awa.keys).toEqual(['bot.double_tap', 'report.phone_safe.ask']);
    awa.writes(words, 500);
    expect(awa.state?.answers.phone_safe).toBeUndefined();
    expect(awa.writes('oui').state?.answers.phone_safe).toEqual({ kind: 'choice', value: 'yes' });
  });

  it('also where both wait in the service, by when they were written', () => {
    const binta = at('report.consent');
    const written = binta.now.getTime() + 5_000;
    binta.writtenAt = new Date(written);
    binta.writes('oui', 30_000);
    binta.writtenAt = new Date(written + 600);
    binta.writes('oui', 200);
    expect(binta.at).toBe('report.phone_safe');
    expect(binta.state?.answers.phone_safe).toBeUndefined();
  });

  it('to the question of danger has not said where they are by it', () => {
    const coumba = new Person({ hint: 'fr' }).writes('bonjour').writes('oui').writes('oui', 700);
    expect(coumba.case?.reason).toBe('danger');
    expect(coumba.at).toBe('sos.where');
    expect(coumba.state?.answers.where).toBeUndefined();
  });

  it('has sent nothing that was not read back, and passes one question only', () => {
    const djeneba = at('report.contact_how').writes('1').writes('1', 900);
    expect(djeneba.at).toBe('report.review');
    expect(djeneba.case).toBeUndefined();
    const emma = at('report.happened').writes('passer').writes('passer', 400);
    expect(emma.at).toBe('report.course');
    expect(emma.state?.answers.course).toBeUndefined();
  });

  it('chooses one of several once, and does not take it back by that', () => {
    const fanta = at('report.needs').writes('1').writes('1', 500);
    expect(fanta.state?.answers.needs).toEqual({ kind: 'choices', values: ['safe_place'] });
  });

  it('may say the same a little later, another word at once, and cry for help as often as they like', () => {
    const hawa = at('report.consent').writes('oui').writes('oui', 3_000);
    expect(hawa.state?.answers.phone_safe).toEqual({ kind: 'choice', value: 'yes' });
    const ina = at('report.consent').writes('oui').writes('non', 500);
    expect(ina.state?.answers.phone_safe).toEqual({ kind: 'choice', value: 'no' });
    const kadia = at('report.consent').writes('sos').writes('sos', 500);
    expect(kadia.keys).toContain('bot.sos_again');
  });

  it('and nothing of it is remembered once the report is sent', () => {
    expect(JSON.stringify(at('report.review').writes('envoyer').state)).not.toContain('envoyer');
  });

  it('and the moment is as long as it is set', () => {
    const maimouna = new Person({ deps: { ...conversation, twice: 0 } });
    walkTo(maimouna.writes('bonjour').picks('none').picks('report'), 'report.consent')
      .writes('oui')
      .writes('oui', 0);
    expect(maimouna.state?.answers.phone_safe).toEqual({ kind: 'choice', value: 'yes' });
  });
});
