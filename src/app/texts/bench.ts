/**
 * The workbench: what was changed in the room, laid over the texts of the files while people talk.
 *
 * Invariants: only what the server itself wrote, in its place, is said; a text that does not pass the check of flows with the
 * others (another version of the program may ask for other placeholders) is left out and named; a process that saw a later
 * end of the changes than the database has goes on as it is; one that begins goes by what was seen on its machine before (`seen.ts`).
 */
import { isDeepStrictEqual } from 'node:util';
import { type Problem, problemLine } from '../../conversation/checks/problem.ts';
import { type TextValue, treeOf } from '../../conversation/said/own-texts.ts';
import type { TextFiles } from '../../conversation/words/texts.ts';
import { type Db, ofOneMoment, type Tx } from '../../db/database.ts';
import { countTexts, type TextsCount } from '../../db/text-changes.ts';
import type { Lost, OpenChange } from '../changes/rows.ts';
import { laidOver, type TextState, withChanges, withoutDoubtful } from '../changes/states.ts';
import {
  type End,
  type Fault,
  type Held,
  lastNoted,
  type TextName,
  whatCame,
  whatHolds,
} from '../changes/what-holds.ts';
import type { Context } from '../ground/context.ts';
import type { LivingContent } from '../ground/living-content.ts';
import { auditEnd } from '../records/audit-end.ts';
import { checkApart } from './check-thread.ts';
import { isAbout } from './checking.ts';
import { goneSince, nextSeen, type SeenText, type SeenTexts, seenBesides } from './seen.ts';

export type Bench = {
  states: ReadonlyMap<string, TextState>;
  /** The same before what does not fit is left out. */
  all: ReadonlyMap<string, TextState>;
  /** What the next change stands on: another one where the database was set back. */
  ground: ReadonlyMap<string, TextState>;
  faults: readonly Fault[];
  /** Texts that do not pass the check any more, with its line. */
  unfit: readonly (TextName & { line: string })[];
  /** The database ends before what this process saw. */
  isSetBack: boolean;
  end: End;
  /** Where the log ended them when they were read; another one than `end` if the database was set back. */
  head: End;
  /** What the next change says is lost. */
  inDoubt: readonly Lost[];
  /** The place of the last change that says so of others; 0: none. */
  lastLost: number;
  /** How many rows the database held when it was read, seen from this place of the log. */
  count: TextsCount;
  since: number;
  /** Milliseconds of `performance.now`: before that not all is read anew for rows that say nothing. */
  notBefore: number;
  /** What was seen here so far, for the next start. */
  seen: readonly SeenText[];
  /** How often it was read: another number, other states. */
  reading: number;
};

type Needs = Pick<Context, 'content' | 'keyring'>;

/** What each running content saw last. */
const benches = new WeakMap<LivingContent, Bench>();

const NOTHING: End = { seq: 0, hash: '' };

const NO_COUNT: TextsCount = { changes: -1, highest: 0, notes: 0, noted: 0 };
/** Reading all anew takes at most one part of so many of the time of a process. */
const PATIENCE = 20;

const EMPTY: Bench = {
  states: new Map(),
  all: new Map(),
  ground: new Map(),
  faults: [],
  unfit: [],
  isSetBack: false,
  end: NOTHING,
  head: NOTHING,
  inDoubt: [],
  lastLost: 0,
  count: NO_COUNT,
  since: 0,
  notBefore: 0,
  seen: [],
  reading: 0,
};

/** What each running content knows from before it ran. */
const memories = new WeakMap<LivingContent, SeenTexts>();

/** From now on a database that was set back before this process began is known by what was seen here. */
export const rememberTexts = ({ content }: Pick<Context, 'content'>, seen: SeenTexts): void =>
  void memories.set(content, seen);

/** As it was read last; of a process that has read nothing yet there is nothing. */
export const benchOf = ({ content }: Pick<Context, 'content'>): Bench => benches.get(content) ?? EMPTY;

/** Reads are done one after the other: what was read earlier must never be said over what was read later. */
const turns = new WeakMap<LivingContent, Promise<unknown>>();

/** Reads what was changed, and says it from now on. */
export const readBench = (ctx: Needs, db: Db): Promise<Bench> => inTurn(ctx, () => read(ctx, db));

