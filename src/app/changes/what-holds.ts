/**
 * What of the changes holds: which rows are the server's own, in their place, and that none is missing.
 *
 * Invariants: a row counts only where the log's own last row says that it is the last change, where the one behind it that counts
 * names it by its hash, or, behind a gap, where a note of the log's own does. What the server once sealed for that place and none
 * of the three says (in a transaction that failed, before a restore) does not count. A place of which none can be shown is a gap:
 * the texts that it may be about are known from its note or from the next change of the same text; where both are gone, every
 * text may be meant. Rows of another hand count for nothing, also not for what their place is: they are named and change nothing,
 * however many and however long they are. Nothing is said of what an intruder wants: the part that reads decides what is not used
 * (`states.ts`).
 */

import type { Keyring } from '../../crypto/keyring.ts';
import type { Db, Tx } from '../../db/database.ts';
import { changeAt, type TextChangeRow, textChangesByPage, tooLongChanges } from '../../db/text-changes.ts';
import type { TextFault } from '../../kernel/vocabulary.ts';
import { auditEnd } from '../records/audit-end.ts';
import { type TextsHead, textsHead } from '../records/texts-head.ts';
import { type Note, notesOf, strangeNotes, type TextName } from './notes.ts';
import { hashOfRow, type Lost, type OpenChange, openChange } from './rows.ts';

export type { TextName } from './notes.ts';

export type Fault = {
  /** The place of the row. */
  seq: number;
  why: TextFault;
  /** The texts that it may be about; undefined: any. */
  of: readonly TextName[] | undefined;
};

/** Where the changes end: place and hash of the last. */
export type End = TextsHead;

export type Held = {
  changes: readonly OpenChange[];
  faults: readonly Fault[];
  /** Behind which the next one comes: what the log says is the last. */
  end: End;
  /** Changes that no log names any more: the next one says that their texts are as the files say them. */
  inDoubt: readonly Lost[];
};

/** More than this were not lost one by one, and more rows of another hand are not named. */
const NAMED = 200;
/** Notes that are asked for at once. */
const NOTES = 100;

type Keys = { keyring: Keyring };

/** What the log says is the last change. */
export async function lastNoted(db: Db | Tx, { keyring }: Keys): Promise<End> {
  const { last } = await auditEnd(db, keyring);
  return textsHead(db, keyring, last);
}

export async function whatHolds(db: Db | Tx, { keyring }: Keys): Promise<Held> {
  const end = await lastNoted(db, { keyring });
  const { own, junk } = await opened(db, { keyring }, end.seq);
  const notes = notesFrom(db, keyring);
  const { proven, gaps } = await leadingTo(own, end, notes);
  const behind = behindTheEnd(own, end);
  const used = new Set([...proven, ...behind].map(({ hash }) => hash));
  const places = new Set(gaps.map(({ seq }) => seq));
  const others = [...own.values()].flat().filter(({ hash }) => !used.has(hash));
  const strange = [
    ...(await strangeNotes(db, keyring)),
    ...[...others, ...junk].map(({ seq }) => seq).filter((seq) => !places.has(seq)),
    ...(await tooLongChanges(db, NAMED)),
  ];
  const faults: Fault[] = [
    ...(await missing(gaps, { own, junk, proven, notes })),
    ...behind.map((each) => ({
      seq: each.seq,
      why: 'not_noted' as const,
      of: inDoubtBy(each).map(({ language, key }) => ({ language, key })),
    })),
    ...strange.slice(0, NAMED).map((seq) => ({ seq, why: 'foreign' as const, of: [] })),
  ];
  return {
    changes: proven,
    faults: faults.sort((a, b) => a.seq - b.seq),
    end,
    inDoubt: behind.flatMap(inDoubtBy),
  };
}

/**
 * What came behind an end that is known, up to what the log says is the last, each named by the one behind it. Undefined: it does
 * not follow. Costs what came, and nothing that stood there before or that another hand put beside it.
 */
export async function whatCame(
  db: Db | Tx,
  keys: Keys,
  from: End,
  to: End,
): Promise<readonly OpenChange[] | undefined> {
  const came: OpenChange[] = [];
  if (to.seq - from.seq > NAMED) return undefined;
  let { hash } = to;
  for (let { seq } = to; seq > from.seq; seq--) {
    const row = await changeAt(db, seq, hash);
    const change = row && openChange(keys, row);
    if (!change) return undefined;
    came.push(change);
    hash = change.before;
  }
  return hash === from.hash ? came.reverse() : undefined;
}

type Found = { own: Own; junk: readonly Junk[]; proven: readonly OpenChange[]; notes: Notes };

