/**
 * The duty plan in use: who is on call now, which policy an alert gets, who must not have a case.
 *
 * Invariants: a plan that cannot be read stops no alert: the policies of a new installation count, everybody who said
 * so is on duty, and the log says so each time; exclusions stand only under the server key.
 */

import {
  EMPTY_PLAN,
  type Exclusion,
  exclusionsSchema,
  type Plan,
  planSchema,
  rotasAt,
} from '../../alerts/plan.ts';
import {
  type AboutAlert,
  choosePolicy,
  DEFAULT_POLICIES,
  type OfficerOnCall,
  type Policy,
} from '../../alerts/policy.ts';
import { type Cover, isOpenAt, type Shift, shiftsOf } from '../../alerts/rota.ts';
import type { Keyring } from '../../crypto/keyring.ts';
import type { AlertRow } from '../../db/alerts.ts';
import type { Db, Tx } from '../../db/database.ts';
import {
  type CoverRow,
  coversBetween,
  type DutyPlanRow,
  insertPlan,
  newestPlan,
} from '../../db/duty-plans.ts';
import type { EnrolledOfficer } from '../../db/officers.ts';
import type { OfficerId } from '../../kernel/ids.ts';
import { type Log, reduceError } from '../../kernel/log.ts';
import { after, days } from '../../kernel/time.ts';
import type { Level } from '../../kernel/vocabulary.ts';
import type { Moment } from '../ground/transaction.ts';
import { onCall } from '../records/alert-record.ts';
import { excludedFrom } from '../records/may-know.ts';

type Keys = { keyring: Keyring };
type Parts = Keys & { log: Log };

export type Duty = { plan: Plan; covers: Cover[] };

const SEALED_FOR = 'duty-plan';

/** The plan in use with the covers of a time; without a plan, or with one that cannot be read, an empty one. */
export async function loadDuty(
  db: Db | Tx,
  { log }: Pick<Parts, 'log'>,
  from: Date,
  to: Date,
): Promise<Duty> {
  const row = await newestPlan(db);
  return { plan: readStored(row, log), covers: (await coversBetween(db, from, to)).map(toCover) };
}

function readStored(row: DutyPlanRow | undefined, log: Log): Plan {
  if (!row) return EMPTY_PLAN;
  const parsed = planSchema.safeParse(row.document);
  if (parsed.success) return parsed.data;
  log.error('plan_unreadable', { id: row.id });
  return EMPTY_PLAN;
}

const toCover = ({ insteadOf, ...row }: CoverRow): Cover => ({
  ...row,
  ...(insteadOf ? { insteadOf } : {}),
});

/** Officers as policies see them now: who is on call on which rota, who is excluded. */
export async function onCallNow(
  { tx, ctx, now }: Moment<Pick<Parts, 'log'>>,
  officers: readonly EnrolledOfficer[],
  alert: Pick<AlertRow, 'excluded'>,
): Promise<OfficerOnCall[]> {
  const people = onCall(officers, await rotasNow(tx, ctx, now));
  const excluded = await excludedFrom(tx, alert);
  return people.map((each) => (excluded.has(each.id) ? { ...each, isExcluded: true } : each));
}

/** The rotas on which each officer is on call now. Never fails for the plan's sake. */
export async function rotasNow(
  tx: Db | Tx,
  { log }: Pick<Parts, 'log'>,
  now: Date,
): Promise<Map<OfficerId, string[]>> {
  const { plan, covers } = await loadDuty(tx, { log }, now, after(now, 1));
  try {
    return rotasAt(plan, covers, now);
  } catch (error) {
    log.error('plan_unreadable', { id: 0, ...reduceError(error) });
    return new Map();
  }
}

/** Everybody's shifts on all rotas between two instants. Never fails for the plan's sake. */
export async function shiftsBetween(
  tx: Db | Tx,
  { log }: Pick<Parts, 'log'>,
  from: Date,
  to: Date,
): Promise<Shift[]> {
  const { plan, covers } = await loadDuty(tx, { log }, from, to);
  try {
    return plan.rotas.flatMap((rota) => shiftsOf(rota, covers, from, to));
  } catch (error) {
    log.error('plan_unreadable', { id: 0, ...reduceError(error) });
    return [];
  }
}

/** The officers who may sleep now: none for a critical alert, and for others those not on call in quiet hours. */
export async function sleepersAt(
  { tx, ctx, now }: Moment<Pick<Parts, 'log'>>,
  level: Level,
  officers: readonly EnrolledOfficer[],
): Promise<Set<OfficerId>> {
  if (level === 'critical') return new Set();
  const { quiet } = readStored(await newestPlan(tx), ctx.log);
  if (!quiet || !isOpenAt(quiet.windows, quiet.timeZone, now)) return new Set();
  const rotas = await rotasNow(tx, ctx, now);
  return new Set(officers.filter(({ id, isOnDuty }) => !isOnDuty && !rotas.has(id)).map(({ id }) => id));
}

/** The policy for an alert that is raised now; it is frozen into the alert. */
export async function policyFor({ tx, ctx }: Moment<Pick<Parts, 'log'>>, about: AboutAlert): Promise<Policy> {
  const plan = readStored(await newestPlan(tx), ctx.log);
  return choosePolicy(plan.policies, about);
}

export const USUAL_POLICIES: readonly Policy[] = Object.values(DEFAULT_POLICIES);

/** The people who must never get which cases. */
export async function loadExclusions(db: Db | Tx, ctx: Parts): Promise<Exclusion[]> {
  const row = await newestPlan(db);
  if (!row?.exclusionsSealed) return [];
  return openExclusions(ctx, row.exclusionsSealed);
}

/** What a plan says of it, as it lies in the database or beside a backup. */
export function openExclusions({ keyring }: Keys, sealed: Uint8Array): Exclusion[] {
  const text = new TextDecoder().decode(keyring.open('duty-plan', SEALED_FOR, sealed));
  return exclusionsSchema.parse(JSON.parse(text));
}

/** Puts a plan in force. Open alerts keep their policy; their steps look at the new rotas. */
export async function storePlan(
  { tx, ctx, now }: Moment<Keys>,
  plan: Plan,
  exclusions: readonly Exclusion[],
): Promise<void> {
  const text = new TextEncoder().encode(JSON.stringify(exclusions));
  const exclusionsSealed = exclusions.length > 0 ? ctx.keyring.seal('duty-plan', SEALED_FOR, text) : null;
  await insertPlan(tx, { madeAt: now, document: plan, exclusionsSealed });
}

/** A newer plan, of which only this is known, said so: it holds besides what the plan in use says. Returns how many came. */
export async function addExclusions(
  at: Moment<Parts>,
  said: readonly Exclusion[],
  madeAt: Date,
): Promise<number> {
  const row = await newestPlan(at.tx);
  if (row && row.madeAt >= madeAt) return 0;
  const before = await loadExclusions(at.tx, at.ctx);
  const known = new Set(before.map((each) => JSON.stringify(each)));
  const more = said.filter((each) => !known.has(JSON.stringify(each)));
  if (more.length > 0) await storePlan(at, readStored(row, at.ctx.log), [...before, ...more]);
  return more.length;
}

/** How far ahead people look at their shifts. */
export const LOOK_AHEAD = days(14);