function inTurn<T>({ content }: Needs, work: () => Promise<T>): Promise<T> {
  const before = turns.get(content) ?? Promise.resolve();
  const mine = before.then(work);
  turns.set(
    content,
    mine.catch(() => undefined),
  );
  return mine;
}

async function read(ctx: Needs, db: Db): Promise<Bench> {
  const { content } = ctx;
  const before = benchOf(ctx);
  const began = performance.now();
  // Of one moment: a change that comes meanwhile is none that is missing.
  const found = await ofOneMoment(db, async (tx): Promise<Found> => {
    const since = before.reading > 0 ? before.since : await endOfLog(tx, ctx);
    const head = await lastNoted(tx, ctx);
    const count = await countTexts(tx, since);
    const came = isWhole(before) ? await whatCame(tx, ctx, before.end, head) : undefined;
    const isMore = came === undefined || isStrange(before, count, came);
    const isEnough = came !== undefined && came.length > 0 && (!isMore || began < before.notBefore);
    return {
      since,
      count: isMore && isEnough ? NO_COUNT : count,
      head,
      ...(isEnough ? { came } : await whatHolds(tx, ctx)),
    };
  });
  const { count, since, head } = found;
  const known = { count, since, head, reading: before.reading + 1 };
  const bench =
    'came' in found
      ? await readOn(ctx, before, { ...found, ...known })
      : isOlder(before, found) && !areGoneOn(before, found)
        ? { ...before, ...known, isSetBack: true, ...groundOf(before, found) }
        : await readWhole(ctx, before, { ...found, ...known });
  const took = performance.now() - began;
  benches.set(content, 'came' in found ? bench : { ...bench, notBefore: began + took * PATIENCE });
  return bench;
}

type Known = Pick<Bench, 'count' | 'since' | 'head' | 'reading'>;
type Found = Omit<Known, 'reading'> & (Held | { came: readonly OpenChange[] });

const isWhole = ({ reading, isSetBack, inDoubt }: Bench): boolean =>
  reading > 0 && !isSetBack && inDoubt.length === 0;

/** Whether more rows came than the server's own: those are named when all is read anew. */
const isStrange = (
  { count: { changes, notes } }: Bench,
  now: TextsCount,
  came: readonly OpenChange[],
): boolean => now.changes !== changes + came.length || now.notes !== notes + came.length;

/** The database ends before what this process saw. */
function isOlder(before: Bench, { changes, end }: Held): boolean {
  const there = changes.find(({ seq }) => seq === before.end.seq) ?? end;
  return end.seq < before.end.seq || (there.seq === before.end.seq && there.hash !== before.end.hash);
}

/** Whether people changed texts after everything that this process saw: elsewhere they went on from where it was set back to. */
function areGoneOn({ all }: Bench, { changes }: Held): boolean {
  const seen = [...all.values()].flatMap((each) => each.changes);
  const known = new Set(seen.map(({ hash }) => hash));
  const last = seen.reduce((latest, { at }) => Math.max(latest, at.getTime()), 0);
  return changes.some(({ at, hash }) => at.getTime() >= last && !known.has(hash));
}

/** On what the next change stands in a database that was set back: what is gone there is said to be lost. */
const groundOf = (
  { seen }: Bench,
  { changes, inDoubt }: Held,
): Pick<Bench, 'ground' | 'inDoubt' | 'lastLost'> => ({
  ground: withChanges(new Map(), changes),
  inDoubt: [...inDoubt, ...goneSince(seen, changes)],
  lastLost: lastLostIn(changes) ?? 0,
});

const lastLostIn = (changes: readonly OpenChange[]): number | undefined =>
  changes.findLast(({ lost }) => lost)?.seq;

