/** What `doctor` sees in the database. Looks only: makes no database, applies no migration, marks no mode. */
import type { Gap } from '../alerts/gaps.ts';
import { rotasNow } from '../app/duty/duty-plan.ts';
import { listOfficers } from '../app/duty/officers.ts';
import { gapsBetween } from '../app/duty/plan-keeping.ts';
import { otherKey, wrongKey } from '../app/ground/own-key.ts';
import { verifiedContacts } from '../cases/outside-contacts.ts';
import type { Config } from '../config.ts';
import { fingerprint } from '../crypto/fingerprint.ts';
import { parseKeyring } from '../crypto/keyring.ts';
import { lastDrill } from '../db/alerts.ts';
import { isOpeningProved } from '../db/audit.ts';
import { clockSkew, databaseClock } from '../db/clock.ts';
import { type Database, type Db, openDatabase } from '../db/database.ts';
import { sql } from '../db/drizzle.cjs';
import { hasEmbedded, startEmbedded } from '../db/embedded.ts';
import { listGrants, listMembers } from '../db/members.ts';
import { hasTables, MAY_NOT_CREATE, mayCreate, pendingMigrations } from '../db/migrate.ts';
import { lastAlive, modeOf } from '../db/service-state.ts';
import { countUnsigned } from '../db/signed.ts';
import { countSealedTo, isGrantedOther, listTeamKeys } from '../db/team-keys.ts';
import { createLog } from '../kernel/log.ts';
import { after, calendarDay, clockTime, days } from '../kernel/time.ts';
import { TOOL } from '../kernel/tool.ts';
import { whatTurnsOn } from '../messengers/list.ts';
import { MAX_SKEW_MS } from '../service/readiness.ts';
import { trialKeys } from '../service/trial.ts';
import { settingBehind } from '../service/why-not.ts';
import { said } from './command.ts';
import { checkContacts, checkFetching, checkRoom, checkTroubles } from './doctor-channels.ts';
import { type Check, fail, ok, warn } from './doctor-check.ts';
import { checkAuditLog, serverSettings } from './doctor-postgres.ts';
import { projectFlows } from './flows.ts';

type Found = {
  checks: Check[];
  /** What a live service still needs before real reporters may write. */
  missing: string[];
};

const NEEDED = {
  supervisors: `two supervisors are enrolled (${TOOL} officer add --role supervisor --name …)`,
  outside:
    'an outside contact that answers day and night is verified (verified_on, contact and always in flows/lists/outside_organisations.yaml)',
  opening: `the officer’s room has opened a sealed test case with the team key in use (sign in there with the key: ${TOOL} setup, docs/console.md)`,
  drill: `an exercise was passed in the last 30 days (${TOOL} alert drill --wait)`,
} as const;

/** Everything about the database and what is in it. `isOutOfReach`: its folder cannot be used, which is said already. */
export async function databaseChecks(config: Config, isOutOfReach = false): Promise<Found> {
  if (isOutOfReach) return { checks: [], missing: Object.values(NEEDED) };
  let database: Database | undefined;
  let stop: (() => Promise<void>) | undefined;
  try {
    if (!config.databaseUrl && !(await hasEmbedded(config.dataDir)))
      return {
        checks: [warn('database', `there is none in ${config.dataDir} yet`, 'the first start makes it')],
        missing: Object.values(NEEDED),
      };
    const embedded = config.databaseUrl ? undefined : await startEmbedded({ dataDir: config.dataDir });
    stop = embedded?.stop;
    const url = config.databaseUrl?.reveal() ?? embedded?.url ?? '';
    database = await openDatabase({ url, max: 1, connectTimeout: 5 });
    return await look(config, database);
  } catch (error) {
    const { setting, problem, mend } = settingBehind(error, config) ?? {
      setting: 'database',
      problem: said(error).message,
      mend: `${TOOL} doctor again, once it runs`,
    };
    return { checks: [fail(setting, problem, mend)], missing: Object.values(NEEDED) };
  } finally {
    await database?.close();
    await stop?.();
  }
}

