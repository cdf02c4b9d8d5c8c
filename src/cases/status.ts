/**
 * How far a case is: what follows by itself, and who may set what. Pure.
 *
 * Invariants: nobody sets `new`, and nothing but a look ends it; a word of the person that waits for an answer keeps its time;
 * nothing here ends a case: that is a decision, and closes its alert in the same transaction (`app/decisions/closing.ts`).
 */
import {
  type CaseEnd,
  END_REASONS,
  type EndedAs,
  type EndReason,
  type GoingOn,
  type Outcome,
} from '../kernel/vocabulary.ts';

/**
 * What happens to a case that goes on. `looked`: a member opened it; `answered`: an officer wrote to the person; `wrote`: the
 * person did.
 */
export type CaseEvent = 'looked' | 'answered' | 'wrote';

/** The status after it; the same one: nothing changes, its time neither. */
export function statusAfter(status: GoingOn, event: CaseEvent): GoingOn {
  switch (event) {
    case 'looked':
      return status === 'new' ? 'assessing' : status;
    case 'answered':
      return 'waiting_for_person';
    case 'wrote':
      // Nobody has looked at it: that says more.
      return status === 'new' ? 'new' : 'waiting_for_us';
  }
}

/** How a case ended, and the outcome that its alert is closed with. */
export type End = { status: CaseEnd; reason: EndReason; outcome: EndedAs };

/** By the outcome with which an officer closes the alert. */
export function endOf(outcome: Outcome): End {
  if (outcome === 'transferred') return { status: 'transferred', reason: 'partner', outcome };
  return { status: 'closed', reason: outcome, outcome };
}

/** As a member ends it in the room; undefined: that is no reason for this end. */
export function endAs(status: CaseEnd, reason: string): End | undefined {
  const known = (END_REASONS[status] as readonly EndReason[]).find((each) => each === reason);
  if (!known) return undefined;
  if (status === 'closed') return endOf(known as (typeof END_REASONS)['closed'][number]);
  return { status, reason: known, outcome: status };
}

/** Who it is that wants to set a status: what they are to this case. */
export type Standing = {
  /** They have its alert, or had it last. */
  isTaker: boolean;
  /** They answer for it. */
  isResponsible: boolean;
  isCoordinator: boolean;
  isSupervisor: boolean;
  /** Officers are sought for it, or one of them has it as an alert that pages. */
  isPaging: boolean;
};

/** Whether they may set a status that goes on, and say who answers for the case. */
export const mayFollow = (who: Standing): boolean =>
  who.isTaker || who.isResponsible || who.isCoordinator || who.isSupervisor;

/** Whether they may end it. One that pages is ended as its alert is closed: by the officer who has it, or a supervisor. */
export const mayEnd = (who: Standing): boolean =>
  who.isPaging ? who.isTaker || who.isSupervisor : mayFollow(who);
