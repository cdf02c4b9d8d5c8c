import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Decision,
  declined,
  type Next,
  nextAction,
  nextPerson,
  nextStep,
} from '../../src/alerts/escalation.ts';
import {
  DEFAULT_POLICIES,
  type OfficerOnCall,
  type Policy,
  policySchema,
  whoIsOn,
} from '../../src/alerts/policy.ts';
import { type AlertNow, askedAgain, raised, released, taken, worked } from '../../src/alerts/progress.ts';
import type { OfficerId } from '../../src/kernel/ids.ts';

const START = Date.parse('2026-11-24T02:00:00Z');
const person = (id: string, more: Partial<OfficerOnCall> = {}): OfficerOnCall => ({
  id: id as OfficerId,
  role: 'officer',
  isOnDuty: true,
  rotas: [],
  isReachable: true,
  ...more,
});

type Event =
  | { kind: 'pass'; seconds: number }
  | { kind: 'back'; seconds: number }
  | { kind: 'take' | 'cannot' | 'duty' | 'remove' | 'block'; who: number }
  | { kind: 'enrol'; isOnDuty: boolean; isSupervisor: boolean }
  | { kind: 'work' | 'release' | 'again' };

const who = fc.nat({ max: 9 });
const event: fc.Arbitrary<Event> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({ kind: fc.constant('pass' as const), seconds: fc.integer({ min: 1, max: 2400 }) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('back' as const),
      seconds: fc.integer({ min: 1, max: 200_000 }),
    }),
  },
  fc.record({
    kind: fc.constantFrom(
      'take' as const,
      'cannot' as const,
      'duty' as const,
      'remove' as const,
      'block' as const,
    ),
    who,
  }),
  fc.record({ kind: fc.constant('enrol' as const), isOnDuty: fc.boolean(), isSupervisor: fc.boolean() }),
  fc.record({ kind: fc.constantFrom('work' as const, 'release' as const, 'again' as const) }),
);
const policies = fc.constantFrom(DEFAULT_POLICIES.critical, DEFAULT_POLICIES.urgent);
const team = fc
  .array(fc.record({ isOnDuty: fc.boolean(), isSupervisor: fc.boolean(), isReachable: fc.boolean() }), {
    maxLength: 6,
  })
  .map((people) =>
    people.map(({ isSupervisor, ...each }, i) =>
      person(`p${i}`, { ...each, role: isSupervisor ? 'supervisor' : 'officer' }),
    ),
  );

/** A world in which things happen to one alert; it looks at the alert as the cycle does. */
function play(policy: Policy, officers: OfficerOnCall[], events: readonly Event[]) {
  const world = {
    now: new Date(START),
    alert: raised(new Date(START)),
    due: new Date(START),
    officers: [...officers],
  };
  const decisions: { at: number; decision: Decision; before: AlertNow }[] = [];
  const set = (next: Next) => {
    const before = world.alert;
    for (const decision of next.decisions) decisions.push({ at: world.now.getTime(), decision, before });
    world.alert = next.alert;
    world.due = next.nextStepAt;
    check(policy, world);
  };
  const keep = (alert: AlertNow) =>
    set({ decisions: [], alert, nextStepAt: nextStep(policy, alert, world.now) });
  const look = () => {
    const latest = world.now.getTime() + policy.longest[world.alert.state] * 1000;
    if (world.due <= world.now || world.due.getTime() > latest)
      set(nextAction(policy, world.alert, world.now, world.officers));
  };
  look();
  for (const each of events) {
    happen(policy, world, each, { set, keep, look });
    look();
  }
  return { world, decisions };
}

type World = { now: Date; alert: AlertNow; due: Date; officers: OfficerOnCall[] };

