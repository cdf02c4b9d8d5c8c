/**
 * "Given policy, state and now: what next?" Pure.
 *
 * Invariants: every alert that is not closed has a next step, later than now and not further ahead than
 * `policy.longest`; a time that lies in the future because the clock was set back is brought back to now; an
 * untaken alert reaches everybody by its last step and is repeated for ever; whoever has taken one is left
 * alone until the take lapses or the person asks again; saying "I cannot" never leaves nobody.
 */
import { z } from 'zod';
import type { OfficerId } from '../kernel/ids.ts';
import { type OfficerOnCall, type Policy, type PolicyStep, whoIsOn } from './policy.ts';

/** How far a policy has been walked in the present round; stored with the alert. Times in ms since 1970. */
export const progressSchema = z.object({
  /** Steps that are done. */
  step: z.number().int().nonnegative(),
  /** When everybody paged so far was last paged. */
  repeatedAt: z.number().optional(),
  paged: z.array(z.string()),
  /** Said "I cannot" since the last step that reached everybody. */
  declined: z.array(z.string()),
  /** Nobody could be paged at the last try. */
  isNobody: z.boolean().default(false),
  /** The person asked again after it was taken, and the taker has not said that they saw it. */
  againAt: z.number().optional(),
  /** When the taker was last told so: somebody who presses SOS many times rings once a minute. */
  againToldAt: z.number().optional(),
  /** What the officer must see and closes nothing, in words of a closed list. */
  notes: z.array(z.string()).default([]),
});
type Progress = z.infer<typeof progressSchema>;

export type AlertNow = {
  state: 'open' | 'taken';
  roundAt: Date;
  progress: Progress;
  /** While taken. */
  takenBy?: OfficerId;
  workedAt?: Date;
};

type LapseReason = 'no_work' | 'not_acknowledged' | 'removed' | 'unreachable';

export type Decision =
  /** One push to each of these officers. `again`: they were paged in this round before. */
  | { do: 'page'; officers: OfficerId[]; isRepeat: boolean; step: number }
  /** The take has ended; the alert is open again. */
  | { do: 'lapse'; officer: OfficerId; reason: LapseReason }
  /** There is nobody whom a page could reach. */
  | { do: 'nobody' };

export type Next = { decisions: Decision[]; alert: AlertNow; nextStepAt: Date };

const FRESH: Progress = { step: 0, paged: [], declined: [], isNobody: false, notes: [] };

/** An alert as it is raised, or raised anew: its first step is due at once. */
export function raised(now: Date, notes: readonly string[] = []): AlertNow {
  return { state: 'open', roundAt: now, progress: { ...FRESH, notes: [...notes] } };
}

/** Taken by one person, who now has time to work on it. */
export function taken(alert: AlertNow, officer: OfficerId, now: Date): AlertNow {
  const { againAt: _seen, againToldAt: _told, ...progress } = alert.progress;
  return { state: 'taken', roundAt: alert.roundAt, progress, takenBy: officer, workedAt: now };
}

/** The taker did something for the case: the take goes on, and a repeated alert counts as seen. */
export function worked(alert: AlertNow, now: Date): AlertNow {
  const { againAt: _seen, againToldAt: _told, ...progress } = alert.progress;
  return { ...alert, progress, workedAt: now };
}

/** The person asks again. An untaken alert goes on as it is: nobody is woken anew. */
export function askedAgain(alert: AlertNow, now: Date): AlertNow {
  if (alert.state === 'open') return alert;
  const againAt = alert.progress.againAt ?? now.getTime();
  return { ...alert, progress: { ...alert.progress, againAt } };
}

/** A take ends before its time: the taker gives it back. A new round begins with the others. */
export function released(alert: AlertNow, officer: OfficerId, now: Date): AlertNow {
  const round = raised(now, alert.progress.notes);
  return { ...round, progress: { ...round.progress, paged: [officer], declined: [officer] } };
}

/** "I cannot": the next person at once. Somebody who was the last one is asked again with the next repeat. */
export function declined(
  policy: Policy,
  alert: AlertNow,
  officer: OfficerId,
  now: Date,
  officers: readonly OfficerOnCall[],
): Next {
  const said = [...new Set([...alert.progress.declined, officer])];
  return nextPerson(policy, { ...alert, progress: { ...alert.progress, declined: said } }, now, officers);
}

