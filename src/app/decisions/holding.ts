/**
 * A case is held: it is not destroyed, neither by its age nor by two people who want it erased.
 *
 * Invariants: one member holds a case, with a reason of a closed list; two let it go, and of these none is the other, under
 * whatever record, as of the two who erase one (`records/who-may-erase.ts`); what was to be erased is not any more.
 */
import { findAlertOfCase } from '../../db/alerts.ts';
import type { CaseRow } from '../../db/cases.ts';
import { deleteHold, findHold, type HoldRow, insertHold, setLift } from '../../db/holds.ts';
import { findCaseFor } from '../../db/known.ts';
import { lockCase } from '../../db/locks.ts';
import type { MemberRow } from '../../db/members.ts';
import type { CaseId } from '../../kernel/ids.ts';
import type { HoldDecision, HoldReason } from '../../kernel/vocabulary.ts';
import { sealIntoCase } from '../alerts/case-record.ts';
import type { Moment } from '../ground/transaction.ts';
import { idsOfMember } from '../records/may-know.ts';
import { whyNotOne, whyNotTwo } from '../records/who-may-erase.ts';
import { stopErasure } from '../reporters/erasure-stops.ts';

export type Holding = { do: 'hold'; because: HoldReason } | { do: HoldDecision };

export type Held =
  | { ok: true; caseId: CaseId }
  | {
      ok: false;
      reason:
        | 'no_such'
        /** It is held already, or is being let go. */
        | 'on_hold'
        /** It is not held, or nobody lets it go. */
        | 'not_asked'
        | 'same_person'
        | 'no_key'
        | 'too_new'
        | 'invited';
    };

export async function setHold(at: Moment, by: MemberRow, reference: string, what: Holding): Promise<Held> {
  const { tx } = at;
  const known = await findCaseFor(tx, await idsOfMember(tx, by), reference);
  const row = known && (await lockCase(tx, known.id));
  if (!row) return { ok: false, reason: 'no_such' };
  const hold = await findHold(tx, row.id);
  if (what.do === 'hold') return hold ? { ok: false, reason: 'on_hold' } : holdIt(at, by, row, what.because);
  if (!hold) return { ok: false, reason: 'not_asked' };
  if (what.do === 'keep') return keepIt(at, by, hold);
  return what.do === 'lift' ? lift(at, by, hold) : letGo(at, by, hold);
}

async function holdIt(at: Moment, by: MemberRow, row: CaseRow, because: HoldReason): Promise<Held> {
  await insertHold(at.tx, { caseId: row.id, because, heldBy: by.id, heldAt: at.now });
  await sealIntoCase(at, row.id, 'event', { what: 'held', because, member: by.id });
  await stopErasure(at, row.id, 'held');
  return { ok: true, caseId: row.id };
}

async function keepIt(at: Moment, by: MemberRow, { caseId, liftBy }: HoldRow): Promise<Held> {
  if (!liftBy) return { ok: false, reason: 'not_asked' };
  await setLift(at.tx, caseId, null);
  await sealIntoCase(at, caseId, 'event', { what: 'hold_kept', member: by.id });
  return { ok: true, caseId };
}

async function lift(at: Moment, by: MemberRow, { caseId, liftBy }: HoldRow): Promise<Held> {
  if (liftBy) return { ok: false, reason: 'on_hold' };
  const not = await whyNotOne(at, by, at.now);
  if (not) return { ok: false, reason: not };
  await setLift(at.tx, caseId, { by: by.id, at: at.now });
  await sealIntoCase(at, caseId, 'event', { what: 'hold_lift_asked', member: by.id });
  return { ok: true, caseId };
}

async function letGo(at: Moment, by: MemberRow, hold: HoldRow): Promise<Held> {
  const { caseId, liftBy } = hold;
  if (!liftBy) return { ok: false, reason: 'not_asked' };
  const not = await whyNotLetGo(at, by, hold);
  if (not) return { ok: false, reason: not };
  await deleteHold(at.tx, caseId);
  await sealIntoCase(at, caseId, 'event', { what: 'hold_lifted', member: by.id });
  return { ok: true, caseId };
}

/** Why a member may not be the second who lets it go; undefined: they may. */
export async function whyNotLetGo(at: Moment, by: MemberRow, { caseId, liftBy }: HoldRow) {
  if (!liftBy) return undefined;
  const excluded = (await findAlertOfCase(at.tx, caseId))?.excluded ?? [];
  return (await whyNotTwo(at, liftBy, by, { excluded, when: at.now })) ?? (await whyNotOne(at, by, at.now));
}
