/**
 * Every sequence of seven things that can happen to an alert. Sequences that lead to the same state are followed
 * once: what comes after depends on nothing else.
 */
import { describe, expect, it } from 'vitest';
import { declined, type Next, nextAction, nextPerson, nextStep } from '../../src/alerts/escalation.ts';
import { DEFAULT_POLICIES, type OfficerOnCall, type Policy, policySchema } from '../../src/alerts/policy.ts';
import {
  type AlertNow,
  askedAgain,
  offered,
  progressSchema,
  raised,
  released,
  taken,
} from '../../src/alerts/progress.ts';
import type { OfficerId } from '../../src/kernel/ids.ts';

const EVENTS = [
  'raise',
  'take',
  'cannot',
  'time_out',
  'contact_revoked',
  'transport_dead',
  'raised_again',
  'closed',
  'killed',
  'hand_over',
] as const;
type Event = (typeof EVENTS)[number];

/** Times are in ms; `now` is 0 in every state, so that states can be compared. */
type World = {
  alert: AlertNow | undefined;
  isClosed: boolean;
  due: number;
  reachable: readonly OfficerId[];
};

const PEOPLE = ['awa', 'binta', 'fanta'] as OfficerId[];
const team = (reachable: readonly OfficerId[]): OfficerOnCall[] =>
  PEOPLE.map((id, n) => ({
    id,
    role: n === 2 ? 'supervisor' : 'officer',
    isOnDuty: n === 0,
    rotas: n === 0 ? ['day'] : [],
    isReachable: reachable.includes(id),
  }));
const NOW = new Date(0);

const rotas = policySchema.parse({
  ...DEFAULT_POLICIES.critical,
  name: 'rotas',
  steps: [
    { after: 0, who: { rotas: ['night'] } },
    { after: 300, who: { rotas: ['day'] } },
    { after: 600, who: 'everybody' },
  ],
});

function live(world: World): AlertNow | undefined {
  return world.isClosed ? undefined : world.alert;
}

const kept = (world: World, { alert, nextStepAt }: Pick<Next, 'alert' | 'nextStepAt'>): World => ({
  ...world,
  alert,
  due: nextStepAt.getTime(),
});

/** What the service does when something has happened: the same functions in the same order. */
function happen(policy: Policy, world: World, event: Event): World {
  const officers = team(world.reachable);
  const alert = live(world);
  if (event === 'raise' || event === 'raised_again') {
    if (!alert) return look(policy, { ...world, isClosed: false, alert: raised(NOW), due: 0 });
    const after = askedAgain(alert, NOW);
    return kept(world, { alert: after, nextStepAt: nextStep(policy, after, NOW) });
  }
  if (!alert) return world;
  const [first] = world.reachable;
  switch (event) {
    case 'take':
      if (!first || alert.state === 'taken') return world;
      return keep(policy, world, taken(alert, first, NOW));
    case 'hand_over':
      return keep(policy, world, offered(alert, world.reachable[1] ?? ('binta' as OfficerId), NOW));
    case 'cannot':
      if (alert.takenBy)
        return look(policy, { ...world, alert: released(alert, alert.takenBy, NOW), due: 0 });
      return first ? kept(world, declined(policy, alert, first, NOW, officers)) : world;
    case 'closed':
      return { ...world, isClosed: true };
    case 'contact_revoked': {
      const rest = world.reachable.slice(1);
      const after = { ...world, reachable: rest };
      // A taker who can no longer be reached is looked at by the cycle.
      if (alert.takenBy && !rest.includes(alert.takenBy)) return look(policy, { ...after, due: 0 });
      return kept(after, nextPerson(policy, alert, NOW, team(rest)));
    }
    case 'transport_dead':
      return kept(world, nextPerson(policy, alert, NOW, officers));
    case 'time_out':
      return look(policy, later(world, Math.max(0, world.due)));
    case 'killed': {
      // What was in memory is gone; what stands in the database is read an hour late.
      const read = { ...alert, progress: progressSchema.parse(JSON.parse(JSON.stringify(alert.progress))) };
      return look(policy, later({ ...world, alert: read }, 3_600_000));
    }
  }
}

