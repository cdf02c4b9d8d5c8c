/**
 * How far an alert has come, and what people's words do to it. Pure.
 *
 * Invariants: nothing here pages and nothing closes an alert; an alert that is taken has one taker; an officer who
 * offers it to a colleague has it until the colleague takes it.
 */

import { z } from 'zod';
import type { OfficerId } from '../kernel/ids.ts';
import type { AlertState } from '../kernel/vocabulary.ts';

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
  /** Everybody was paged, and again, and nobody took it; that was said. */
  isExhausted: z.boolean().default(false),
  /** Until then nobody but the one whose take lapsed is paged. */
  headStartUntil: z.number().optional(),
  /** The officer who has it asked this colleague to take it over. */
  offer: z.object({ to: z.string(), at: z.number() }).optional(),
  /** The person asked again after it was taken, and the taker has not said that they saw it. */
  againAt: z.number().optional(),
  /** When the taker was last told so: a reporter who presses SOS many times rings once a minute. */
  againToldAt: z.number().optional(),
  /** What the officer must see and closes nothing, in words of a closed list. */
  notes: z.array(z.string()).default([]),
});
export type Progress = z.infer<typeof progressSchema>;

export type AlertNow = {
  state: Exclude<AlertState, 'closed'>;
  /** Nobody is paged for it, and the officer who has taken it keeps it. */
  isQuiet?: boolean;
  roundAt: Date;
  progress: Progress;
  /** While taken. */
  takenBy?: OfficerId;
  workedAt?: Date;
};

const FRESH: Progress = { step: 0, paged: [], declined: [], isNobody: false, isExhausted: false, notes: [] };

/** An alert as it is raised, or raised anew: its first step is due at once. */
export function raised(now: Date, notes: readonly string[] = []): AlertNow {
  return { state: 'open', roundAt: now, progress: { ...FRESH, notes: [...notes] } };
}

/** The alert of a case that is not urgent: an officer takes it on reading it. */
export function openedQuietly(now: Date, notes: readonly string[] = []): AlertNow {
  return { ...raised(now, notes), isQuiet: true };
}

/** What was quiet is urgent now; the officer who has it has time to see that. */
export function madeLoud(alert: AlertNow, now: Date): AlertNow {
  const { isQuiet, ...loud } = alert;
  return isQuiet && loud.state === 'taken' ? { ...loud, workedAt: now } : loud;
}

const quietAs = ({ isQuiet }: AlertNow): Pick<AlertNow, 'isQuiet'> => (isQuiet ? { isQuiet } : {});

/** A new round of the same alert. */
export function anew(alert: AlertNow, now: Date): AlertNow {
  return { ...raised(now, alert.progress.notes), ...quietAs(alert) };
}

/** Taken by one person, who now has time to work on it. An offer to anybody is over. */
export function taken(alert: AlertNow, officer: OfficerId, now: Date): AlertNow {
  const { offer: _over, headStartUntil: _used, ...progress } = seen(alert.progress);
  const { roundAt } = alert;
  return { state: 'taken', ...quietAs(alert), roundAt, progress, takenBy: officer, workedAt: now };
}

/** The taker did something for the case: the take goes on, and a repeated alert counts as seen. */
export function worked(alert: AlertNow, now: Date): AlertNow {
  return { ...alert, progress: seen(alert.progress), workedAt: now };
}

function seen(progress: Progress): Progress {
  const { againAt: _seen, againToldAt: _told, ...rest } = progress;
  return rest;
}

/** The person asks again. An untaken alert goes on as it is: nobody is woken anew. */
export function askedAgain(alert: AlertNow, now: Date): AlertNow {
  if (alert.state === 'open') return alert;
  const againAt = alert.progress.againAt ?? now.getTime();
  return { ...alert, progress: { ...alert.progress, againAt } };
}

/** A take ends before its time: the taker gives it back. A new round begins with the others. */
export function released(alert: AlertNow, officer: OfficerId, now: Date): AlertNow {
  const round = anew(alert, now);
  return { ...round, progress: { ...round.progress, paged: [officer], declined: [officer] } };
}

/** The taker asks a colleague to take it over, and has it until then. A new offer ends an earlier one. */
export function offered(alert: AlertNow, to: OfficerId, now: Date): AlertNow {
  if (alert.state !== 'taken') return alert;
  const after = worked(alert, now);
  return { ...after, progress: { ...after.progress, offer: { to, at: now.getTime() } } };
}

/** The colleague cannot, or did not answer: it stays with the taker. */
export function offerEnded(alert: AlertNow): AlertNow {
  const { offer: _over, ...progress } = alert.progress;
  return { ...alert, progress };
}

/** Whom the alert is offered to, if it is. */
export function offeredTo(alert: AlertNow): OfficerId | undefined {
  return alert.state === 'taken' ? (alert.progress.offer?.to as OfficerId | undefined) : undefined;
}