async function look(config: Config, database: Database): Promise<Found> {
  const { db } = database;
  const checks = [await serverSettings(config, db), await checkClock(db)];
  const pending = await pendingMigrations(db);
  if (pending > 0) {
    if (!(await hasTables(db)) && !(await mayCreate(db)))
      checks.push(fail('DATABASE_URL', ...MAY_NOT_CREATE));
    checks.push(warn('migrations', `${pending} to apply`, 'the next start of the service applies them'));
    // Questions to tables that may not be there would only confuse.
    return { checks, missing: Object.values(NEEDED) };
  }
  const { serverKey } = config.keys ?? (await trialKeys(config.dataDir));
  const keyring = parseKeyring(serverKey);
  const wanted = await otherKey(db, keyring);
  if (wanted !== undefined) {
    // Without it nothing that follows can be read, and the service does not start.
    checks.push(fail('SERVER_KEY_FILE', ...wrongKey(keyring, wanted)));
    return { checks, missing: Object.values(NEEDED) };
  }
  checks.push(ok('migrations', 'all applied'), await checkMode(config, db), await checkAlive(db));
  checks.push(
    ...(await checkWork(db)),
    ...(await checkMessengersIn(config, db)),
    ...(await checkTroubles(config, db)),
    await checkRoom(config, db),
    await checkFetching(config, db),
  );
  const staff = await checkOfficers(config, db);
  checks.push(...staff.checks);
  const outside = await hasOutsideContact();
  if (!outside)
    checks.push(warn('outside contact', 'none that answers day and night is verified', NEEDED_MEND));
  else checks.push(ok('outside contact', 'answers day and night'));
  checks.push(
    ...(await checkConsole(config, db)),
    ...(await checkSigned(db)),
    await checkAuditLog(config, database),
  );
  const drill = await checkDrill(db);
  checks.push(drill, ...(await checkGaps(config, db)));
  checks.push(
    config.heartbeatUrl
      ? ok('outside watch', 'is set')
      : warn(
          'outside watch',
          'nobody notices when this machine stops',
          'set HEARTBEAT_URL: docs/operating.md',
        ),
  );
  const missing = [
    ...(staff.hasSupervisors ? [] : [NEEDED.supervisors]),
    ...(outside ? [] : [NEEDED.outside]),
    ...((await isOpeningProved(db, await teamInUse(config))) ? [] : [NEEDED.opening]),
    ...(drill.state === 'ok' ? [] : [NEEDED.drill]),
  ];
  return { checks, missing };
}

const NEEDED_MEND = 'call one, then fill in flows/lists/outside_organisations.yaml';

async function checkClock(db: Db): Promise<Check> {
  const skew = await clockSkew(db);
  return Math.abs(skew) > MAX_SKEW_MS
    ? fail(
        'clock',
        `${Math.round(skew / 100) / 10} s from the database's`,
        'set both by NTP (timedatectl set-ntp true)',
      )
    : ok('clock', `${skew} ms from the database's`);
}

async function checkMode(config: Config, db: Db): Promise<Check> {
  const found = await modeOf(db);
  if (found === undefined || found === config.mode) return ok('marker', `${found ?? 'not set yet'}`);
  return fail(
    'marker',
    `the database is a ${found} one, the settings say ${config.mode}`,
    found === 'trial'
      ? 'set DATA_DIR to a new directory or DATABASE_URL to a new database'
      : `give back ${whatTurnsOn(config.everyMessenger)}, or set DATA_DIR to another directory`,
  );
}

async function checkAlive(db: Db): Promise<Check> {
  const [alive, now] = [await lastAlive(db), await databaseClock.now(db)];
  const seconds = alive ? Math.round((now.getTime() - alive.getTime()) / 1_000) : undefined;
  if (seconds === undefined) return warn('service', 'has never run on this database', 'npm start');
  return seconds <= 60
    ? ok('service', 'is running')
    : warn('service', `last lived at ${alive?.toISOString()}`, 'npm start, or see why it stopped');
}

