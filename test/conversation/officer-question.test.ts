import { describe, expect, it } from 'vitest';
import { Person, walkTo } from './person.ts';

const REPLY = 'reply_to_officer';

describe('a reporter whom the officer asked something while a question waits', () => {
  it('answers the officer with what they say next, and the question waits on', () => {
    const person = new Person().writes('SOS').isAsked().writes('oui');
    expect(person.inCase(REPLY)).toMatchObject([{ parts: [{ text: 'oui' }] }]);
    expect(person.keys).toEqual(['bot.reply_passed_on', 'sos.where.ask']);
    expect(person.at).toBe('sos.where');
    person.writes('Kati, près du marché');
    expect(person.inCase('where')).toMatchObject([{ text: 'Kati, près du marché' }]);
    expect(person.inCase(REPLY)).toHaveLength(1);
  });

  it('can answer by voice, and with words that are an option of the question', () => {
    const person = walkTo(new Person().writes('SOS'), 'report.consent');
    expect(person.isAsked().sends('voice', 'file-7').inCase(REPLY)).toMatchObject([
      { parts: [{ kind: 'file', evidence: 'file-7' }] },
    ]);
    expect(person.isAsked().writes('non').at).toBe('report.consent');
    expect(person.inCase(REPLY)).toHaveLength(2);
    expect(person.case?.isBare).toBe(false);
  });

  it('means the question with a button, and itself with a word that is a command', () => {
    const person = walkTo(new Person().writes('SOS'), 'report.consent');
    expect(person.isAsked().writes('SOS').did('sos_again')).toHaveLength(1);
    expect(person.isAsked().writes('statut').did('say_status')).toHaveLength(1);
    expect(walkTo(person.isAsked().presses('help'), 'report.consent').picks('yes').at).not.toBe(
      'report.consent',
    );
    expect(person.inCase(REPLY)).toEqual([]);
  });

  it('answers the officer with a thumb, unless it stands under the question', () => {
    const person = walkTo(new Person().writes('SOS'), 'report.consent').isAsked();
    const thumb = { kind: 'reaction', emoji: '👍' } as const;
    const turn = person.state?.turn;
    expect(person.does({ ...thumb, on: '' }).inCase(REPLY)).toMatchObject([{ parts: [{ text: '👍' }] }]);
    expect(person.at).toBe('report.consent');
    expect(
      person
        .isAsked()
        .does({ ...thumb, on: `r:${turn}:#1` })
        .inCase('consent'),
    ).toMatchObject([{ value: 'yes' }]);
  });

  it('is not taken to answer a question that was asked before their last words, nor after consent was refused', () => {
    const person = new Person().writes('SOS').isAsked().writes('oui').writes('Kati');
    expect(person.at).toBe('sos.safe');
    const refused = walkTo(new Person().writes('SOS'), 'report.consent').picks('no').isAsked().writes('oui');
    expect(refused.inCase(REPLY)).toEqual([]);
  });
});
