/**
 * The plan as a coordinator writes it, a YAML file with names: read, checked and written.
 *
 * Invariants: a plan with a mistake is not taken at all; each mistake is one line that says where it is and what to
 * write instead; what is written reads back as what was stored.
 */
import { parse, stringify } from 'yaml';
import { z } from 'zod';
import { peopleCalled } from '../kernel/fold.ts';
import type { MemberId, OfficerId } from '../kernel/ids.ts';
import { TOOL } from '../kernel/tool.ts';
import { ALERT_LEVELS } from '../kernel/vocabulary.ts';
import { type Exclusion, exclusionsSchema, type Plan, planSchema } from './plan.ts';
import {
  readDuration,
  readHandOver,
  readWindow,
  writeDuration,
  writeHandOver,
  writeWindow,
} from './plan-words.ts';
import { DEFAULT_POLICIES, type PlannedPolicy, type Policy, type PolicyStep } from './policy.ts';

/** What names and codes in the file may be. */
export type PlanKnows = {
  /** Everybody who was added and not removed: full names. */
  officers: readonly { id: OfficerId; name: string }[];
  /** Everybody who signs in to the room; default nobody. */
  members?: readonly { id: MemberId; name: string }[];
  regions: readonly string[];
  perpetrators: readonly string[];
  languages: readonly string[];
  timeZone: string;
};

export type ReadPlan = { ok: true; plan: Plan; exclusions: Exclusion[] } | { ok: false; problems: string[] };

const words = z.union([z.string(), z.array(z.string()).min(1)]).transform((value) => [value].flat());
const dateText = z
  .union([z.string(), z.date().transform((date) => date.toISOString().slice(0, 10))])
  .pipe(z.string().regex(/^\d{4}-\d{2}-\d{2}$/, 'write a date like 2026-12-24'));
const duration = z.union([z.string(), z.number()]).transform((text, context) => {
  const seconds = readDuration(String(text));
  if (seconds !== undefined) return seconds;
  context.addIssue({ code: 'custom', message: 'write a duration like 90 s, 5 min or 2 h' });
  return z.NEVER;
});
const handOver = z.union([z.string(), z.array(z.string())]).transform((value, context) => {
  const found = readHandOver(value);
  if (found) return found;
  const like = 'write: daily 08:00, weekly monday 08:00, every 12 hours 08:00, or a list of: monday 08:00';
  context.addIssue({ code: 'custom', message: like });
  return z.NEVER;
});
const windows = words.transform((list, context) => {
  const found = list.flatMap((text) => readWindow(text) ?? []);
  if (found.length === list.length) return found;
  context.addIssue({ code: 'custom', message: 'write: monday-friday 20:00-08:00, or: daily 20:00-08:00' });
  return z.NEVER;
});

const fileSchema = z.strictObject({
  rotas: z
    .array(
      z.strictObject({
        name: z.string().min(1).max(60),
        time_zone: z.string().optional(),
        layers: z
          .array(
            z.strictObject({
              officers: words,
              hand_over: handOver,
              from: dateText,
              until: dateText.optional(),
              only: windows.optional(),
            }),
          )
          .min(1),
      }),
    )
    .default([]),
  policies: z
    .array(
      z.strictObject({
        name: z.string().min(1).max(60),
        levels: z.array(z.enum(ALERT_LEVELS)).optional(),
        regions: z.array(z.string()).optional(),
        languages: z.array(z.string()).optional(),
        steps: z.array(z.strictObject({ after: duration, call: words })).min(1),
        repeat_every: duration.optional(),
        then_every: duration.optional(),
        take_lapses_after: duration.optional(),
        taker_first: duration.optional(),
        acknowledge_within: duration.optional(),
      }),
    )
    .default([]),
  quiet_hours: windows.optional(),
  exclusions: z
    .array(
      z.strictObject({
        officer: z.string().optional(),
        member: z.string().optional(),
        regions: z.array(z.string()).optional(),
        perpetrators: z.array(z.string()).optional(),
        reason: z.string().max(500).optional(),
      }),
    )
    .default([]),
});
type File = z.infer<typeof fileSchema>;

