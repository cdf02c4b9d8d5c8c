/**
 * What of the changes holds: which rows are the server's own, and that none is missing.
 *
 * Invariants: a row that does not open counts for nothing, also not for what its place is: where the server's own row stands
 * too, or the server has not written yet, it is named and changes nothing. A row of the server's own that opens no more,
 * another one in its place, a gap, and an end that was cut off are each found as far as the rows that are left, and the
 * signed audit log, which names each change, tell; the texts they are about are known from that log, and where it does not
 * tell, every text may be meant. Nothing is said of what an intruder wants: the part that reads decides what is not used
 * (`states.ts`).
 */

import type { Keyring } from '../../crypto/keyring.ts';
import type { Verifier } from '../../crypto/verifier.ts';
import type { Db, Tx } from '../../db/database.ts';
import { lastNoted, notedChanges, type TextChangeRow } from '../../db/text-changes.ts';
import type { TextFault } from '../../kernel/vocabulary.ts';
import { isOwnAuditRow } from '../records/audit.ts';
import { type Change, hashOfRow, openChange } from './rows.ts';

export type Fault = {
  /** The place of the row. */
  seq: number;
  why: TextFault;
  /** The texts that it may be about; undefined: any. */
  of: readonly TextName[] | undefined;
};
export type TextName = { language: string; key: string };

/** Where the changes end: place and hash of the last. */
export type End = { seq: number; hash: string };

export type Held = {
  changes: readonly Change[];
  faults: readonly Fault[];
  /** After which the next one comes: the end that is there, or the later one that was noted. */
  end: End;
};

/** More than this were not lost one by one. */
const NAMED = 200;

type Keys = { keyring: Keyring };

export async function whatHolds(
  db: Db | Tx,
  { keyring }: Keys,
  rows: readonly TextChangeRow[],
): Promise<Held> {
  const verifier = keyring.signer;
  const { own, junk } = await ownRows(db, { keyring }, rows);
  const last = own.at(-1);
  const found: End = last ? { seq: last.change.seq, hash: last.hash } : NOTHING;
  const { noted, isSpoiled } = await endNoted(db, verifier);
  const end = noted && noted.seq > found.seq ? noted : found;
  const there = new Set(own.map(({ change }) => change.seq));
  const gaps = gapsUpTo(end.seq, there);
  const wrong = new Map<number, Fault['why']>(
    gaps.map((seq) => [seq, junk.some((row) => row.seq === seq) ? 'changed' : 'missing']),
  );
  for (const seq of replacedIn(own)) wrong.set(seq, 'replaced');
  if (noted && noted.seq === found.seq && noted.hash !== found.hash) wrong.set(found.seq, 'replaced');
  const named = await namesOf(db, verifier, [...wrong.keys()]);
  const faults = [...wrong].map(([seq, why]): Fault => {
    const name = named.get(seq);
    return { seq, why, of: name ? [name, ...junk.filter((row) => row.seq === seq).map(nameIn)] : undefined };
  });
  for (const row of junk.filter(({ seq }) => !wrong.has(seq)).slice(0, NAMED))
    faults.push({ seq: row.seq, why: 'foreign', of: [] });
  // Which is the newest is not known, or not how many are gone: every text may be meant.
  if (isSpoiled || gaps.length === NAMED)
    faults.push({ seq: Math.max(1, end.seq), why: isSpoiled ? 'not_noted' : 'missing', of: undefined });
  // What the server sealed and never noted: the log was cut.
  if (found.seq > (noted?.seq ?? 0)) faults.push({ seq: found.seq, why: 'not_noted', of: [] });
  const changes = own.map(({ change }) => change).filter(({ seq }) => !wrong.has(seq));
  return { changes, faults: [...faults, ...skipped(changes, wrong)].sort((a, b) => a.seq - b.seq), end };
}

