/**
 * Which rows of the audit log are the server's own, and where its own end.
 *
 * Invariants: a row counts by the server's mark, or, of one from before there were marks, by its signature behind the row that it
 * names; the server's own stand each at the first free place behind the one before, so that rows of another hand at the next
 * places, or at the last that there can be, are passed over and end nothing; nor does an older row of the server's own that is
 * put back at a place that was skipped. How many they are costs a little for each, and no signature: what stands without a mark
 * behind rows that have one is looked at only so far.
 */
import { type AuditRow, auditLink, isMarkedAudit, isOwnRow, placeBefore } from '../../crypto/audit-chain.ts';
import type { Keyring } from '../../crypto/keyring.ts';
import type { Verifier } from '../../crypto/verifier.ts';
import { auditBelow, auditFrom, auditLinks, freePlace, markedBelow, markedPages } from '../../db/audit.ts';
import type { Db, Tx } from '../../db/database.ts';

/** The last of the server's own, and the first free place behind it. */
export type AuditEnd = { last: AuditRow | undefined; next: number };

/** Rows that are looked at in one go. */
const PAGE = 100;
const MANY = 1_000;
/** So many without a mark an older version, that runs beside this one, may have written behind those with one. */
const UNMARKED = 1_000;
/** The last place that there can be is nobody's: behind it nothing could stand. */
export const HIGHEST = 2_147_483_647;

/** Those of these rows that the server wrote, each behind the row that it names. */
async function ownAuditRows(db: Db | Tx, verifier: Verifier, rows: readonly AuditRow[]): Promise<AuditRow[]> {
  const there = new Map(rows.map(({ seq, link }) => [seq, link]));
  const wanted = rows.map(placeBefore).filter((seq) => seq !== undefined && seq > 0 && !there.has(seq));
  const links = new Map([...there, ...(await auditLinks(db, wanted as number[]))]);
  return rows.filter((row) => {
    const before = placeBefore(row);
    return before !== undefined && isOwnRow(verifier, row, links.get(before) ?? null);
  });
}

/** Whether the server wrote this row, behind the one that it names. */
export const isOwnAuditRow = async (db: Db | Tx, verifier: Verifier, row: AuditRow): Promise<boolean> =>
  (await ownAuditRows(db, verifier, [row])).length > 0;

/** Those of these rows that the server wrote, also where the row before one was taken away; of those without a mark, if that is there. */
export async function ownByMark(
  db: Db | Tx,
  keyring: Keyring,
  rows: readonly AuditRow[],
): Promise<AuditRow[]> {
  const bare = rows.filter(({ mac }) => !mac);
  const own = new Set(await ownAuditRows(db, keyring.signer, bare));
  return rows.filter((row) => own.has(row) || isMarkedAudit(keyring, row));
}

/** The end that was found last: where it still stands the way from there is short. */
const found = new WeakMap<Verifier, AuditRow>();

/** What is appended next stands at `next`, behind `last`. An appending transaction holds the lock of the log. */
export async function auditEnd(db: Db | Tx, keyring: Keyring): Promise<AuditEnd> {
  const earlier = found.get(keyring.signer);
  const [there, more] = earlier ? await auditFrom(db, earlier.seq, 2) : [];
  const known = earlier && isSame(earlier, there) ? earlier : undefined;
  if (known && !more) return { last: known, next: known.seq + 1 };
  const marked = await lastMarked(db, keyring, known);
  const last = await lastBare(db, keyring, marked ?? (await newestOwn(db, keyring.signer)));
  if (last) found.set(keyring.signer, last);
  return { last, next: await freePlace(db, last?.seq ?? 0) };
}

const isSame = ({ seq, link }: AuditRow, there: AuditRow | undefined): boolean =>
  there?.seq === seq && Buffer.compare(there.link, link) === 0;

/** Which of these rows stand behind the row that they name. */
async function areBehindAnother(db: Db | Tx, rows: readonly AuditRow[]): Promise<AuditRow[]> {
  const wanted = rows.map(placeBefore).filter((seq) => seq !== undefined && seq > 0);
  const links = await auditLinks(db, wanted as number[]);
  return rows.filter((row) => isBehind(row, links.get(placeBefore(row) ?? 0) ?? null));
}

/**
 * The last of those with a mark. Two that could be it are of two logs, one of which a restore or an intruder ended: the one that
 * was written later counts, at whatever place the older one was put back; and what stands behind that.
 */
async function lastMarked(
  db: Db | Tx,
  keyring: Keyring,
  known: AuditRow | undefined,
): Promise<AuditRow | undefined> {
  if (known) return lastOf(db, keyring, known, markedPages(db, { above: known.seq }));
  const highest = await highestMarked(db, keyring);
  if (!highest) return undefined;
  const later = await lastOf(db, keyring, highest, markedPages(db, { since: highest.at }));
  return later === highest ? highest : lastOf(db, keyring, later, markedPages(db, { above: later.seq }));
}

