/** What a reporter chose of being written to, in words for officers. */
import { opensAt, spanAt } from '../../cases/contact-hours.ts';
import { hoursOf, type MayWrite, whySilent } from '../../conversation/values/may-write.ts';
import type { Context } from '../ground/context.ts';
import { chatsOf, type ReporterLink } from '../records/reporter-link.ts';
import { officerText, sayTime } from './officer-wording.ts';

type Words = Pick<Context, 'texts' | 'settings'>;
/** `is`: the text under `officer.controls.` that says it, and under `officer.told.`. */
export type SaidOfWriting = {
  is: 'unsafe' | 'unclear' | 'hours' | 'hours_now';
  params: { why: string; hours: string; at: string };
};

/** What they chose, if that is not "at any time" in any of their chats. */
export function saidOfWriting(
  ctx: Words,
  language: string,
  link: ReporterLink,
  now: Date,
): SaidOfWriting | undefined {
  const said = chatsOf(link).map(({ mayWrite }) => mayWrite);
  const open = said.filter((each) => whySilent(each) === undefined);
  const clear = open.filter((each) => each !== 'unclear');
  return choiceInWords(ctx, language, clear[0] ?? (clear.length > 0 ? undefined : (open[0] ?? said[0])), now);
}

/** The same of one choice. */
export function choiceInWords(
  ctx: Words,
  language: string,
  choice: MayWrite | undefined,
  now: Date,
): SaidOfWriting | undefined {
  const none = { why: '', hours: '', at: '' };
  const why = whySilent(choice);
  if (why) return { is: 'unsafe', params: { ...none, why: officerText(ctx, language, `why_silent.${why}`) } };
  if (choice === 'unclear') return { is: 'unclear', params: none };
  const chosen = hoursOf(choice);
  if (!chosen) return undefined;
  const { timeZone } = ctx.settings;
  const hours = chosen.map((each) => officerText(ctx, language, `hours.${each}`)).join(', ');
  const span = spanAt(chosen, now, timeZone);
  const at = span?.to ?? opensAt(chosen, now, timeZone) ?? now;
  return { is: span ? 'hours_now' : 'hours', params: { why: '', hours, at: sayTime(at, now, timeZone) } };
}
