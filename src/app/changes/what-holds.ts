/**
 * What of the changes holds: which rows are the server's own, and that none is missing.
 *
 * Invariants: the last change is the one that the newest note of the log names under the server's signature, with its hash,
 * and each names the one before it by its hash: so the true ones are found among any number of rows and copies. A row that
 * does not open, and one that opens where another one is meant, count for nothing, also not for what their place is: they are
 * named and change nothing. A row of the server's own that opens no more, another one in its place, a gap, and an end that was
 * cut off are each found as far as the rows that are left, and the log, tell; the texts they are about are known from that
 * log, and where it does not tell, every text may be meant. Nothing is said of what an intruder wants: the part that reads
 * decides what is not used (`states.ts`).
 */

import type { Keyring } from '../../crypto/keyring.ts';
import type { Db, Tx } from '../../db/database.ts';
import type { TextChangeRow } from '../../db/text-changes.ts';
import type { TextFault } from '../../kernel/vocabulary.ts';
import { type Newest, newestNote, notesOf, type TextName } from './notes.ts';
import { type Change, hashOfRow, openChange } from './rows.ts';

export type { TextName } from './notes.ts';

export type Fault = {
  /** The place of the row. */
  seq: number;
  why: TextFault;
  /** The texts that it may be about; undefined: any. */
  of: readonly TextName[] | undefined;
};

/** Where the changes end: place and hash of the last. */
export type End = { seq: number; hash: string };

export type Held = {
  changes: readonly Change[];
  faults: readonly Fault[];
  /** Behind which the next one comes: the end that was noted, or the later one that is there. */
  end: End;
  /** Its place. Where the end is not known one is left free, so that what was before it stays in doubt. */
  next: number;
};

/** More than this were not lost one by one, and more rows of another hand are not named. */
const NAMED = 200;
const NOTHING: End = { seq: 0, hash: '' };

type Keys = { keyring: Keyring };

export async function whatHolds(
  db: Db | Tx,
  { keyring }: Keys,
  rows: readonly TextChangeRow[],
): Promise<Held> {
  const verifier = keyring.signer;
  const newest = await newestNote(db, verifier);
  const { own, junk } = opened({ keyring }, rows);
  const noted = newest.note ?? NOTHING;
  const twice = [...own].filter(([, all]) => all.length > 1).map(([seq]) => seq);
  const meant = await notesOf(db, verifier, twice);
  const chain = [...leadingTo(own, noted, (seq) => meant.get(seq)?.hash), ...behind(own, noted)];
  const end = chain.at(-1)?.isBehind ? placeOf(chain.at(-1)) : noted;
  const gaps = gapsUpTo(end.seq, new Set(chain.map(({ change }) => change.seq)));
  const wrong = new Map<number, Fault['why']>(
    gaps.map((seq) => [seq, junk.some((row) => row.seq === seq) ? 'changed' : 'missing']),
  );
  for (const { change, isOther } of chain) if (isOther) wrong.set(change.seq, 'replaced');
  const names = await notesOf(db, verifier, [...wrong.keys()]);
  const faults = [...wrong].map(([seq, why]): Fault => {
    const note = names.get(seq);
    return {
      seq,
      why,
      of: note ? [note.of, ...junk.filter((row) => row.seq === seq).map(nameIn)] : undefined,
    };
  });
  const changes = chain.map(({ change }) => change).filter(({ seq }) => !wrong.has(seq));
  const all = [
    ...faults,
    ...foreign(own, chain, junk, wrong, newest),
    ...unknown(newest, gaps, end),
    ...skipped(changes, wrong),
  ];
  const next = end.seq + (newest.isSpoiled ? 2 : 1);
  return { changes, faults: all.sort((a, b) => a.seq - b.seq), end, next };
}

type Own = { change: Change; hash: string };
/** `isOther`: not the one that is meant here. `isBehind`: the log says nothing of it any more. */
type Link = Own & { isOther: boolean; isBehind: boolean };
const nameIn = ({ language, key }: TextChangeRow): TextName => ({ language, key });
const placeOf = (link: Link | undefined): End => (link ? { seq: link.change.seq, hash: link.hash } : NOTHING);

