/**
 * Working on texts: saying one anew, agreeing to what another person proposed, having read one, saying something of it.
 *
 * Invariants: nothing counts that the check of flows refuses together with all others; what people's safety hangs on, and
 * what gains an address or a number, counts only after the yes of another human, and one of the two is a coordinator or an
 * administrator; who says yes says it to that very text; each change is a row of the audit log in the same transaction, with
 * the end of all changes, so that none is taken back unseen.
 */
import type { Problem } from '../../conversation/checks/problem.ts';
import { type TextValue, textAt } from '../../conversation/said/own-texts.ts';
import { lockAuditEnd } from '../../db/audit.ts';
import type { MemberRow } from '../../db/members.ts';
import { appendTextChange, changesNotedSince, standOfTexts, TEXT_CHANGED } from '../../db/text-changes.ts';
import { after, days } from '../../kernel/time.ts';
import type { Context } from '../ground/context.ts';
import { type Moment, transact } from '../ground/transaction.ts';
import { audit } from '../records/audit.ts';
import { benchOf, type Bench as Read, readBench } from './bench.ts';
import { newProblems, whySecond, withText } from './checking.ts';
import { keysToWorkOn } from './keys.ts';
import { type Change, hashOfRow, sealChange, versionOf } from './rows.ts';
import { type WhyNotSecond, whyNotSecond } from './second-yes.ts';
import { nameOf, type TextState } from './states.ts';
import { tellInForce } from './telling.ts';
import type { TextName } from './what-holds.ts';

/** The member; null: the operator, from the command line. */
export type Who = MemberRow | null;

export type Changed =
  /** `set`: it counts. `propose`: it waits for a second person. `same`: that is what is said already. */
  | { ok: true; is: 'set' | 'propose' | 'same' | 'done' }
  | { ok: false; reason: 'no_such' | 'too_many' | WhyNotSecond }
  | { ok: false; reason: 'unfit'; problems: Problem[] };

type Bench = Pick<Context, 'db' | 'clock' | 'keyring' | 'content'> & Partial<Pick<Context, 'nudge'>>;
type Inside = Bench & Pick<Context, 'nudge'>;
type What = Omit<Change, 'seq' | 'at' | 'by' | 'before' | 'beforeOfText'>;

/** So many in a day are no person's work. */
const MOST_A_DAY = 3_000;
/** How often another person may be faster. */
const RUNS = 5;

/** Says a text anew; null: as the files say it. `seen`: the version of what counted when it was written. */
export function changeText(
  ctx: Bench,
  who: Who,
  { text, seen, ...name }: TextName & { text: TextValue | null; seen: string },
): Promise<Changed> {
  return keep(ctx, who, async (): Promise<Decided<Bench>> => {
    const kind = kindOf(ctx, name);
    if (!kind || (text !== null && (typeof text === 'string') !== (kind === 'text'))) return no('no_such');
    const now = textAt(ctx.content.now(), name.language, name.key);
    if (versionOf(now) !== seen) return no('moved_on');
    const next = textAt(withText(ctx.content, name, text), name.language, name.key);
    const isLaid = (stateOf(ctx, name)?.said?.text ?? null) !== null;
    if (versionOf(next) === versionOf(now)) {
      // The files say the same: the room may let go of it, and nobody reads anything else.
      return isLaid && text === null ? { change: { ...name, is: 'set', text } } : { ok: true, is: 'same' };
    }
    const problems = await newProblems(ctx.content, name, text);
    if (problems.length > 0) return { ok: false, reason: 'unfit', problems };
    const { isSafety, gains } = whySecond(ctx.content, name, now, next);
    const needsSecond = isSafety || gains.length > 0;
    return { change: { ...name, text, ...(needsSecond ? { is: 'propose', version: seen } : { is: 'set' }) } };
  });
}

/** Agrees to what another person proposed (`of`), or refuses it; its author may take it back. */
export function decideText(
  ctx: Context,
  member: MemberRow,
  { of, isYes, ...name }: TextName & { of: number; isYes: boolean },
): Promise<Changed> {
  return keep(ctx, member, async (): Promise<Decided<Context>> => {
    const proposed = stateOf(ctx, name)?.proposed;
    if (!proposed) return no('no_such');
    if (proposed.seq !== of) return no('moved_on');
    if (!isYes) return { change: { ...name, is: 'refuse', of } };
    // The files may say something else since, after an update: what was proposed is not a change of that.
    if (versionOf(textAt(ctx.content.now(), name.language, name.key)) !== proposed.version)
      return no('moved_on');
    const problems = await newProblems(ctx.content, name, proposed.text);
    const isFit = problems.length === 0;
    return {
      change: { ...name, is: 'agree', of },
      // Whose yes does not count learns that before anything else.
      unless: async (at) =>
        (await whyNotSecond(at, proposed, member)) ??
        (isFit ? undefined : { ok: false, reason: 'unfit', problems }),
      and: tellInForce,
    };
  });
}

