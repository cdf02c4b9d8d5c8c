/**
 * The workbench: what was changed in the room, laid over the texts of the files while people talk.
 *
 * Invariants: only what the server itself wrote, in its place, is said; a text that does not pass the check of flows with the
 * others (another version of the program may ask for other placeholders) is left out and named; a process that saw a later
 * end of the changes than the database has goes on as it is; one that begins goes by what was seen on its machine before (`seen.ts`).
 */
import { type Problem, problemLine } from '../../conversation/checks/problem.ts';
import { type TextValue, treeOf } from '../../conversation/said/own-texts.ts';
import type { TextFiles } from '../../conversation/words/texts.ts';
import { type Db, ofOneMoment, type Tx } from '../../db/database.ts';
import { standOfTexts } from '../../db/text-changes.ts';
import type { Lost } from '../changes/rows.ts';
import { laidOver, statesOf, type TextState } from '../changes/states.ts';
import { type End, type Fault, type TextName, whatHolds } from '../changes/what-holds.ts';
import type { Context } from '../ground/context.ts';
import type { LivingContent } from '../ground/living-content.ts';
import { auditEnd } from '../records/audit-end.ts';
import { checkApart } from './check-thread.ts';
import { isAbout } from './checking.ts';
import { goneSince, nextSeen, type SeenTexts } from './seen.ts';

export type Bench = {
  states: ReadonlyMap<string, TextState>;
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
  /** What the database held when it was read, seen from this place of the log; empty: nothing was read yet. */
  stand: string;
  since: number;
  /** How often it was read: another number, other states. */
  reading: number;
};

type Needs = Pick<Context, 'content' | 'keyring'>;

/** What each running content saw last. */
const benches = new WeakMap<LivingContent, Bench>();

const NOTHING: End = { seq: 0, hash: '' };

const EMPTY: Bench = {
  states: new Map(),
  faults: [],
  unfit: [],
  isSetBack: false,
  end: NOTHING,
  head: NOTHING,
  inDoubt: [],
  lastLost: 0,
  stand: '',
  since: 0,
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
export function readBench(ctx: Needs, db: Db): Promise<Bench> {
  const before = turns.get(ctx.content) ?? Promise.resolve();
  const mine = before.then(() => read(ctx, db));
  turns.set(
    ctx.content,
    mine.catch(() => undefined),
  );
  return mine;
}

async function read(ctx: Needs, db: Db): Promise<Bench> {
  const { content } = ctx;
  const before = benchOf(ctx);
  const reading = before.reading + 1;
  // Of one moment: a change that comes meanwhile is none that is missing.
  const found = await ofOneMoment(db, async (tx) => {
    const since = before.reading > 0 ? before.since : await endOfLog(tx, ctx);
    return { since, stand: await standOfTexts(tx, since), held: await whatHolds(tx, ctx) };
  });
  const { since, stand, held } = found;
  const { changes, end } = held;
  const there = changes.find(({ seq }) => seq === before.end.seq) ?? end;
  const isSetBack =
    end.seq < before.end.seq || (there.seq === before.end.seq && there.hash !== before.end.hash);
  if (isSetBack) {
    const bench = { ...before, isSetBack, head: end, stand, since, reading };
    benches.set(content, bench);
    return bench;
  }
  const seen = await memories.get(content)?.read();
  const gone = goneSince(seen ?? [], changes);
  const faults: Fault[] = [...held.faults];
  if (gone.length > 0)
    faults.push({
      seq: Math.max(1, end.seq),
      why: 'missing',
      of: gone.map(({ language, key }) => ({ language, key })),
    });
  const inDoubt = [...held.inDoubt, ...gone];
  const lastLost = changes.findLast(({ lost }) => lost)?.seq ?? 0;
  const states = statesOf(changes, faults);
  const { laid, unfit } = await fitting(content, [...states.values()]);
  content.lay(laid);
  const bench = {
    states,
    faults,
    unfit,
    isSetBack,
    end,
    head: end,
    inDoubt,
    lastLost,
    stand,
    since,
    reading,
  };
  benches.set(content, bench);
  if (seen) await memories.get(content)?.write(nextSeen(seen, changes));
  return bench;
}

const endOfLog = async (db: Tx, { keyring }: Needs): Promise<number> =>
  (await auditEnd(db, keyring)).last?.seq ?? 0;

/** Looks whether a text or a recording was changed, in this process or in another. Returns whether it was so. */
export async function followTexts(ctx: Needs & Pick<Context, 'db'>): Promise<boolean> {
  const { stand, since } = benchOf(ctx);
  if ((await standOfTexts(ctx.db, since)) === stand) return false;
  await readBench(ctx, ctx.db);
  return true;
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
