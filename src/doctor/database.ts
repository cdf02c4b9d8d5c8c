/** What `doctor` sees in the database. Looks only: makes no database, applies no migration, marks no mode. */
import { otherKey, wrongKey } from '../app/keys/own-key.ts';
import type { Config } from '../config.ts';
import { parseKeyring } from '../crypto/keyring.ts';
import { isOpeningProved } from '../db/audit.ts';
import { clockSkew, databaseClock } from '../db/clock.ts';
import { type Database, type Db, openDatabase } from '../db/database.ts';
import { hasEmbedded, startEmbedded } from '../db/embedded.ts';
import { tooLong } from '../db/lengths.ts';
import { IS_NEWER, MAY_NOT_CREATE, mayCreate, schemaState } from '../db/migrate.ts';
import { lastAlive, modeOf } from '../db/service-state.ts';
import { countUnsigned } from '../db/signed.ts';
import { TOOL } from '../kernel/tool.ts';
import { whatTurnsOn } from '../messengers/list.ts';
import { projectFlows } from '../service/own-content.ts';
import { MAX_SKEW_MS } from '../service/readiness.ts';
import { seenTextsIn } from '../service/seen-texts.ts';
import { said } from '../service/thrown-in-words.ts';
import { trialKeys } from '../service/trial.ts';
import { settingBehind } from '../service/why-not.ts';
import { checkBackups } from './backups.ts';
import { checkFetching, checkRoom, checkTroubles } from './channels.ts';
import { type Check, fail, ok, warn } from './check.ts';
import { checkContacts } from './contacts.ts';
import { checkConsole, checkDrill, checkGaps, checkOfficers, teamInUse } from './people.ts';
import { checkAuditLog, checkServers, serverSettings } from './postgres.ts';
import { checkTexts } from './texts.ts';
import { checkVoices } from './voices.ts';
import { checkWork } from './work.ts';

export type Found = {
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
    return await lookInside(config, database);
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

/** Everything in a database that is open. */
export async function lookInside(config: Config, database: Pick<Database, 'db' | 'sql'>): Promise<Found> {
  const { db } = database;
  const servers = await checkServers(config);
  const checks = [await serverSettings(config, db), ...(servers ? [servers] : []), await checkClock(db)];
  const { applied, pending, unknown } = await schemaState(db);
  // Questions to tables that this program does not know would only confuse.
  if (unknown > 0)
    return { checks: [...checks, fail('migrations', ...IS_NEWER)], missing: Object.values(NEEDED) };
  if (pending.length > 0) {
    if (applied === 0 && !(await mayCreate(db))) checks.push(fail('DATABASE_URL', ...MAY_NOT_CREATE));
    const next = applied === 0 ? 'makes the tables' : `applies them; ${TOOL} upgrade --check says which`;
    checks.push(warn('migrations', `${pending.length} to apply`, `the next start of the service ${next}`));
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
    ...(await checkTroubles(config, db, await databaseClock.now(db))),
    await checkRoom(config, db),
    await checkFetching(config, db),
    ...(await checkBackups(config, db, await databaseClock.now(db))),
  );
  const staff = await checkOfficers(config, db);
  checks.push(...staff.checks);
  const outside = checkContacts((await projectFlows()).flows, await databaseClock.now(db), config);
  checks.push(
    ...outside.checks,
    ...(await checkConsole(config, db)),
    ...(await checkSigned(db)),
    await checkAuditLog(config, database),
    ...(await checkVoices(db, keyring)),
    ...(await checkLong(db)),
  );
  const seen = seenTextsIn(config.dataDir, keyring);
  const texts = await checkTexts(db, keyring, await databaseClock.now(db), seen);
  if (texts) checks.push(texts);
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
    ...(outside.isAnyAlwaysOpen ? [] : [NEEDED.outside]),
    ...((await isOpeningProved(db, await teamInUse(config))) ? [] : [NEEDED.opening]),
    ...(drill.state === 'ok' ? [] : [NEEDED.drill]),
  ];
  return { checks, missing };
}

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

/** After the first start there is something to say only if something is wrong. */
async function checkSigned(db: Db): Promise<Check[]> {
  const { cases, members } = await countUnsigned(db);
  if (cases + members === 0) return [];
  const found = `${cases} cases and ${members} members are not signed by the server`;
  const mend =
    'after the first start: somebody changed rows, or an old backup was put back (docs/operating.md)';
  return [warn('signatures', found, mend)];
}

/** Rows so long that nothing reads them. */
async function checkLong(db: Db): Promise<Check[]> {
  const found = await tooLong(db);
  if (found.length === 0) return [];
  const what = found.map(({ table, rows }) => `${rows} in ${table}`).join(', ');
  return [
    fail(
      'lengths',
      `rows longer than any that this server writes are passed over: ${what}`,
      'somebody else has written to the database: see who may, and take these rows away',
    ),
  ];
}
