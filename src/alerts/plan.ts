/**
 * The duty plan as it is stored: rotas, escalation policies, and who must never get which cases.
 *
 * Invariants: people stand in it only as ids; exclusions are stored apart, sealed: they say who stands how to whom.
 */
import { z } from 'zod';
import type { MemberId, OfficerId, PersonId } from '../kernel/ids.ts';
import { plannedPolicySchema } from './policy.ts';
import { type Cover, onCallAt, rotaSchema, windowSchema } from './rota.ts';

export const planSchema = z.object({
  rotas: z.array(rotaSchema).max(50).default([]),
  /** The first one that fits an alert counts. */
  policies: z.array(plannedPolicySchema).max(50).default([]),
  /** Pages of urgent alerts make no sound then for officers who are not on call; critical ones always do. */
  quiet: z.object({ timeZone: z.string(), windows: z.array(windowSchema) }).optional(),
});
export type Plan = z.infer<typeof planSchema>;

export const EMPTY_PLAN: Plan = { rotas: [], policies: [] };

/**
 * This person never learns of cases from these regions, or against these kinds of perpetrators. Codes of `flows/lists`.
 * A person who is paged stands as an officer; one who only signs in to the room, as a member.
 */
const exclusionSchema = z.object({
  officer: z.string().optional(),
  member: z.string().optional(),
  regions: z.array(z.string()).default([]),
  perpetrators: z.array(z.string()).default([]),
  /** In the coordinator's words. */
  reason: z.string().max(500).optional(),
});
export const exclusionsSchema = z.array(exclusionSchema).max(200);
export type Exclusion = z.infer<typeof exclusionSchema>;

/**
 * What is known of a case that may exclude an officer or a member. `perpetrators`: kinds and groups that the reporter
 * named.
 */
export type CaseFacts = { region?: string; perpetrators: readonly string[] };

export type Excluded = { officer?: OfficerId; member?: MemberId; because: string[] };

/** Whom an exclusion is of; undefined: nobody, which the plan's file does not let in. */
export const personOf = ({
  officer,
  member,
}: {
  officer?: string | undefined;
  member?: string | undefined;
}) => (officer ?? member) as PersonId | undefined;

/** Whom these facts exclude, and by what: codes of regions and perpetrators. */
export function excludedBy(
  exclusions: readonly Exclusion[],
  { region, perpetrators }: CaseFacts,
): Excluded[] {
  const found = new Map<PersonId, Excluded>();
  for (const each of exclusions) {
    const { officer, member, regions, perpetrators: kinds } = each;
    const person = personOf(each);
    const hits = [
      ...regions.filter((each) => each === region).map((each) => `region ${each}`),
      ...kinds.filter((each) => perpetrators.includes(each)).map((each) => `perpetrator ${each}`),
    ];
    if (hits.length === 0 || person === undefined) continue;
    const because = [...new Set([...(found.get(person)?.because ?? []), ...hits])];
    const who = officer === undefined ? { member: member as MemberId } : { officer: officer as OfficerId };
    found.set(person, { ...who, because });
  }
  return [...found.values()];
}

/** The names of the rotas on which each officer is on call now; nobody else is in it. */
export function rotasAt(plan: Plan, covers: readonly Cover[], now: Date): Map<OfficerId, string[]> {
  const found = new Map<OfficerId, string[]>();
  for (const rota of plan.rotas)
    for (const officer of onCallAt(rota, covers, now))
      found.set(officer, [...(found.get(officer) ?? []), rota.name]);
  return found;
}
