/**
 * What `doctor` looks at, in the order in which it is said. The command asks for it from the operator's shell, the room of
 * the console from the process of the service (`of-service.ts`); what the two see differently is given.
 */
import { type Line, line } from '../app/ground/lines.ts';
import type { Config } from '../config.ts';
import { portOfChance } from '../service/after-start.ts';
import { problemsBefore } from '../service/before-start.ts';
import { type Check, ok, problemCheck, warn } from './check.ts';
import type { Found } from './database.ts';
import {
  checkDisk,
  checkEnvFile,
  checkFacts,
  checkKeys,
  checkLanguages,
  checkMessengers,
  checkPages,
  checkQuestions,
  checkRuntime,
} from './machine.ts';

export type From = {
  /** What can be said of the settings themselves. */
  settings: Check;
  /** What of `.env` can be seen; default: its rights. */
  envFile?: () => Promise<Check[]>;
  /** Default: looked at now. */
  questions?: Promise<Check>;
  /** Further ways to page officers: asked whether they answer. */
  paging(): Promise<Check[]>;
  /** What the running service says of itself; nothing: none runs. */
  running(): Promise<Check[]>;
  /** `isOutOfReach`: its folder cannot be used, which is said already. */
  database(isOutOfReach: boolean): Promise<Found>;
};

export type Diagnosis = {
  /** Nothing fails. */
  ok: boolean;
  mode: Config['mode'] | null;
  isForRealReporters: boolean;
  /** What real reporters rely on and is not there yet. */
  missing: readonly Line[];
  checks: readonly Check[];
};

/** Looks at everything there is with these settings. */
export async function lookAtAll(config: Config, from: From): Promise<Diagnosis> {
  const { envFile = checkEnvFile, questions = checkQuestions() } = from;
  const checks: Check[] = [checkRuntime(), from.settings, ...(await envFile()), checkMode(config)];
  checks.push(await questions);
  const languages = await checkLanguages(config);
  const facts = await checkFacts(config);
  checks.push(
    ...(languages ? [languages] : []),
    ...(facts ? [facts] : []),
    ...(await checkKeys(config)),
    ...(await checkMessengers(config)),
    ...(await from.paging()),
    ...checkAddresses(config),
  );
  const running = await from.running();
  const before = await problemsBefore(config, running.length > 0);
  for (const each of before) checks.push(problemCheck('fail', each));
  checks.push(...(await checkPages(config)), await checkDisk(config), ...running);
  const isOutOfReach = !config.databaseUrl && before.some(({ setting }) => setting === 'DATA_DIR');
  const database = await from.database(isOutOfReach);
  checks.push(...database.checks);
  return diagnosed(checks, database.missing, config);
}

/** What was found, judged; `missing`: what real reporters rely on and is not there yet. */
export function diagnosed(
  checks: readonly Check[],
  missing: readonly Line[],
  config: Pick<Config, 'mode'> | undefined,
): Diagnosis {
  const hasFailed = checks.some((check) => check.state === 'fail');
  const notReady = [
    ...(config?.mode === 'trial' ? [line('missing.trial')] : []),
    ...missing,
    ...(hasFailed ? [line('missing.works')] : []),
  ];
  return {
    ok: !hasFailed,
    mode: config?.mode ?? null,
    isForRealReporters: notReady.length === 0 && !hasFailed,
    missing: notReady,
    checks,
  };
}

function checkMode(config: Config): Check {
  return config.mode === 'live'
    ? ok('mode', line('mode.live'))
    : warn('mode', line('mode.trial'), line('mode.trial_mend'));
}

/** Where the service is found from outside. */
function checkAddresses(config: Config): Check[] {
  const chance = portOfChance(config);
  return [
    ...(config.mode === 'live' && !config.publicUrl
      ? [warn('PUBLIC_URL', line('mode.no_url'), line('mode.no_url_mend'))]
      : []),
    ...(chance ? [problemCheck('warn', chance)] : []),
  ];
}
