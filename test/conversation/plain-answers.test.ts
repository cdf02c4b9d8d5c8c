/** Plain answers as people in Mali type them, each at the question that it belongs to. */
import { describe, expect, it } from 'vitest';
import { calmPerson, Person, walkTo } from './person.ts';

const at = (path: string, picks: Record<string, string> = {}) => walkTo(calmPerson(), path, picks);
const said = (person: Person, id: string) => {
  const answer = person.state?.answers[id];
  return answer?.kind === 'choice' ? answer.value : answer?.kind;
};
const afterSos = (path: string) => {
  const person = new Person({ hint: 'fr' }).writes('SOS');
  for (let n = 0; n < 6 && person.at !== path; n++) person.presses('skip');
  expect(person.at).toBe(path);
  return person;
};

describe('a reporter who is asked what happened', () => {
  it.each([
    'je veux signaler quelque chose',
    'bonjour je veux porter plainte',
    'je veux faire un signalement',
  ])('and says only that they want to report ("%s") has told nothing yet, and no word is lost', (words) => {
    const awa = at('report.account').writes(words);
    expect(awa.state?.answers.account).toBeUndefined();
    expect(awa.keys).toEqual(['bot.account_empty', 'report.account.ask']);
    expect(JSON.stringify(awa.state?.tried)).toContain(words);
    expect(awa.writes('le maire me menace').presses('done').at).toBe('report.contact_how');
    expect(awa.state?.answers.account).toMatchObject({ parts: [{ text: 'le maire me menace' }] });
  });

  it.each([
    'je sais pas écrire',
    'jc pa ecrire',
    'je sais ni lire ni écrire',
    'i cannot write',
    'n tɛ se ka sɛbɛnni kɛ',
  ])('and cannot write ("%s") is told that a voice message will do', (words) => {
    const binta = at('report.account').writes(words);
    expect(binta.state?.answers.account).toBeUndefined();
    expect(binta.keys[0]).toBe('bot.speak_instead');
    expect(binta.screen).toContain('message vocal');
    expect(binta.sends('voice').presses('done').at).toBe('report.contact_how');
  });

  it.each(['je veux signaler que le maire me menace', 'je ne sais pas écrire mais ils ont pris mon frère'])(
    'and tells something with it ("%s") has told it',
    (words) => {
      expect(JSON.stringify(at('report.account').writes(words).state?.answers.account)).toContain(words);
    },
  );
});

describe('a reporter who has none of what is asked for', () => {
  it.each([
    'non',
    'aucun',
    'rien',
    'non merci',
    "j'ai rien",
    'pas de preuve',
    "je n'ai pas de photo",
    'none',
    'foyi tɛ',
  ])('says so ("%s"), and is asked the next question', (words) => {
    const awa = at('report.evidence').writes(words);
    expect(said(awa, 'evidence')).toBe('skipped');
    expect(awa.at).toBe('report.work');
    const binta = at('report.contact_code', { contact_how: 'call' }).writes(words);
    expect(said(binta, 'contact_code')).toBe('skipped');
  });

  it('and had sent a photo keeps it', () => {
    const awa = at('report.evidence').sends('photo').writes('non', 5_000);
    expect(awa.state?.answers.evidence).toMatchObject({ parts: [{ kind: 'file' }], done: true });
  });

  it.each(['non ils ont tout pris', 'rien que des menaces par sms'])(
    'and tells more ("%s") loses no word',
    (words) => {
      expect(JSON.stringify(at('report.evidence').writes(words).state?.answers.evidence)).toContain(words);
    },
  );
});

describe('a reporter who is asked whom it is about', () => {
  it.each([
    ['notre association', 'organisation'],
    ['pour notre association', 'organisation'],
    ['mon ong', 'organisation'],
    ['mon village', 'group'],
    ['tout le village', 'group'],
    ["c'est les femmes du village", 'group'],
    ['nous', 'group'],
    ['my village', 'group'],
  ])('and says "%s" has said %s', (words, who) => {
    expect(said(at('report.who').writes(words), 'who')).toBe(who);
  });

  it.each([
    'merci',
    'le président de notre association',
    'le maire de mon village',
    'le chef du village nous menace',
  ])('and not by "%s"', (words) => {
    expect(['organisation', 'group']).not.toContain(said(at('report.who').writes(words), 'who'));
  });
});

