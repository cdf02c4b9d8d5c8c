/**
 * What the audit log notes of the changes, under the server's signature and mark.
 *
 * Invariant: a note that the server did not write says nothing: it is named, and nothing depends on it.
 */
import type { AuditRow } from '../../crypto/audit-chain.ts';
import type { Keyring } from '../../crypto/keyring.ts';
import type { Db, Tx } from '../../db/database.ts';
import { notedChanges, notesBelow } from '../../db/text-changes.ts';
import { HIGHEST, ownByMark } from '../records/audit-end.ts';

export type TextName = { language: string; key: string };
/** Place and hash of a change, what it is about, and whether it says that something is lost. */
export type Note = { seq: number; hash: string; of: TextName; isLost: boolean };

/** So many notes that no server signed are named. */
const NAMED = 200;

/** Places that the newest notes give which no server signed. */
export async function strangeNotes(db: Db | Tx, keyring: Keyring): Promise<number[]> {
  const page = await notesBelow(db, HIGHEST, NAMED);
  const own = new Set(await ownByMark(db, keyring, page));
  const first = page.findIndex((row) => own.has(row));
  return (first < 0 ? page : page.slice(0, first)).map((row) => noteIn(row)?.seq ?? 0);
}

/** By place, what the log says of these changes; of one that was noted twice the later. */
export async function notesOf(
  db: Db | Tx,
  keyring: Keyring,
  seqs: readonly number[],
): Promise<Map<number, Note>> {
  const notes = new Map<number, Note>();
  for await (const page of notedChanges(db, seqs))
    for (const row of await ownByMark(db, keyring, page)) {
      const note = noteIn(row);
      if (note) notes.set(note.seq, note);
    }
  return notes;
}

function noteIn({ detail }: AuditRow): Note | undefined {
  const { change, language, key, hash, lost } = detail;
  return Number.isSafeInteger(change) && Number(change) > 0
    ? {
        seq: Number(change),
        hash: String(hash),
        of: { language: String(language), key: String(key) },
        isLost: lost === true,
      }
    : undefined;
}
