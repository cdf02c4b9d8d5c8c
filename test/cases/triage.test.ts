import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createTriage } from '../../src/cases/triage.ts';
import { atomsOf } from '../../src/conversation/checks/check-conditions.ts';
import type { Answer, Answers } from '../../src/conversation/values/answer.ts';
import { isMoreUrgent, LEVELS } from '../../src/kernel/vocabulary.ts';
import { projectContent } from '../content/content.ts';
import { completed, solutions, walk } from '../content/possible.ts';

const { flows, triage: rules } = projectContent();
const triage = createTriage(rules, flows);
const NOW = new Date('2026-11-24T10:00:00Z');

const is = (value: string): Answer => ({ kind: 'choice', value });
const are = (...values: string[]): Answer => ({ kind: 'choices', values });
const daysAgo = (days: number): Answer => ({
  kind: 'date',
  date: new Date(NOW.getTime() - days * 86_400_000).toISOString().slice(0, 10),
  precision: 'day',
});
const voiceNote: Answer = {
  kind: 'account',
  parts: [{ kind: 'file', evidence: 'a', media: 'voice' }],
  done: true,
};
const yes = is('yes');
const no = is('no');

/** What is said, which rule it is, and what it comes to. */
const STORIES: [string, string, (typeof LEVELS)[number], Answers][] = [
  ['a reporter in danger now', 'C1', 'critical', { danger: is('now') }],
  ['a reporter who sends SOS', 'C1', 'critical', { danger: is('sos') }],
  ['a reporter who takes SOS from the menu', 'C1', 'critical', { home: is('sos') }],
  ['the friend of someone abducted', 'C2', 'critical', { kind: is('kidnapping') }],
  [
    'a family that does not know whether he was found',
    'C2',
    'critical',
    { kind: is('enforced_disappearance'), free_now: { kind: 'unknown' } },
  ],
  [
    'a family whose father is held in secret',
    'C2',
    'critical',
    { kind: is('incommunicado_detention'), free_now: no },
  ],
  ['a person who needs care at once', 'C3', 'critical', { medical_now: yes }],
  [
    'a person who is being beaten',
    'C3',
    'critical',
    { kind: is('physical_attack'), course: are('in_progress') },
  ],
  ['a reporter who typed the duress word', 'C4', 'critical', { danger: is('duress') }],
  [
    'a death threat by someone who knows the house',
    'C5',
    'critical',
    { kind: is('death_threat'), threat_signs: are('knows_location') },
  ],
  [
    'a death threat by someone who came',
    'C5',
    'critical',
    { kind: is('death_threat'), threat_signs: are('came_in_person') },
  ],
  [
    'a death threat with a weapon',
    'C5',
    'critical',
    { kind: is('death_threat'), threat_signs: are('weapon_shown') },
  ],
  [
    'a death threat with a deadline',
    'C5',
    'critical',
    { kind: is('death_threat'), threat_signs: are('deadline_24h') },
  ],
  [
    'a death threat to someone in no safe place',
    'C5',
    'critical',
    { kind: is('death_threat'), safe_place: no },
  ],
  ['a murder six days ago', 'C6', 'critical', { kind: is('killing'), happened: daysAgo(6) }],
  [
    'an old attempt, others still in danger',
    'C6',
    'critical',
    { kind: is('attempted_killing'), happened: daysAgo(60), others_at_risk: yes },
  ],
  ['a reporter who fears tomorrow', 'U1', 'urgent', { danger: is('within_24h') }],
  ['an arrest two days ago', 'U2', 'urgent', { kind: is('arbitrary_detention'), taken_when: daysAgo(2) }],
  ['an arrest without a lawyer', 'U2', 'urgent', { kind: is('arbitrary_detention'), lawyer: no }],
  ['an arrest without the family', 'U2', 'urgent', { kind: is('arbitrary_detention'), family_access: no }],
  [
    'an arrest, to a place that is not known',
    'U2',
    'urgent',
    { kind: is('arbitrary_detention'), held_place_known: no },
  ],
  ['a death threat', 'U3', 'urgent', { kind: is('death_threat') }],
  ['torture', 'U3', 'urgent', { kind: is('torture_ill_treatment') }],
  ['no news of a person', 'U3', 'urgent', { kind: is('missing_person') }],
  ['a person followed today', 'U4', 'urgent', { kind: is('physical_surveillance'), happened: daysAgo(0) }],
  ['sexual violence four days ago', 'U5', 'urgent', { kind: is('sexual_violence'), happened: daysAgo(4) }],
  [
    'sexual violence long ago, asks for care',
    'U5',
    'urgent',
    { kind: is('sexual_violence'), happened: daysAgo(40), needs: are('medical') },
  ],
  ['a raid going on', 'U6', 'urgent', { kind: is('raid_search'), course: are('in_progress') }],
  ['a raid announced', 'U6', 'urgent', { kind: is('raid_search'), raid_announced: yes }],
  ['a threat to hurt the family', 'U7', 'urgent', { kind: is('threat_to_family'), harm_meant: yes }],
  ['a seized phone with sources in it', 'U8', 'urgent', { kind: is('device_seizure'), sources_exposed: yes }],
  [
    'a threat after a colleague was attacked',
    'U9',
    'urgent',
    { group: is('watched'), colleague_attacked: yes },
  ],
  [
    'a person threatened who cannot say how near it is',
    'U10',
    'urgent',
    { danger: is('unknown'), group: is('threats') },
  ],
  ['a reporter who could not answer the first question', 'U11', 'urgent', { danger: is('unclear') }],
  ['a reporter who says that it is urgent', 'U12', 'urgent', { course: are('over', 'urgent') }],
  ['a child', 'U13', 'urgent', { who: is('self_under_18') }],
  ['a reporter who speaks for a child', 'U13', 'urgent', { who: is('other_defender'), other_under_18: yes }],
  [
    'a reporter who tells of an abduction in their own words',
    'U14',
    'urgent',
    { danger: is('none'), account: voiceNote, heard: is('grave_danger') },
  ],
  [
    'a reporter who does not know whether they are in danger, and sends early',
    'U15',
    'urgent',
    { danger: is('unknown'), account: voiceNote, review: is('send') },
  ],
  ['a reporter who fears the next days', 'H1', 'high', { danger: is('within_days') }],
  [
    'a reporter whose account sounds like grave ones',
    'H9',
    'high',
    { danger: is('none'), account: voiceNote, heard: is('like_grave') },
  ],
  [
    'a reporter who tells of a person in prison, and of nothing else',
    'H10',
    'high',
    { danger: is('none'), account: voiceNote, heard: is('custody') },
  ],
  [
    'a reporter who tells that they are threatened, and by what is not asked',
    'H11',
    'high',
    { danger: is('none'), account: voiceNote, heard: is('threat') },
  ],
  ['several times in a month', 'H2', 'high', { course: are('several_30_days') }],
  ['it gets worse', 'H2', 'high', { course: are('getting_worse') }],
  ['a published address', 'H3', 'high', { kind: is('doxxing') }],
  ['police suspected', 'H4', 'high', { group: is('justice_admin'), suspect: are('state_security') }],
  ['unknown armed men', 'H4', 'high', { account: voiceNote, suspect: are('unidentified', 'unknown') }],
  ['a hearing this week', 'H5', 'high', { summons_soon: yes }],
  ['a person alone', 'H6', 'high', { situation: are('alone') }],
  [
    'a detention of more than a month of which nothing else is told',
    'H7',
    'high',
    { group: is('arrested'), kind: is('arbitrary_detention'), taken_when: daysAgo(40), account: voiceNote },
  ],
  [
    'a person who was taken, and nothing else is told',
    'H7',
    'high',
    { group: is('missing_abducted'), account: voiceNote },
  ],
  [
    'a reporter who wants a person and does not know whether they are in danger',
    'H8',
    'high',
    { danger: is('unknown'), ways: is('person') },
  ],
  ['two months ago', 'M1', 'medium', { happened: daysAgo(60) }],
  ['a voice note that nobody has heard', 'M2', 'medium', { account: voiceNote }],
  ['a reporter who can neither write nor speak', 'M3', 'medium', { account: { kind: 'skipped' } }],
  ['an old story without danger', 'L1', 'low', { danger: is('none'), happened: daysAgo(200) }],
  ['a reporter who wants to know what the CNDH can do', 'L1', 'low', { home: is('understand') }],
];

