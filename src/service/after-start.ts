/**
 * What is not well although the service runs: a token that a messenger refuses, files that cannot be fetched, nobody on call.
 * The start says it under its banner, and `doctor` says the same.
 *
 * Invariant: none of it stops the service. An alert that is open must be paged by whatever way is left.
 */
import { rotasNow } from '../app/duty/duty-plan.ts';
import { line, otherInRoom } from '../app/ground/lines.ts';
import type { Config } from '../config.ts';
import { type Problem, type SaidProblem, saidProblem } from '../config-keys.ts';
import type { DatabaseClock } from '../db/clock.ts';
import type { Db } from '../db/database.ts';
import { countUnfetched } from '../db/evidence.ts';
import { enrolledOfficers } from '../db/officers.ts';
import type { Log } from '../kernel/log.ts';
import { after, days, minutes } from '../kernel/time.ts';

/** Of a live service; a trial has its own banner. Never rejects: it runs beside what matters. */
export async function problemsAfter(
  config: Config,
  ctx: { db: Db; clock: DatabaseClock; log: Log },
): Promise<Problem[]> {
  if (config.mode === 'trial') return [];
  const now = await ctx.clock.now(ctx.db).catch(() => new Date());
  const found = await Promise.all([
    messengerProblems(config).catch(() => []),
    unfetchedFiles(config, ctx.db, now).catch(() => undefined),
    nobodyOnCall(ctx, now).catch(() => undefined),
  ]);
  return [portOfChance(config), ...found.flat()].filter((each) => each !== undefined);
}

/** A proxy and an outside watch find a service only where it was yesterday. */
export function portOfChance({ mode, port }: Pick<Config, 'mode' | 'port'>): SaidProblem | undefined {
  if (mode !== 'live' || port !== 0) return undefined;
  return saidProblem('PORT', line('mode.port'), line('mode.port_mend'));
}

/** What messengers find not well of themselves. */
async function messengerProblems({ messengers }: Config): Promise<Problem[]> {
  const found = messengers.map(async ({ messenger, own }) => messenger.problem?.(own));
  return (await Promise.all(found)).filter((each) => each !== undefined);
}

/** Files of the last week that were lost, or have waited for a quarter of an hour. */
export async function unfetchedFiles(
  { messengers }: Pick<Config, 'messengers'>,
  db: Db,
  now: Date,
): Promise<SaidProblem | undefined> {
  const files = await countUnfetched(db, after(now, -days(7)), after(now, -minutes(15)));
  if (files === 0) return undefined;
  const [known] = messengers.flatMap(({ messenger, own }) => messenger.unfetched?.(own, files) ?? []);
  const lost = otherInRoom(line('files.unfetched', { count: files }), line('files.unfetched_some'));
  return known ?? saidProblem('files', lost, line('files.unfetched_mend'));
}

/** Neither by a rota nor by having said so. */
async function nobodyOnCall({ db, log }: { db: Db; log: Log }, now: Date): Promise<Problem | undefined> {
  const rotas = await rotasNow(db, { log }, now);
  const officers = await enrolledOfficers(db);
  if (officers.some(({ id, isOnDuty }) => isOnDuty || rotas.has(id))) return undefined;
  return saidProblem('officers', line('officers.nobody'), line('officers.nobody_mend'));
}
