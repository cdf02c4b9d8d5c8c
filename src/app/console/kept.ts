/**
 * How long cases are kept, and holding one, from the console: what was decided is an audit entry, what was refused is none.
 */
import { spanText } from '../../cases/retention.ts';
import type { HoldOfCase, KeptOfCase, RetentionNow } from '../../contract/retention.ts';
import type { CaseRow } from '../../db/cases.ts';
import { liveErasures } from '../../db/erasures.ts';
import { endedCases, findHold, type HoldRow, heldAmong } from '../../db/holds.ts';
import { knownCases } from '../../db/known.ts';
import { findMember, type MemberRow } from '../../db/members.ts';
import type { MemberId } from '../../kernel/ids.ts';
import { after, days } from '../../kernel/time.ts';
import { type Held, type Holding, setHold, whyNotLetGo } from '../decisions/holding.ts';
import type { Moment } from '../ground/transaction.ts';
import { audit } from '../records/audit.ts';
import { idsOfMember } from '../records/may-know.ts';
import { openMemberName } from '../records/member-name.ts';
import { timeOf } from '../retention/time-over.ts';

const DONE = { hold: 'hold_set', lift: 'hold_lift_asked', agree: 'hold_lifted', keep: 'hold_kept' } as const;
/** Cases whose time is over later stand in no list. */
const LOOK_AHEAD = days(365);

export async function sayHold(
  at: Moment,
  member: MemberRow,
  reference: string,
  what: Holding,
): Promise<Held> {
  const came = await setHold(at, member, reference, what);
  if (!came.ok) return came;
  const because = what.do === 'hold' ? { because: what.because } : {};
  await audit(at, { memberId: member.id, what: DONE[what.do], caseId: came.caseId, detail: because });
  return came;
}

/** As it stands in a case that is open. */
export async function keptOf(at: Moment, member: MemberRow, row: CaseRow): Promise<KeptOfCase> {
  const time = timeOf(at.ctx, row);
  const hold = await findHold(at.tx, row.id);
  return {
    until: time?.case.toISOString() ?? null,
    why: time?.rule.why ?? null,
    hold: hold ? await holdOf(at, member, hold) : null,
  };
}

async function holdOf(at: Moment, member: MemberRow, hold: HoldRow): Promise<HoldOfCase> {
  const { because, heldBy, heldAt, liftBy, liftAt } = hold;
  return {
    because,
    by: await nameOf(at, heldBy),
    at: heldAt.toISOString(),
    liftBy: liftBy && (await nameOf(at, liftBy)),
    liftAt: liftAt?.toISOString() ?? null,
    mayAgree: liftBy !== null && (await whyNotLetGo(at, member, hold)) === undefined,
  };
}

async function nameOf({ tx, ctx }: Moment, id: MemberId): Promise<string> {
  const member = await findMember(tx, id);
  return member ? openMemberName(ctx, member) : '';
}

/** The rules, and what is to come by them, of cases that this member may know of. */
export async function retentionNow(at: Moment, member: MemberRow): Promise<RetentionNow> {
  const { tx, ctx, now } = at;
  const all = await endedCases(tx);
  const ids = all.map(({ id }) => id);
  const known = await knownCases(tx, await idsOfMember(tx, member), ids);
  const held = await heldAmong(tx, ids);
  const going = new Map((await liveErasures(tx)).map((row) => [row.caseId, row]));
  const cases = all.flatMap((row) => {
    const time = timeOf(ctx, row);
    const hold = held.get(row.id);
    if (!time || !row.reference || !row.closedAt || !known.has(row.id)) return [];
    if (!hold && time.case > after(now, LOOK_AHEAD)) return [];
    return [
      {
        reference: row.reference,
        level: row.level,
        status: row.status,
        endedAt: row.closedAt.toISOString(),
        until: time.case.toISOString(),
        rule: time.rule.id,
        goesAt: going.get(row.id)?.dueAt?.toISOString() ?? null,
        held: hold?.because ?? null,
      },
    ];
  });
  return {
    rules: ctx.retention.rules.map(({ id, why, keep }) => ({
      id,
      why,
      case: spanText(keep.case),
      conversation: spanText(keep.conversation),
    })),
    cases: cases.sort((a, b) => a.until.localeCompare(b.until)),
  };
}
