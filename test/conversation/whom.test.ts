/** Whom it is about, whether that person agrees, and words that answer nothing: nobody is kept at a question for ever. */
import { describe, expect, it } from 'vitest';
import { calmPerson, type Person, walkTo } from './person.ts';

const at = (path: string, picks: Record<string, string> = {}) => walkTo(calmPerson(), path, picks);
const said = (person: Person, id: string) => {
  const answer = person.state?.answers[id];
  return answer?.kind === 'choice' ? answer.value : answer?.kind;
};

describe('a reporter who is asked whom it is about', () => {
  it.each([
    ['mon client', 'other_person'],
    ['une femme', 'other_person'],
    ['mon voisin', 'other_person'],
    ['mon ami', 'other_person'],
    ['mon chef', 'other_person'],
    ["quelqu'un", 'other_person'],
    ['kelkun ke je connai', 'other_person'],
    ['une dame du cartier', 'other_person'],
    ['c est pour ma voisine', 'other_person'],
    ['my neighbour', 'other_person'],
    ['un collègue', 'other_defender'],
    ['un journaliste', 'other_defender'],
    ['ma mère', 'family_of_defender'],
    ['mon gran frer', 'family_of_defender'],
    ['notre association', 'organisation'],
    ['c notre groupement de femme', 'organisation'],
    ['on est 5', 'group'],
    ['des femmes du village', 'group'],
  ])('"%s" is %s, and their words are kept', (words, who) => {
    const awa = at('report.who').writes(words);
    expect(said(awa, 'who')).toBe(who);
    expect(JSON.stringify([awa.state, awa.cases])).toContain(words);
  });

  it.each(['mon voisin a peur', 'moi et mon voisin', 'une femme me menace'])(
    '"%s" is asked once more, and then it goes on: what was said is there, and nobody is made up',
    (words) => {
      const binta = at('report.who').writes(words);
      expect(binta.at).toBe('report.who');
      binta.writes('bof');
      expect(binta.at).toBe('report.account');
      expect(binta.state?.answers.who).toMatchObject({ kind: 'not_said', tried: [{ text: words }, {}] });
    },
  );
});

describe('a reporter who is asked whether that person agrees', () => {
  const asked = () => at('report.who_agrees', { who: 'other_person', other_under_18: 'no' });

  it.each([
    ["oui il est d'accord", 'yes'],
    ['wi il est dakor', 'yes'],
    ['elle a dit oui', 'yes'],
    ['el veu bien', 'yes'],
    ['pas encore demandé', 'not_asked'],
    ['il ne sait pas', 'not_asked'],
    ['el le sait pa', 'not_asked'],
    ['jlui ai pa encor dit', 'not_asked'],
    ['je ne peux pas lui demander', 'impossible'],
    ['il est en prison jpeu pa', 'impossible'],
    ['il refuse', 'no'],
    ['he does not know', 'not_asked'],
  ])('"%s" is %s', (words, value) => {
    expect(said(asked().writes(words), 'who_agrees')).toBe(value);
  });

  it.each([
    "il est d'accord mais pas pour son nom",
    "je crois qu'elle est d'accord",
    'oui si vous ne dites rien',
  ])('"%s" is no yes; asked twice, it stays open, and no name is asked for', (words) => {
    const coumba = asked().writes(words);
    expect(said(coumba, 'who_agrees')).toBeUndefined();
    coumba.writes(words);
    expect(said(coumba, 'who_agrees')).toBe('not_said');
    expect(coumba.keys).toContain('report.no_agreement.say');
    expect(coumba.state?.consents.filter(({ of }) => of === 'other_person')).toEqual([]);
    expect(coumba.at).toBe('report.account');
  });
});

const FOR_WORDS: [string, Record<string, string>][] = [
  ['report.contact_number', { contact_how: 'call' }],
  ['report.contact_code', { contact_how: 'call' }],
  ['report.person_name', { who: 'other_person', other_under_18: 'no', who_agrees: 'yes', group: 'arrested' }],
  ['report.held_place', { group: 'arrested', held_place_known: 'yes' }],
  ['report.held_health', { group: 'arrested' }],
  ['report.taken_count', { group: 'arrested' }],
  ['report.taken_vehicle', { group: 'arrested' }],
  ['report.taken_when', { group: 'arrested' }],
  ['report.authority_answer', { group: 'arrested', authority_asked: 'yes' }],
  ['report.before_what', { before: 'yes' }],
  ['report.happened', {}],
  ['report.place', {}],
  ['report.organisation', {}],
];

describe('a bare yes, "ok" or "moi" where words are asked for', () => {
  it.each(FOR_WORDS)(
    'at %s is no answer: it is asked again with an example, and then it goes on',
    (path, picks) => {
      for (const words of ['oui', 'ok', 'moi', 'merci']) {
        const awa = at(path, picks).writes(words);
        const id = path.split('.')[1] ?? '';
        expect(awa.at, words).toBe(path);
        expect(awa.state?.answers[id], words).toBeUndefined();
        expect(awa.keys[0]).toBe('bot.words_wanted');
        expect(awa.keys).toContain(`${path}.help`);
        awa.writes(words, 60_000);
        expect(awa.at, `${words} twice`).not.toBe(path);
        expect(['not_said', undefined]).toContain(awa.state?.answers[id]?.kind);
      }
    },
  );

  it.each([
    ['report.held_health', { group: 'arrested' }],
    ['report.taken_vehicle', { group: 'arrested' }],
  ])('but a no is one at %s', (path, picks) => {
    const binta = at(path, picks).writes('non');
    expect(binta.at).not.toBe(path);
    expect(JSON.stringify(binta.state?.answers)).toContain('"non"');
  });

  it('as a whole account is none; after one it changes nothing', () => {
    const coumba = at('report.account').writes('oui');
    expect(coumba.state?.answers.account).toBeUndefined();
    expect(coumba.keys[0]).toBe('bot.account_empty');
    coumba.writes('le maire me menace').writes('ok', 10_000);
    expect(JSON.stringify(coumba.state?.answers.account)).toContain('le maire me menace');
  });

  it('is asked for as files where those are asked for', () => {
    const awa = at('report.evidence').writes('oui');
    expect(awa.at).toBe('report.evidence');
    expect(awa.keys[0]).toBe('bot.evidence_awaited');
  });

  it.each(['Oumar', 'Bamako', 'Sané', 'Diré', 'Ténenkou', 'hier', '4 ou 5'])('"%s" is an answer', (words) => {
    const issa = at('report.organisation').writes(words);
    expect(issa.state?.answers.organisation).toMatchObject({ text: words });
  });
});
