/**
 * Working on texts: saying one anew, agreeing to what another person proposed, having read one, saying something of it.
 *
 * Invariants: nothing counts that the check of flows refuses together with all others; what people's safety hangs on, and
 * what gains an address or a number, counts only after the yes of another human, and one of the two is a coordinator or an
 * administrator; what waits nobody takes away who is neither its author nor one of those; who says yes says it to that very text; each change is a row of the audit log in the same transaction, with
 * the end of all changes, so that none is taken back unseen.
 */
import type { Problem } from '../../conversation/checks/problem.ts';
import { type TextValue, textAt } from '../../conversation/said/own-texts.ts';
import { isOfSafety } from '../../conversation/said/safety-keys.ts';
import type { MemberRow } from '../../db/members.ts';
import { versionOf } from '../changes/rows.ts';
import type { TextState } from '../changes/states.ts';
import type { TextName } from '../changes/what-holds.ts';
import type { Context } from '../ground/context.ts';
import { type Bench, type Decided, isOthers, type Kept, keep, no, stateOf, type Who } from './appending.ts';
import { newProblems, whySecond, withText } from './checking.ts';
import { keysToWorkOn } from './keys.ts';
import { mayRefuse, type WhyNotSecond, whyNotSecond } from './second-yes.ts';
import { tellInForce } from './telling.ts';

type Unfit = { ok: false; reason: 'unfit'; problems: Problem[] };
export type Changed = Kept<WhyNotSecond> | Unfit;
type Change<C> = Decided<C, WhyNotSecond, Unfit>;

/** Says a text anew; null: as the files say it. `seen`: the version of what counted when it was written. */
export function changeText(
  ctx: Bench,
  who: Who,
  { text, seen, ...name }: TextName & { text: TextValue | null; seen: string },
): Promise<Changed> {
  return keep(ctx, who, async (): Promise<Change<Bench>> => {
    const kind = kindOf(ctx, name);
    if (!kind || (text !== null && (typeof text === 'string') !== (kind === 'text'))) return no('no_such');
    const now = textAt(ctx.content.now(), name.language, name.key);
    if (versionOf(now) !== seen) return no('moved_on');
    if (await isOthers(ctx, who, stateOf(ctx, name)?.proposed)) return no('other_waits');
    const next = textAt(withText(ctx.content, name, text), name.language, name.key);
    if (versionOf(next) === versionOf(now)) return nothingNew(stateOf(ctx, name), name, text, seen);
    const problems = await newProblems(ctx.content, name, text);
    if (problems.length > 0) return { ok: false, reason: 'unfit', problems };
    const { isSafety, gains } = whySecond(ctx.content, name, now, next);
    const needsSecond = isSafety || gains.length > 0;
    return { change: { ...name, text, ...(needsSecond ? { is: 'propose', version: seen } : { is: 'set' }) } };
  });
}

/**
 * What is said stays the same, and nobody reads anything else; the room may let go of it, or of the doubt about it: of a text that
 * only two people together could change, only two together.
 */
function nothingNew(
  state: TextState | undefined,
  name: TextName,
  text: TextValue | null,
  version: string,
): Change<Bench> {
  // Changes of it were lost: that it is well as the files say it.
  if (state?.isDistrusted)
    return {
      change: { ...name, text: null, ...(tookTwo(state) ? { is: 'propose', version } : { is: 'set' }) },
    };
  const isLaid = (state?.said?.text ?? null) !== null;
  return isLaid && text === null ? { change: { ...name, is: 'set', text } } : { ok: true, is: 'same' };
}

const tookTwo = ({ key, changes }: TextState): boolean =>
  isOfSafety(key) || changes.some(({ is }) => is === 'propose' || is === 'agree');

/** Agrees to what another person proposed (`of`), or refuses it; its author may take it back. */
export function decideText(
  ctx: Context,
  member: MemberRow,
  { of, isYes, ...name }: TextName & { of: number; isYes: boolean },
): Promise<Changed> {
  return keep(ctx, member, async (): Promise<Change<Context>> => {
    const proposed = stateOf(ctx, name)?.proposed;
    if (!proposed) return no('no_such');
    if (proposed.seq !== of) return no('moved_on');
    if (!isYes && !mayRefuse(member, proposed)) return no('no_right');
    if (!isYes) return { change: { ...name, is: 'refuse', of, ofHash: proposed.hash } };
    // The files may say something else since, after an update: what was proposed is not a change of that.
    if (versionOf(textAt(ctx.content.now(), name.language, name.key)) !== proposed.version)
      return no('moved_on');
    const problems = await newProblems(ctx.content, name, proposed.text);
    const isFit = problems.length === 0;
    return {
      change: { ...name, is: 'agree', of, ofHash: proposed.hash },
      // Whose yes does not count learns that before anything else.
      unless: async (at) => {
        const why = await whyNotSecond(at, proposed, member);
        if (why) return no(why);
        return isFit ? undefined : { ok: false, reason: 'unfit', problems };
      },
      also: (at) => tellInForce(at, [proposed.by, member.id]),
    };
  });
}

/** They have read the text that counts now (`seen`), and it is well. */
export function reviewText(
  ctx: Bench,
  member: MemberRow,
  { seen, ...name }: TextName & { seen: string },
): Promise<Changed> {
  return keep(ctx, member, (): Change<Bench> => {
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
  return keep(
    ctx,
    member,
    (): Change<Bench> => (kindOf(ctx, name) ? { change: { ...name, is: 'comment', words } } : no('no_such')),
  );
}

const kindOf = ({ content }: Bench, { language, key }: TextName): 'text' | 'list' | undefined =>
  language in content.now()
    ? keysToWorkOn(content.now(), language, content.texts.defaultLanguage).get(key)
    : undefined;
