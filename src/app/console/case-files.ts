/**
 * Files of a case as they go to a browser, and who saw or saved one.
 *
 * Invariants: every look is in the audit log, in the same transaction; what is done with a file that a browser has opened only
 * that browser knows, and its word is noted as such.
 */
import type { FileLook } from '../../contract/cases.ts';
import { looksAtFile } from '../../db/audit.ts';
import { chunksOf, evidenceOf } from '../../db/cases.ts';
import type { Tx } from '../../db/database.ts';
import { noteHeard } from '../../db/evidence.ts';
import { allMembers, type MemberRow } from '../../db/members.ts';
import type { Moment } from '../ground/transaction.ts';
import { audit } from '../records/audit.ts';
import { openMemberName } from '../records/member-name.ts';
import { caseFor } from './case-room.ts';
import { watchOpening } from './many-opened.ts';

type Refused = { ok: false; reason: 'no_such' };

/** A file that is there, of a case that this member may have. */
async function fileFor(tx: Tx, member: MemberRow, reference: string, id: string) {
  const found = await caseFor(tx, member, reference);
  if (!found.ok) return found;
  const file = (await evidenceOf(tx, found.row.id)).find((each) => each.id === id && each.state === 'saved');
  return file ? ({ ok: true, file } as const) : ({ ok: false, reason: 'no_such' } as const);
}

/** The sealed bytes of a file of a case. Noted as a look; whether it can be heard here only the browser knows. */
export async function openFile(
  at: Moment,
  member: MemberRow,
  reference: string,
  id: string,
): Promise<{ ok: true; chunks: AsyncGenerator<Uint8Array> } | Refused> {
  const found = await fileFor(at.tx, member, reference, id);
  if (!found.ok) return found;
  const { file } = found;
  await audit(at, {
    memberId: member.id,
    what: 'file_opened',
    caseId: file.caseId,
    detail: { file: id },
  });
  await watchOpening(at, member);
  return { ok: true, chunks: chunksOf(at.ctx.db, file.id) };
}

/** A file began to play in this member's browser, or was saved there: nobody needs to look for it any more. */
export async function hearFile(
  tx: Tx,
  now: Date,
  member: MemberRow,
  reference: string,
  id: string,
): Promise<{ ok: true } | Refused> {
  const found = await fileFor(tx, member, reference, id);
  if (found.ok) await noteHeard(tx, found.file.id, now);
  return found.ok ? { ok: true } : found;
}

/** A member saved a file: as it came, or a copy that their browser made without what it tells of phone and place. */
export async function noteSaved(
  at: Moment,
  member: MemberRow,
  reference: string,
  { id, as }: { id: string; as: 'original' | 'copy' },
): Promise<{ ok: true } | Refused> {
  const found = await fileFor(at.tx, member, reference, id);
  if (!found.ok) return found;
  const { caseId } = found.file;
  await audit(at, { memberId: member.id, what: 'file_saved', caseId, detail: { file: id, as } });
  await noteHeard(at.tx, found.file.id, at.now);
  return { ok: true };
}

/** Who opened or saved a file, and when, the first one first. */
export async function looksAt(
  { tx, ctx }: Moment,
  member: MemberRow,
  reference: string,
  id: string,
): Promise<{ ok: true; looks: FileLook[] } | Refused> {
  const found = await fileFor(tx, member, reference, id);
  if (!found.ok) return found;
  const names = new Map((await allMembers(tx)).map((row) => [row.id, openMemberName(ctx, row)]));
  const looks = (await looksAtFile(tx, found.file.caseId, id)).map(({ at, memberId, what, detail }) => ({
    at: at.toISOString(),
    who: (memberId && names.get(memberId)) ?? null,
    what:
      what === 'file_opened'
        ? ('opened' as const)
        : detail.as === 'copy'
          ? ('copied' as const)
          : ('saved' as const),
  }));
  return { ok: true, looks };
}
