/**
 * What is wrong with a plan before it hurts. Pure.
 *
 * Invariant: everything that would leave a step of a policy without anybody who can be reached is found, with when it
 * begins; a time at which a rota has nobody is no gap as long as each step has a person.
 */
import type { OfficerId, PersonId } from '../kernel/ids.ts';
import { type Excluded, type Exclusion, excludedBy, type Plan, personOf } from './plan.ts';
import type { Policy, PolicyStep } from './policy.ts';
import { type Cover, type Shift, shiftsOf } from './rota.ts';

/** What must be known of people. */
export type OfficerThere = {
  id: OfficerId;
  isReachable: boolean;
  /** A contact of theirs waits for its code; default no. */
  hasUnverified?: boolean;
};

export type Gap = {
  from: Date;
  to: Date;
} /** Nobody is on call for this step, or nobody of them can be reached. `step` counts from 1. */ & (
  | { kind: 'empty_step'; policy: string; step: number }
  /** On call on this rota, and no verified contact works. */
  | { kind: 'unreachable'; rota: string; officer: OfficerId }
  /** On call, and a contact they count on was never verified: nothing goes there. */
  | { kind: 'unverified'; officer: OfficerId }
  /** Everybody is excluded from cases of this region or alleged perpetrator (a code): they would reach nobody. */
  | { kind: 'all_excluded'; of: 'region' | 'perpetrator'; code: string }
  /** On call on two rotas at once: one of their calls falls on nobody else. */
  | { kind: 'twice'; rotas: [string, string]; officer: OfficerId }
  /** Stands in the plan and was removed, or has not enrolled yet. */
  | { kind: 'gone'; officer: OfficerId }
);

/** The same gap has the same key at every look: its beginning, unless it has begun already. */
export function gapKey(gap: Gap, now: Date): string {
  const since = gap.from > now ? gap.from.toISOString() : 'already';
  switch (gap.kind) {
    case 'empty_step':
      return `empty_step|${gap.policy}|${gap.step}|${since}`;
    case 'unreachable':
      return `unreachable|${gap.rota}|${gap.officer}|${since}`;
    case 'twice':
      return `twice|${gap.rotas.join('+')}|${gap.officer}|${since}`;
    case 'gone':
    case 'unverified':
      return `${gap.kind}|${gap.officer}`;
    // Whose cases these are stands nowhere in the clear.
    case 'all_excluded':
      return gap.kind;
  }
}

/**
 * Gaps between two instants, by when they begin. `usual`: the policies that count when the plan has none; `exclusions`:
 * who must not have which cases.
 */
export function findGaps(
  plan: Plan,
  covers: readonly Cover[],
  officers: readonly OfficerThere[],
  usual: readonly Policy[],
  { from, to }: { from: Date; to: Date },
  exclusions: readonly Exclusion[] = [],
): Gap[] {
  const shifts = new Map(plan.rotas.map((rota) => [rota.name, shiftsOf(rota, covers, from, to)]));
  const reachable = new Set(officers.filter((each) => each.isReachable).map((each) => each.id));
  const there = new Set(officers.map((each) => each.id));
  // Without rotas people say themselves when they are on duty: there is nothing to foresee.
  const nobodys = allExcluded(exclusions, reachable, { from, to });
  if (plan.rotas.length === 0 && plan.policies.length === 0) return nobodys;
  const policies = plan.policies.length > 0 ? plan.policies.map(({ policy }) => policy) : usual;
  const found = [
    ...policies.flatMap((policy) => emptySteps(policy, shifts, reachable, { from, to })),
    ...unreachable(shifts, reachable, there),
    ...twice(shifts),
    ...gone(plan, there, { from, to }),
    ...unverified(shifts, officers),
    ...nobodys,
  ];
  return found.sort((a, b) => a.from.getTime() - b.from.getTime());
}

type Shifts = ReadonlyMap<string, readonly Shift[]>;
type Range = { from: Date; to: Date };

function emptySteps(policy: Policy, shifts: Shifts, reachable: ReadonlySet<OfficerId>, range: Range): Gap[] {
  return policy.steps.flatMap(({ who }, n) => {
    const needed = rotasOf(who, shifts);
    if (!needed || needed.always.some((id) => reachable.has(id as OfficerId))) return [];
    const lists = needed.rotas.map((name) => shifts.get(name) ?? []);
    return timesWithout(lists, reachable, range).map(
      (time): Gap => ({ ...time, kind: 'empty_step', policy: policy.name, step: n + 1 }),
    );
  });
}

