/** What there is to do: alerts that are open or taken, then cases. References, levels and times only. */
import type { Inbox, InboxCase } from '../../contract/cases.ts';
import type { AlertRow } from '../../db/alerts.ts';
import { casesToSeeFor } from '../../db/case-tasks.ts';
import type { CaseRow } from '../../db/cases.ts';
import { casesFor, openAlertsFor } from '../../db/known.ts';
import type { MemberRow } from '../../db/members.ts';
import type { MemberId, OfficerId } from '../../kernel/ids.ts';
import { hasEnded } from '../../kernel/vocabulary.ts';
import type { Moment } from '../ground/transaction.ts';
import { idsOfMember } from '../records/may-know.ts';
import { shortNames } from '../records/officer-names.ts';
import { namesOfResponsible } from './following.ts';
import { manyOpened } from './many-opened.ts';

/** Cases in one inbox; others are found when all are opened for searching. Of those that go on all are there, as far as a page bears it. */
const LISTED = 300;
const MOST = 2_000;

/** The officer who has it; null: nobody. */
type Holder = { takenBy: string | null; isMine: boolean };

export async function readInbox(at: Moment, member: MemberRow): Promise<Inbox> {
  const { tx, ctx, now } = at;
  const ids = await idsOfMember(tx, member);
  const rows = await openAlertsFor(tx, ids);
  const names = await shortNames(
    at,
    rows.map(({ takenBy }) => takenBy),
  );
  const loud = rows.filter(({ isQuiet }) => !isQuiet);
  const alerts = loud.map((row) => ({
    reference: row.reference,
    level: row.level,
    region: row.region,
    state: row.state === 'taken' ? ('taken' as const) : ('open' as const),
    raisedAt: row.raisedAt.toISOString(),
    ...holderOf(row, names, member),
    isDrill: row.isDrill,
  }));
  const all = await casesFor(tx, ids);
  const answering = await namesOfResponsible(at);
  const holders = new Map(rows.map((row) => [row.caseId, holderOf(row, names, member)]));
  const cases = all
    .filter((row, n) => n < LISTED || row.unheard > 0 || (n < MOST && !hasEnded(row.status)))
    .flatMap((row) => inList(row, { holder: holders.get(row.id), answering, member }));
  return {
    now: now.toISOString(),
    alerts,
    cases,
    total: all.length,
    opened: await manyOpened(at, member),
    drafts: ctx.texts.drafts.map((each) => ctx.texts.t(each, 'language.name')),
    toSee: (await casesToSeeFor(tx, ids)).map((each) => ({
      ...each,
      erasing: each.erasing && { dueAt: each.erasing.dueAt?.toISOString() ?? null },
    })),
  };
}

/** `names`: of those who may have it. */
export function holderOf(
  alert: AlertRow | undefined,
  names: ReadonlyMap<OfficerId, string>,
  { officerId }: MemberRow,
): Holder {
  const takenBy = alert?.state === 'taken' ? alert.takenBy : null;
  return {
    takenBy: (takenBy && names.get(takenBy)) ?? null,
    isMine: officerId !== null && takenBy === officerId,
  };
}

const NOBODY: Holder = { takenBy: null, isMine: false };

type Beside = {
  holder: Holder | undefined;
  /** Names of those who answer for cases. */
  answering: ReadonlyMap<MemberId, string>;
  /** Who reads the list. */
  member: MemberRow;
};

/** A case as it stands in a list; a draft stands in none. */
export function inList(row: CaseRow, { holder = NOBODY, answering, member }: Beside): InboxCase[] {
  if (row.reference === null) return [];
  return [
    {
      ...holder,
      reference: row.reference,
      level: row.level,
      status: row.status,
      since: row.statusSince.toISOString(),
      answersFor: (row.responsible && answering.get(row.responsible)) ?? null,
      isOwn: row.responsible === member.id,
      region: row.region ?? row.zone,
      channel: row.channel,
      openedAt: row.openedAt.toISOString(),
      updatedAt: row.updatedAt.toISOString(),
      isSubmitted: row.isSubmitted,
      unheard: row.unheard,
    },
  ];
}