/** Each gap with the texts that it may be about. */
async function missing(gaps: readonly Gap[], { own, junk, proven, notes }: Found): Promise<Fault[]> {
  const nextOfText = new Map(proven.map((change) => [change.beforeOfText, change]));
  const sayLost = new Set(proven.map(({ lostBefore }) => lostBefore));
  const faults: Fault[] = [];
  for (const { seq, wanted } of gaps.slice(0, NAMED)) {
    const isJunk = junk.some((row) => row.seq === seq);
    const note = await notes(seq);
    const isNoted = note && (wanted === undefined || wanted === note.hash);
    // One that said of others that they are lost: which ones nobody knows any more.
    const isOfMany = sayLost.has(seq) || (isNoted && note.isLost);
    const known = isOfMany ? undefined : isNoted ? note.of : nextOfText.get(seq);
    faults.push({
      seq,
      why: own.has(seq) ? 'replaced' : isJunk ? 'changed' : 'missing',
      // What a row of another hand names is not what is missing.
      of: known && [{ language: known.language, key: known.key }],
    });
  }
  const [more] = gaps.slice(NAMED);
  return more ? [...faults, { seq: more.seq, why: 'missing', of: undefined }] : faults;
}

type Junk = { seq: number };
type Own = ReadonlyMap<number, readonly OpenChange[]>;
type Notes = (seq: number) => Promise<Note | undefined>;

/**
 * The server's own by place, each once however often it stands there; the first of all others, of which those up to `end` tell
 * what a gap may be about.
 */
async function opened(
  db: Db | Tx,
  keys: Keys,
  end: number,
): Promise<{ own: Map<number, OpenChange[]>; junk: Junk[] }> {
  const own = new Map<number, OpenChange[]>();
  const inside: Junk[] = [];
  const outside: Junk[] = [];
  const look = (row: TextChangeRow): void => {
    const { seq } = row;
    const there = own.get(seq) ?? [];
    const hash = hashOfRow(row);
    if (there.some((each) => each.hash === hash)) return;
    // The server's own places begin with 1.
    const change = seq > 0 ? openChange(keys, row) : undefined;
    if (change) own.set(seq, [...there, change]);
    const others = seq > 0 && seq <= end ? inside : outside;
    if (!change && others.length < NAMED) others.push({ seq });
  };
  for await (const page of textChangesByPage(db)) for (const row of page) look(row);
  return { own, junk: [...inside, ...outside] };
}

/** A place of which nothing can be shown; `wanted`: the hash of what stood there, if the one behind it names it. */
type Gap = { seq: number; wanted: string | undefined };

/** From the end back to the first: in each place the one that the one behind it names, behind a gap the one that is noted. */
async function leadingTo(own: Own, end: End, noted: Notes): Promise<{ proven: OpenChange[]; gaps: Gap[] }> {
  const proven: OpenChange[] = [];
  const gaps: Gap[] = [];
  let wanted: string | undefined = end.hash;
  for (let { seq } = end; seq > 0; seq--) {
    const hash: string | undefined = wanted ?? (await noted(seq))?.hash;
    const one: OpenChange | undefined = own.get(seq)?.find((each) => each.hash === hash);
    if (one) proven.push(one);
    else gaps.push({ seq, wanted });
    wanted = one?.before;
  }
  return { proven: proven.reverse(), gaps };
}

/** Notes by place, each asked for once, together with those below it. */
function notesFrom(db: Db | Tx, keyring: Keyring): Notes {
  const known = new Map<number, Note | undefined>();
  return async (seq) => {
    if (!known.has(seq)) {
      const seqs = Array.from({ length: NOTES }, (_, n) => seq - n).filter((each) => each > 0);
      const found = await notesOf(db, keyring, seqs);
      for (const each of seqs) known.set(each, found.get(each));
    }
    return known.get(seq);
  };
}

/** What the server sealed behind the end: the log was cut, or it was put back there. Either way it is not known, nor which of two. */
function behindTheEnd(own: Own, { seq, hash }: End): OpenChange[] {
  const behind: OpenChange[] = [];
  const known = new Set([hash]);
  for (let place = seq + 1; ; place++) {
    const next = own.get(place)?.filter(({ before }) => known.has(before)) ?? [];
    if (next.length === 0) return behind;
    behind.push(...next);
    for (const each of next) known.add(each.hash);
  }
}

/** The text of such a change, and those of which it says that they are lost. */
const inDoubtBy = ({ language, key, hash, lost = [] }: OpenChange): Lost[] => [
  { language, key, hash },
  ...lost,
];
