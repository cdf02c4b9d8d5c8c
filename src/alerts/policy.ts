/**
 * Escalation policies as data: whom an alert goes to, after how long, and how it goes on for ever.
 *
 * Invariants: the first step is at 0 and the last one reaches everybody; every wait is finite and more than
 * nothing, so that an open alert always has a next step. A policy is frozen into the alert when it is raised:
 * changing it here changes no alert that is open.
 */
import { z } from 'zod';
import type { OfficerId } from '../kernel/ids.ts';
import { ALERT_LEVELS, type AlertLevel, type OfficerRole } from '../kernel/vocabulary.ts';

/**
 * Whom a step reaches: everybody on duty, the next person, everybody; or those on call on these rotas now, and these
 * officers. `whoIsOn` is the one place that reads it.
 */
const WHO = ['on_duty', 'next', 'everybody'] as const;
const namedSchema = z
  .object({ rotas: z.array(z.string()).default([]), officers: z.array(z.string()).default([]) })
  .refine(({ rotas, officers }) => rotas.length + officers.length > 0, 'a step names a rota or an officer');
const stepSchema = z.object({
  after: z.number().int().nonnegative(),
  who: z.union([z.enum(WHO), namedSchema]),
});

/** The longest wait, in seconds. */
const DAY = 86_400;
const wait = z.number().int().positive().max(DAY);

/** All times in seconds. */
export const policySchema = z
  .object({
    /** What it is called in the plan and in the alert's log. */
    name: z.string().min(1).max(60),
    steps: z.array(stepSchema).min(1).max(20),
    /** A new message to everybody paged so far, until an officer takes it. */
    repeatEvery: wait,
    /** After the last step, for ever. */
    thenEvery: wait,
    /** A take ends after this long without work on the case. */
    takeLapsesAfter: wait,
    /** A take that lapsed without work: the taker is paged this long before anybody else; 0 is with them. */
    takerFirst: z.number().int().nonnegative().max(600).default(60),
    /** An alert again from the same person, or one offered to a colleague: they have this long to say that they saw it. */
    acknowledgeWithin: wait,
    /** The longest an untaken or taken alert may wait; one whose time lies further ahead is due now. */
    longest: z.object({ open: wait, taken: wait }),
  })
  .refine((policy) => policy.steps[0]?.after === 0, 'the first step is at 0')
  .refine((policy) => policy.steps.at(-1)?.who === 'everybody', 'the last step reaches everybody')
  .refine(
    (policy) => policy.steps.every((step, i) => i === 0 || step.after > (policy.steps[i - 1]?.after ?? 0)),
    'steps are in order of time',
  )
  .refine((policy) => policy.longest.open >= Math.max(policy.repeatEvery, policy.thenEvery), 'longest.open')
  .refine(
    (policy) => policy.longest.taken >= Math.max(policy.takeLapsesAfter, policy.acknowledgeWithin),
    'longest.taken',
  );
export type Policy = z.infer<typeof policySchema>;
export type PolicyStep = Policy['steps'][number];

const minutes = (n: number) => n * 60;

const shared = {
  thenEvery: minutes(5),
  takeLapsesAfter: minutes(30),
  takerFirst: minutes(1),
  acknowledgeWithin: minutes(5),
  longest: { open: minutes(5), taken: minutes(30) },
};

/** The policies of a new installation. The CNDH may change them; none is a promise to reporters. */
export const DEFAULT_POLICIES: Readonly<Record<AlertLevel, Policy>> = {
  critical: {
    name: 'critical',
    steps: [
      { after: 0, who: 'on_duty' },
      { after: minutes(5), who: 'next' },
      { after: minutes(10), who: 'everybody' },
    ],
    repeatEvery: minutes(2),
    ...shared,
  },
  urgent: {
    name: 'urgent',
    steps: [
      { after: 0, who: 'on_duty' },
      { after: minutes(15), who: 'next' },
      { after: minutes(30), who: 'everybody' },
    ],
    repeatEvery: minutes(5),
    ...shared,
  },
};

/** Of a quiet alert. Nobody is paged by it; it is looked at each day, and is another one when the case becomes urgent. */
export const QUIET_POLICY: Policy = {
  name: 'quiet',
  steps: [{ after: 0, who: 'everybody' }],
  repeatEvery: DAY,
  thenEvery: DAY,
  takeLapsesAfter: DAY,
  takerFirst: 0,
  acknowledgeWithin: 1_800,
  longest: { open: DAY, taken: DAY },
};

/** A policy of the duty plan and which alerts it is for; a list that is absent means all of them. */
export const plannedPolicySchema = z.object({
  when: z
    .object({
      levels: z.array(z.enum(ALERT_LEVELS)).min(1).optional(),
      regions: z.array(z.string()).min(1).optional(),
      languages: z.array(z.string()).min(1).optional(),
    })
    .default({}),
  policy: policySchema,
});
export type PlannedPolicy = z.infer<typeof plannedPolicySchema>;

/** What a policy is chosen by. A region or language that is not known fits only a policy that names none. */
export type AboutAlert = { level: AlertLevel; region?: string; language?: string };

/** The first policy of the plan that is for such an alert; without one, the policy of a new installation. */
export function choosePolicy(planned: readonly PlannedPolicy[], about: AboutAlert): Policy {
  const fits = (list: readonly string[] | undefined, value: string | undefined) =>
    list === undefined || (value !== undefined && list.includes(value));
  const found = planned.find(
    ({ when }) =>
      fits(when.levels, about.level) &&
      fits(when.regions, about.region) &&
      fits(when.languages, about.language),
  );
  return found?.policy ?? DEFAULT_POLICIES[about.level];
}

/** What a policy needs to know of an enrolled officer. */
export type OfficerOnCall = {
  id: OfficerId;
  role: OfficerRole;
  /** Said so, or is on call on a rota now. */
  isOnDuty: boolean;
  /** Names of the rotas on which they are on call now. */
  rotas: readonly string[];
  /** At least one contact that has not blocked the bot. */
  isReachable: boolean;
  /** Must not have this case: is never paged for it. Default no. */
  isExcluded?: boolean;
};

/** Whether a page for this alert may go to this officer and would reach them. */
export const mayBePaged = (officer: OfficerOnCall): boolean => officer.isReachable && !officer.isExcluded;

/**
 * Whom a step reaches now, in the order in which they are called. `next` gives everyone who may be the next
 * person: the caller takes the first who has not been paged. Nobody on duty: everybody.
 */
export function whoIsOn(step: PolicyStep, officers: readonly OfficerOnCall[], _now: Date): OfficerId[] {
  const reachable = officers.filter(mayBePaged);
  const onDuty = reachable.filter((officer) => officer.isOnDuty);
  if (step.who === 'on_duty' && onDuty.length > 0) return onDuty.map((officer) => officer.id);
  if (typeof step.who === 'object') {
    const { rotas, officers: named } = step.who;
    return reachable
      .filter((officer) => named.includes(officer.id) || officer.rotas.some((rota) => rotas.includes(rota)))
      .map((officer) => officer.id);
  }
  const order = [
    ...onDuty,
    ...reachable.filter((officer) => !officer.isOnDuty && officer.role === 'officer'),
    ...reachable.filter((officer) => !officer.isOnDuty && officer.role === 'supervisor'),
  ];
  return order.map((officer) => officer.id);
}