/** Pages the next person who has not been paged in this round, before their time. */
export function nextPerson(
  policy: Policy,
  alert: AlertNow,
  now: Date,
  officers: readonly OfficerOnCall[],
): Next {
  const { progress } = alert;
  const [next] = whoIsOn({ after: 0, who: 'next' }, officers, now).filter(
    (id) => !progress.paged.includes(id),
  );
  if (alert.state !== 'open' || !next)
    return { decisions: [], alert, nextStepAt: nextStep(policy, alert, now) };
  const after: AlertNow = { ...alert, progress: { ...progress, paged: [...progress.paged, next] } };
  return {
    decisions: [{ do: 'page', officers: [next], isRepeat: false, step: progress.step }],
    alert: after,
    nextStepAt: nextStep(policy, after, now),
  };
}

/** Everything that is due now, the state after it, and when to look again. */
export function nextAction(
  policy: Policy,
  alert: AlertNow,
  now: Date,
  officers: readonly OfficerOnCall[],
): Next {
  const before = broughtBack(policy, alert, now);
  const lapse = whyLapsed(policy, before, now, officers);
  if (before.state === 'taken' && !lapse)
    return { decisions: [], alert: before, nextStepAt: nextStep(policy, before, now) };
  const walked = walk(policy, lapse ? afterLapse(policy, before, now, lapse) : before, now, officers);
  const decisions: Decision[] =
    lapse && before.takenBy ? [{ do: 'lapse', officer: before.takenBy, reason: lapse }] : [];
  return {
    decisions: [...decisions, ...walked.decisions],
    alert: walked.alert,
    nextStepAt: nextStep(policy, walked.alert, now),
  };
}

/** When to look again: later than now and not further ahead than the longest step. */
export function nextStep(policy: Policy, alert: AlertNow, now: Date): Date {
  const { progress } = alert;
  const times =
    alert.state === 'taken'
      ? [
          (alert.workedAt ?? now).getTime() + policy.takeLapsesAfter * 1000,
          progress.againAt === undefined ? Infinity : progress.againAt + policy.acknowledgeWithin * 1000,
        ]
      : [
          alert.roundAt.getTime() + (policy.steps[progress.step]?.after ?? Infinity) * 1000,
          progress.repeatedAt === undefined
            ? now.getTime()
            : progress.repeatedAt + interval(policy, progress) * 1000,
        ];
  const latest = now.getTime() + policy.longest[alert.state] * 1000;
  return new Date(Math.min(latest, Math.max(now.getTime() + 1, Math.min(...times))));
}

/** Until the last step repeats are frequent; after it they go on for ever. */
function interval(policy: Policy, progress: Progress): number {
  return progress.step >= policy.steps.length ? policy.thenEvery : policy.repeatEvery;
}

/** Times that lie ahead of now: the clock was set back. A step that was done stays done. */
function broughtBack(policy: Policy, alert: AlertNow, now: Date): AlertNow {
  const ms = now.getTime();
  const { repeatedAt, againAt, ...progress } = alert.progress;
  const lastStep = policy.steps[Math.min(progress.step, policy.steps.length) - 1];
  return {
    ...alert,
    roundAt: alert.roundAt > now ? new Date(ms - (lastStep?.after ?? 0) * 1000) : alert.roundAt,
    ...(alert.workedAt ? { workedAt: alert.workedAt > now ? now : alert.workedAt } : {}),
    progress: {
      ...progress,
      // Forgotten rather than moved: the repeat is then due now.
      ...(repeatedAt !== undefined && repeatedAt <= ms ? { repeatedAt } : {}),
      ...(againAt === undefined ? {} : { againAt: Math.min(againAt, ms) }),
    },
  };
}

function whyLapsed(
  policy: Policy,
  alert: AlertNow,
  now: Date,
  officers: readonly OfficerOnCall[],
): LapseReason | undefined {
  if (alert.state !== 'taken') return undefined;
  const taker = officers.find((officer) => officer.id === alert.takenBy);
  if (!taker) return 'removed';
  if (!taker.isReachable) return 'unreachable';
  const { againAt } = alert.progress;
  const ms = now.getTime();
  if (againAt !== undefined && ms >= againAt + policy.acknowledgeWithin * 1000) return 'not_acknowledged';
  if (ms >= (alert.workedAt ?? now).getTime() + policy.takeLapsesAfter * 1000) return 'no_work';
  return undefined;
}

