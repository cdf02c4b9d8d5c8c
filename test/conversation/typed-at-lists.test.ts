/** What people type where an answer of a list is asked for: it chooses what it means, and is kept; else the question comes again. */
import { describe, expect, it } from 'vitest';
import { codesAt } from '../../src/conversation/asking/codes.ts';
import { calmPerson, conversation, Person, texts, walkTo } from './person.ts';
import { paths, standing } from './standing.ts';

const at = (path: string, picks: Record<string, string> = {}) => walkTo(calmPerson(), path, picks);
const chosen = (person: Person, id: string): string[] => {
  const answer = person.state?.answers[id] ?? person.inCase(id).at(-1);
  return answer?.kind === 'choice' ? [answer.value] : answer?.kind === 'choices' ? answer.values : [];
};
const kept = (person: Person): string => JSON.stringify([person.state?.answers.account, person.cases]);

describe('words at a list', () => {
  it.each([
    ['report.group', 'menace de mort', 'threats'],
    ['report.group', 'menas de mor', 'threats'],
    ['report.group', 'viol', 'gender'],
    ['report.group', 'suivi', 'watched'],
    ['report.group', 'on me menace', 'threats'],
    ['report.group', "ils m'ont frappé", 'violence'],
    ['report.group', 'il mon frapé', 'violence'],
    ['report.group', 'mon frere est arreté', 'arrested'],
    ['report.group', 'perquisition', 'home_property'],
    ['report.group', 'convocation', 'justice_admin'],
    ['report.group', 'insultes sur facebook', 'defamation_online'],
    ['report.suspect', 'gendarmes', 'state_security'],
    ['report.suspect', 'les djihadistes', 'armed_group'],
    ['report.suspect', 'mon mari', 'family'],
    ['report.suspect', 'le maire', 'state_civil'],
    ['report.needs', 'docteur', 'medical'],
    ['report.needs', 'me cacher', 'safe_place'],
    ['report.work', 'je suis journaliste', 'media'],
    ['report.steps_taken', 'hopital', 'care'],
    ['report.situation', 'seule', 'alone'],
    ['report.course', 'de pire en pire', 'getting_worse'],
  ])('%s: "%s" is %s', (path, words, code) => {
    const person = at(path, { group: 'threats' }).writes(words);
    expect(chosen(person, path.split('.')[1] ?? '')).toEqual([code]);
    expect(kept(person)).toContain(words);
  });

  it.each([
    ['report.kind', { group: 'threats' }, 'ils menacent mes enfants', ['threat_to_family']],
    ['report.kind', { group: 'violence' }, 'tabassé', ['physical_attack']],
    ['report.kind', { group: 'gender' }, 'violée', ['sexual_violence']],
    ['report.kind', { group: 'watched' }, 'on me suit', ['physical_surveillance']],
    [
      'report.threat_signs',
      { group: 'threats', kind: 'death_threat' },
      'fusil et ils sont venus',
      ['came_in_person', 'weapon_shown'],
    ],
    ['report.taken_by', { group: 'arrested' }, 'cagoulés en tenue', ['uniform', 'masked']],
    ['report.suspect', { group: 'threats' }, 'police et djihadistes', ['state_security', 'armed_group']],
    ['report.needs', { group: 'threats' }, 'soins et avocat', ['medical', 'legal']],
  ] as const)('%s of %j: "%s" are %j', (path, picks, words, codes) => {
    const person = at(path, picks).writes(words);
    expect(chosen(person, path.split('.')[1] ?? '').sort()).toEqual([...codes].sort());
  });

  it.each([
    ['report.group', 'pas de viol'],
    ['report.group', 'viol et menace de mort'],
    ['report.group', 'je ne veux pas dire'],
    ['report.suspect', 'pas la police'],
  ])('%s: "%s" chooses nothing, is kept, and the question comes again', (path, words) => {
    const person = at(path).writes(words);
    expect(chosen(person, path.split('.')[1] ?? '')).toEqual([]);
    expect(person.at).toBe(path);
    expect(kept(person)).toContain(words);
  });

  it('are heard as danger all the same', () => {
    const person = at('report.threat_signs', { group: 'threats', kind: 'threat_of_violence' }).writes(
      'ils ont un fusil',
    );
    expect(person.keys).toContain('bot.sos_offer');
  });

  it('and are no answer to the question after it', () => {
    const person = at('report.group').writes('blabla').writes('encore blabla');
    expect(person.state?.answers.group).toMatchObject({ kind: 'not_said' });
    expect(person.state?.answers.happened).toBeUndefined();
    expect(kept(person)).toContain('blabla');
  });
});

it('words stand for codes that there are, at questions that there are', () => {
  const { codes } = texts.reading;
  const wrong = [...codes].flatMap(([list, phrases]) => {
    const entries = conversation.flows.lists.get(list)?.entries;
    const placed = conversation.flows.steps.get(list);
    const own = placed && 'options' in placed.step ? (placed.step.options ?? []) : [];
    return phrases
      .filter(([, code]) => !(entries && code in entries) && !own.includes(code))
      .map(([, code]) => `${list}: ${code}`);
  });
  expect(wrong).toEqual([]);
});

it('no list is left without words but those of which each answer is its own name', () => {
  const lists = paths.filter((path) => {
    const step = conversation.flows.steps.get(path)?.step;
    return path.startsWith('report.') && step && 'list' in step && step.list;
  });
  const person = new Person();
  const bare = lists.filter((path) => {
    person.state = standing(path, {});
    const placed = conversation.flows.steps.get(path);
    const list = placed && 'list' in placed.step ? (placed.step.list ?? '') : '';
    const offers = placed
      ? codesAt({ deps: conversation, state: standing(path, {}), now: person.now }, placed)
      : [];
    return offers.length > 0 && !texts.reading.codes.has(list);
  });
  // Whom it is about, and in which language, is read by itself (`whom.ts`, `meant-option.ts`).
  expect(bare.map((path) => path.split('.')[1])).toEqual(['who', 'spoken']);
});