describe('a reporter who is asked where', () => {
  it.each([
    ['à Mopti', '05'],
    ['je suis a gao', '07'],
    ['Segou', '04'],
    ['dans la region de kayes', '01'],
    ['sikasso ville', '03'],
    ['tombouktou', '06'],
    ['bko', '00'],
    ['à Bko', '00'],
    ['Bamako', '00'],
  ])('and says "%s" has named the region', (words, region) => {
    expect(at('report.place').writes(words).state?.answers.place).toMatchObject({ region });
  });

  it('and says more keeps every word', () => {
    expect(at('report.place').writes('derrière le marché de gao').state?.answers.place).toMatchObject({
      words: 'derrière le marché de gao',
    });
  });
});

describe('a reporter who is not quite sure', () => {
  it.each([
    ['je pense que oui', 'yes'],
    ['je crois que oui', 'yes'],
    ['je pense que non', 'no'],
    ['i think so yes', 'yes'],
  ])('and says "%s" has said %s, and the words are kept', (words, value) => {
    const awa = at('report.free_now', { group: 'arrested' }).writes(words);
    expect(said(awa, 'free_now')).toBe(value);
    expect(JSON.stringify([awa.state, awa.cases])).toContain(words);
  });

  it('of the phone does not make it safe, and of the danger is not in none; to consent it is no yes', () => {
    expect(said(at('report.phone_safe').writes('je pense que oui'), 'phone_safe')).toBe('unknown');
    const asked = () => new Person({ hint: 'fr' }).writes('bonjour');
    expect(said(asked().writes('je pense que non'), 'danger')).toBe('unknown');
    expect(said(asked().writes('je pense que oui'), 'danger')).toBe('now');
    expect(said(at('report.consent').writes('je pense que oui'), 'consent')).toBeUndefined();
  });

  it.each([
    'j sais pas',
    'jsai pa',
    'je c pas',
    'jc pa',
    'chai pas',
    'chepa',
    'jen sais rien',
    'aucune idee',
  ])('and writes "%s" has said that they do not know', (words) => {
    expect(said(at('report.phone_safe').writes(words), 'phone_safe')).toBe('unknown');
    expect(said(at('report.free_now', { group: 'arrested' }).writes(words), 'free_now')).toBe('unknown');
    expect(at('report.consent').writes(words).at).toBe('report.consent');
  });
});

describe('a reporter who is asked how to be reached', () => {
  it.each(['par sms', 'sms', 'par message', 'whatsapp', 'par écrit svp'])(
    'and says "%s" is asked at which hours to write here',
    (words) => {
      const awa = at('report.contact_how').writes(words);
      expect(said(awa, 'contact_how')).toBe('here_certain_hours');
      expect(awa.at).toBe('report.contact_hours');
    },
  );

  it.each([
    ['ici le soir', ['evening']],
    ['ici la nuit', ['night']],
    ['par message le matin', ['morning']],
  ])('and says "%s" has said when, too', (words, values) => {
    const binta = at('report.contact_how').writes(words);
    expect(binta.state?.answers.contact_hours).toEqual({ kind: 'choices', values });
    expect(binta.state?.mayWrite).toEqual({ hours: values });
    expect(binta.at).toBe('report.review');
  });

  it.each(['ici sauf le soir', 'ici quand mon mari dort', 'ici pas le matin'])(
    'and says "%s" has not said an hour that could be gone by',
    (words) => {
      const coumba = at('report.contact_how').writes(words);
      expect(coumba.state?.answers.contact_hours).toBeUndefined();
      expect(coumba.state?.mayWrite).not.toMatchObject({ hours: expect.anything() });
    },
  );

  it('"ici à tout moment" is at any time', () => {
    expect(said(at('report.contact_how').writes('ici à tout moment'), 'contact_how')).toBe('here_any_time');
  });
});