/** A person asked again and nobody saw it: everybody at once. Otherwise the policy begins anew. */
function afterLapse(policy: Policy, alert: AlertNow, now: Date, reason: LapseReason): AlertNow {
  const round = raised(now, alert.progress.notes);
  if (reason !== 'not_acknowledged') return round;
  const last = policy.steps.length - 1;
  const roundAt = new Date(now.getTime() - (policy.steps[last]?.after ?? 0) * 1000);
  return { ...round, roundAt, progress: { ...round.progress, step: last } };
}

/** Does every step whose time has come, and the repeat if it is due. */
function walk(
  policy: Policy,
  alert: AlertNow,
  now: Date,
  officers: readonly OfficerOnCall[],
): { decisions: Decision[]; alert: AlertNow } {
  const { step, fresh, toEverybody } = takeSteps(policy, alert, now, officers);
  const { progress } = alert;
  const paged = new Set(progress.paged as OfficerId[]);
  const said = toEverybody ? [] : progress.declined;
  const waitMs = interval(policy, { ...progress, step }) * 1000;
  const isRepeatDue =
    toEverybody || progress.repeatedAt === undefined || now.getTime() >= progress.repeatedAt + waitMs;
  // Whoever has come on duty or was enrolled since is paged with the repeat.
  const who = step >= policy.steps.length ? 'everybody' : 'on_duty';
  const added = isRepeatDue ? whoIsOn({ after: 0, who }, officers, now).filter((id) => !paged.has(id)) : [];
  for (const id of added) fresh.add(id);
  const again = isRepeatDue ? whomAgain(officers, paged, said, fresh.size > 0) : [];
  const decisions: Decision[] = [];
  if (fresh.size > 0) decisions.push({ do: 'page', officers: [...fresh], isRepeat: false, step });
  if (again.length > 0) decisions.push({ do: 'page', officers: again, isRepeat: true, step });
  const isNobody = isRepeatDue ? decisions.length === 0 : progress.isNobody;
  if (isNobody && isRepeatDue) decisions.push({ do: 'nobody' });
  const after: Progress = {
    ...progress,
    step,
    paged: [...paged, ...fresh],
    declined: said,
    isNobody,
    ...(isRepeatDue ? { repeatedAt: now.getTime() } : {}),
  };
  return { decisions, alert: { ...alert, progress: after } };
}

/** The steps whose time has come, and whom they add. */
function takeSteps(
  policy: Policy,
  alert: AlertNow,
  now: Date,
  officers: readonly OfficerOnCall[],
): { step: number; fresh: Set<OfficerId>; toEverybody: boolean } {
  const elapsed = (now.getTime() - alert.roundAt.getTime()) / 1000;
  const paged = new Set<string>(alert.progress.paged);
  const fresh = new Set<OfficerId>();
  let { step } = alert.progress;
  let toEverybody = false;
  for (; step < policy.steps.length; step++) {
    const due = policy.steps[step];
    if (!due || due.after > elapsed) break;
    for (const id of reachedBy(due, officers, now, (each) => paged.has(each) || fresh.has(each)))
      fresh.add(id);
    if (due.who === 'everybody') toEverybody = true;
  }
  return { step, fresh, toEverybody };
}

/** Whom a step adds to those paged already; a step that would add nobody on duty adds the next person. */
function reachedBy(
  step: PolicyStep,
  officers: readonly OfficerOnCall[],
  now: Date,
  isPaged: (id: OfficerId) => boolean,
): OfficerId[] {
  const fresh = whoIsOn(step, officers, now).filter((id) => !isPaged(id));
  if (step.who === 'next') return fresh.slice(0, 1);
  if (step.who === 'everybody' || fresh.length > 0) return fresh;
  return whoIsOn({ ...step, who: 'next' }, officers, now)
    .filter((id) => !isPaged(id))
    .slice(0, 1);
}

/** Everybody paged in this round and reachable, without those who cannot; all of them if nobody is left. */
function whomAgain(
  officers: readonly OfficerOnCall[],
  paged: ReadonlySet<OfficerId>,
  said: readonly string[],
  isAnybodyNew: boolean,
): OfficerId[] {
  const reachable = officers
    .filter((officer) => officer.isReachable && paged.has(officer.id))
    .map(({ id }) => id);
  const willing = reachable.filter((id) => !said.includes(id));
  return willing.length > 0 || isAnybodyNew ? willing : reachable;
}
