/** How old people are, said in words where it is asked or told: the age decides, and no yes or no before it. */
import { describe, expect, it } from 'vitest';
import { calmPerson, Person, walkTo } from './person.ts';

const asked = () => walkTo(calmPerson(), 'report.other_under_18', { who: 'family_of_defender' });
const said = (person: Person, id: string) => {
  const answer = person.state?.answers[id];
  return answer?.kind === 'choice' ? answer.value : answer?.kind;
};

describe('a reporter who is asked whether a person is under 18', () => {
  it.each([
    'no, il a 15 ans',
    'non il a 15 ans',
    'non elle a 16ans',
    '15 ans',
    '15ans',
    'elle a 16 ans',
    'il a 17',
    '17',
    'oui 15',
    'quinze ans',
    'dix sept ans',
    'il a dix-sept ans',
    'environ 16 ans',
    'peut être 14 ans',
    'il vient d avoir 14 ans',
    'moins de 18 ans',
    'oui moins de 18',
    'pas encore 18 ans',
    'il aura bientôt 18 ans',
    'elle a 8 mois',
    '15 ou 16 ans',
    'oui mineur',
    "c'est une mineure",
    'c un enfant',
    'pas majeur',
    'san 15',
    'a si bɛ san 15 na',
    'a si be san tan ni duuru',
    'no he is 15',
    'she is 16 years old',
    'fifteen',
  ])('and writes "%s" has said that they are', (words) => {
    const awa = asked().writes(words);
    expect(said(awa, 'other_under_18')).toBe('yes');
    expect(awa.keys).toContain('report.minor.say');
    expect(JSON.stringify(awa.state?.answers.account) + JSON.stringify(awa.case)).toContain(words);
  });

  it.each([
    'oui 34 ans',
    'yes 34',
    'oui il a 40 ans',
    '34 ans',
    'trente quatre ans',
    'elle a vingt ans',
    '18 ans',
    '18',
    'plus de 18 ans',
    'oui plus de 18 ans',
    'majeure',
    'non majeur',
    'oui majeur',
    "c'est un adulte",
    'il est pas mineur',
    'san 30',
    'non 34 ans, sa fille a 5 ans',
    'he is 40',
  ])('and writes "%s" has said that they are not', (words) => {
    const binta = asked().writes(words);
    expect(said(binta, 'other_under_18')).toBe('no');
    expect(binta.case).toBeUndefined();
    expect(JSON.stringify(binta.state?.answers.account)).toContain(words);
  });

  it.each([
    'elle a 5 enfants',
    'il y a 15 ans',
    'ya 15 ans de ca',
    "il a 15 ans d'expérience",
    '17 ou 18 ans',
    'entre 15 et 20 ans',
    'moins de 30 ans',
    'plus de 10 ans',
    'depuis 12 ans',
    'non mineur',
    'il a un enfant',
    'elle a 3 jours de retard',
  ])('and writes "%s" has not said it by that', (words) => {
    const answer = said(asked().writes(words), 'other_under_18');
    expect(answer).toBe(words.startsWith('non') ? 'no' : undefined);
  });

  it.each([
    ['1', 'yes'],
    ['2', 'no'],
    ['3', 'unknown'],
    ['oui', 'yes'],
    ['non', 'no'],
    ['je ne sais pas', 'unknown'],
  ])('still answers with "%s"', (words, value) => {
    expect(said(asked().writes(words), 'other_under_18')).toBe(value);
  });

  it('and has told the age with the person is not asked', () => {
    const coumba = walkTo(calmPerson(), 'report.who').writes('ma fille elle a 15 ans');
    expect(said(coumba, 'who')).toBe('family_of_defender');
    expect(said(coumba, 'other_under_18')).toBe('yes');
    expect(coumba.keys).toContain('report.minor.say');
    expect(coumba.at).toBe('report.who_agrees');
    const kadia = walkTo(calmPerson(), 'report.who').writes('mon frère de 34 ans');
    expect(said(kadia, 'other_under_18')).toBe('no');
    expect(kadia.at).toBe('report.who_agrees');
  });
});

describe('a reporter who says that they are a child', () => {
  it.each(['jai 15 ans', "j'ai 15ans", 'g 15 ans', 'moi 15 ans', 'chui une fille de 15 ans'])(
    'where it is asked whom it is about ("%s") has answered that',
    (words) => {
      expect(said(walkTo(calmPerson(), 'report.who').writes(words), 'who')).toBe('self_under_18');
    },
  );

  it.each(['jai 34 ans', "j'ai 15 ans d'expérience", 'moi 34 ans'])('and not in "%s"', (words) => {
    expect(said(walkTo(calmPerson(), 'report.who').writes(words), 'who')).not.toBe('self_under_18');
  });

  it.each(['jai 15 ans et le chef du village me menace', "j'ai 15ans on me suit à l'école"])(
    'in the story that they begin with ("%s") is taken at their word when it is asked',
    (story) => {
      const awa = new Person({ hint: 'fr' }).writes(story).picks('none');
      walkTo(awa, 'report.who', { phone_safe: 'yes' }).writes('moi');
      expect(said(awa, 'who')).toBe('self_under_18');
      expect(awa.keys).toContain('report.minor.say');
    },
  );

  it('in the account is told once who goes on with it, and asked no more than a child is', () => {
    const binta = walkTo(calmPerson(), 'report.account')
      .writes('jai 15 ans, le préfet me menace')
      .presses('done');
    expect(said(binta, 'who')).toBe('self_under_18');
    expect(binta.keys.filter((key) => key === 'report.minor.say')).toHaveLength(1);
    expect(binta.at).toBe('report.contact_how');
    expect(walkTo(binta, 'report.review').choices).not.toContain('+go_on');
  });

  it('of another person in the account has not said it of themselves', () => {
    const kadia = walkTo(calmPerson(), 'report.account')
      .writes('ma fille a 15 ans, on la suit')
      .presses('done');
    expect(said(kadia, 'who')).toBe('self');
  });
});
