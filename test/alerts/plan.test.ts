import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findGaps, gapKey } from '../../src/alerts/gaps.ts';
import { excludedBy, type Plan } from '../../src/alerts/plan.ts';
import { type PlanKnows, readPlan, writePlan } from '../../src/alerts/plan-file.ts';
import { choosePolicy, DEFAULT_POLICIES, policySchema } from '../../src/alerts/policy.ts';
import type { Cover } from '../../src/alerts/rota.ts';
import type { CoverId, MemberId, OfficerId } from '../../src/kernel/ids.ts';

const [awa, binta, cheick] = ['id-awa', 'id-binta', 'id-cheick'] as OfficerId[] as [
  OfficerId,
  OfficerId,
  OfficerId,
];
const knows: PlanKnows = {
  officers: [
    { id: awa, name: 'Awa Keïta' },
    { id: binta, name: 'Binta Coulibaly' },
    { id: cheick, name: 'Cheick Traoré' },
    { id: 'id-other' as OfficerId, name: 'Cheick Diallo' },
  ],
  regions: ['07', '08'],
  perpetrators: ['army', 'police'],
  languages: ['fr', 'bm'],
  timeZone: 'Africa/Bamako',
};
const names = new Map(knows.officers.map(({ id, name }) => [id as string, name]));

const PLAN = `
rotas:
  - name: bamako
    layers:
      - officers: [Awa, Binta]
        hand_over: weekly monday 08:00
        from: 2026-11-02
      - officers: [Cheick Traoré]
        hand_over: daily 20:00
        from: 2026-11-02
        until: 2026-12-31
        only: [friday-sunday 20:00-08:00, wednesday 00:00-24:00]
  - name: paris
    time_zone: Europe/Paris
    layers:
      - officers: Binta Coulibaly
        hand_over: [monday 08:00, friday 18:00]
        from: 2026-11-02
policies:
  - name: nord
    levels: [critical]
    regions: ['07', '08']
    steps:
      - { after: 0 min, call: rota bamako }
      - { after: 5 min, call: [rota paris, Cheick Traoré] }
      - { after: 90 s, call: everybody }
quiet_hours: [daily 22:00-06:00]
exclusions:
  - officer: Awa
    regions: ['07']
    perpetrators: [army]
    reason: has family there
`.replace('90 s', '10 min');

function read(text: string) {
  const found = readPlan(text, knows);
  if (!found.ok) throw new Error(found.problems.join('\n'));
  return found;
}
const problems = (text: string): string[] => {
  const found = readPlan(text, knows);
  return found.ok ? [] : found.problems;
};

describe('a plan file', () => {
  it('is what docs/on-call.md shows', () => {
    const page = readFileSync(join(import.meta.dirname, '../../docs/on-call.md'), 'utf8');
    const [, shown = ''] = /```yaml\n(.*?)```/s.exec(page) ?? [];
    const members = [{ id: 'id-kadi' as MemberId, name: 'Kadi Coulibaly' }];
    const officers = ['Awa Keïta', 'Binta Coulibaly', 'Cheick Traoré', 'Demba Sy', 'Fanta Sy'].map(
      (name) => ({
        id: name as OfficerId,
        name,
      }),
    );
    const found = readPlan(shown, { ...knows, officers, members });
    expect(found).toMatchObject({ ok: true, plan: { rotas: [{ layers: [{}, {}] }], policies: [{}] } });
    expect(found.ok && found.exclusions).toHaveLength(2);
  });

  it('is read by the first name where only one person has it, and written back as what it says', () => {
    const { plan, exclusions } = read(PLAN);
    expect(plan.rotas[0]?.layers[0]?.officers).toEqual([awa, binta]);
    expect(plan.policies[0]?.policy.steps[1]?.who).toEqual({ rotas: ['paris'], officers: [cheick] });
    expect(JSON.stringify(plan)).not.toContain('Awa');
    const again = read(writePlan(plan, exclusions, names));
    expect(again).toEqual({ ok: true, plan, exclusions });
  });

  it.each([
    [
      'a name that no officer has',
      'Binta]',
      'Oumar]',
      /rotas 1 layers 1 officers: nobody is called Oumar: see \.\/lakana officer list/,
    ],
    ['a name that two people have', '[Cheick Traoré]', '[Cheick]', /write it in full/],
    [
      'a rota that is not there',
      'rota bamako }',
      'rota gao }',
      /policies 1 steps 1 call: there is no rota called gao/,
    ],
    ['a duration without unit', '0 min', '0', /write a duration like/],
    ['a day that is none', 'weekly monday', 'weekly lundi', /rotas 1 layers 1 hand_over: write: daily 08:00/],
    ['a window that is none', 'friday-sunday 20:00-08:00', 'friday evening', /monday-friday 20:00-08:00/],
    [
      'a last step that leaves an officer out',
      'call: everybody',
      'call: next',
      /the last step calls everybody/,
    ],
    ['a first step that waits', 'after: 0 min', 'after: 1 min', /the first step is at 0 min/],
    [
      'a region that is none',
      "regions: ['07', '08']",
      "regions: ['99']",
      /policies 1 regions: 99 is no code/,
    ],
    ['a time zone that is none', 'Europe/Paris', 'Europe/Lutece', /write an IANA name/],
    ['a word it does not know', 'hand_over: weekly', 'handover: weekly', /rotas 1 layers 1/],
    ['steps out of order', 'after: 5 min', 'after: 20 min', /steps are in order of time/],
    ['what is not YAML', 'rotas:', 'rotas: [', /this is not YAML/],
  ])('with %s is not taken, and the mend is said', (_what, old, wrong, says) => {
    expect(PLAN).toContain(old);
    expect(problems(PLAN.replace(old, wrong)).join('\n')).toMatch(says);
  });
});