/** The server's own by place, each once however often it stands there; all others. */
function opened(
  keys: Keys,
  rows: readonly TextChangeRow[],
): { own: Map<number, Own[]>; junk: TextChangeRow[] } {
  const own = new Map<number, Own[]>();
  const junk: TextChangeRow[] = [];
  for (const row of rows) {
    // The server's own places begin with 1.
    const change = row.seq > 0 ? openChange(keys, row) : undefined;
    const there = own.get(row.seq) ?? [];
    const hash = hashOfRow(row);
    if (!change) junk.push(row);
    else if (!there.some((each) => each.hash === hash)) own.set(row.seq, [...there, { change, hash }]);
  }
  return { own, junk };
}

/** From the noted end back to the first: in each place the one that the one behind it names, else the one that the log names. */
function leadingTo(
  own: ReadonlyMap<number, readonly Own[]>,
  end: End,
  noted: (seq: number) => string | undefined,
): Link[] {
  const links: Link[] = [];
  let meant: string | undefined = end.hash;
  for (const seq of [...own.keys()].filter((each) => each <= end.seq).sort((a, b) => b - a)) {
    const after: Change | undefined = links.at(-1)?.change;
    if (after ? after.seq !== seq + 1 : seq !== end.seq) meant = undefined;
    const all = own.get(seq) ?? [];
    const hash = all.some((each) => each.hash === meant) ? meant : noted(seq);
    const one = all.find((each) => each.hash === hash) ?? (all.length === 1 ? all[0] : undefined);
    if (!one) continue;
    const isOther = meant !== undefined && one.hash !== meant;
    links.push({ ...one, isOther, isBehind: false });
    meant = isOther ? undefined : one.change.before;
  }
  return links.reverse();
}

/** What the server sealed behind the noted end: the log was cut. */
function behind(own: ReadonlyMap<number, readonly Own[]>, end: End): Link[] {
  const links: Link[] = [];
  for (let { seq, hash } = end; ; ) {
    const next = own.get(seq + 1)?.find(({ change }) => change.before === hash);
    if (!next) return links;
    links.push({ ...next, isOther: false, isBehind: true });
    ({ hash } = next);
    seq += 1;
  }
}

/** Rows and notes of another hand, and the server's own at a place where another one is meant: named, and nothing more. */
function foreign(
  own: ReadonlyMap<number, readonly Own[]>,
  chain: readonly Link[],
  junk: readonly TextChangeRow[],
  wrong: ReadonlyMap<number, unknown>,
  { strange }: Newest,
): Fault[] {
  const used = new Set(chain.map(({ hash }) => hash));
  const others = [...own].flatMap(([seq, all]) => all.filter(({ hash }) => !used.has(hash)).map(() => seq));
  const rows = junk.map(({ seq }) => seq).filter((seq) => !wrong.has(seq));
  return [...strange, ...others, ...rows]
    .slice(0, NAMED)
    .map((seq) => ({ seq, why: 'foreign' as const, of: [] }));
}

/** Which is the newest is not known, or not how many are gone: every text may be meant. And what the log says nothing of. */
function unknown({ isSpoiled, note }: Newest, gaps: readonly number[], end: End): Fault[] {
  const seq = Math.max(1, end.seq);
  return [
    ...(isSpoiled ? [{ seq, why: 'not_noted' as const, of: undefined }] : []),
    ...(gaps.length === NAMED ? [{ seq, why: 'missing' as const, of: undefined }] : []),
    ...(end.seq > (note?.seq ?? 0) ? [{ seq: end.seq, why: 'not_noted' as const, of: [] }] : []),
  ];
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

/** Places with no row, the first of them. */
function gapsUpTo(end: number, there: ReadonlySet<number>): number[] {
  const gaps: number[] = [];
  for (let seq = 1; seq <= end && gaps.length < NAMED; seq++) if (!there.has(seq)) gaps.push(seq);
  return gaps;
}
