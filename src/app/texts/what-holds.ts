/**
 * What of the changes holds: which rows are the server's own, and that none is missing.
 *
 * Invariants: a row that does not open, another one in its place, a gap, and an end that was cut off are each found as far as
 * the rows that are left, and the signed audit log, which names each change, tell; the texts they are about are known from
 * that log, and where it does not tell, every text may be meant. Nothing is said of what an intruder wants: the part that reads
 * decides what is not used (`states.ts`).
 */

import type { Keyring } from '../../crypto/keyring.ts';
import type { Verifier } from '../../crypto/verifier.ts';
import type { Db, Tx } from '../../db/database.ts';
import { lastNoted, notedChanges, type TextChangeRow } from '../../db/text-changes.ts';
import { isOwnAuditRow } from '../records/audit.ts';
import { type Change, hashOfRow, openChange } from './rows.ts';

export type Fault = {
  /** The place of the row. */
  seq: number;
  why: 'changed' | 'replaced' | 'missing' | 'not_noted';
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
  all: readonly TextChangeRow[],
): Promise<Held> {
  // The server's own places begin with 1: what stands before them is of no text.
  const rows = all.filter(({ seq }) => seq > 0);
  const verifier = keyring.signer;
  const opened = rows.map((row) => openChange({ keyring }, row));
  const wrong = new Map<number, Fault['why']>();
  for (const [n, row] of rows.entries()) if (!opened[n]) wrong.set(row.seq, 'changed');
  findReplaced(rows, opened, wrong);
  const there = new Set(rows.map(({ seq }) => seq));
  const last = rows.at(-1);
  const found: End = last ? { seq: last.seq, hash: hashOfRow(last) } : { seq: 0, hash: '' };
  const { noted, isSpoiled } = await endNoted(db, verifier);
  if (noted && noted.seq === found.seq && noted.hash !== found.hash && !wrong.has(found.seq))
    wrong.set(found.seq, 'replaced');
  const end = noted && noted.seq > found.seq ? noted : found;
  const gaps = gapsUpTo(end.seq, there);
  for (const seq of gaps) wrong.set(seq, 'missing');
  const named = await namesOf(db, verifier, [...wrong.keys()]);
  const faults = [...wrong].map(([seq, why]): Fault => {
    const row = rows.find((each) => each.seq === seq);
    const name = named.get(seq);
    return {
      seq,
      why,
      of: name ? [name, ...(row ? [{ language: row.language, key: row.key }] : [])] : undefined,
    };
  });
  // Which is the newest is not known, or not how many are gone: every text may be meant.
  if (isSpoiled || gaps.length === NAMED)
    faults.push({ seq: Math.max(1, end.seq), why: isSpoiled ? 'not_noted' : 'missing', of: undefined });
  // What the server sealed and never noted: the log was cut.
  if (found.seq > (noted?.seq ?? 0) && opened.at(-1))
    faults.push({ seq: found.seq, why: 'not_noted', of: [] });
  const changes = opened.filter((each) => each !== undefined).filter(({ seq }) => !wrong.has(seq));
  return { changes, faults: [...faults, ...skipped(changes, wrong)].sort((a, b) => a.seq - b.seq), end };
}

/** A row that another of the server's own has taken the place of, as the one behind it tells. */
function findReplaced(
  rows: readonly TextChangeRow[],
  opened: readonly (Change | undefined)[],
  wrong: Map<number, Fault['why']>,
): void {
  for (const [n, row] of rows.entries()) {
    const next = opened[n + 1];
    if (next?.seq === row.seq + 1 && next.before !== hashOfRow(row) && !wrong.has(row.seq))
      wrong.set(row.seq, 'replaced');
  }
}

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
