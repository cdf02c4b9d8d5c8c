/**
 * Writing the audit log.
 *
 * Invariant: what is noted is a word of a closed list, ids and scalars; it stands in the transaction of what it is about:
 * a look that could not be noted is no look.
 */
import type { AuditLine, BareAuditLine } from '../../contract/team.ts';
import { type AuditRow, auditLink, markOfAudit, signAuditLink } from '../../crypto/audit-chain.ts';
import type { Keyring } from '../../crypto/keyring.ts';
import { appendAudit, lockAudit, newestAudit } from '../../db/audit.ts';
import { allMembers, type MemberRow } from '../../db/members.ts';
import type { TEXT_CHANGED } from '../../db/text-changes.ts';
import { LakanaError } from '../../kernel/errors.ts';
import type { CaseId, MemberId } from '../../kernel/ids.ts';
import type { VOICE_CHANGES } from '../../kernel/vocabulary.ts';
import type { Moment } from '../ground/transaction.ts';
import { auditEnd } from './audit-end.ts';
import { idsOfMember } from './may-know.ts';
import { openMemberName } from './member-name.ts';
import { sayHead, textsHead } from './texts-head.ts';

/** Rows that are shown at once. */
const READ = 500;

export type Audited =
  | 'invited'
  | 'invitation_confirmed'
  | 'invitation_dropped'
  | 'joined'
  | 'signed_in'
  | 'signed_out'
  | 'granted'
  | 'member_removed'
  | 'device_added'
  | 'device_revoked'
  | 'team_key_made'
  | 'team_key_dropped'
  | 'cases_resealed'
  | 'old_keys_forgotten'
  | 'session_ended'
  | 'case_opened'
  | 'case_exported'
  | 'alert_shown'
  | 'lists_shown'
  | 'many_opened'
  | 'all_searched'
  | 'file_opened'
  | 'file_saved'
  | 'case_printed'
  | 'note_added'
  | 'alert_decided'
  | 'replied'
  | 'level_set'
  | 'status_set'
  | 'responsible_set'
  | 'task_decided'
  | 'erasure_asked'
  | 'erasure_agreed'
  | 'erasure_stopped'
  | 'case_erased'
  | 'retention_told'
  | 'hold_set'
  | 'hold_lift_asked'
  | 'hold_lifted'
  | 'hold_kept'
  | 'audit_read'
  | 'codes_guessed'
  | 'cases_bound'
  | 'members_bound'
  | 'case_key_unproved'
  | 'opening_proved'
  | 'root_made'
  | (typeof VOICE_CHANGES)[number]
  | 'restored'
  | 'backup_rehearsed'
  | typeof TEXT_CHANGED;

/** The newest rows. Reading them is a row too. */
export async function readAudit(
  at: Moment<{ keyring: Keyring }>,
  member: MemberRow,
): Promise<(AuditLine | BareAuditLine)[]> {
  const { tx, ctx } = at;
  await audit(at, { memberId: member.id, what: 'audit_read' });
  const names = new Map((await allMembers(tx)).map((row) => [row.id, openMemberName(ctx, row)]));
  const rows = await newestAudit(tx, await idsOfMember(tx, member), READ);
  return rows.map(({ seq, at: notedAt, memberId: by, what, reference, detail, link, isHidden }) =>
    isHidden
      ? { seq, hash: Buffer.from(link).toString('hex') }
      : {
          seq,
          at: notedAt.toISOString(),
          who: (by && names.get(by)) ?? null,
          what,
          reference,
          erasing: erasingIn(detail, names),
        },
  );
}

/** What a row about an erasing says besides. */
function erasingIn(
  { erasure, because, asked, agreed }: AuditRow['detail'],
  names: ReadonlyMap<string, string>,
): AuditLine['erasing'] {
  if (erasure === undefined || because === undefined) return null;
  const people = [asked, agreed].flatMap((id) => names.get(String(id)) ?? []);
  return { because: String(because), people };
}

/** The last row of the server's own; from now on nobody else appends until this transaction ends. */
export async function lockAuditEnd({
  tx,
  ctx,
}: Pick<Moment<{ keyring: Keyring }>, 'tx' | 'ctx'>): Promise<AuditRow | undefined> {
  await lockAudit(tx);
  return (await auditEnd(tx, ctx.keyring)).last;
}

/** How often another hand may take the place that was free a moment ago. */
const RUNS = 100;

export async function audit(
  { tx, ctx, now }: Moment<{ keyring: Keyring }>,
  entry: {
    memberId: MemberId | null;
    what: Audited;
    caseId?: CaseId;
    detail?: Record<string, string | number | boolean>;
  },
): Promise<void> {
  await lockAudit(tx);
  const isNote = entry.detail?.change !== undefined;
  for (let run = 1; run <= RUNS; run++) {
    const { last, next } = await auditEnd(tx, ctx.keyring);
    const behind = last?.seq ?? 0;
    const head = isNote ? {} : sayHead(await textsHead(tx, ctx.keyring, last));
    const row = {
      seq: next,
      // PostgreSQL keeps microseconds, a link is over milliseconds.
      at: new Date(now.getTime()),
      memberId: entry.memberId,
      what: entry.what,
      caseId: entry.caseId ?? null,
      detail: { ...entry.detail, ...head, ...(next === behind + 1 ? {} : { behind }) },
    };
    const link = auditLink(last?.link ?? null, row);
    const signature = signAuditLink(ctx.keyring, link);
    const mac = markOfAudit(ctx.keyring, { ...row, link });
    if (await appendAudit(tx, { ...row, link, signature, mac })) return;
  }
  throw new LakanaError('audit_log_taken', 'another hand takes each next place of the audit log');
}