describe('how urgent it is', () => {
  it.each(STORIES)('%s: %s, %s', (_who, rule, level, answers) => {
    const found = triage(answers, NOW);
    expect(found.rules).toContain(rule);
    expect(found.level).toBe(level);
  });

  it('has a story for every rule', () => {
    const told = new Set(STORIES.map(([, rule]) => rule));
    const all = LEVELS.flatMap((level) => (rules.rules[level] ?? []).map(({ id }) => id));
    expect(all.filter((id) => !told.has(id))).toEqual([]);
  });

  it('keeps every rule that holds, most urgent first', () => {
    const found = triage({ danger: is('within_24h'), kind: is('death_threat'), account: voiceNote }, NOW);
    expect(found).toEqual({ level: 'urgent', rules: ['U1', 'U3', 'M2'] });
  });

  it('calls a detention calm only when the person is free', () => {
    const told: Answers = {
      group: is('arrested'),
      kind: is('arbitrary_detention'),
      taken_when: daysAgo(40),
      account: voiceNote,
    };
    for (const free_now of [no, { kind: 'unknown' }, { kind: 'skipped' }] as Answer[])
      expect(triage({ ...told, free_now }, NOW).level).toBe('high');
    expect(triage({ ...told, free_now: yes }, NOW).level).toBe('medium');
  });

  it('calls a person who is free not abducted any more, but still listens', () => {
    expect(triage({ kind: is('kidnapping'), free_now: yes, account: voiceNote }, NOW).level).toBe('medium');
  });

  it('takes the latest day a date can mean: "some time this month" may be today', () => {
    const vague: Answer = { kind: 'date', date: '2026-11-01', precision: 'month' };
    expect(triage({ kind: is('killing'), happened: vague }, NOW).rules).toContain('C6');
  });

  it('is low when nothing is known', () => {
    expect(triage({}, NOW)).toEqual({ level: 'low', rules: [] });
  });
});