/** What messengers see of themselves in the database. */
async function checkMessengersIn({ everyMessenger, messengers, timeZone }: Config, db: Db): Promise<Check[]> {
  const at = { db, now: await databaseClock.now(db), timeZone };
  const checks = everyMessenger.map((messenger) =>
    messenger.databaseChecks?.(messengers.find((each) => each.messenger === messenger)?.own, at),
  );
  return (await Promise.all(checks)).flatMap((each) => each ?? []);
}

/** Work that waits although it should not. */
async function checkWork(db: Db): Promise<Check[]> {
  const [row] = await db.execute<
    Record<'late' | 'parked' | 'waiting' | 'stuck' | 'unreached' | 'unverified', number>
  >(sql`
    select (select count(*)::int from alerts where state <> 'closed' and next_step_at < now() - interval '1 minute') as late,
      (select count(*)::int from inbox where state = 'parked') as parked,
      (select count(*)::int from inbox where state in ('waiting', 'failed') and received_at < now() - interval '15 minutes') as waiting,
      (select count(*)::int from deliveries where state in ('queued', 'sending') and due_at < now() - interval '5 minutes') as stuck,
      (select count(*)::int from contacts join officer_contacts on contact_id = contacts.id where blocked_at is not null) as unreached,
      (select count(*)::int from officer_contacts join officers on officers.id = officer_id where verified_at is null and removed_at is null) as unverified`);
  const { late = 0, parked = 0, waiting = 0, stuck = 0, unreached = 0, unverified = 0 } = row ?? {};
  return [
    late > 0
      ? fail('alerts', `${late} should have gone on to the next person`, 'start the service')
      : ok('alerts', 'none is late'),
    stuck > 0
      ? warn(
          'messages',
          `${stuck} wait for more than 5 minutes`,
          'see that the service runs and its messengers are reached',
        )
      : ok('messages', 'none waits for long'),
    ...(parked > 0
      ? [
          warn(
            'parked',
            `${parked} incoming messages could not be handled`,
            'they are kept; send the log to the developers',
          ),
        ]
      : []),
    ...(waiting > 0
      ? [
          warn(
            'backlog',
            `${waiting} incoming messages wait for more than 15 minutes`,
            'they are kept; somebody floods the line, or the service does not run',
          ),
        ]
      : []),
    ...(unreached > 0
      ? [
          warn(
            'officers',
            `${unreached} of their phones blocked the bot`,
            'ask them to unblock it and write to it',
          ),
        ]
      : []),
    ...(await checkContacts(db, new Date())),
    ...(unverified > 0
      ? [
          warn(
            'contacts',
            `${unverified} of officers wait for their code: no page goes there`,
            `the officer types the code in their chat, or: ${TOOL} officer contact verify`,
          ),
        ]
      : []),
  ];
}

async function checkOfficers(config: Config, db: Db): Promise<{ checks: Check[]; hasSupervisors: boolean }> {
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

async function teamInUse(config: Config): Promise<string> {
  const { recipient } = config.keys ?? (await trialKeys(config.dataDir));
  return fingerprint(recipient);
}

/** Two administrators with the key: one alone may lose their device, and with it the way in. */
async function checkConsole(config: Config, db: Db): Promise<Check[]> {
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

/** After the first start there is something to say only if something is wrong. */
async function checkSigned(db: Db): Promise<Check[]> {
  const { cases, members } = await countUnsigned(db);
  if (cases + members === 0) return [];
  const found = `${cases} cases and ${members} members are not signed by the server`;
  const mend =
    'after the first start: somebody changed rows, or an old backup was put back (docs/operating.md)';
  return [warn('signatures', found, mend)];
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
      'in the console, under Équipe: seal the cases anew, then forget the old key',
    ),
  ];
}

/** An exercise that was passed lately shows that pages reach people. */
async function checkDrill(db: Db): Promise<Check> {
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
async function checkGaps(config: Config, db: Db): Promise<Check[]> {
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

async function hasOutsideContact(): Promise<boolean> {
  const { flows } = await projectFlows();
  return verifiedContacts(flows.lists.get('outside_organisations')).some((contact) => contact.isAlwaysOpen);
}
