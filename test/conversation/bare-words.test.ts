/** A word or two in place of a label: what is only near to it is never put into a reporter's mouth. */
import { describe, expect, it } from 'vitest';
import { calmPerson, Person, walkTo } from './person.ts';

const valueAt = (person: Person, step: string) => {
  const answer = person.state?.answers[step];
  if (answer?.kind === 'choices') return answer.values;
  return answer?.kind === 'choice' ? answer.value : answer?.kind;
};

describe('a reporter who is asked to whom they want to speak', () => {
  const asked = () => walkTo(calmPerson(), 'report.talk_to', { group: 'gender' });

  it.each([
    ['une femme', 'woman'],
    ['femme', 'woman'],
    ['une femme svp', 'woman'],
    ['je veux parler a une femme', 'woman'],
    ['un homme', 'man'],
    ['woman', 'woman'],
    ['les deux', 'anyone'],
    ['peu importe', 'anyone'],
    ['n importe qui', 'anyone'],
    ['homme ou femme', 'anyone'],
    ['non', 'nobody'],
    ['je ne veux pas', 'nobody'],
  ])('and writes "%s" is understood at once', (words, wanted) => {
    const awa = asked().writes(words);
    expect(valueAt(awa, 'talk_to')).toBe(wanted);
    expect(awa.at).not.toBe('report.talk_to');
  });

  it.each(['pas un homme', 'surtout pas une femme'])('and writes "%s" is given to neither', (words) => {
    const binta = asked().writes(words);
    expect(valueAt(binta, 'talk_to')).toBeUndefined();
    expect(JSON.stringify(binta.state?.answers.account)).toContain(words);
  });
});

describe('"both" is no number of an option', () => {
  it.each([
    ['report.gender', 'les deux'],
    ['report.spoken', 'les deux'],
    ['menu.ways', 'les deux'],
    ['menu.ways', 'les 2'],
    ['menu.ways', 'tous les deux'],
    ['menu.ways', 'both'],
  ])('at %s, as "%s"', (path, words) => {
    const awa = (
      path === 'menu.ways' ? new Person().writes('bonjour').picks('none') : walkTo(calmPerson(), path)
    ).writes(words);
    expect(awa.at).toBe(path);
    expect(awa.keys).toContain('bot.one_only');
    expect(valueAt(awa, path.split('.')[1] ?? '')).toBeUndefined();
  });

  it('nor is "all three", where several may be chosen', () => {
    const binta = walkTo(calmPerson(), 'report.threat_signs', { group: 'threats', kind: 'threat_to_family' });
    expect(valueAt(binta.writes('les 3'), 'threat_signs')).toBeUndefined();
    expect(valueAt(binta.writes('les 1 et 3'), 'threat_signs')).toEqual(['knows_location', 'weapon_shown']);
  });
});

describe('a word that stands in a label and means something else alone', () => {
  it.each([
    ['report.suspect', 'militaires', {}],
    ['report.suspect', 'des militaires', {}],
    ['report.group', 'violence', {}],
    ['report.situation', 'déplacé', {}],
    ['report.taken_by', 'inconnus', { group: 'arrested' }],
    ['report.course', 'arrêté', {}],
  ])('at %s, as "%s", chooses nothing, and is kept', (path, words, picks) => {
    const awa = walkTo(calmPerson(), path, picks).writes(words);
    expect(valueAt(awa, path.split('.')[1] ?? '')).toBeUndefined();
    expect(JSON.stringify(awa.state?.answers.account ?? awa.inCase('account'))).toContain(words);
  });

  it.each([
    ['report.suspect', 'forces militaires étrangères', ['foreign_forces']],
    ['report.suspect', 'police', ['state_security']],
    ['report.course', "c'est arrêté", ['over']],
  ])('at %s the whole of it, "%s", chooses', (path, words, values) => {
    expect(valueAt(walkTo(calmPerson(), path).writes(words), path.split('.')[1] ?? '')).toEqual(values);
  });
});

describe('a reporter who is asked how many took the person', () => {
  it.each(['2', '3', 'deux', 'une dizaine', '4 ou 5'])(
    'and writes "%s" has said that, and no option',
    (words) => {
      const awa = walkTo(calmPerson(), 'report.taken_count', { group: 'arrested' }).writes(words);
      expect(awa.state?.answers.taken_count).toMatchObject({ kind: 'text', text: words });
      expect(awa.at).toBe('report.taken_vehicle');
    },
  );
});

describe('a reporter who is asked for a day', () => {
  const day = (words: string) => {
    const issa = walkTo(calmPerson(), 'report.taken_when', { group: 'arrested' }).writes(words);
    const answer = issa.state?.answers.taken_when;
    return answer?.kind === 'date' ? answer.date : answer?.kind;
  };

  it.each([
    ['le 3', '2026-11-03'],
    ['le 25', '2026-10-25'],
    ['3/3', '2026-03-03'],
    ['1/11', '2026-11-01'],
    ['ya 3jrs', '2026-11-21'],
    ['il y a 3j', '2026-11-21'],
    ['y a 2 sem', '2026-11-10'],
    ['ajd', '2026-11-24'],
    ['auj', '2026-11-24'],
    ['la nuit dernière', '2026-11-23'],
    ['la nuit passée', '2026-11-23'],
    ["l'année passée", '2025-01-01'],
  ])('and writes "%s" means %s', (words, date) => {
    expect(day(words)).toBe(date);
  });

  it('may still choose by a number', () => {
    expect(day('2')).toBe('2026-11-23');
    expect(day('3')).toBe('2026-11-18');
  });
});
