/**
 * A change of a text or of a recording becomes a row: decided on what counts now, behind the last one, and noted.
 *
 * Invariants: row and note stand in one transaction, while nobody else appends; where another person was faster it is decided
 * anew; a member makes only so many in a day.
 */

import { LONGEST_CHANGE } from '../../db/lengths.ts';
import type { MemberRow } from '../../db/members.ts';
import { appendTextChange, TEXT_CHANGED, type TextChangeRow } from '../../db/text-changes.ts';
import { after, days } from '../../kernel/time.ts';
import { VOICE_CHANGES } from '../../kernel/vocabulary.ts';
import { type Change, hashOfRow, sealChange } from '../changes/rows.ts';
import { nameOf, type TextState } from '../changes/states.ts';
import type { TextName } from '../changes/what-holds.ts';
import type { Context } from '../ground/context.ts';
import { type Moment, transact } from '../ground/transaction.ts';
import { audit, lockAuditEnd } from '../records/audit.ts';
import { textsHead } from '../records/texts-head.ts';
import { benchOf, type Bench as Read, readBench } from './bench.ts';
import { isEnded, mayRefuse } from './second-yes.ts';

/** The member; null: the operator, from the command line. */
export type Who = MemberRow | null;

/** `other_waits`: what another person proposed or recorded waits there, and is not theirs to take away. */
type Reason = 'no_such' | 'too_many' | 'moved_on' | 'other_waits';
export type Kept<R extends string = never> =
  /** `set`: it counts. `propose`: it waits for a second person. `same`: that is what is said already. */
  { ok: true; is: 'set' | 'propose' | 'same' | 'done' } | { ok: false; reason: Reason | R };

export type Bench = Pick<Context, 'db' | 'clock' | 'keyring' | 'content'> & Partial<Pick<Context, 'nudge'>>;
type Inside = Bench & Pick<Context, 'nudge'>;
type What = Omit<Change, 'seq' | 'at' | 'by' | 'before' | 'beforeOfText' | 'lost' | 'lostBefore'>;

/** `R`: what else may speak against it. `X`: an answer of another form. */
export type Decided<C, R extends string = never, X = never> =
  | Kept<R>
  | X
  | {
      change: What;
      /** Asked in the same transaction: why it is not done. */
      unless?: (at: Moment<C>) => Promise<Kept<R> | X | undefined>;
      /** Done with it; what it gives stands in the row too. */
      also?: (at: Moment<C>) => Promise<Partial<What>>;
    };

/** Whether what waits there is another person's, and not for this one to take away. */
export const isOthers = async (
  ctx: Pick<Context, 'db' | 'clock'>,
  who: Who,
  waits: { by: string | null; at: Date } | undefined,
): Promise<boolean> =>
  waits !== undefined &&
  who !== null &&
  !mayRefuse(who, waits) &&
  !isEnded(waits, await ctx.clock.now(ctx.db));

/** So many in a day are no person's work. */
const MOST_A_DAY = 3_000;
/** Texts that one row says are lost: of the longest keys a hundred thousand bytes. */
const LOST_IN_ONE = 400;
/** How often another person may be faster. */
const RUNS = 5;

export const no = <R extends string>(reason: R) => ({ ok: false, reason }) as const;

export const stateOf = (ctx: Pick<Context, 'content'>, name: TextName): TextState | undefined =>
  benchOf(ctx).states.get(nameOf(name));

/** Decides on what counts now, and writes it down unless another person was faster; then it is decided anew. */
export async function keep<C extends Bench, R extends string = never, X extends { ok: false } = never>(
  ctx: C,
  who: Pick<MemberRow, 'id'> | null,
  decide: () => Decided<C, R, X> | Promise<Decided<C, R, X>>,
): Promise<Kept<R> | X> {
  for (let run = 1; ; run++) {
    const on = benchOf(ctx);
    const decided = await decide();
    if (!('change' in decided)) return decided;
    const { change, unless, also } = decided;
    const done = await transact(ctx, async (at): Promise<Kept<R> | X | 'moved'> => {
      const why = await unless?.(at);
      return why ?? (await append(at, who, change, on, also)) ?? 'moved';
    });
    if (done !== 'moved' && !done.ok) return done;
    await readBench(ctx, ctx.db);
    if (done !== 'moved') return done;
    if (run >= RUNS) return no('moved_on');
  }
}