describe('a reporter who says thank you where a question waits', () => {
  it.each(['sos.where', 'sos.safe', 'sos.go_on'])('at %s is answered kindly, and asked again', (path) => {
    const awa = afterSos(path).writes('merci beaucoup');
    expect(awa.keys).toEqual(['bot.thanked', `${path}.ask`]);
    expect(JSON.stringify([awa.state, awa.cases])).not.toContain('merci beaucoup');
    awa.writes('merci').writes('merci');
    expect(awa.at).toBe(path);
  });

  it('in a report as well', () => {
    for (const path of ['report.who', 'report.group', 'report.contact_how'])
      expect(at(path).writes('merci').keys[0], path).toBe('bot.thanked');
  });
});

describe('a word or two, as they are typed', () => {
  const asked = (path: string) =>
    path === 'report.danger' ? new Person({ hint: 'fr' }).writes('bonjour') : at(path);

  it.each([
    ['report.who', 'c moi', 'self'],
    ['report.who', 'cest moi', 'self'],
    ['report.who', 'c pour moi', 'self'],
    ['report.who', 'ne kɛlen', 'self'],
    ['report.who', 'n yɛrɛ', 'self'],
    ['report.who', 'n dogo', 'family_of_defender'],
    ['report.who', 'nous sommes plusieurs', 'group'],
    ['report.phone_safe', 'oui cava', 'yes'],
    ['report.phone_safe', 'oui je suis seul', 'yes'],
    ['report.phone_safe', "oui c'est mon téléphone", 'yes'],
    ['report.phone_safe', 'ouii', 'yes'],
    ['report.consent', 'ouii', 'yes'],
    ['report.consent', 'ouiiii', 'yes'],
    ['report.danger', 'now', 'now'],
    ['report.danger', 'sisan', 'now'],
    ['report.danger', 'bientot', 'within_24h'],
    ['report.danger', 'cette nuit', 'within_24h'],
    ['report.danger', 'non pas mtn', 'none'],
    ['report.danger', 'non pas maintenant', 'none'],
    ['report.danger', 'c fini', 'none'],
    ['report.contact_how', "n'importe quand", 'here_any_time'],
    ['report.contact_how', 'quand vous voulez', 'here_any_time'],
  ])('at %s "%s" is %s', (path, words, value) => {
    expect(said(asked(path).writes(words), path.split('.')[1] ?? '')).toBe(value);
  });

  it.each([
    ['report.phone_safe', 'sa va'],
    ['report.phone_safe', 'c a moi'],
    ['report.phone_safe', 'oui mais mon mari'],
    ['report.danger', 'non mais jai peur'],
    ['report.danger', 'pas encore'],
    ['report.danger', 'c fini pour moi'],
    ['report.contact_how', 'ici'],
    ['report.who', 'un voisin'],
  ])('at %s "%s" is no such answer, or it is asked again', (path, words) => {
    const value = said(asked(path).writes(words), path.split('.')[1] ?? '');
    expect(['yes', 'none', 'here_any_time', 'here_certain_hours', 'self']).not.toContain(value);
  });

  it.each([
    ['le soir', ['evening']],
    ['le matin', ['morning']],
    ['apres 18h', ['evening']],
    ['ici mais apres 18h', ['evening']],
  ])('"%s", where it is asked how, is here at those hours, which are not asked again', (words, values) => {
    const awa = at('report.contact_how').writes(words);
    expect(said(awa, 'contact_how')).toBe('here_certain_hours');
    expect(awa.state?.answers.contact_hours).toMatchObject({ values: expect.arrayContaining(values) });
    expect(awa.at).toBe('report.review');
  });

  it.each([
    'ok envoyez',
    'oui envoyez svp',
    'envoyez maintenant',
    'a ci',
    'oui',
    'ok',
    'cbon',
    'valider',
    "c'est bon",
    'envoyez',
    'vas y',
    'vazi envoi',
    'c bon merci',
    '👍',
  ])('"%s" sends what was read back', (words) => {
    expect(at('report.review').writes(words).did('submit')).toHaveLength(1);
  });

  it.each([
    "n'envoyez pas",
    'merci',
    'oui mais pas mon nom',
    'non',
    'c bon ?',
    "non n'envoyez pas encore",
    'envoyez à mon frère',
  ])('"%s" does not send it', (words) => {
    expect(at('report.review').writes(words).did('submit')).toHaveLength(0);
  });
});