/** They have read the text that counts now (`seen`), and it is well. */
export function reviewText(
  ctx: Bench,
  member: MemberRow,
  { seen, ...name }: TextName & { seen: string },
): Promise<Changed> {
  return keep(ctx, member, (): Decided<Bench> => {
    const now = textAt(ctx.content.now(), name.language, name.key);
    if (!kindOf(ctx, name) || now === undefined) return no('no_such');
    if (versionOf(now) !== seen) return no('moved_on');
    return { change: { ...name, is: 'review', version: seen } };
  });
}

/** Says something about a text, to the people who work on it. */
export function commentOn(
  ctx: Bench,
  member: MemberRow,
  { words, ...name }: TextName & { words: string },
): Promise<Changed> {
  return keep(ctx, member, () =>
    kindOf(ctx, name) ? { change: { ...name, is: 'comment', words } } : no('no_such'),
  );
}

const no = (reason: 'no_such' | 'too_many' | WhyNotSecond) => ({ ok: false, reason }) as const;

export const stateOf = (ctx: Pick<Context, 'content'>, name: TextName): TextState | undefined =>
  benchOf(ctx).states.get(nameOf(name));

const kindOf = ({ content }: Bench, { language, key }: TextName): 'text' | 'list' | undefined =>
  language in content.now()
    ? keysToWorkOn(content.now(), language, content.texts.defaultLanguage).get(key)
    : undefined;

type Reason = Parameters<typeof no>[0];
type Decided<C> =
  | Changed
  | {
      change: What;
      /** Asked in the same transaction: why it is not done. */
      unless?: (at: Moment<C>) => Promise<Reason | Extract<Changed, { reason: 'unfit' }> | undefined>;
      /** Done with it. */
      and?: (at: Moment<C>) => Promise<void>;
    };

/** Decides on what counts now, and writes it down unless another person was faster; then it is decided anew. */
async function keep<C extends Bench>(
  ctx: C,
  who: Who,
  decide: () => Decided<C> | Promise<Decided<C>>,
): Promise<Changed> {
  for (let run = 1; ; run++) {
    const on = benchOf(ctx);
    const decided = await decide();
    if (!('change' in decided)) return decided;
    const done = await transact(ctx, async (at): Promise<Changed | 'moved'> => {
      const why = await decided.unless?.(at);
      if (why) return typeof why === 'string' ? no(why) : why;
      const appended = await append(at, who, decided.change, on);
      if (appended?.ok) await decided.and?.(at);
      return appended ?? 'moved';
    });
    if (done !== 'moved' && !done.ok) return done;
    await readBench(ctx, ctx.db);
    if (done !== 'moved') return done;
    if (run >= RUNS) return no('moved_on');
  }
}

/** Undefined: something came since `on` was read. */
async function append(
  at: Moment<Inside>,
  who: Who,
  change: What,
  { stand, end }: Read,
): Promise<Changed | undefined> {
  const { tx, ctx, now } = at;
  await lockAuditEnd(tx);
  if ((await standOfTexts(tx)) !== stand) return undefined;
  if (who && (await changesNotedSince(tx, who.id, after(now, -days(1)))) >= MOST_A_DAY) return no('too_many');
  const row = sealChange(ctx, {
    ...change,
    by: who?.id ?? null,
    seq: end.seq + 1,
    at: new Date(now.getTime()),
    before: end.hash,
    beforeOfText: stateOf(ctx, change)?.changes.at(-1)?.seq ?? 0,
  });
  await appendTextChange(tx, row);
  const { language, key, is } = change;
  const detail = { change: row.seq, is, language, key, hash: hashOfRow(row) };
  await audit(at, { memberId: who?.id ?? null, what: TEXT_CHANGED, detail });
  ctx.nudge('texts');
  return { ok: true, is: is === 'set' || is === 'propose' ? is : 'done' };
}
