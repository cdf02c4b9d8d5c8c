/** The hours at which one may be reached, said in words: nobody is kept at that question for ever. */
import { describe, expect, it } from 'vitest';
import { HOURS } from '../../src/cases/contact-hours.ts';
import { readHours } from '../../src/conversation/reading/hours.ts';
import { calmPerson, Person, texts, walkTo } from './person.ts';

const atHours = (how = 'here_certain_hours') =>
  walkTo(calmPerson(), 'report.contact_hours', { contact_how: how });

describe('hours said in words', () => {
  it.each([
    ['matin', ['morning'], true],
    ['le soir', ['evening'], true],
    ['nuit', ['night'], true],
    ['midi', ['midday'], true],
    ["l'après-midi", ['afternoon'], true],
    ['le matin et le soir svp', ['morning', 'evening'], true],
    ['only in the evening', ['evening'], true],
    ['toute la journée', ['morning', 'midday', 'afternoon'], true],
    ["n'importe quand", ['morning', 'midday', 'afternoon', 'evening', 'night'], true],
    ['any time', ['morning', 'midday', 'afternoon', 'evening', 'night'], true],
    ['entre 6h et 12h', ['morning'], false],
    ['de 8h à 18h', ['midday', 'afternoon'], false],
    ['between 18 and 22', ['evening'], false],
    ['apres 18 heures', ['evening'], false],
    ['after 2 pm', ['afternoon', 'evening'], false],
    ['avant 15h', ['morning', 'midday'], false],
    ['18h à 23h', ['evening'], false],
  ])('"%s" are %j', (words, hours, isExact) => {
    expect(readHours(texts.reading.hours, words)).toEqual({ hours, isExact });
  });

  it.each([
    'le soir après 20h',
    'entre 8h et 10h',
    'vers 20 heures 30',
    '23h',
    'pas le matin',
    'sauf la nuit',
    'le soir quand mon mari n’est pas là',
    'not at night',
    'je vous le dirai',
    '70 12 34 56',
    'appelez 76001122',
  ])('"%s" are none that one could go by', (words) => {
    expect(readHours(texts.reading.hours, words)).toBeUndefined();
  });

  it('by the clock are those that the service keeps to', () => {
    for (const [part, [from, to]] of Object.entries(HOURS))
      expect(readHours(texts.reading.hours, `de ${from}h à ${to}h`)?.hours, part).toEqual([part]);
  });
});

describe('a reporter who types when to be reached', () => {
  it.each(['soir', 'après 18h', "n'importe quand", 'toute la journée', 'entre 6h et 12h'])(
    'sees which hours "%s" became, and says when that is enough',
    (words) => {
      const awa = atHours().writes(words);
      expect(awa.keys).toContain('bot.chosen');
      expect(awa.writes('terminé').at).toBe('report.review');
      expect(awa.state?.mayWrite).toHaveProperty('hours');
    },
  );

  it('after SOS as well', () => {
    const binta = walkTo(new Person().writes('SOS'), 'sos.safe_hours', { safe: 'certain_hours' });
    binta.writes('le soir').writes('terminé');
    expect(binta.state?.mayWrite).toEqual({ hours: ['evening'] });
  });

  it('loses nothing that says more than a part of the day', () => {
    const coumba = atHours().writes('le soir après 20h');
    expect(JSON.stringify(coumba.state?.answers.account)).toContain('le soir après 20h');
  });

  it.each([
    ['here_certain_hours', 'report.no_hours_here.say'],
    ['call', 'report.no_hours_call.say'],
  ])('and is not understood twice goes on without hours (%s), and hears what follows', (how, key) => {
    const djeneba = atHours(how).writes('quand il n’est pas là').writes('je vous dirai');
    expect(djeneba.at).toBe('report.review');
    expect(djeneba.keys).toContain(key);
    expect(djeneba.state?.mayWrite).toEqual({ no: how === 'call' ? 'call' : 'hours_unsaid' });
    expect(djeneba.writes('envoyer').did('submit')).toHaveLength(1);
  });

  it.each([
    ['here_certain_hours', 'report.no_hours_here.say', 'hours_unsaid'],
    ['call', 'report.no_hours_call.say', 'call'],
  ])('and says "envoyer" in its place (%s) hears what follows, above what is read back', (how, key, no) => {
    const fanta = atHours(how).writes('envoyer');
    expect(fanta.at).toBe('report.review');
    expect(fanta.keys).toContain(key);
    expect(fanta.state?.mayWrite).toEqual({ no });
    expect(fanta.writes('envoyer').did('submit')).toHaveLength(1);
  });

  it('may pass the question, and hears the same; on a phone that is not safe it is not asked', () => {
    expect(atHours().writes('passer').keys).toContain('report.no_hours_here.say');
    const unsafe = walkTo(calmPerson(), 'report.contact_how', { phone_safe: 'no' }).picks(
      'here_certain_hours',
    );
    expect(unsafe.at).toBe('report.review');
    expect(unsafe.keys).not.toContain('report.no_hours_here.say');
    expect(unsafe.keys).toContain('report.silent_here.say');
  });
});
