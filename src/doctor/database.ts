/** What `doctor` sees in the database. Looks only: makes no database, applies no migration, marks no mode. */
import { asIs, type Line, line, otherInRoom } from '../app/ground/lines.ts';
import { keyInHand, otherKey } from '../app/keys/own-key.ts';
import type { Config } from '../config.ts';
import { parseKeyring } from '../crypto/keyring.ts';
import { isOpeningProved } from '../db/audit.ts';
import { clockSkew, databaseClock } from '../db/clock.ts';
import { type Database, type Db, openDatabase } from '../db/database.ts';
import { hasEmbedded, startEmbedded } from '../db/embedded.ts';
import { tooLong } from '../db/lengths.ts';
import { mayCreate, schemaState } from '../db/migrate.ts';
import { lastAlive, modeOf } from '../db/service-state.ts';
import { countUnsigned } from '../db/signed.ts';
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
  missing: readonly Line[];
};

const NEEDED = {
  supervisors: line('missing.supervisors'),
  outside: line('missing.outside'),
  opening: line('missing.opening'),
  drill: line('missing.drill'),
} as const;

/** Everything about the database and what is in it. `isOutOfReach`: its folder cannot be used, which is said already. */
export async function databaseChecks(config: Config, isOutOfReach = false): Promise<Found> {
  if (isOutOfReach) return { checks: [], missing: Object.values(NEEDED) };
  let database: Database | undefined;
  let stop: (() => Promise<void>) | undefined;
  try {
    if (!config.databaseUrl && !(await hasEmbedded(config.dataDir)))
      return {
        checks: [
          warn('database', line('database.none', { place: config.dataDir }), line('database.none_mend')),
        ],
        missing: Object.values(NEEDED),
      };
    const embedded = config.databaseUrl ? undefined : await startEmbedded({ dataDir: config.dataDir });
    stop = embedded?.stop;
    const url = config.databaseUrl?.reveal() ?? embedded?.url ?? '';
    database = await openDatabase({ url, max: 1, connectTimeout: 5 });
    return await lookInside(config, database);
  } catch (error) {
    // Only a terminal shows these: where a service runs, its database is open.
    const behind = settingBehind(error, config);
    const check = behind
      ? fail(behind.setting, asIs(behind.problem), asIs(behind.mend))
      : fail('database', asIs(said(error).message), line('database.again'));
    return { checks: [check], missing: Object.values(NEEDED) };
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
    return {
      checks: [...checks, fail('migrations', line('migrations.newer'), line('migrations.newer_mend'))],
      missing: Object.values(NEEDED),
    };
  if (pending.length > 0) {
    if (applied === 0 && !(await mayCreate(db)))
      checks.push(fail('DATABASE_URL', line('migrations.may_not'), line('migrations.may_not_mend')));
    const next = line(applied === 0 ? 'migrations.first_mend' : 'migrations.waiting_mend');
    checks.push(warn('migrations', line('migrations.waiting', { number: pending.length }), next));
    // Questions to tables that may not be there would only confuse.
    return { checks, missing: Object.values(NEEDED) };
  }
  const { serverKey } = config.keys ?? (await trialKeys(config.dataDir));
  const keyring = parseKeyring(serverKey);
  const wanted = await otherKey(db, keyring);
  if (wanted !== undefined) {
    // Without it nothing that follows can be read, and the service does not start.
    const keys = { given: keyInHand(keyring), wanted };
    checks.push(
      fail('SERVER_KEY_FILE', line('migrations.wrong_key', keys), line('migrations.wrong_key_mend')),
    );
    return { checks, missing: Object.values(NEEDED) };
  }
  checks.push(ok('migrations', line('migrations.all')), await checkMode(config, db), await checkAlive(db));
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
      ? ok('outside watch', line('watch.set'))
      : warn('outside watch', line('watch.unset'), line('watch.unset_mend')),
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
    ? fail('clock', line('clock.far', { seconds: Math.round(skew / 100) / 10 }), line('clock.mend'))
    : ok('clock', line('clock.near', { ms: skew }));
}

async function checkMode(config: Config, db: Db): Promise<Check> {
  const found = await modeOf(db);
  if (found === undefined) return ok('marker', line('marker.unset'));
  if (found === config.mode) return ok('marker', asIs(found));
  return fail(
    'marker',
    line('marker.other', { found, wanted: config.mode }),
    found === 'trial'
      ? line('marker.other_new')
      : line('marker.other_back', { what: whatTurnsOn(config.everyMessenger) }),
  );
}

async function checkAlive(db: Db): Promise<Check> {
  const [alive, now] = [await lastAlive(db), await databaseClock.now(db)];
  const seconds = alive ? Math.round((now.getTime() - alive.getTime()) / 1_000) : undefined;
  if (seconds === undefined) return warn('service', line('service.never'), line('service.start'));
  return seconds <= 60
    ? ok('service', line('service.runs'))
    : warn('service', line('service.last', { at: String(alive?.toISOString()) }), line('service.last_mend'));
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
  const found = line('signatures.unsigned', {
    cases: otherInRoom(line('signatures.cases', { count: cases }), line('signatures.cases_some')),
    members: otherInRoom(line('signatures.members', { count: members }), line('signatures.members_some')),
  });
  return [warn('signatures', found, line('signatures.mend'))];
}

/** Rows so long that nothing reads them. */
async function checkLong(db: Db): Promise<Check[]> {
  const found = await tooLong(db);
  if (found.length === 0) return [];
  const all = found.map(({ table, rows }) => line('lengths.rows', { count: rows, table }));
  return [fail('lengths', line('lengths.long', { what: { all, by: ',' } }), line('lengths.mend'))];
}
