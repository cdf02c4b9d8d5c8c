/** The phone is no longer safe, or nothing is to come any more: said where nobody asked, it holds from that moment. */
import { describe, expect, it } from 'vitest';
import { calmPerson, type Person, walkTo } from './person.ts';

/** Of the phone: another person reads what is written there. */
const WARNINGS = [
  "mon téléphone n'est plus sûr",
  "mon téléphone n'est pas sûr, mon mari le lit",
  "mon mari lit tout ne m'écrivez plus",
  'on a pris mon téléphone',
  'my phone is not safe any more',
];
/** Nothing of the phone: it stays what it was said to be. */
const ORDERS = ["ne m'écrivez plus", "n'écrivez plus ici", "ne m'écrivez pas svp", 'stop writing to me'];

const sent = (): Person => {
  const person = walkTo(calmPerson(), 'report.review', {
    phone_safe: 'yes',
    contact_how: 'here_any_time',
  }).presses('send');
  if (!person.state?.isSubmitted || person.state.mayWrite !== true)
    throw new Error('not sent as it should be');
  return person;
};

describe('a reporter whose report is sent, and who writes', () => {
  it.each(WARNINGS)('"%s" is not written to first any more, is told so, and it is in the case', (words) => {
    const person = sent().writes(words);
    expect(person.state?.mayWrite).toEqual({ no: 'phone_unsafe' });
    expect(person.keys).toEqual(expect.arrayContaining(['bot.added_to_case', 'bot.writing_stopped']));
    expect(person.effects).toContainEqual({ type: 'set_contact_safety', mayWrite: { no: 'phone_unsafe' } });
  });

  it.each(ORDERS)('"%s" is not written to first any more, and nothing else is changed by it', (words) => {
    const person = sent().writes(words);
    expect(person.state?.mayWrite).toEqual({ no: 'no' });
    expect(person.keys).toContain('bot.writing_stopped');
    expect(person.inCase('phone_safe')).toEqual([{ kind: 'choice', value: 'yes' }]);
  });

  it('of something else is written to as was agreed', () => {
    const person = sent().writes('ils sont revenus ce matin au bureau');
    expect(person.state?.mayWrite).toBe(true);
    expect(person.keys).not.toContain('bot.writing_stopped');
  });
});

describe('a reporter who reads the report again, and writes', () => {
  it.each(WARNINGS)('"%s" sends one with a phone that is not safe', (words) => {
    const person = walkTo(calmPerson(), 'report.review', {
      phone_safe: 'yes',
      contact_how: 'here_any_time',
    }).writes(words);
    expect(person.state?.answers.phone_safe).toMatchObject({ kind: 'choice', value: 'no' });
    expect(person.state?.mayWrite).toEqual({ no: 'phone_unsafe' });
  });
});

describe('a reporter whose phone is safe, and who does not want to be written to', () => {
  const safe = () => walkTo(calmPerson(), 'report.contact_how', { phone_safe: 'yes' });

  it.each(ORDERS)('("%s"), where it is asked how to be reached, still has a phone that is safe', (words) => {
    const person = safe().writes(words);
    expect(person.state?.answers.phone_safe).toMatchObject({ value: 'yes' });
    expect(person.state?.mayWrite).toEqual({ no: 'no' });
    expect(person.at).toBe('report.contact_how');
    expect(person.picks('call').state?.answers.phone_safe).toMatchObject({ value: 'yes' });
  });

  it('at the read-back is to be contacted in no way, if it was to be here, and by a call, if it was that', () => {
    const here = walkTo(safe(), 'report.review').writes("ne m'écrivez plus");
    expect(here.state?.answers).toMatchObject({
      phone_safe: { value: 'yes' },
      contact_how: { value: 'no_contact' },
    });
    const called = walkTo(safe(), 'report.contact_number', { contact_how: 'call' }).writes('76 12 34 56');
    walkTo(called, 'report.review').writes("ne m'écrivez plus");
    expect(called.state?.answers.contact_how).toMatchObject({ value: 'call' });
  });
});