/** Reads a plan file. Every mistake is found, not only the first. */
export function readPlan(text: string, knows: PlanKnows): ReadPlan {
  let value: unknown;
  try {
    value = parse(text) ?? {};
  } catch (error) {
    const at = (error as { linePos?: { line: number }[] }).linePos?.[0]?.line;
    return {
      ok: false,
      problems: [`line ${at ?? '?'}: this is not YAML: look at the indentation and colons there`],
    };
  }
  const parsed = fileSchema.safeParse(value);
  if (!parsed.success)
    return {
      ok: false,
      problems: parsed.error.issues.map(({ path, message }) => `${where(path)}: ${message}`),
    };
  const problems: string[] = [];
  const plan = {
    rotas: parsed.data.rotas.map((rota, n) => toRota(rota, n, knows, problems)),
    policies: parsed.data.policies.map((policy, n) => toPolicy(policy, n, parsed.data, knows, problems)),
    ...(parsed.data.quiet_hours
      ? { quiet: { timeZone: knows.timeZone, windows: parsed.data.quiet_hours } }
      : {}),
  };
  const exclusions = parsed.data.exclusions.map((each, n) => toExclusion(each, n, knows, problems));
  checkNames(parsed.data, problems);
  if (problems.length > 0) return { ok: false, problems };
  const stored = planSchema.safeParse(plan);
  if (stored.success) return { ok: true, plan: stored.data, exclusions: exclusionsSchema.parse(exclusions) };
  return {
    ok: false,
    problems: stored.error.issues.map(({ path, message }) => `${where(path)}: ${message}`),
  };
}

const where = (path: readonly PropertyKey[]): string =>
  path.map((part) => (typeof part === 'number' ? `${part + 1}` : String(part))).join(' ') || 'the file';

type Problems = string[];

function toRota(rota: File['rotas'][number], n: number, knows: PlanKnows, problems: Problems) {
  const timeZone = rota.time_zone ?? knows.timeZone;
  if (!isTimeZone(timeZone)) problems.push(`rotas ${n + 1} time_zone: write an IANA name like Africa/Bamako`);
  return {
    name: rota.name,
    timeZone,
    layers: rota.layers.map((layer, m) => ({
      officers: layer.officers.map((name) =>
        officerOf(name, `rotas ${n + 1} layers ${m + 1} officers`, knows, problems),
      ),
      handOver: layer.hand_over,
      from: layer.from,
      ...(layer.until ? { until: layer.until } : {}),
      ...(layer.only ? { only: layer.only } : {}),
    })),
  };
}

function toPolicy(
  policy: File['policies'][number],
  n: number,
  file: File,
  knows: PlanKnows,
  problems: Problems,
): PlannedPolicy {
  const at = `policies ${n + 1}`;
  checkCodes(policy.regions, knows.regions, `${at} regions`, problems);
  checkCodes(policy.languages, knows.languages, `${at} languages`, problems);
  const usual = DEFAULT_POLICIES[policy.levels?.[0] ?? 'critical'];
  const steps = policy.steps.map((step, m) => ({
    after: step.after,
    who: whoOf(step.call, `${at} steps ${m + 1} call`, file, knows, problems),
  }));
  if (steps[0] && steps[0].after !== 0) problems.push(`${at} steps 1 after: the first step is at 0 min`);
  if (steps.at(-1)?.who !== 'everybody') problems.push(`${at} steps: the last step calls everybody`);
  const repeatEvery = policy.repeat_every ?? usual.repeatEvery;
  const thenEvery = policy.then_every ?? usual.thenEvery;
  const takeLapsesAfter = policy.take_lapses_after ?? usual.takeLapsesAfter;
  const acknowledgeWithin = policy.acknowledge_within ?? usual.acknowledgeWithin;
  const { levels, regions, languages } = policy;
  return {
    when: {
      ...(levels ? { levels } : {}),
      ...(regions ? { regions } : {}),
      ...(languages ? { languages } : {}),
    },
    policy: {
      name: policy.name,
      steps,
      repeatEvery,
      thenEvery,
      takeLapsesAfter,
      takerFirst: policy.taker_first ?? usual.takerFirst,
      acknowledgeWithin,
      longest: {
        open: Math.max(repeatEvery, thenEvery),
        taken: Math.max(takeLapsesAfter, acknowledgeWithin),
      },
    },
  };
}

/** "on duty", "next", "everybody"; or rotas ("rota bamako") and officers by name. */
function whoOf(
  call: readonly string[],
  at: string,
  file: File,
  knows: PlanKnows,
  problems: Problems,
): PolicyStep['who'] {
  const [only = ''] = call;
  const plain = only.trim().toLowerCase().replace(/\s+/g, '_');
  if (call.length === 1 && (plain === 'on_duty' || plain === 'next' || plain === 'everybody')) return plain;
  const named = { rotas: [] as string[], officers: [] as string[] };
  for (const each of call) {
    const rota = /^rota\s+(\S.*)$/i.exec(each.trim())?.[1];
    if (rota === undefined) named.officers.push(officerOf(each, at, knows, problems));
    else if (file.rotas.some(({ name }) => name === rota)) named.rotas.push(rota);
    else problems.push(`${at}: there is no rota called ${rota} in this file`);
  }
  return named;
}

