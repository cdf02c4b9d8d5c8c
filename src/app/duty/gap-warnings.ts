/**
 * Gaps in the duty plan, told to supervisors before they hurt: seven days, one day and two hours ahead.
 *
 * Invariants: each gap is told once at each of these times, however often it is looked for; one that was mended and
 * comes back is told again.
 */
import { type Gap, gapKey } from '../../alerts/gaps.ts';
import { forgetGaps, noteGap } from '../../db/duty-plans.ts';
import { enrolledOfficers } from '../../db/officers.ts';
import { after, days, hours } from '../../kernel/time.ts';
import { CLASS } from '../../kernel/vocabulary.ts';
import type { Context } from '../ground/context.ts';
import { type Moment, transact } from '../ground/transaction.ts';
import { shortNames } from '../records/officer-names.ts';
import { notifyOfficers } from './officer-notices.ts';
import { languageOfOfficer, officerText, sayTime } from './officer-wording.ts';
import { gapsBetween } from './plan-keeping.ts';

/** The nearest first: a gap is told as what it is now. */
const AHEAD = [
  ['2h', hours(2)],
  ['1d', days(1)],
  ['7d', days(7)],
] as const;
/** Lines in one message; the rest is counted. */
const NAMED = 8;

/** Looks for gaps and tells supervisors (without any: everybody) what they have not been told; returns how many. */
export function warnOfGaps(ctx: Context): Promise<number> {
  return transact(ctx, async (at) => {
    const { tx, ctx, now } = at;
    const gaps = await gapsBetween(tx, ctx, { from: now, to: after(now, days(7)) });
    const keys = gaps.map((gap) => gapKey(gap, now));
    await forgetGaps(tx, keys);
    const fresh: Gap[] = [];
    for (const [n, gap] of gaps.entries()) {
      const inMs = gap.from.getTime() - now.getTime();
      const [ahead] = AHEAD.find(([, ms]) => inMs <= ms) ?? ['7d'];
      if (await noteGap(tx, now, keys[n] ?? '', ahead)) fresh.push(gap);
    }
    if (fresh.length > 0) await tell(at, fresh);
    return fresh.length;
  });
}

async function tell(at: Moment, gaps: readonly Gap[]): Promise<void> {
  const { tx, ctx, now } = at;
  const officers = await enrolledOfficers(tx);
  const supervisors = officers.filter((each) => each.role === 'supervisor');
  const names = await shortNames(
    at,
    gaps.map((gap) => ('officer' in gap ? gap.officer : null)),
  );
  for (const officer of supervisors.length > 0 ? supervisors : officers) {
    const language = languageOfOfficer(ctx, officer);
    const lines = gaps.slice(0, NAMED).map((gap) => gapLine(ctx, now, language, gap, names));
    const params = { count: gaps.length, lines: lines.join('\n') };
    const key = gaps.length > NAMED ? 'gaps.some' : 'gaps.all';
    await notifyOfficers(at, [officer], { key, params, class: CLASS.page });
  }
}

function gapLine(
  ctx: Context,
  now: Date,
  language: string,
  gap: Gap,
  names: ReadonlyMap<string, string>,
): string {
  const at = (date: Date) => sayTime(date, now, ctx.settings.timeZone);
  const time = { from: at(gap.from), to: at(gap.to) };
  const say = (params: Record<string, string | number>) =>
    officerText(ctx, language, `gaps.${gap.kind}`, { ...time, ...params });
  switch (gap.kind) {
    case 'empty_step':
      return say({ policy: gap.policy, step: gap.step });
    case 'unreachable':
      return say({ rota: gap.rota, name: names.get(gap.officer) ?? '' });
    case 'twice':
      return say({ name: names.get(gap.officer) ?? '', rotas: gap.rotas.join(', ') });
    case 'all_excluded':
      return say({});
    case 'unverified':
    case 'gone':
      return say({ name: names.get(gap.officer) ?? '?' });
  }
}