describe('the policy of an alert', () => {
  it('is the first that is for its level, region and language; otherwise the usual one', () => {
    const of = (name: string, when: object) => ({
      when,
      policy: policySchema.parse({ ...DEFAULT_POLICIES.critical, name }),
    });
    const planned = [
      of('nord', { regions: ['07'] }),
      of('bamanankan', { languages: ['bm'] }),
      of('rest', { levels: ['critical' as const] }),
    ];
    expect(choosePolicy(planned, { level: 'urgent', region: '07' }).name).toBe('nord');
    expect(choosePolicy(planned, { level: 'urgent', language: 'bm' }).name).toBe('bamanankan');
    expect(choosePolicy(planned, { level: 'critical' }).name).toBe('rest');
    expect(choosePolicy(planned, { level: 'urgent' }).name).toBe('urgent');
  });
});

describe('who must not have a case', () => {
  it('is each officer whom the region or the alleged perpetrator excludes, and no other', () => {
    const exclusions = [
      { officer: awa, regions: ['07'], perpetrators: ['army'] },
      { officer: binta, regions: [], perpetrators: ['police'] },
    ];
    expect(excludedBy(exclusions, { region: '07', perpetrators: [] })).toEqual([
      { officer: awa, because: ['region 07'] },
    ]);
    expect(
      excludedBy(exclusions, { perpetrators: ['army', 'police'] }).map(({ officer }) => officer),
    ).toEqual([awa, binta]);
    expect(excludedBy(exclusions, { region: '08', perpetrators: ['unknown'] })).toEqual([]);
  });
});

const never = (): never => {
  throw new Error('no gap');
};

describe('a gap', () => {
  const range = { from: new Date('2026-11-23T12:00Z'), to: new Date('2026-11-30T12:00Z') };
  const { plan } = read(PLAN);
  const there = [awa, binta, cheick].map((id) => ({ id, isReachable: true }));
  const found = (what: Plan, people = there, covers: Cover[] = []) =>
    findGaps(what, covers, people, Object.values(DEFAULT_POLICIES), range);

  it('is none while every step has an officer who can be reached', () => {
    expect(found(plan).filter(({ kind }) => kind === 'empty_step')).toEqual([]);
  });

  it('is a step whose only person cannot be reached, for as long as that lasts', () => {
    const people = there.map((each) => (each.id === awa ? { ...each, isReachable: false } : each));
    const cut = found(plan, people);
    // Binta has the week; Awa's begins again on Monday 30 November.
    const empty = cut.filter((gap) => gap.kind === 'empty_step' && gap.step === 1);
    expect(
      empty.map(({ from, to }) => [from.toISOString().slice(5, 16), to.toISOString().slice(5, 16)]),
    ).toEqual(expect.arrayContaining([['11-30T08:00', '11-30T12:00']]));
    expect(cut.some((gap) => gap.kind === 'unreachable' && gap.officer === awa)).toBe(true);
  });

  it('is an officer on two rotas at once, and a name that is no officer’s', () => {
    expect(found(plan).some((gap) => gap.kind === 'twice')).toBe(true);
    expect(found(plan, there.slice(1)).some((gap) => gap.kind === 'gone' && gap.officer === awa)).toBe(true);
  });

  it('is a contact that was never verified, of an officer who will be on call', () => {
    const people = there.map((each) => ({ ...each, hasUnverified: each.id !== cheick }));
    const gaps = found(plan, people).filter((gap) => gap.kind === 'unverified');
    expect(gaps.map(({ officer }) => officer).sort()).toEqual([awa, binta]);
    expect(gapKey(gaps[0] ?? never(), range.from)).toBe(`unverified|${gaps[0]?.officer}`);
  });

  it('is a case from which everybody who can be reached is excluded, and its kind is in no key', () => {
    const all = there.map(({ id }) => ({ officer: id, regions: ['07'], perpetrators: [] }));
    const gaps = findGaps({ rotas: [], policies: [] }, [], there, [], range, all);
    expect(gaps).toMatchObject([{ kind: 'all_excluded', of: 'region', code: '07' }]);
    expect(gapKey(gaps[0] ?? never(), range.from)).toBe('all_excluded');
    expect(findGaps({ rotas: [], policies: [] }, [], there, [], range, all.slice(1))).toEqual([]);
  });

  it('is mended by a cover, and is the same gap at every look', () => {
    const rota = plan.rotas[1];
    const alone: Plan = {
      rotas: rota ? [{ ...rota, layers: rota.layers.map((each) => ({ ...each, until: '2026-11-26' })) }] : [],
      policies: [],
    };
    const [gap] = found(alone).filter(({ kind }) => kind === 'empty_step');
    expect(gap?.from.toISOString()).toBe('2026-11-25T23:00:00.000Z');
    expect(gap && gapKey(gap, range.from)).toBe(gap && gapKey(gap, new Date('2026-11-24T12:00Z')));
    const cover: Cover = {
      id: 'c' as CoverId,
      rota: 'paris',
      officerId: awa,
      startsAt: new Date('2026-11-25T20:00Z'),
      endsAt: range.to,
    };
    expect(found(alone, there, [cover]).filter(({ kind }) => kind === 'empty_step')).toEqual([]);
  });

  it('is nothing where there is no plan: people say themselves when they are on duty', () => {
    expect(found({ rotas: [], policies: [] })).toEqual([]);
  });
});