async function readWhole(
  { content }: Needs,
  before: Bench,
  { changes, end, ...held }: Held & Known,
): Promise<Bench> {
  const seen = [...((await memories.get(content)?.read()) ?? []), ...before.seen];
  const gone = goneSince(seen, changes);
  const faults: Fault[] = [...held.faults];
  if (gone.length > 0)
    faults.push({
      seq: Math.max(1, end.seq),
      why: 'missing',
      of: gone.map(({ language, key }) => ({ language, key })),
    });
  const all = withChanges(new Map(), changes);
  const states = withoutDoubtful(all, faults);
  const { laid, unfit } = await fitting(content, [...states.values()]);
  content.lay(laid);
  const next = nextSeen(seen, changes);
  await memories.get(content)?.write(next);
  const { count, since, head, reading } = held;
  const inDoubt = [...held.inDoubt, ...gone];
  const lastLost = lastLostIn(changes) ?? 0;
  return {
    ...{ all, ground: all, states, faults, unfit, isSetBack: false, end, inDoubt, lastLost, seen: next },
    ...{ count, since, head, reading, notBefore: 0 },
  };
}

/** What came behind what was read before: as much work as came, and no check of texts where none of them is said otherwise. */
async function readOn(
  { content }: Needs,
  before: Bench,
  { came, ...known }: Known & { came: readonly OpenChange[] },
): Promise<Bench> {
  const all = withChanges(before.all, came);
  const states = withoutDoubtful(all, before.faults);
  const isSaid = came.some(({ is, lost }) => is === 'set' || is === 'agree' || lost);
  const fits = isSaid ? await fitting(content, [...states.values()]) : undefined;
  if (fits) content.lay(fits.laid);
  const seen = seenBesides(before.seen, came);
  await memories.get(content)?.write(seen);
  const lastLost = lastLostIn(came) ?? before.lastLost;
  const unfit = fits?.unfit ?? before.unfit;
  return { ...before, ...known, all, ground: all, states, unfit, end: known.head, lastLost, seen };
}

const endOfLog = async (db: Tx, { keyring }: Needs): Promise<number> =>
  (await auditEnd(db, keyring)).last?.seq ?? 0;

/**
 * Looks whether a text or a recording was changed, in this process or in another. Returns whether anything was read. Rows of
 * another hand are looked at as well, so that they are named, but for a small part of the time only.
 */
export async function followTexts(ctx: Needs & Pick<Context, 'db'>): Promise<boolean> {
  if (!(await isBehind(ctx))) return false;
  // However many ask while it is read, it is read once.
  return inTurn(ctx, async () => {
    if (await isBehind(ctx)) await read(ctx, ctx.db);
    return true;
  });
}

async function isBehind(ctx: Needs & Pick<Context, 'db'>): Promise<boolean> {
  const { head, count, since, notBefore } = benchOf(ctx);
  const now = await lastNoted(ctx.db, ctx);
  if (now.seq !== head.seq || now.hash !== head.hash) return true;
  return performance.now() >= notBefore && !isDeepStrictEqual(await countTexts(ctx.db, since), count);
}

/** What can be laid over the files, without the texts that the check refuses. */
async function fitting(
  content: LivingContent,
  states: readonly TextState[],
): Promise<{ laid: TextFiles; unfit: Bench['unfit'] }> {
  const unfit: (TextName & { line: string })[] = [];
  let left = states;
  for (;;) {
    const laid = asFiles(laidOver(left));
    if (Object.keys(laid).length === 0) return { laid: {}, unfit };
    const files = content.with(laid);
    const found = await checkApart(content, files, Object.keys(files));
    if (found.length === 0) return { laid, unfit };
    const gone = whatToLeaveOut(
      left.filter(({ said }) => said && said.text !== null),
      found,
    );
    for (const { language, key } of gone) {
      const problem = found.find((each) => isAbout(each, { language, key })) ?? found[0];
      unfit.push({ language, key, line: problem ? problemLine(problem) : '' });
    }
    left = left.filter((state) => !gone.includes(state));
  }
}

/** What the problems are about; else what has the same name in another language; what cannot be told apart is left out whole. */
function whatToLeaveOut(said: readonly TextState[], found: readonly Problem[]): readonly TextState[] {
  const own = said.filter((state) => found.some((problem) => isAbout(problem, state)));
  if (own.length > 0) return own;
  const alike = said.filter(({ key }) => found.some((problem) => problem.key === key));
  return alike.length > 0 ? alike : said;
}

const asFiles = (laid: ReadonlyMap<string, readonly [string, TextValue][]>): TextFiles =>
  Object.fromEntries([...laid].map(([language, texts]) => [language, treeOf(texts)])) as TextFiles;