const keep = (policy: Policy, world: World, alert: AlertNow): World =>
  kept(world, { alert, nextStepAt: nextStep(policy, alert, NOW) });

/** The escalate cycle. */
function look(policy: Policy, world: World): World {
  if (!world.alert || world.due > 0) return world;
  return kept(world, nextAction(policy, world.alert, NOW, team(world.reachable)));
}

/** The same world so much later, its times counted from there. */
function later(world: World, ms: number): World {
  const { alert } = world;
  if (!alert) return world;
  const { repeatedAt, againAt, againToldAt, headStartUntil, offer, ...progress } = alert.progress;
  const back = (time: number) => Math.max(time - ms, -86_400_000);
  const shifted = {
    ...alert,
    roundAt: new Date(back(alert.roundAt.getTime())),
    ...(alert.workedAt ? { workedAt: new Date(back(alert.workedAt.getTime())) } : {}),
    progress: {
      ...progress,
      ...(repeatedAt === undefined ? {} : { repeatedAt: back(repeatedAt) }),
      ...(againAt === undefined ? {} : { againAt: back(againAt) }),
      ...(againToldAt === undefined ? {} : { againToldAt: back(againToldAt) }),
      ...(headStartUntil === undefined ? {} : { headStartUntil: back(headStartUntil) }),
      ...(offer === undefined ? {} : { offer: { ...offer, at: back(offer.at) } }),
    },
  };
  return { ...world, alert: shifted, due: world.due - ms };
}

/** All states that seven events can lead to, and how many sequences of seven lead there. */
function follow(policy: Policy, check: (world: World) => void): { sequences: number; states: number } {
  const begin: World = { alert: undefined, isClosed: false, due: 0, reachable: PEOPLE };
  let worlds = new Map([[JSON.stringify(begin), { world: begin, ways: 1 }]]);
  const seen = new Set(worlds.keys());
  for (let n = 0; n < 7; n++) {
    const next = new Map<string, { world: World; ways: number }>();
    for (const { world, ways } of worlds.values())
      for (const event of EVENTS) {
        const after = happen(policy, world, event);
        const key = JSON.stringify(after);
        const known = next.get(key);
        if (known) known.ways += ways;
        else next.set(key, { world: after, ways });
        if (seen.has(key)) continue;
        seen.add(key);
        check(after);
      }
    worlds = next;
  }
  return { sequences: [...worlds.values()].reduce((sum, { ways }) => sum + ways, 0), states: seen.size };
}

describe.each([DEFAULT_POLICIES.critical, rotas])('every sequence of seven events ($name)', (policy) => {
  it('leaves an alert that is not closed with a next step: ahead, and not further than its longest', () => {
    const { sequences, states } = follow(policy, (world) => {
      const alert = live(world);
      if (!alert) return;
      const isAhead = world.due > 0 && world.due <= policy.longest[alert.state] * 1000;
      if (!isAhead) throw new Error(`due in ${world.due} ms: ${JSON.stringify(world)}`);
    });
    expect(sequences).toBe(10 ** 7);
    expect(states).toBeGreaterThan(500);
  });

  it('is never silent: left alone, an open alert pages an officer soon, or says that there is none', () => {
    const patience = (policy.steps.at(-1)?.after ?? 0) + policy.repeatEvery + policy.thenEvery;
    follow(policy, (world) => {
      const alert = live(world);
      if (alert?.state !== 'open') return;
      let now = world;
      let waited = 0;
      for (;;) {
        waited += Math.max(0, now.due);
        if (waited > patience * 1000) throw new Error(`silent: ${JSON.stringify(world)}`);
        now = later(now, Math.max(0, now.due));
        const next = now.alert && nextAction(policy, now.alert, NOW, team(now.reachable));
        const isNobodyThere = now.reachable.length === 0;
        if (!next || next.decisions.some(({ do: what }) => what === (isNobodyThere ? 'nobody' : 'page')))
          return;
        now = kept(now, next);
      }
    });
  });
});