function toExclusion(
  each: File['exclusions'][number],
  n: number,
  knows: PlanKnows,
  problems: Problems,
): Exclusion {
  const at = `exclusions ${n + 1}`;
  checkCodes(each.regions, knows.regions, `${at} regions`, problems);
  checkCodes(each.perpetrators, knows.perpetrators, `${at} perpetrators`, problems);
  if (!each.regions && !each.perpetrators) problems.push(`${at}: name regions, perpetrators or both`);
  const { officer, member } = each;
  if ((officer === undefined) === (member === undefined))
    problems.push(`${at}: name an officer, or a member of the room`);
  return {
    ...(officer === undefined ? {} : { officer: officerOf(officer, `${at} officer`, knows, problems) }),
    ...(member === undefined ? {} : { member: memberOf(member, `${at} member`, knows, problems) }),
    regions: each.regions ?? [],
    perpetrators: each.perpetrators ?? [],
    ...(each.reason ? { reason: each.reason } : {}),
  };
}

function officerOf(name: string, at: string, { officers }: PlanKnows, problems: Problems): string {
  return idOf(name, at, officers, `see ${TOOL} officer list`, problems);
}

function memberOf(name: string, at: string, { members = [] }: PlanKnows, problems: Problems): string {
  return idOf(name, at, members, 'see Team in the room', problems);
}

/** By full name or, if only one person has it, by the first word. */
function idOf(
  name: string,
  at: string,
  people: readonly { id: string; name: string }[],
  where: string,
  problems: Problems,
): string {
  const found = peopleCalled(people, name);
  const [one] = found;
  if (one && found.length === 1) return one.id;
  const mend = found.length > 1 ? 'several people have this name: write it in full' : where;
  problems.push(`${at}: ${found.length > 1 ? `${name}: ` : `nobody is called ${name}: `}${mend}`);
  return '';
}

function checkCodes(
  codes: readonly string[] | undefined,
  known: readonly string[],
  at: string,
  problems: Problems,
): void {
  for (const code of codes ?? [])
    if (!known.includes(code)) problems.push(`${at}: ${code} is no code: one of ${known.join(', ')}`);
}

function checkNames({ rotas, policies }: File, problems: Problems): void {
  for (const [kind, list] of [
    ['rotas', rotas],
    ['policies', policies],
  ] as const)
    for (const [n, { name }] of list.entries())
      if (list.findIndex((each) => each.name === name) !== n)
        problems.push(`${kind} ${n + 1} name: ${name} is there twice`);
}

function isTimeZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}

/** A stored plan as the file that makes it. An officer who is gone stands as their id. */
export function writePlan(
  plan: Plan,
  exclusions: readonly Exclusion[],
  names: ReadonlyMap<string, string>,
): string {
  const nameOf = (id: string) => names.get(id) ?? id;
  return stringify({
    rotas: plan.rotas.map(({ name, timeZone, layers }) => ({
      name,
      time_zone: timeZone,
      layers: layers.map(({ officers, handOver: pattern, from, until, only }) => ({
        officers: officers.map(nameOf),
        hand_over: writeHandOver(pattern),
        from,
        ...(until ? { until } : {}),
        ...(only ? { only: only.map(writeWindow) } : {}),
      })),
    })),
    policies: plan.policies.map(({ when, policy }) => ({
      name: policy.name,
      ...when,
      steps: policy.steps.map(({ after, who }) => ({
        after: writeDuration(after),
        call: writeWho(who, nameOf),
      })),
      ...writeTimes(policy),
    })),
    ...(plan.quiet ? { quiet_hours: plan.quiet.windows.map(writeWindow) } : {}),
    exclusions: exclusions.map(({ officer, member, regions, perpetrators, reason }) => ({
      ...(officer === undefined ? {} : { officer: nameOf(officer) }),
      ...(member === undefined ? {} : { member: nameOf(member) }),
      ...(regions.length > 0 ? { regions } : {}),
      ...(perpetrators.length > 0 ? { perpetrators } : {}),
      ...(reason ? { reason } : {}),
    })),
  });
}

function writeWho(who: PolicyStep['who'], nameOf: (id: string) => string): string | string[] {
  if (typeof who === 'string') return who.replace('_', ' ');
  return [...who.rotas.map((rota) => `rota ${rota}`), ...who.officers.map(nameOf)];
}

function writeTimes(policy: Policy) {
  return {
    repeat_every: writeDuration(policy.repeatEvery),
    then_every: writeDuration(policy.thenEvery),
    take_lapses_after: writeDuration(policy.takeLapsesAfter),
    taker_first: writeDuration(policy.takerFirst),
    acknowledge_within: writeDuration(policy.acknowledgeWithin),
  };
}
