/**
 * "Given policy, state and now: what next?" Pure.
 *
 * Invariants: every alert that is not closed has a next step, later than now and not further ahead than
 * `policy.longest`; a time that lies in the future because the clock was set back is brought back to now; an
 * untaken alert reaches everybody by its last step and is repeated for ever; a step without anybody is passed over at
 * once; the officer who has taken one is left alone until the take lapses or the person asks again; saying "I cannot"
 * never leaves nobody. A quiet alert pages nobody, and its take ends only when the taker can no longer have it.
 */
import type { OfficerId } from '../kernel/ids.ts';
import { mayBePaged, type OfficerOnCall, type Policy, type PolicyStep, whoIsOn } from './policy.ts';
import { type AlertNow, anew, offerEnded, type Progress } from './progress.ts';

type LapseReason = 'no_work' | 'not_acknowledged' | 'removed' | 'unreachable' | 'excluded';

export type Decision =
  /**
   * One push to each of these officers. `isRepeat`: they were paged in this round before. `isEverywhere`: supervisors
   * on every contact they have.
   */
  | { do: 'page'; officers: OfficerId[]; isRepeat: boolean; step: number; isEverywhere?: boolean }
  /** Nobody on this step could be paged who had not been: the next one follows at once. */
  | { do: 'skip'; step: number }
  /** The take has ended; the alert is open again. */
  | { do: 'lapse'; officer: OfficerId; reason: LapseReason }
  /** The colleague to whom it was offered did not take it: it stays with the taker. */
  | { do: 'end_offer'; to: OfficerId }
  /** The whole policy is walked, everybody was paged again, and nobody has it. */
  | { do: 'exhaust' }
  /** There is nobody whom a page could reach. */
  | { do: 'nobody' };

export type Next = { decisions: Decision[]; alert: AlertNow; nextStepAt: Date };

/** "I cannot": the next person at once. An officer who was the last one is asked again with the next repeat. */
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
  if (alert.state !== 'open' || alert.isQuiet || !next)
    return { decisions: [], alert, nextStepAt: nextStep(policy, alert, now) };
  const after: AlertNow = { ...alert, progress: { ...progress, paged: [...progress.paged, next] } };
  return {
    decisions: [{ do: 'page', officers: [next], isRepeat: false, step: progress.step }],
    alert: after,
    nextStepAt: nextStep(policy, after, now),
  };
}

/** Nobody supervises it: everybody who may have it is called at once, not step by step. */
export function everybodyNow(policy: Policy, alert: AlertNow, now: Date): AlertNow {
  const last = policy.steps.length - 1;
  if (alert.state !== 'open' || alert.isQuiet || alert.progress.step >= last) return alert;
  const roundAt = new Date(now.getTime() - (policy.steps[last]?.after ?? 0) * 1000);
  return { ...alert, roundAt, progress: { ...alert.progress, step: last } };
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
  if (before.state === 'taken' && !lapse) {
    const ended = endOffer(policy, before, now, officers);
    return { ...ended, nextStepAt: nextStep(policy, ended.alert, now) };
  }
  const begun = lapse
    ? afterLapse(policy, before, now, lapse, officers)
    : { alert: before, decisions: [] as Decision[] };
  if (begun.alert.isQuiet) return { ...begun, nextStepAt: nextStep(policy, begun.alert, now) };
  const walked = walk(policy, begun.alert, now, officers);
  return {
    decisions: [...begun.decisions, ...walked.decisions],
    alert: walked.alert,
    nextStepAt: nextStep(policy, walked.alert, now),
  };
}

/** When to look again: later than now and not further ahead than the longest step. */
export function nextStep(policy: Policy, alert: AlertNow, now: Date): Date {
  const times = alert.state === 'taken' ? takenTimes(policy, alert, now) : openTimes(policy, alert, now);
  const latest = now.getTime() + policy.longest[alert.state] * 1000;
  return new Date(Math.min(latest, Math.max(now.getTime() + 1, Math.min(...times))));
}

function takenTimes(policy: Policy, { isQuiet, workedAt, progress }: AlertNow, now: Date): number[] {
  const within = policy.acknowledgeWithin * 1000;
  return [
    isQuiet ? Infinity : (workedAt ?? now).getTime() + policy.takeLapsesAfter * 1000,
    progress.againAt === undefined ? Infinity : progress.againAt + within,
    progress.offer === undefined ? Infinity : progress.offer.at + within,
  ];
}