function happen(
  policy: Policy,
  world: World,
  event: Event,
  { set, keep, look }: { set: (next: Next) => void; keep: (alert: AlertNow) => void; look: () => void },
): void {
  const { alert, officers } = world;
  const chosen = 'who' in event ? officers[event.who % Math.max(1, officers.length)] : undefined;
  switch (event.kind) {
    case 'pass': {
      const until = world.now.getTime() + event.seconds * 1000;
      while (world.due.getTime() <= until) {
        world.now = new Date(Math.max(world.now.getTime(), world.due.getTime()));
        look();
      }
      world.now = new Date(until);
      return;
    }
    case 'back':
      world.now = new Date(world.now.getTime() - event.seconds * 1000);
      return;
    case 'take':
      if (chosen && alert.state === 'open') keep(taken(alert, chosen.id, world.now));
      return;
    case 'cannot':
      if (chosen && alert.state === 'open') set(declined(policy, alert, chosen.id, world.now, officers));
      return;
    case 'work':
      if (alert.state === 'taken') keep(worked(alert, world.now));
      return;
    case 'again':
      keep(askedAgain(alert, world.now));
      return;
    case 'release':
      if (alert.takenBy)
        set({ decisions: [], alert: released(alert, alert.takenBy, world.now), nextStepAt: world.now });
      return;
    default:
      happenToOfficers(policy, world, event, chosen, set);
  }
}

function happenToOfficers(
  policy: Policy,
  world: World,
  event: Event,
  chosen: OfficerOnCall | undefined,
  set: (next: Next) => void,
): void {
  const { alert, officers } = world;
  switch (event.kind) {
    case 'enrol':
      officers.push(
        person(`n${officers.length}`, {
          isOnDuty: event.isOnDuty,
          role: event.isSupervisor ? 'supervisor' : 'officer',
        }),
      );
      return;
    case 'duty':
      if (chosen) chosen.isOnDuty = !chosen.isOnDuty;
      return;
    case 'block':
      if (chosen) {
        chosen.isReachable = !chosen.isReachable;
        if (!chosen.isReachable) set(nextPerson(policy, alert, world.now, officers));
      }
      return;
    case 'remove':
      world.officers = officers.filter((each) => each !== chosen);
      // As `removeOfficer` does.
      if (chosen && alert.takenBy === chosen.id) world.due = world.now;
  }
}

/** Released alerts are due at once; everything else lies ahead, and not too far. */
function check(policy: Policy, world: World): void {
  const ahead = world.due.getTime() - world.now.getTime();
  expect(ahead).toBeGreaterThanOrEqual(0);
  expect(ahead).toBeLessThanOrEqual(policy.longest[world.alert.state] * 1000);
}

/** How often each officer is paged if no officer takes an alert that begins anew now. */
function whoIsReached(policy: Policy, world: World): Map<string, number> {
  const reached = new Map<string, number>();
  let alert = raised(world.now);
  let { now } = world;
  const end = now.getTime() + ((policy.steps.at(-1)?.after ?? 0) + 2 * policy.thenEvery) * 1000;
  while (now.getTime() <= end) {
    const next = nextAction(policy, alert, now, world.officers);
    const called = next.decisions.flatMap((decision) => (decision.do === 'page' ? decision.officers : []));
    for (const id of called) reached.set(id, (reached.get(id) ?? 0) + 1);
    alert = next.alert;
    now = next.nextStepAt;
  }
  return reached;
}

