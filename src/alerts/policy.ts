/**
 * Escalation policies as data: whom an alert goes to, after how long, and how it goes on for ever.
 *
 * Invariants: the first step is at 0 and the last one reaches everybody; every wait is finite and more than
 * nothing, so that an open alert always has a next step. A policy is frozen into the alert when it is raised:
 * changing it here changes no alert that is open.
 */
import { z } from 'zod';
import type { OfficerId } from '../kernel/ids.ts';

/** Whom a step reaches. Rotas and overrides will be further kinds; `whoIsOn` is the one place that reads them. */
const WHO = ['on_duty', 'next', 'everybody'] as const;

const wait = z.number().int().positive().max(86_400);

/** All times in seconds. */
export const policySchema = z
  .object({
    name: z.enum(['critical', 'urgent']),
    steps: z.array(z.object({ after: z.number().int().nonnegative(), who: z.enum(WHO) })).min(1),
    /** A new message to everybody paged so far, until somebody takes it. */
    repeatEvery: wait,
    /** After the last step, for ever. */
    thenEvery: wait,
    /** A take ends after this long without work on the case. */
    takeLapsesAfter: wait,
    /** An alert again from the same person: the taker has this long to say that they saw it. */
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
  acknowledgeWithin: minutes(5),
  longest: { open: minutes(5), taken: minutes(30) },
};

/** The policies of a new installation. The CNDH may change them; none is a promise to reporters. */
export const DEFAULT_POLICIES: Readonly<Record<Policy['name'], Policy>> = {
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

/** What a policy needs to know of an enrolled officer. */
export type OfficerOnCall = {
  id: OfficerId;
  role: 'officer' | 'supervisor';
  isOnDuty: boolean;
  /** At least one contact that has not blocked the bot. */
  isReachable: boolean;
};

/**
 * Whom a step reaches now, in the order in which they are called. `next` gives everyone who may be the next
 * person: the caller takes the first who has not been paged. Nobody on duty: everybody.
 */
export function whoIsOn(step: PolicyStep, officers: readonly OfficerOnCall[], _now: Date): OfficerId[] {
  const reachable = officers.filter((officer) => officer.isReachable);
  const onDuty = reachable.filter((officer) => officer.isOnDuty);
  if (step.who === 'on_duty' && onDuty.length > 0) return onDuty.map((officer) => officer.id);
  const order = [
    ...onDuty,
    ...reachable.filter((officer) => !officer.isOnDuty && officer.role === 'officer'),
    ...reachable.filter((officer) => !officer.isOnDuty && officer.role === 'supervisor'),
  ];
  return order.map((officer) => officer.id);
}
