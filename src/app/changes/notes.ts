/**
 * What the audit log notes of the changes, under the server's signature.
 *
 * Invariants: a note that the server did not write says nothing. Where it stands in the place of one that the server wrote
 * (`isSpoiled`), which change was the last is not known; where it was only put there, nothing depends on it.
 */
import { type AuditRow, isSignedAuditLink, placeBefore } from '../../crypto/audit-chain.ts';
import type { Verifier } from '../../crypto/verifier.ts';
import { auditFrom } from '../../db/audit.ts';
import type { Db, Tx } from '../../db/database.ts';
import { leapsAbove, notedChanges, notesBelow, rowsWithLink } from '../../db/text-changes.ts';
import { auditEnd, HIGHEST, ownAuditRows } from '../records/audit-end.ts';

export type TextName = { language: string; key: string };
/** Place and hash of a change, what it is about, and the place of the row of the log that says so. */
export type Note = { seq: number; hash: string; of: TextName; noted: number };

export type Newest = {
  note: Note | undefined;
  /** Places that notes above it give, which no server signed; the first of them. */
  strange: readonly number[];
  isSpoiled: boolean;
};

const PAGE = 100;
/** So many are looked at one by one. */
const NAMED = 200;

/** The newest note of the server's own. */
export async function newestNote(db: Db | Tx, verifier: Verifier): Promise<Newest> {
  const strange: AuditRow[] = [];
  let note: Note | undefined;
  for (let below = HIGHEST; !note; ) {
    const page = await notesBelow(db, below, PAGE);
    const own = (await ownAuditRows(db, verifier, page)).find((row) => noteIn(row));
    note = own && noteIn(own);
    strange.push(...page.filter(({ seq }) => seq > (own?.seq ?? -1)));
    const last = page.at(-1);
    if (!last || page.length < PAGE) break;
    below = last.seq;
  }
  const isSpoiled = await isAnySpoiled(db, verifier, strange, note?.noted ?? 0);
  return { note, strange: strange.slice(0, NAMED).map(({ detail }) => placeIn(detail) ?? 0), isSpoiled };
}

/** By place, what the log says of these changes; of one that was noted twice the later. */
export async function notesOf(
  db: Db | Tx,
  verifier: Verifier,
  seqs: readonly number[],
): Promise<Map<number, Note>> {
  const own = await ownAuditRows(db, verifier, await notedChanges(db, seqs));
  return new Map(own.flatMap((row) => noteIn(row) ?? []).map((note) => [note.seq, note]));
}

const placeIn = ({ change }: AuditRow['detail']): number | undefined =>
  Number.isSafeInteger(change) && Number(change) > 0 ? Number(change) : undefined;

function noteIn({ seq: noted, detail }: AuditRow): Note | undefined {
  const seq = placeIn(detail);
  const { language, key, hash } = detail;
  return seq === undefined
    ? undefined
    : { seq, hash: String(hash), of: { language: String(language), key: String(key) }, noted };
}

/**
 * Whether one of these rows was the server's own: it stands among its own and none of them passes it over; or it, or a row
 * behind the end that can be proved, holds a link that the server signed and that no other row has.
 */
async function isAnySpoiled(
  db: Db | Tx,
  verifier: Verifier,
  rows: readonly AuditRow[],
  after: number,
): Promise<boolean> {
  if (rows.length === 0) return false;
  const { last } = await auditEnd(db, verifier);
  const end = last?.seq ?? 0;
  const leaps = await ownAuditRows(db, verifier, await leapsAbove(db, after));
  const isPassedOver = (seq: number) =>
    leaps.some((leap) => seq < leap.seq && seq > (placeBefore(leap) ?? leap.seq));
  if (rows.some(({ seq }) => seq <= end && !isPassedOver(seq))) return true;
  const behind = await auditFrom(db, end + 1, NAMED);
  // One that came meanwhile is as it should be.
  const own = new Set(await ownAuditRows(db, verifier, behind));
  for (const row of [...rows.slice(0, NAMED), ...behind.filter((each) => !own.has(each))])
    if (isSignedAuditLink(verifier, row) && (await rowsWithLink(db, row.link)) === 1) return true;
  return false;
}
