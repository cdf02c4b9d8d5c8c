/** What there is to do: alerts that are open or taken, then cases. References, levels and times only. */
import { listOpenAlerts } from '../../db/alerts.ts';
import { type CaseRow, listCases } from '../../db/cases.ts';
import type { Tx } from '../../db/database.ts';
import type { MemberRow } from '../../db/members.ts';
import type { Context } from '../context.ts';
import { shortNames } from '../officer-names.ts';

/** Cases in one inbox; others are found when all are opened for searching. */
const LISTED = 300;

export type InboxAlert = {
  reference: string;
  level: string;
  region: string | null;
  state: 'open' | 'taken';
  raisedAt: string;
  takenBy: string | null;
  isMine: boolean;
  isDrill: boolean;
  /** Somebody decided that this member must not have it. */
  isExcluded: boolean;
};
export type InboxCase = {
  reference: string;
  level: string;
  status: string;
  region: string | null;
  channel: string;
  openedAt: string;
  updatedAt: string;
  isSubmitted: boolean;
  /** Voice notes that nobody has heard. */
  unheard: number;
};
/** `cases`: the first of them, and all with something to be heard; `total`: how many there are. */
export type Inbox = { now: string; alerts: InboxAlert[]; cases: InboxCase[]; total: number };

export async function readInbox(tx: Tx, ctx: Context, now: Date, member: MemberRow): Promise<Inbox> {
  const rows = await listOpenAlerts(tx);
  const names = await shortNames(
    tx,
    ctx,
    rows.map(({ takenBy }) => takenBy),
  );
  const alerts = rows.map((row) => ({
    reference: row.reference,
    level: row.level,
    region: row.region,
    state: row.state === 'taken' ? ('taken' as const) : ('open' as const),
    raisedAt: row.raisedAt.toISOString(),
    takenBy: (row.takenBy && names.get(row.takenBy)) ?? null,
    isMine: member.officerId !== null && row.takenBy === member.officerId,
    isDrill: row.isDrill,
    isExcluded: member.officerId !== null && row.excluded.includes(member.officerId),
  }));
  const all = await listCases(tx);
  const cases = all.filter(({ unheard }, n) => n < LISTED || unheard > 0).flatMap(inList);
  return { now: now.toISOString(), alerts, cases, total: all.length };
}

/** A case as it stands in a list; a draft stands in none. */
export function inList(row: CaseRow): InboxCase[] {
  if (row.reference === null) return [];
  return [
    {
      reference: row.reference,
      level: row.level,
      status: row.status,
      region: row.region ?? row.zone,
      channel: row.channel,
      openedAt: row.openedAt.toISOString(),
      updatedAt: row.updatedAt.toISOString(),
      isSubmitted: row.isSubmitted,
      unheard: row.unheard,
    },
  ];
}