function openTimes(policy: Policy, { isQuiet, roundAt, progress }: AlertNow, now: Date): number[] {
  if (isQuiet) return [Infinity];
  const step = roundAt.getTime() + (policy.steps[progress.step]?.after ?? Infinity) * 1000;
  return [
    progress.step === 0 ? Math.max(step, progress.headStartUntil ?? 0) : step,
    progress.repeatedAt === undefined
      ? now.getTime()
      : progress.repeatedAt + interval(policy, progress) * 1000,
  ];
}

/** Until the policy is exhausted repeats are frequent; after it they go on for ever. */
function interval(policy: Policy, progress: Progress): number {
  return progress.isExhausted ? policy.thenEvery : policy.repeatEvery;
}

/** Times that lie ahead of now: the clock was set back. A step that was done stays done. */
function broughtBack(policy: Policy, alert: AlertNow, now: Date): AlertNow {
  const ms = now.getTime();
  const { repeatedAt, againAt, offer, headStartUntil, ...progress } = alert.progress;
  const lastStep = policy.steps[Math.min(progress.step, policy.steps.length) - 1];
  const headStart = Math.min(headStartUntil ?? 0, ms + policy.takerFirst * 1000);
  return {
    ...alert,
    roundAt: alert.roundAt > now ? new Date(ms - (lastStep?.after ?? 0) * 1000) : alert.roundAt,
    ...(alert.workedAt ? { workedAt: alert.workedAt > now ? now : alert.workedAt } : {}),
    progress: {
      ...progress,
      // Forgotten rather than moved: the repeat is then due now.
      ...(repeatedAt !== undefined && repeatedAt <= ms ? { repeatedAt } : {}),
      ...(againAt === undefined ? {} : { againAt: Math.min(againAt, ms) }),
      ...(offer === undefined ? {} : { offer: { ...offer, at: Math.min(offer.at, ms) } }),
      ...(headStart > ms ? { headStartUntil: headStart } : {}),
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
  if (taker.isExcluded) return 'excluded';
  if (!taker.isReachable) return 'unreachable';
  const { againAt } = alert.progress;
  if (alert.isQuiet) return undefined;
  const ms = now.getTime();
  if (againAt !== undefined && ms >= againAt + policy.acknowledgeWithin * 1000) return 'not_acknowledged';
  if (ms >= (alert.workedAt ?? now).getTime() + policy.takeLapsesAfter * 1000) return 'no_work';
  return undefined;
}

/** An offer that nobody answered in time, or to a colleague who can no longer be asked. */
function endOffer(
  policy: Policy,
  alert: AlertNow,
  now: Date,
  officers: readonly OfficerOnCall[],
): { decisions: Decision[]; alert: AlertNow } {
  const { offer } = alert.progress;
  const asked = officers.find((officer) => officer.id === offer?.to);
  const isOver = offer && now.getTime() >= offer.at + policy.acknowledgeWithin * 1000;
  if (!offer || (!isOver && asked && mayBePaged(asked))) return { decisions: [], alert };
  return { decisions: [{ do: 'end_offer', to: offer.to as OfficerId }], alert: offerEnded(alert) };
}

/**
 * A person asked again and nobody saw it: everybody at once. A take without work: the taker first, then the policy anew.
 * Otherwise the policy begins anew at once.
 */
function afterLapse(
  policy: Policy,
  alert: AlertNow,
  now: Date,
  reason: LapseReason,
  officers: readonly OfficerOnCall[],
): { decisions: Decision[]; alert: AlertNow } {
  const round = anew(alert, now);
  const taker = officers.find((officer) => officer.id === alert.takenBy);
  const decisions: Decision[] = alert.takenBy ? [{ do: 'lapse', officer: alert.takenBy, reason }] : [];
  if (reason === 'not_acknowledged') {
    const last = policy.steps.length - 1;
    const roundAt = new Date(now.getTime() - (policy.steps[last]?.after ?? 0) * 1000);
    return { decisions, alert: { ...round, roundAt, progress: { ...round.progress, step: last } } };
  }
  if (reason !== 'no_work' || !taker || policy.takerFirst === 0) return { decisions, alert: round };
  const ms = now.getTime();
  const first = { paged: [taker.id], repeatedAt: ms, headStartUntil: ms + policy.takerFirst * 1000 };
  return {
    decisions: [...decisions, { do: 'page', officers: [taker.id], isRepeat: true, step: 0 }],
    alert: { ...round, progress: { ...round.progress, ...first } },
  };
}

/** Does every step whose time has come, and the repeat if it is due. */
function walk(
  policy: Policy,
  alert: AlertNow,
  now: Date,
  officers: readonly OfficerOnCall[],
): { decisions: Decision[]; alert: AlertNow } {
  const { step, fresh, toEverybody, roundAt, skipped } = takeSteps(policy, alert, now, officers);
  const { headStartUntil, ...progress } = alert.progress;
  const isHeadStart = headStartUntil !== undefined && headStartUntil > now.getTime();
  const paged = new Set(progress.paged as OfficerId[]);
  const said = toEverybody ? [] : progress.declined;
  const waitMs = interval(policy, progress) * 1000;
  const isRepeatDue =
    toEverybody || progress.repeatedAt === undefined || now.getTime() >= progress.repeatedAt + waitMs;
  const isLast = step >= policy.steps.length;
  const isExhausted = progress.isExhausted || (isLast && !toEverybody && isRepeatDue);
  const added = isRepeatDue && !isHeadStart ? cameSince(policy, step, officers, now, paged) : [];
  for (const id of added) fresh.add(id);
  const again = isRepeatDue ? whomAgain(officers, paged, said, fresh.size > 0) : [];
  const decisions: Decision[] = skipped.map((each) => ({ do: 'skip', step: each }));
  if (isExhausted && !progress.isExhausted) decisions.push({ do: 'exhaust' });
  const more = { step, ...(isExhausted ? { isEverywhere: true } : {}) };
  if (fresh.size > 0) decisions.push({ do: 'page', officers: [...fresh], isRepeat: false, ...more });
  if (again.length > 0) decisions.push({ do: 'page', officers: again, isRepeat: true, ...more });
  const isNobody = isRepeatDue ? fresh.size + again.length === 0 : progress.isNobody;
  if (isNobody && isRepeatDue) decisions.push({ do: 'nobody' });
  const after: Progress = {
    ...progress,
    step,
    paged: [...paged, ...fresh],
    declined: said,
    isNobody,
    isExhausted,
    ...(isRepeatDue ? { repeatedAt: now.getTime() } : {}),
    ...(isHeadStart ? { headStartUntil } : {}),
  };
  return { decisions, alert: { ...alert, roundAt, progress: after } };
}

/** Those whom the steps that are done reach now and did not then: they came on duty, or were enrolled since. */
function cameSince(
  policy: Policy,
  step: number,
  officers: readonly OfficerOnCall[],
  now: Date,
  paged: ReadonlySet<OfficerId>,
): OfficerId[] {
  const done = policy.steps.slice(0, step).filter(({ who }) => who !== 'next');
  return done.flatMap((each) => whoIsOn(each, officers, now)).filter((id) => !paged.has(id));
}

type Steps = {
  step: number;
  fresh: Set<OfficerId>;
  toEverybody: boolean;
  roundAt: Date;
  skipped: number[];
};

/** The steps whose time has come, and whom they add. One that names people and adds nobody brings the next one forward. */
function takeSteps(policy: Policy, alert: AlertNow, now: Date, officers: readonly OfficerOnCall[]): Steps {
  const ms = now.getTime();
  const { progress } = alert;
  const paged = new Set<string>(progress.paged);
  const done: Steps = {
    step: progress.step,
    fresh: new Set(),
    toEverybody: false,
    roundAt: alert.roundAt,
    skipped: [],
  };
  if (progress.headStartUntil !== undefined && progress.headStartUntil > ms) return done;
  for (; done.step < policy.steps.length; done.step++) {
    const due = policy.steps[done.step];
    if (!due || due.after * 1000 > ms - done.roundAt.getTime()) break;
    const added = reachedBy(due, officers, now, (id) => paged.has(id) || done.fresh.has(id));
    for (const id of added) done.fresh.add(id);
    if (due.who === 'everybody') done.toEverybody = true;
    if (added.length > 0 || typeof due.who !== 'object') continue;
    done.skipped.push(done.step);
    const following = (policy.steps[done.step + 1]?.after ?? 0) * 1000;
    done.roundAt = new Date(Math.min(done.roundAt.getTime(), ms - following));
  }
  return done;
}

/** Whom a step adds to those paged already; one for those on duty that would add nobody adds the next person. */
function reachedBy(
  step: PolicyStep,
  officers: readonly OfficerOnCall[],
  now: Date,
  isPaged: (id: OfficerId) => boolean,
): OfficerId[] {
  const fresh = whoIsOn(step, officers, now).filter((id) => !isPaged(id));
  if (step.who === 'next') return fresh.slice(0, 1);
  if (step.who !== 'on_duty' || fresh.length > 0) return fresh;
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
    .filter((officer) => mayBePaged(officer) && paged.has(officer.id))
    .map(({ id }) => id);
  const willing = reachable.filter((id) => !said.includes(id));
  return willing.length > 0 || isAnybodyNew ? willing : reachable;
}