describe('every rule', () => {
  const shortest: Answers = {
    language: is('fr'),
    danger: is('none'),
    consent: yes,
    who: is('self'),
    account: voiceNote,
    contact_how: is('no_contact'),
    go_on: is('continue'),
    ways: is('report'),
    review: is('more'),
  };
  const all = LEVELS.flatMap((level) => (rules.rules[level] ?? []).map((rule) => ({ ...rule, level })));
  // Set by the service, or at the menu that a first report does not pass.
  const byService = (answers: Answers): boolean =>
    ['sos', 'duress', 'unclear'].some(
      (value) => JSON.stringify(answers.danger) === JSON.stringify(is(value)),
    ) ||
    answers.home !== undefined ||
    answers.heard !== undefined;

  /** Answers that a rule names one by one ("answered" and attributes can be had in several ways). */
  const named = (when: (typeof all)[number]['when']): { step: string; code: string }[] => {
    const solved = solutions(flows, when, NOW);
    return atomsOf(when)
      .flatMap(({ step, test }) =>
        typeof test === 'string' || Array.isArray(test) ? [test].flat().map((code) => ({ step, code })) : [],
      )
      .filter((each) => each.code !== 'answered' && solved.some((given) => says(given, each)));
  };
  const says = (given: Answers, { step, code }: { step: string; code: string }): boolean => {
    const answer = given[step];
    return answer?.kind === 'choices'
      ? answer.values.includes(code)
      : answer?.kind === 'choice' && answer.value === code;
  };

  it.each(all)('$id does not fall because something else is unknown or skipped', ({ when }) => {
    const questions = [...flows.steps.values()].filter(({ step }) => step.ask !== 'statement');
    for (const given of solutions(flows, when, NOW)) {
      const before = triage(given, NOW).level;
      for (const { id } of questions.filter((each) => given[each.id] === undefined)) {
        for (const kind of ['unknown', 'skipped'] as const) {
          const after = triage({ ...given, [id]: { kind } }, NOW).level;
          expect(isMoreUrgent(before, after), `${id} ${kind}`).toBe(false);
        }
      }
    }
  });

  it.each(all)('$id can be reached by answers that the questions really offer', ({ id, when }) => {
    const ways = solutions(flows, when, NOW).flatMap((each) => completed(flows, each, NOW));
    expect(ways.length).toBeGreaterThan(0);
    expect(named(when).filter((each) => !ways.some((given) => says(given, each)))).toEqual([]);
    for (const given of ways.filter((each) => !byService(each))) {
      const { asked, answers } = walk(flows, given, NOW, shortest);
      const ids = asked.map((path) => path.split('.')[1]);
      expect(Object.keys(given).filter((step) => !ids.includes(step))).toEqual([]);
      expect(triage(answers, NOW).rules).toContain(id);
    }
    for (const given of ways.filter(byService)) expect(triage(given, NOW).rules).toContain(id);
  });
});