describe('an alert that is not closed', () => {
  it('always has a next step, in the future and not further than the longest step, whatever happens', () => {
    fc.assert(
      fc.property(policies, team, fc.array(event, { maxLength: 30 }), (policy, officers, events) => {
        const { world } = play(policy, structuredClone(officers), events);
        expect(world.due.getTime()).toBeGreaterThan(world.now.getTime());
        expect(world.due.getTime()).toBeLessThanOrEqual(
          world.now.getTime() + policy.longest[world.alert.state] * 1000,
        );
      }),
      { numRuns: 2_000 },
    );
  });

  it('pages no one while an officer has it', () => {
    fc.assert(
      fc.property(policies, team, fc.array(event, { maxLength: 30 }), (policy, officers, events) => {
        const { decisions } = play(policy, structuredClone(officers), events);
        for (const [i, { decision, before }] of decisions.entries()) {
          if (decision.do !== 'page' || before.state === 'open') continue;
          // Only in the very look in which the take lapses.
          expect(
            decisions.slice(0, i).some((each) => each.decision.do === 'lapse' && each.before === before),
          ).toBe(true);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it('reaches everybody who can be reached by the last step, and again after it, if no officer takes it', () => {
    fc.assert(
      fc.property(policies, team, fc.array(event, { maxLength: 15 }), (policy, officers, events) => {
        const { world } = play(policy, structuredClone(officers), events);
        const reached = whoIsReached(policy, world);
        for (const officer of world.officers)
          if (officer.isReachable) expect(reached.get(officer.id) ?? 0, officer.id).toBeGreaterThan(1);
      }),
      { numRuns: 1_000 },
    );
  });

  it('pages no officer who is removed or cannot be reached', () => {
    fc.assert(
      fc.property(policies, team, (policy, officers) => {
        const { decisions } = play(policy, structuredClone(officers), [{ kind: 'pass', seconds: 4000 }]);
        const reachable = officers.filter((each) => each.isReachable).map((each) => each.id);
        for (const { decision } of decisions)
          if (decision.do === 'page') for (const id of decision.officers) expect(reachable).toContain(id);
        if (reachable.length === 0)
          expect(decisions.some((each) => each.decision.do === 'nobody')).toBe(true);
      }),
    );
  });
});

describe('the next person', () => {
  const policy = DEFAULT_POLICIES.critical;
  const awa = person('awa');
  const off = person('cheick', { isOnDuty: false });
  const now = new Date(START);

  it('is not called for an alert that an officer has', () => {
    const first = nextAction(policy, raised(now), now, [awa, off]).alert;
    expect(nextPerson(policy, first, now, [awa, off]).decisions).toHaveLength(1);
    expect(nextPerson(policy, taken(first, awa.id, now), now, [awa, off]).decisions).toEqual([]);
  });

  it('may have been enrolled after everybody was called, and is called with the next repeat', () => {
    let next = nextAction(policy, raised(now), now, [awa]);
    const late = new Date(START + 700_000);
    next = nextAction(policy, next.alert, late, [awa]);
    const later = new Date(START + 1_000_000);
    const called = nextAction(policy, next.alert, later, [awa, off]).decisions;
    expect(called).toContainEqual(
      expect.objectContaining({ do: 'page', officers: ['cheick'], isRepeat: false, step: 3 }),
    );
  });
});

describe('a clock that was set back', () => {
  const policy = DEFAULT_POLICIES.critical;
  const officers = [person('awa'), person('fanta', { role: 'supervisor', isOnDuty: false })];

  it('pages an untaken alert now and begins no step twice', () => {
    const first = nextAction(policy, raised(new Date(START)), new Date(START), officers);
    const back = new Date(START - 86_400_000);
    const next = nextAction(policy, first.alert, back, officers);
    expect(next.decisions).toEqual([{ do: 'page', officers: ['awa'], isRepeat: true, step: 1 }]);
    expect(next.nextStepAt.getTime() - back.getTime()).toBe(120_000);
  });

  it('gives a taker no more than the whole time anew', () => {
    const alert = taken(raised(new Date(START)), 'awa' as OfficerId, new Date(START));
    const back = new Date(START - 86_400_000);
    const next = nextAction(policy, alert, back, officers);
    expect(next.decisions).toEqual([]);
    expect(next.nextStepAt.getTime() - back.getTime()).toBe(policy.takeLapsesAfter * 1000);
  });
});

describe('policies', () => {
  it('are valid as they come, and one that ends before everybody is reached is not', () => {
    for (const policy of Object.values(DEFAULT_POLICIES)) expect(policySchema.parse(policy)).toEqual(policy);
    const { critical } = DEFAULT_POLICIES;
    expect(policySchema.safeParse({ ...critical, steps: critical.steps.slice(0, 2) }).success).toBe(false);
    expect(policySchema.safeParse({ ...critical, longest: { open: 60, taken: 1800 } }).success).toBe(false);
    expect(policySchema.safeParse({ ...critical, steps: [{ after: 60, who: 'everybody' }] }).success).toBe(
      false,
    );
  });

  it('call officers off duty before supervisors, and everybody if no officer is on duty', () => {
    const off = person('cheick', { isOnDuty: false });
    const boss = person('fanta', { isOnDuty: false, role: 'supervisor' });
    const awa = person('awa');
    const now = new Date(START);
    expect(whoIsOn({ after: 0, who: 'on_duty' }, [boss, off, awa], now)).toEqual(['awa']);
    expect(whoIsOn({ after: 0, who: 'next' }, [boss, off, awa], now)).toEqual(['awa', 'cheick', 'fanta']);
    expect(whoIsOn({ after: 0, who: 'on_duty' }, [boss, off], now)).toEqual(['cheick', 'fanta']);
  });
});