/** The latest of a row and of those of these that the server wrote behind another one; then on to the end of what stands behind it. */
async function lastOf(
  db: Db | Tx,
  keyring: Keyring,
  from: AuditRow,
  pages: AsyncIterable<AuditRow[]>,
): Promise<AuditRow> {
  let latest = from;
  /** What stands behind the latest, one behind the other: of two transactions the later one may have begun before. */
  let behind = new Map([[from.seq, from]]);
  for await (const page of pages) {
    const own = page.filter((each) => isMarkedAudit(keyring, each));
    const known = new Set(
      await areBehindAnother(
        db,
        own.filter((each) => isLater(each, latest)),
      ),
    );
    for (const row of own) {
      const before = behind.get(placeBefore(row) ?? 0);
      if (known.has(row) && isLater(row, latest)) {
        latest = row;
        behind = new Map([[row.seq, row]]);
      } else if (before && isBehind(row, before.link)) behind.set(row.seq, row);
    }
  }
  return endOf(latest, behind);
}

/** Where two stand behind one, the later is gone on from. */
function endOf(first: AuditRow, behind: ReadonlyMap<number, AuditRow>): AuditRow {
  const next = new Map<number, AuditRow>();
  for (const row of behind.values()) {
    const place = placeBefore(row) ?? 0;
    const other = next.get(place);
    if (row !== first && (!other || isLater(row, other))) next.set(place, row);
  }
  let last = first;
  for (let row = next.get(last.seq); row; row = next.get(row.seq)) last = row;
  return last;
}

const isLater = (one: AuditRow, other: AuditRow): boolean =>
  one.at > other.at || (one.at.getTime() === other.at.getTime() && one.seq > other.seq);

/** From the top down. */
async function highestMarked(db: Db | Tx, keyring: Keyring): Promise<AuditRow | undefined> {
  for (let below = HIGHEST; ; ) {
    const page = await markedBelow(db, below, MANY);
    const own = page.filter((each) => isMarkedAudit(keyring, each));
    const [highest] = await areBehindAnother(db, own);
    if (highest || page.length < MANY) return highest;
    below = page.at(-1)?.seq ?? 0;
  }
}

/**
 * The last row that the server marked above this one, though the row before it was taken away. Not one that is older than
 * this one: that stood there before a restore.
 */
export async function markedBehind(
  db: Db | Tx,
  keyring: Keyring,
  row: AuditRow,
): Promise<AuditRow | undefined> {
  let last: AuditRow | undefined;
  for await (const page of markedPages(db, { above: row.seq }))
    last = page.findLast((each) => each.at >= row.at && isMarkedAudit(keyring, each)) ?? last;
  return last;
}

/** From the top down, where no row has a mark. */
async function newestOwn(db: Db | Tx, verifier: Verifier): Promise<AuditRow | undefined> {
  for (let below = HIGHEST; ; ) {
    const page = await auditBelow(db, below, PAGE);
    const [own] = await ownAuditRows(db, verifier, page);
    if (own || page.length < PAGE) return own;
    below = page.at(-1)?.seq ?? 0;
  }
}

/** The last of those without a mark that stand one behind the other right behind this one. */
async function lastBare(
  db: Db | Tx,
  { signer }: Keyring,
  from: AuditRow | undefined,
): Promise<AuditRow | undefined> {
  let last = from;
  for (let count = 0; count < UNMARKED; count += PAGE) {
    const page = await auditFrom(db, (last?.seq ?? 0) + 1, PAGE);
    const first = (last?.seq ?? 0) + 1;
    const run = page.filter((row, n) => row.seq === first + n && !row.mac);
    const own = await ownAuditRows(db, signer, run);
    last = own.at(-1) ?? last;
    if (own.length < PAGE) return last;
  }
  return last;
}

/**
 * The rows before this one, the newest first, each proved by the link of the one behind it: ends where one is not as that one
 * names it. Returns whether it came to the first of all. A signature is not looked at: that of the last vouches for all.
 */
export async function* rowsBefore(db: Db | Tx, row: AuditRow): AsyncGenerator<AuditRow, boolean> {
  let after = row;
  for (let below = row.seq; ; ) {
    if (placeBefore(after) === 0) return isBehind(after, null);
    const page = await auditBelow(db, below, MANY);
    for (const each of page) {
      const place = placeBefore(after);
      if (place === undefined || each.seq < place) return place === 0 && isBehind(after, null);
      // Of another hand, and passed over.
      if (each.seq > place) continue;
      if (!isBehind(after, each.link)) return false;
      yield each;
      after = each;
    }
    if (page.length < MANY) return placeBefore(after) === 0 && isBehind(after, null);
    below = page.at(-1)?.seq ?? 0;
  }
}

const isBehind = (row: AuditRow, before: Uint8Array | null): boolean =>
  Buffer.compare(auditLink(before, row), row.link) === 0;

/** The lowest place, or one below `lowest`, down to which no row is missing from the end of the log. Each is looked at, each time. */
export async function wholeDownTo(db: Db | Tx, keyring: Keyring, lowest: number): Promise<number> {
  const { last } = await auditEnd(db, keyring);
  if (!last) return 0;
  if (await markedBehind(db, keyring, last)) return last.seq + 1;
  let down = last.seq;
  for await (const { seq } of rowsBefore(db, last)) {
    down = seq;
    if (seq <= lowest) break;
  }
  return down;
}