describe('a reporter whose phone is not safe', () => {
  it.each(['no', 'unknown'])('(%s) is not offered that we write there at any time', (phone_safe) => {
    const person = walkTo(calmPerson(), 'report.contact_how', { phone_safe });
    expect(person.choices).not.toContain('here_any_time');
    expect(walkTo(calmPerson(), 'report.contact_how', { phone_safe: 'yes' }).choices).toContain(
      'here_any_time',
    );
  });

  it.each([
    'ici à toute heure',
    'Ici, à toute heure',
    "n'importe quand",
    'ici quand vous voulez',
    'any time',
  ])('and writes "%s" all the same is told why not, and asked again', (words) => {
    const person = walkTo(calmPerson(), 'report.contact_how', { phone_safe: 'no' }).writes(words);
    expect(person.at).toBe('report.contact_how');
    expect(person.state?.answers.contact_how).toBeUndefined();
    expect(person.state?.mayWrite).toEqual({ no: 'phone_unsafe' });
    expect(person.keys).toEqual(['bot.not_written_here', 'report.contact_how.ask']);
  });
});

describe('a reporter who tells, where it is not asked, that another person reads on this phone', () => {
  const READ = [
    'quelquun fouille mon telephone',
    'mon mari fouille le telephone',
    'ma belle mere regarde mon tel',
    'mon frere prend mon telephone',
    'mon mari lit mes messages',
    'mon mari lit ici',
    'ce telephone nest plus sur',
    'le tel est pas sur',
    'ce nest pas mon telephone',
    'mon patron a acces a mon telephone',
    'il controle mon whatsapp',
    'mes messages sont lus',
    'my brother checks my phone',
    'someone goes through my phone',
  ];
  const toldIn = (path: string) =>
    walkTo(calmPerson(), path, { phone_safe: 'yes', contact_how: 'here_any_time' });

  it.each(READ)('"%s" in the account is not written to first, and hears so', (words) => {
    const person = toldIn('report.account').writes(words);
    expect(person.state?.mayWrite).toEqual({ no: 'phone_unsafe' });
    expect(person.state?.answers.phone_safe).toEqual({ kind: 'choice', value: 'no' });
    expect(person.keys).toContain('bot.writing_stopped');
    expect(person.at).toBe('report.account');
    expect(JSON.stringify(person.state?.answers.account)).toContain(words);
    expect(person.presses('done').choices).not.toContain('here_any_time');
  });

  it.each(READ)('"%s" where it is asked how to be reached is not offered that we write here', (words) => {
    const person = toldIn('report.contact_how').writes(words);
    expect(person.state?.mayWrite).toEqual({ no: 'phone_unsafe' });
    expect(person.choices).not.toContain('here_any_time');
  });

  it.each([
    ...READ,
    'il a trouvé mes messages',
    'les gendarmes ont mon telephone',
    'jai perdu mon telephone',
    'faut pas ecrire ici',
    'ecrivez pas mon mari est la',
  ])('"%s" once the report is sent is not written to first any more', (words) => {
    const person = sent().writes(words);
    expect(person.state?.mayWrite).toMatchObject({ no: expect.any(String) });
    expect(person.keys).toContain('bot.writing_stopped');
  });

  it.each([
    'ils ont pris mon téléphone et mon argent',
    'ils ont fouillé ma maison et mon téléphone',
    'personne ne lit mes messages',
    'nobody reads my phone',
    'la police a lu le rapport à la radio',
  ])('but of a story ("%s") changes nothing of that', (words) => {
    const person = toldIn('report.account').writes(words);
    expect(person.state?.answers.phone_safe).toEqual({ kind: 'choice', value: 'yes' });
    expect(person.keys).not.toContain('bot.writing_stopped');
  });
});