const NOTHING: End = { seq: 0, hash: '' };
type Own = { change: Change; hash: string };
const nameIn = ({ language, key }: TextChangeRow): TextName => ({ language, key });

/** The server's own, one for each place and in order; all others. */
async function ownRows(
  db: Db | Tx,
  { keyring }: Keys,
  rows: readonly TextChangeRow[],
): Promise<{ own: Own[]; junk: TextChangeRow[] }> {
  const own = new Map<number, Own[]>();
  const junk: TextChangeRow[] = [];
  for (const row of rows) {
    // The server's own places begin with 1.
    const change = row.seq > 0 ? openChange({ keyring }, row) : undefined;
    if (!change) junk.push(row);
    else own.set(row.seq, [...(own.get(row.seq) ?? []), { change, hash: hashOfRow(row) }]);
  }
  return { own: await oneEach(db, { keyring }, own), junk };
}

/** Where two of the server's own stand in one place, one was put back there: the one that the log names is meant. */
async function oneEach(
  db: Db | Tx,
  { keyring }: Keys,
  rows: ReadonlyMap<number, readonly Own[]>,
): Promise<Own[]> {
  const twice = [...rows].filter(([, all]) => all.length > 1).map(([seq]) => seq);
  const noted = new Map<number, string>();
  for (const row of await notedChanges(db, twice.slice(0, NAMED)))
    if (await isOwnAuditRow(db, keyring.signer, row))
      noted.set(Number(row.detail.change), String(row.detail.hash));
  return [...rows]
    .sort(([a], [b]) => a - b)
    .flatMap(([seq, all]) =>
      all.length > 1 ? all.filter(({ hash }) => hash === noted.get(seq)).slice(0, 1) : all,
    );
}

/** Places at which another of the server's own has taken the place of one, as the one behind it tells. */
const replacedIn = (own: readonly Own[]): number[] =>
  own.flatMap(({ change: { seq }, hash }, n) => {
    const next = own[n + 1]?.change;
    return next?.seq === seq + 1 && next.before !== hash ? [seq] : [];
  });

/** Whether the rows of one text name each other: a gap that the log no longer tells of is about this text. */
function skipped(changes: readonly Change[], wrong: ReadonlyMap<number, Fault['why']>): Fault[] {
  const last = new Map<string, number>();
  return changes.flatMap(({ seq, language, key, beforeOfText }): Fault[] => {
    const name = `${language} ${key}`;
    const before = last.get(name) ?? 0;
    last.set(name, seq);
    if (beforeOfText === before || wrong.has(beforeOfText)) return [];
    return [{ seq: beforeOfText, why: 'missing', of: [{ language, key }] }];
  });
}

/** The end as the log has it under the server's signature. */
async function endNoted(
  db: Db | Tx,
  verifier: Verifier,
): Promise<{ noted: End | undefined; isSpoiled: boolean }> {
  const row = await lastNoted(db);
  if (!row) return { noted: undefined, isSpoiled: false };
  if (!(await isOwnAuditRow(db, verifier, row))) return { noted: undefined, isSpoiled: true };
  return { noted: { seq: Number(row.detail.change), hash: String(row.detail.hash) }, isSpoiled: false };
}

/** Places with no row, the first of them. */
function gapsUpTo(end: number, there: ReadonlySet<number>): number[] {
  const gaps: number[] = [];
  for (let seq = 1; seq <= end && gaps.length < NAMED; seq++) if (!there.has(seq)) gaps.push(seq);
  return gaps;
}

async function namesOf(
  db: Db | Tx,
  verifier: Verifier,
  seqs: readonly number[],
): Promise<Map<number, TextName>> {
  const names = new Map<number, TextName>();
  for (const row of await notedChanges(db, seqs)) {
    if (!(await isOwnAuditRow(db, verifier, row))) continue;
    const { change, language, key } = row.detail;
    names.set(Number(change), { language: String(language), key: String(key) });
  }
  return names;
}
