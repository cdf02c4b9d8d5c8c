/** What the coordinator does with the duty plan: names and codes it may use, gaps in it, covers. */
import { findGaps, type Gap } from '../../alerts/gaps.ts';
import type { Rota } from '../../alerts/rota.ts';
import type { Keyring } from '../../crypto/keyring.ts';
import type { Db, Tx } from '../../db/database.ts';
import { insertCover } from '../../db/duty-plans.ts';
import { listMembers } from '../../db/members.ts';
import { enrolledOfficers, listOfficerRows, officersWithUnverified } from '../../db/officers.ts';
import { type CoverId, type MemberId, newId, type OfficerId } from '../../kernel/ids.ts';
import type { Log } from '../../kernel/log.ts';
import type { Moment } from '../ground/transaction.ts';
import { openMemberName } from '../records/member-name.ts';
import { openName } from '../records/officer-names.ts';
import { type Duty, loadDuty, loadExclusions, USUAL_POLICIES } from './duty-plan.ts';

type Parts = { keyring: Keyring; log: Log };

/** Everybody who was added and not removed, by id: full names. Only for the coordinator's own eyes. */
export async function namesOfOfficers(db: Db | Tx, ctx: Parts): Promise<Map<OfficerId, string>> {
  return new Map((await listOfficerRows(db)).map((row) => [row.id, openName(ctx, row)]));
}

/** Everybody who signs in to the room, by id: full names. Only for the coordinator's own eyes. */
export async function namesOfMembers(db: Db | Tx, ctx: Parts): Promise<Map<MemberId, string>> {
  return new Map((await listMembers(db)).map((row) => [row.id, openMemberName(ctx, row)]));
}

/** What is wrong with a plan, or with the one in use, between two instants. */
export async function gapsBetween(
  db: Db | Tx,
  ctx: Parts,
  range: { from: Date; to: Date },
  duty?: Duty,
): Promise<Gap[]> {
  const { plan, covers } = duty ?? (await loadDuty(db, ctx, range.from, range.to));
  const enrolled = new Map((await enrolledOfficers(db)).map((officer) => [officer.id, officer]));
  const waiting = await officersWithUnverified(db, range.from);
  const officers = (await listOfficerRows(db)).map(({ id }) => ({
    id,
    isReachable: enrolled.get(id)?.contacts.some((contact) => !contact.isBlocked) ?? false,
    hasUnverified: waiting.has(id),
  }));
  return findGaps(plan, covers, officers, USUAL_POLICIES, range, await loadExclusions(db, ctx));
}

export type NewCover = {
  rota: Rota;
  officerId: OfficerId;
  insteadOf?: OfficerId;
  startsAt: Date;
  endsAt: Date;
};

/** An officer takes a time on a rota, in a colleague's place or besides. */
export async function addCover({ tx, now }: Moment<unknown>, cover: NewCover): Promise<CoverId> {
  const id = newId<CoverId>();
  const { rota, insteadOf, ...rest } = cover;
  await insertCover(tx, { ...rest, id, rota: rota.name, insteadOf: insteadOf ?? null, madeAt: now });
  return id;
}