/** Undefined: something came since `on` was read. */
async function append<C extends Bench>(
  at: Moment<C & Inside>,
  who: Pick<MemberRow, 'id'> | null,
  change: What,
  on: Read,
  also?: (at: Moment<C>) => Promise<Partial<What>>,
): Promise<Kept | undefined> {
  const { tx, ctx, now } = at;
  const head = await textsHead(tx, ctx.keyring, await lockAuditEnd(at));
  if (head.seq !== on.head.seq || head.hash !== on.head.hash) return undefined;
  if (who && madeSince(on, who.id, after(now, -days(1))) >= MOST_A_DAY) return no('too_many');
  const own = { ...change, ...(await also?.(at)), by: who?.id ?? null };
  const rows = rowsFor(at, own, on);
  if (rows.some(({ sealed }) => sealed.sealed.length > LONGEST_CHANGE)) return no('too_many');
  for (const row of rows) await note(at, who, row);
  ctx.nudge('texts');
  const { is } = change;
  return { ok: true, is: is === 'set' || is === 'propose' ? is : 'done' };
}

type Made = { change: Change; sealed: TextChangeRow };

/** The row of a change; before it, where that one would be too long, rows of their own that say what is lost. */
function rowsFor(
  { ctx, now }: Moment<Inside>,
  own: What & Pick<Change, 'by'>,
  on: Pick<Read, 'head' | 'inDoubt' | 'lastLost' | 'ground'>,
): Made[] {
  const lost = on.inDoubt.map(({ language, key, hash = '' }) => ({ language, key, hash }));
  const made: Made[] = [];
  const add = (what: What & Pick<Change, 'by'>, also: Pick<Change, 'lost'>) => {
    const last = made.at(-1);
    const isOfText = ({ change }: Made) => nameOf(change) === nameOf(what);
    const ofText = made.findLast(isOfText)?.change.seq;
    const lastLost = made.findLast(({ change }) => change.lost)?.change.seq ?? on.lastLost;
    const change = {
      ...what,
      ...also,
      ...(lastLost > 0 ? { lostBefore: lastLost } : {}),
      seq: on.head.seq + made.length + 1,
      at: new Date(now.getTime()),
      before: last ? hashOfRow(last.sealed) : on.head.hash,
      beforeOfText: ofText ?? on.ground.get(nameOf(what))?.changes.at(-1)?.seq ?? 0,
    };
    made.push({ change, sealed: sealChange(ctx, change) });
  };
  add(own, lost.length > 0 ? { lost } : {});
  if (lost.length === 0 || (made[0] && made[0].sealed.sealed.length <= LONGEST_CHANGE)) return made;
  made.length = 0;
  for (let n = 0; n < lost.length; n += LOST_IN_ONE) {
    const some = lost.slice(n, n + LOST_IN_ONE);
    for (const { language, key } of some.slice(0, 1))
      add({ language, key, is: 'lost', by: own.by }, { lost: some });
  }
  add(own, {});
  return made;
}

/** Writes a row, and notes it. */
async function note(
  at: Moment<Inside>,
  who: Pick<MemberRow, 'id'> | null,
  { change, sealed }: Made,
): Promise<void> {
  await appendTextChange(at.tx, sealed);
  const { seq, language, key, is, recording, lost } = change;
  const detail = {
    ...{ change: seq, is, language, key, hash: hashOfRow(sealed) },
    ...(recording ? { recording: recording.id } : {}),
    ...(lost ? { lost: true } : {}),
  };
  const what = VOICE_CHANGES.find((each) => each === is) ?? TEXT_CHANGED;
  await audit(at, { memberId: (who?.id as MemberRow['id'] | undefined) ?? null, what, detail });
}

const madeSince = ({ states }: Read, memberId: string, since: Date): number =>
  [...states.values()]
    .flatMap(({ changes }) => changes)
    .filter(({ by, at }) => by === memberId && at >= since).length;
