/**
 * How long what remains of a case is kept once the case has ended: rules as data (`flows/retention.yaml`). Pure.
 *
 * Invariants: a case that goes on is never over; the first rule that fits counts, and one fits every end, so that no case is
 * without; nothing of a case goes before thirty days, and what its person's chat leads to not after the case.
 */
import { z } from 'zod';
import { CASE_ENDS, END_REASONS, hasEnded, LEVELS } from '../kernel/vocabulary.ts';

/** As staff write it: "5 years", "18 months", "90 days". */
const SPAN = /^([1-9]\d{0,3}) (days?|months?|years?)$/;
export type Span = { n: number; unit: 'day' | 'month' | 'year' };

const span = z
  .string()
  .regex(SPAN, 'write a number and days, months or years, like "5 years"')
  .transform((said): Span => {
    const [, n = '1', unit = 'day'] = SPAN.exec(said) ?? [];
    return { n: Number(n), unit: unit.replace(/s$/, '') as Span['unit'] };
  });

const oneOrMore = <const T extends readonly [string, ...string[]]>(words: T) =>
  z
    .union([z.enum(words), z.array(z.enum(words)).min(1)])
    .transform((said) => [said].flat() as readonly string[]);

const REASONS = Object.values(END_REASONS).flat() as [string, ...string[]];

const rule = z.strictObject({
  id: z.string().regex(/^[a-z][a-z0-9_]{1,40}$/, 'a name in small letters, like closed_cases'),
  /** Why so long: read by coordinators, and by `retention preview`. */
  why: z.string().min(1),
  when: z
    .strictObject({
      status: oneOrMore(CASE_ENDS as unknown as ['closed', ...string[]]).optional(),
      level: oneOrMore(LEVELS).optional(),
      outcome: oneOrMore(REASONS).optional(),
    })
    .default({}),
  keep: z.strictObject({
    case: span,
    /** What the person's chat still leads to; default 7 days. */
    conversation: span.default({ n: 7, unit: 'day' }),
    /** The log of looks is a chain: a row that went would look like one that was taken out. */
    audit: z.literal('forever').default('forever'),
  }),
});

const LEAST_CASE = 30;
const LEAST_CONVERSATION = 2;

export const retentionSchema = z
  .strictObject({ retention: z.literal(1), rules: z.array(rule).min(1) })
  .superRefine(({ rules }, context) => {
    const refuse = (n: number, message: string) =>
      context.addIssue({ code: 'custom', path: ['rules', n], message });
    const ids = new Set<string>();
    for (const [n, { id, keep }] of rules.entries()) {
      if (ids.has(id)) refuse(n, `"${id}" stands twice`);
      ids.add(id);
      if (leastDays(keep.case) < LEAST_CASE)
        refuse(n, `"${id}" keeps a case for less than ${LEAST_CASE} days`);
      if (leastDays(keep.conversation) < LEAST_CONVERSATION)
        refuse(n, `"${id}" keeps a conversation for less than ${LEAST_CONVERSATION} days`);
      if (mostDays(keep.conversation) > leastDays(keep.case))
        refuse(n, `"${id}" keeps a conversation for longer than the case`);
    }
    if (Object.keys(rules.at(-1)?.when ?? { none: 1 }).length > 0)
      refuse(rules.length - 1, 'the last rule must fit every case: leave out its "when"');
  });

export type RetentionRule = z.output<typeof rule>;
export type Retention = z.output<typeof retentionSchema>;

/** The fewest and the most days that a span can come to. */
const leastDays = ({ n, unit }: Span): number => Math.floor(n * { day: 1, month: 28, year: 365 }[unit]);
const mostDays = ({ n, unit }: Span): number => Math.ceil(n * { day: 1, month: 31, year: 366 }[unit]);

/** What the rules look at, of a case that has ended. */
export type EndedCase = { status: string; level: string; reason: string | null; endedAt: Date };

/** The rule for a case; undefined: it goes on, and none is for it. */
export function ruleFor({ rules }: Retention, of: Omit<EndedCase, 'endedAt'>): RetentionRule | undefined {
  if (!hasEnded(of.status)) return undefined;
  const fits = (wanted: readonly string[] | undefined, is: string | null): boolean =>
    wanted === undefined || (is !== null && wanted.includes(is));
  return rules.find(
    ({ when }) => fits(when.status, of.status) && fits(when.level, of.level) && fits(when.outcome, of.reason),
  );
}

/** This long after: by the calendar, in UTC; a day that its month has not is the first of the next. */
export function afterSpan(from: Date, { n, unit }: Span): Date {
  const day = unit === 'day' ? n : 0;
  const month = unit === 'month' ? n : 0;
  const year = unit === 'year' ? n : 0;
  const to = new Date(from);
  to.setUTCFullYear(from.getUTCFullYear() + year, from.getUTCMonth() + month, 1);
  const lastDay = new Date(Date.UTC(to.getUTCFullYear(), to.getUTCMonth() + 1, 0)).getUTCDate();
  const isThere = from.getUTCDate() <= lastDay;
  to.setUTCDate(isThere ? from.getUTCDate() + day : lastDay + 1);
  return to;
}

/** When what remains of an ended case is over, by which rule; undefined: it goes on. */
export function whenOver(
  retention: Retention,
  of: EndedCase,
): { rule: RetentionRule; case: Date; conversation: Date } | undefined {
  const found = ruleFor(retention, of);
  if (!found) return undefined;
  const { keep } = found;
  return {
    rule: found,
    case: afterSpan(of.endedAt, keep.case),
    conversation: afterSpan(of.endedAt, keep.conversation),
  };
}

/** "5 years", as it is written. */
export const spanText = ({ n, unit }: Span): string => `${n} ${unit}${n === 1 ? '' : 's'}`;
