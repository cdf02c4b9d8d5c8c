/** What people say in place of a label. */
import { describe, expect, it } from 'vitest';
import { calmPerson, Person, walkTo } from './person.ts';

const value = (person: Person, step: string) => {
  const answer = person.state?.answers[step];
  return answer?.kind === 'choice' ? answer.value : answer?.kind;
};
const everything = (person: Person) => JSON.stringify([person.state, person.cases]);

describe('a reporter who says that there is no danger', () => {
  it.each([
    'non je ne suis pas en danger',
    'pas de danger pour le moment',
    'pas maintenant',
    'Non merci, pas en danger',
    'i am not in danger',
  ])('("%s") is not offered SOS, calls no one, and is asked how to be helped', (words) => {
    const person = new Person().writes('bonjour').writes(words);
    expect(person.at).toBe('menu.ways');
    expect(value(person, 'danger')).toBe('none');
    expect(person.keys).not.toContain('bot.sos_offer');
    expect(person.cases).toEqual([]);
    expect(everything(person)).toContain(words);
  });

  it.each([
    'je ne suis pas en danger mais ma fille oui',
    'je ne sais pas si je suis pas en danger',
    'pas en danger ils sont devant la porte',
    'pas en danger maintenant, demain oui',
  ])('and more than that ("%s") has not said it', (words) => {
    expect(value(new Person().writes('bonjour').writes(words), 'danger')).not.toBe('none');
  });
});

describe('a reporter who is asked to agree', () => {
  it.each(["j'accepte", "je suis d'accord", 'oui j’accepte', 'i agree'])(
    'and says "%s" has agreed',
    (words) => {
      expect(value(calmPerson().writes(words), 'consent')).toBe('yes');
    },
  );

  it.each(['je refuse', 'non merci', 'non je ne veux pas', "je ne suis pas d'accord", 'i refuse'])(
    'and says "%s" has refused, and nothing is kept',
    (words) => {
      const person = calmPerson().writes(words);
      expect(person.keys).toContain('report.refused.say');
      expect(everything(person)).not.toContain(words);
    },
  );

  it.each(['merci', 'svp', 'j’accepte mais pas pour mon frère'])(
    'and says "%s" is told that it takes a yes or a no',
    (words) => {
      const person = calmPerson().writes(words);
      expect(person.at).toBe('report.consent');
      expect(value(person, 'consent')).toBeUndefined();
      expect(person.keys).not.toContain('bot.words_kept');
      expect(person.keys).toContain('bot.kept_yes_or_no');
    },
  );
});

describe('a reporter who is asked after SOS whether they can go on', () => {
  const asked = () => walkTo(new Person().writes('SOS'), 'sos.go_on');

  it.each(['oui', 'ok', 'continuer', 'je continue', 'yes', 'continue'])('goes on with "%s"', (words) => {
    expect(asked().writes(words).at).toBe('report.consent');
  });

  it.each(['non', 'plus tard', 'pas maintenant', 'later'])('stops with "%s"', (words) => {
    expect(asked().writes(words).at).toBe('menu.home');
  });
});

describe('a reporter who is asked how to be reached', () => {
  it.each(['par téléphone', 'appelez moi', 'au téléphone', 'call me'])(
    'and says "%s" wants a call',
    (words) => {
      const person = walkTo(calmPerson(), 'report.contact_how').writes(words);
      expect(value(person, 'contact_how')).toBe('call');
      expect(person.at).toBe('report.contact_number');
    },
  );

  it.each([
    ['76 12 34 56', 'call'],
    ['+223 76123456', 'call'],
    ['appelez moi au 76 12 34 56', 'call'],
    ['le numéro de ma sœur 66.12.34.56', 'trusted_person'],
  ])('and writes a number ("%s") is not asked for it again, and it is not read back', (words, how) => {
    const person = walkTo(calmPerson(), 'report.contact_how').writes(words);
    expect(value(person, 'contact_how')).toBe(how);
    expect(person.state?.answers.contact_number).toMatchObject({ kind: 'text', text: words });
    expect(JSON.stringify(person.state?.answers.account)).not.toContain(words);
    expect(person.at).toBe('report.contact_hours');
    expect(person.picks('evening').writes('terminé').screen).not.toContain(words);
  });

  it('and replies with a number to that question later is heard as well', () => {
    const person = walkTo(calmPerson(), 'report.review').replies('report.contact_how', '76 12 34 56');
    expect(person.state?.answers.contact_number).toMatchObject({ text: '76 12 34 56' });
  });
});

describe('a reporter who is asked whom it is about', () => {
  it.each([
    ['mon mari', 'family_of_defender'],
    ['c est pour mon frere', 'family_of_defender'],
    ['mon frère de 15 ans', 'family_of_defender'],
    ['ma collègue journaliste', 'other_defender'],
    ['mon frère journaliste', 'other_defender'],
    ['pour moi', 'self'],
    ['moi je suis journaliste', 'self'],
    ["j'ai 16 ans", 'self_under_18'],
    ['moi, j’ai 15 ans', 'self_under_18'],
    ['my husband', 'family_of_defender'],
    ['my colleague', 'other_defender'],
  ])('and says "%s" has said %s, and their words are kept', (words, who) => {
    const person = walkTo(calmPerson(), 'report.who').writes(words);
    expect(value(person, 'who')).toBe(who);
    if (words !== 'pour moi') expect(everything(person)).toContain(words);
  });

  it.each(['moi et mon frère', 'je suis le mari d’une journaliste', 'mon voisin a peur'])(
    'and says "%s" is asked again: only they can say which',
    (words) => {
      const person = walkTo(calmPerson(), 'report.who').writes(words);
      expect(person.at).toBe('report.who');
      expect(everything(person)).toContain(words);
    },
  );
});

describe('a number that no answer has', () => {
  it('is kept among what was tried', () => {
    const person = walkTo(calmPerson(), 'report.who').writes('15');
    expect(JSON.stringify(person.state?.tried)).toContain('15');
    const passed = walkTo(calmPerson(), 'report.phone_safe').writes('12').writes('14');
    expect(passed.state?.answers.phone_safe).toMatchObject({
      kind: 'not_said',
      tried: [{ text: '12' }, { text: '14' }],
    });
  });

  it('that comes in two messages is one number', () => {
    const person = walkTo(calmPerson(), 'report.contact_number', { contact_how: 'call' });
    person.writes('76 12').writes('34 56', 2_000);
    expect(person.state?.answers.contact_number).toMatchObject({ text: '76 12\n34 56' });
  });
});
