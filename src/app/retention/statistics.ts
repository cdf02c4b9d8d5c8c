/**
 * The one record that remains of a case whose time is over: what is counted, without words, sealed to the team.
 *
 * Invariants: no reference, no id, no day and no word is in it: months, codes and numbers; of a case whose person objects to being
 * counted there is none.
 */
import { encrypterFor } from '../../crypto/age.ts';
import { type CaseRow, evidenceOf } from '../../db/cases.ts';
import type { Moment } from '../ground/transaction.ts';

/** "2026-11": in UTC. */
const monthOf = (at: Date | null): string | null => at?.toISOString().slice(0, 7) ?? null;

/** What is counted of a case. */
function countedOf(row: CaseRow, files: number, rule: string) {
  return {
    type: 'statistics',
    version: 1,
    openedIn: monthOf(row.openedAt),
    endedIn: monthOf(row.closedAt),
    level: row.level,
    status: row.status,
    reason: row.statusReason,
    channel: row.channel,
    zone: row.zone,
    region: row.region,
    isSubmitted: row.isSubmitted,
    items: row.chainLength,
    files,
    rule,
  };
}

/** Sealed to the team's key; null: the person objects to being counted. */
export async function sealStatistics(
  { tx, ctx }: Moment,
  row: CaseRow,
  rule: string,
): Promise<Uint8Array | null> {
  if (row.objectedAt) return null;
  const files = (await evidenceOf(tx, row.id)).filter(({ state }) => state === 'saved').length;
  return encrypterFor(ctx.team.recipient).encrypt(JSON.stringify(countedOf(row, files, rule)));
}