/** The rotas and people a step depends on; undefined: it always finds a person if anyone is there. */
function rotasOf(who: PolicyStep['who'], shifts: Shifts): { rotas: string[]; always: string[] } | undefined {
  if (typeof who === 'object') return { rotas: who.rotas, always: who.officers };
  return who === 'on_duty' && shifts.size > 0 ? { rotas: [...shifts.keys()], always: [] } : undefined;
}

/** The times at which none of these lists has anybody who can be reached. */
function timesWithout(
  lists: readonly (readonly Shift[])[],
  reachable: ReadonlySet<OfficerId>,
  { from, to }: Range,
): Range[] {
  const manned = lists
    .flat()
    .filter(({ officers }) => officers.some((id) => reachable.has(id)))
    .sort((a, b) => a.start.getTime() - b.start.getTime());
  const empty: Range[] = [];
  let until = from;
  for (const { start, end } of manned) {
    if (start > until) empty.push({ from: until, to: start });
    if (end > until) until = end;
  }
  if (until < to) empty.push({ from: until, to });
  return empty;
}

function unreachable(
  shifts: Shifts,
  reachable: ReadonlySet<OfficerId>,
  there: ReadonlySet<OfficerId>,
): Gap[] {
  return [...shifts].flatMap(([rota, list]) =>
    list.flatMap(({ officers, start, end }) =>
      officers
        .filter((officer) => there.has(officer) && !reachable.has(officer))
        .map((officer): Gap => ({ kind: 'unreachable', rota, officer, from: start, to: end })),
    ),
  );
}

/** Said once for each, from their first shift on. */
function unverified(shifts: Shifts, officers: readonly OfficerThere[]): Gap[] {
  const all = [...shifts.values()].flat().sort((a, b) => a.start.getTime() - b.start.getTime());
  return officers
    .filter(({ hasUnverified }) => hasUnverified)
    .flatMap(({ id }) => {
      const shift = all.find((each) => each.officers.includes(id));
      return shift ? [{ kind: 'unverified', officer: id, from: shift.start, to: shift.end } as const] : [];
    });
}

function allExcluded(
  exclusions: readonly Exclusion[],
  reachable: ReadonlySet<OfficerId>,
  range: Range,
): Gap[] {
  const everybody = (excluded: readonly Excluded[]): boolean => {
    const ids = new Set<PersonId | undefined>(excluded.map(personOf));
    return reachable.size > 0 && [...reachable].every((id) => ids.has(id));
  };
  const codes = (of: 'regions' | 'perpetrators') => [...new Set(exclusions.flatMap((each) => each[of]))];
  return [
    ...codes('regions')
      .filter((region) => everybody(excludedBy(exclusions, { region, perpetrators: [] })))
      .map((code) => ({ ...range, kind: 'all_excluded', of: 'region', code }) as const),
    ...codes('perpetrators')
      .filter((each) => everybody(excludedBy(exclusions, { perpetrators: [each] })))
      .map((code) => ({ ...range, kind: 'all_excluded', of: 'perpetrator', code }) as const),
  ];
}

function twice(shifts: Shifts): Gap[] {
  const all = [...shifts];
  return all.flatMap(([one, list], n) =>
    all.slice(n + 1).flatMap(([other, others]) =>
      list.flatMap((shift) =>
        others.flatMap((each) => {
          const from = new Date(Math.max(shift.start.getTime(), each.start.getTime()));
          const to = new Date(Math.min(shift.end.getTime(), each.end.getTime()));
          const both = from < to ? shift.officers.filter((id) => each.officers.includes(id)) : [];
          return both.map((officer): Gap => ({ kind: 'twice', rotas: [one, other], officer, from, to }));
        }),
      ),
    ),
  );
}

function gone(plan: Plan, there: ReadonlySet<OfficerId>, range: Range): Gap[] {
  const named = [
    ...plan.rotas.flatMap(({ layers }) => layers.flatMap(({ officers }) => officers)),
    ...plan.policies.flatMap(({ policy }) =>
      policy.steps.flatMap(({ who }) => (typeof who === 'object' ? who.officers : [])),
    ),
  ] as OfficerId[];
  return [...new Set(named)]
    .filter((officer) => !there.has(officer))
    .map((officer) => ({ ...range, kind: 'gone', officer }));
}
