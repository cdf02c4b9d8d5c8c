/**
 * What `doctor` says of the people a live service needs: officers on duty, the duty plan, exercises and the officers' room
 * with its key.
 */
import type { Gap } from '../alerts/gaps.ts';
import { rotasNow } from '../app/duty/duty-plan.ts';
import { listOfficers } from '../app/duty/officers.ts';
import { gapsBetween } from '../app/duty/plan-keeping.ts';
import { line, otherInRoom } from '../app/ground/lines.ts';
import type { Config } from '../config.ts';
import { fingerprint } from '../crypto/fingerprint.ts';
import { parseKeyring } from '../crypto/keyring.ts';
import { lastDrill } from '../db/alerts.ts';
import { databaseClock } from '../db/clock.ts';
import type { Db } from '../db/database.ts';
import { listGrants, listMembers } from '../db/members.ts';
import { countSealedTo, isGrantedOther, listTeamKeys } from '../db/team-keys.ts';
import { createLog } from '../kernel/log.ts';
import { after, calendarDay, clockTime, days } from '../kernel/time.ts';
import { said } from '../service/thrown-in-words.ts';
import { trialKeys } from '../service/trial.ts';
import { type Check, fail, ok, warn } from './check.ts';

export async function checkOfficers(
  config: Config,
  db: Db,
): Promise<{ checks: Check[]; hasSupervisors: boolean }> {
  const { serverKey } = config.keys ?? (await trialKeys(config.dataDir));
  let officers: Awaited<ReturnType<typeof listOfficers>>;
  try {
    officers = await listOfficers(db, { keyring: parseKeyring(serverKey) });
  } catch (error) {
    const { code } = said(error);
    return {
      checks: [fail('officers', line('officers.no_key', { code }), line('officers.key_mend'))],
      hasSupervisors: false,
    };
  }
  const reached = officers.filter((each) => each.state === 'enrolled' && each.channels.length > 0);
  const supervisors = reached.filter((each) => each.role === 'supervisor').length;
  // Officers who said so, and those whom a rota or a cover has now.
  const rotas = await rotasNow(db, { log: createLog('silent') }, await databaseClock.now(db));
  const onDuty = reached.filter(({ id, isOnDuty }) => isOnDuty || rotas.has(id)).length;
  const all = line('officers.counted', { enrolled: reached.length, on_duty: onDuty, supervisors });
  const mend = line(onDuty === 0 ? 'officers.nobody_mend' : 'officers.supervisors_mend');
  return {
    checks: [onDuty === 0 || supervisors < 2 ? warn('officers', all, mend) : ok('officers', all)],
    hasSupervisors: supervisors >= 2,
  };
}

export async function teamInUse(config: Config): Promise<string> {
  const { recipient } = config.keys ?? (await trialKeys(config.dataDir));
  return fingerprint(recipient);
}

/** Two administrators with the key: one alone may lose their device, and with it the way in. */
export async function checkConsole(config: Config, db: Db): Promise<Check[]> {
  const inUse = await teamInUse(config);
  const grants = await listGrants(db);
  const granted = new Set(grants.flatMap((each) => (each.fingerprint === inUse ? [each.memberId] : [])));
  const all = await listMembers(db);
  const able = all.filter(({ id, role }) => role === 'administrator' && granted.has(id)).length;
  const openers = all.filter(({ id }) => granted.has(id)).length;
  const found = line('console.counted', { openers, administrators: able });
  const mend = line(able === 0 ? 'console.setup' : 'console.second');
  return [
    able >= 2 ? ok('console', found) : warn('console', found, mend),
    ...(await checkTeamKey(db, inUse)),
  ];
}

/** Only while the team's key is being changed there is something to say. */
async function checkTeamKey(db: Db, inUse: string): Promise<Check[]> {
  const next = (await listTeamKeys(db)).findLast(({ vouchedBy }) => vouchedBy === inUse);
  if (next)
    return [warn('new team key', line('keys.next', { print: next.fingerprint }), line('keys.next_mend'))];
  if (!(await isGrantedOther(db, [inUse]))) return [];
  const { lacking } = await countSealedTo(db, inUse, []);
  const old = otherInRoom(line('keys.old', { count: lacking }), line('keys.old_some'));
  return [warn('new team key', old, line('keys.old_mend'))];
}

/** An exercise that was passed lately shows that pages reach people. */
export async function checkDrill(db: Db): Promise<Check> {
  const last = await lastDrill(db);
  const mend = line('exercise.mend');
  if (!last?.closedAt) return warn('exercise', line('exercise.none'), mend);
  const daysAgo = Math.floor((Date.now() - last.closedAt.getTime()) / days(1));
  if (last.outcome !== 'drill_passed')
    return warn('exercise', line('exercise.failed', { count: daysAgo }), mend);
  const seconds = Math.round(((last.takenAt ?? last.closedAt).getTime() - last.raisedAt.getTime()) / 1_000);
  const passed = line('exercise.passed', { count: daysAgo, seconds });
  return daysAgo > 30 ? warn('exercise', passed, mend) : ok('exercise', passed);
}

/** Whether the duty plan has an officer for each step in the next week. */
export async function checkGaps(config: Config, db: Db): Promise<Check[]> {
  const now = await databaseClock.now(db);
  const { serverKey } = config.keys ?? (await trialKeys(config.dataDir));
  const ctx = { keyring: parseKeyring(serverKey), log: createLog('silent') };
  let gaps: Gap[];
  try {
    gaps = await gapsBetween(db, ctx, { from: now, to: after(now, days(7)) });
  } catch (error) {
    return [fail('duty plan', line('plan.no_key', { code: said(error).code }), line('officers.key_mend'))];
  }
  if (gaps.length === 0) return [ok('duty plan', line('plan.whole'))];
  const first = gaps[0]?.from ?? now;
  const at = `${calendarDay(first, config.timeZone)} ${clockTime(first, config.timeZone)}`;
  return [warn('duty plan', line('plan.gaps', { count: gaps.length, at }), line('plan.gaps_mend'))];
}