describe('what is not known', () => {
  const codes = (path: string): string[] => {
    const step = flows.steps.get(path)?.step;
    if (!step) return [];
    if (step.ask === 'yes_no') return ['yes', 'no'];
    if (step.ask !== 'choice' && step.ask !== 'choices') return [];
    const listed = step.list ? Object.keys(flows.lists.get(step.list)?.entries ?? {}) : [];
    return [...(step.options ?? []), ...(step.hidden ?? []), ...listed];
  };
  const unsaid: Answer[] = [{ kind: 'unknown' }, { kind: 'skipped' }];
  const questions = [...flows.steps.values()].filter(({ step }) => step.ask !== 'statement');
  const answerTo = (path: string): fc.Arbitrary<Answer> => {
    const step = flows.steps.get(path)?.step;
    if (step?.ask === 'choices')
      return fc.subarray(codes(path), { minLength: 1 }).map((values) => are(...values));
    if (step?.ask === 'date') return fc.integer({ min: 0, max: 400 }).map(daysAgo);
    if (step?.ask === 'account') return fc.constant(voiceNote);
    const known = codes(path);
    return known.length > 0 ? fc.constantFrom(...known).map(is) : fc.constant({ kind: 'text', text: 'x' });
  };
  const anyAnswers: fc.Arbitrary<Answers> = fc
    .subarray(questions, { maxLength: 12 })
    .chain((some) =>
      fc.tuple(...some.map(({ id, path }) => answerTo(path).map((answer) => [id, answer] as const))),
    )
    .map((pairs) => Object.fromEntries(pairs));

  it('never lowers a level', () => {
    fc.assert(
      fc.property(
        anyAnswers,
        fc.constantFrom(...questions),
        fc.constantFrom(...unsaid),
        (answers, { id }, answer) => {
          fc.pre(answers[id] === undefined);
          const before = triage(answers, NOW).level;
          const after = triage({ ...answers, [id]: answer }, NOW).level;
          expect(isMoreUrgent(before, after)).toBe(false);
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it('leaves SOS critical, whatever else is said', () => {
    fc.assert(
      fc.property(anyAnswers, (answers) => {
        expect(triage({ ...answers, danger: is('sos') }, NOW).level).toBe('critical');
      }),
    );
  });
});
