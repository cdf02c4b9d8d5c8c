/**
 * Names of settings that are nearly right: without them a live service would start as something else.
 *
 * Invariant: in `.env` nothing stands that nobody reads; in the environment, which others write to as well, only what is
 * near one of our names or begins like one is refused.
 */
import { type Problem, problem } from './config-keys.ts';

/** Read by others than the service from the same file or environment. */
const OF_OTHERS = /^(COMPOSE_[A-Z_]+|DATABASE_PASSWORD|LANGUAGE)$/;
/** Names that begin so are meant for us, whatever else has settings in this environment; so are those of messengers. */
const OURS = ['NTFY', 'AFRICASTALKING', 'SMTP'];
/** What Kubernetes puts there of a service that is called so. */
const OF_KUBERNETES = /_(SERVICE_(HOST|PORT)|PORT)(_|$)/;
/** Names as short as HOST and PORT have too many neighbours in other programs' settings. */
const SHORTEST = 6;

/** Settings that nobody knows. `known`: the names of all settings; `ofMessengers`: those of messengers among them. */
export function unknownSettings(
  known: readonly string[],
  fromFile: Readonly<Record<string, string>>,
  environment: Readonly<Record<string, string | undefined>>,
  ofMessengers: readonly string[],
): Problem[] {
  const begins = new Set([...OURS, ...ofMessengers.map((name) => name.split('_')[0])]);
  const isMeant = (name: string) => /^[A-Z]+_/.test(name) && begins.has(name.split('_')[0] ?? '');
  const isKnown = new Set(known);
  const problems: Problem[] = [];
  const refuse = (name: string, where: string) => {
    const near = nearest(known, name) ?? (isMeant(name) ? nearest(known, name, 0, 6) : undefined);
    const mend = near
      ? `did you mean ${near}?`
      : 'take it out; docs/operating.md has the names of all settings';
    problems.push(problem(name, `is no setting (${where})`, mend));
  };
  for (const name of Object.keys(fromFile))
    if (!isKnown.has(name) && !OF_OTHERS.test(name)) refuse(name, '.env');
  for (const [name, value] of Object.entries(environment)) {
    if (isKnown.has(name) || name in fromFile || !value || OF_OTHERS.test(name)) continue;
    const isOurs = isMeant(name) && !OF_KUBERNETES.test(name);
    if (isOurs || nearest(known, name, SHORTEST)) refuse(name, 'environment');
  }
  return problems;
}

/** The setting that was meant; undefined if none is near. */
function nearest(
  known: readonly string[],
  name: string,
  shortest = 0,
  mostSteps?: number,
): string | undefined {
  const asked = plain(name);
  let best: { name: string; steps: number } | undefined;
  for (const each of known) {
    if (each.length < shortest) continue;
    const most = mostSteps ?? (each.length >= 12 ? 3 : each.length >= 6 ? 2 : 1);
    const steps = Math.min(stepsBetween(asked, each), stepsBetween(asked.replace(/^LAKANA_/, ''), each));
    if (steps <= most && steps < (best?.steps ?? Number.POSITIVE_INFINITY)) best = { name: each, steps };
  }
  return best?.name;
}

const plain = (name: string): string => name.toUpperCase().replaceAll('-', '_');

/** Letters to add, to take away, to change, or to swap with the next one. */
function stepsBetween(one: string, other: string): number {
  let [before, row]: number[][] = [[], Array.from({ length: other.length + 1 }, (_, n) => n)];
  for (let i = 1; i <= one.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= other.length; j += 1) {
      const change = one[i - 1] === other[j - 1] ? 0 : 1;
      const steps = [(row?.[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row?.[j - 1] ?? 0) + change];
      const isSwapped = i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1];
      if (isSwapped) steps.push((before?.[j - 2] ?? 0) + 1);
      next.push(Math.min(...steps));
    }
    [before, row] = [row, next];
  }
  return row?.[other.length] ?? 0;
}
