/**
 * What `doctor` says of the people a live service needs: officers on duty, the duty plan, exercises and the officers' room
 * with its key.
 */
import type { Gap } from '../alerts/gaps.ts';
import { rotasNow } from '../app/duty/duty-plan.ts';
import { listOfficers } from '../app/duty/officers.ts';
import { gapsBetween } from '../app/duty/plan-keeping.ts';
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
import { TOOL } from '../kernel/tool.ts';
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
    const mend = 'give back the server key file with which this database was used';
    return {
      checks: [fail('officers', `the server key does not open them (${said(error).code})`, mend)],
      hasSupervisors: false,
    };
  }
  const reached = officers.filter((each) => each.state === 'enrolled' && each.channels.length > 0);
  const supervisors = reached.filter((each) => each.role === 'supervisor').length;
  // Officers who said so, and those whom a rota or a cover has now.
  const rotas = await rotasNow(db, { log: createLog('silent') }, await databaseClock.now(db));
  const onDuty = reached.filter(({ id, isOnDuty }) => isOnDuty || rotas.has(id)).length;
  const all = `${reached.length} enrolled, ${onDuty} on duty, ${supervisors} supervisors`;
  const mend =
    onDuty === 0
      ? `an officer says "on duty" to the bot, or ${TOOL} rota apply`
      : `${TOOL} officer add --role supervisor --name …`;
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
  const found = `${openers} can open cases, ${able} of them administrators`;
  const mend = able === 0 ? `${TOOL} setup` : 'a second administrator: invite one in the console';
  return [
    able >= 2 ? ok('console', found) : warn('console', found, mend),
    ...(await checkTeamKey(db, inUse)),
  ];
}

/** Only while the team's key is being changed there is something to say. */
async function checkTeamKey(db: Db, inUse: string): Promise<Check[]> {
  const next = (await listTeamKeys(db)).findLast(({ vouchedBy }) => vouchedBy === inUse);
  if (next)
    return [
      warn(
        'new team key',
        `the next one is made (${next.fingerprint})`,
        'once everybody has it, give its public file to TEAM_RECIPIENT_FILE and restart',
      ),
    ];
  if (!(await isGrantedOther(db, [inUse]))) return [];
  const { lacking } = await countSealedTo(db, inUse, []);
  return [
    warn(
      'new team key',
      `${lacking} cases open only with the one from before`,
      'in the console, under Team: seal the cases anew, then forget the old key',
    ),
  ];
}

/** An exercise that was passed lately shows that pages reach people. */
export async function checkDrill(db: Db): Promise<Check> {
  const last = await lastDrill(db);
  const mend = `${TOOL} alert drill --wait, and have somebody take it`;
  if (!last?.closedAt) return warn('exercise', 'there was none', mend);
  const daysAgo = Math.floor((Date.now() - last.closedAt.getTime()) / days(1));
  if (last.outcome !== 'drill_passed')
    return warn('exercise', `the last one, ${daysAgo} days ago, found nobody`, mend);
  const seconds = Math.round(((last.takenAt ?? last.closedAt).getTime() - last.raisedAt.getTime()) / 1_000);
  const passed = `passed ${daysAgo} days ago, taken after ${seconds} s`;
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
    const mend = 'give back the server key file with which this database was used';
    return [fail('duty plan', `the server key does not open it (${said(error).code})`, mend)];
  }
  if (gaps.length === 0) return [ok('duty plan', 'no gap in the next 7 days')];
  const first = gaps[0]?.from ?? now;
  const at = `${calendarDay(first, config.timeZone)} ${clockTime(first, config.timeZone)}`;
  return [warn('duty plan', `${gaps.length} gaps, the first at ${at}`, `${TOOL} rota gaps`)];
}
