import type { Command } from 'commander';
import type { Config, ReadConfig } from '../config.ts';
import { checkPaging } from '../doctor/channels.ts';
import { type Check, fail, ok, warn } from '../doctor/check.ts';
import { databaseChecks } from '../doctor/database.ts';
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
} from '../doctor/machine.ts';
import { checkRunning } from '../doctor/running.ts';
import { portOfChance } from '../service/after-start.ts';
import { problemsBefore } from '../service/before-start.ts';
import { addCommand, type Result } from './command.ts';
import { readSettings } from './server.ts';

/** `doctor`: one line for each thing a service needs, with the mend. Exit code 1 if something does not work. */
export function addDoctorCommand(program: Command): void {
  addCommand(program, 'doctor', 'what works, what does not, and how to mend it', doctor);
}

const doctor = async (): Promise<Result> => diagnose(await readSettings());

/** What `doctor` says of these settings. `questions`: what was found of them already. */
export async function diagnose(
  read: ReadConfig,
  questions: Promise<Check> = checkQuestions(),
): Promise<Result> {
  const checks: Check[] = [checkRuntime()];
  if (!read.ok) {
    for (const { setting, problem, mend } of read.problems) checks.push(fail(setting, problem, mend));
    checks.push(await questions);
    return report(checks, ['the settings cannot be used'], undefined);
  }
  const { config } = read;
  checks.push(ok('settings', 'can be used'), ...(await checkEnvFile()), modeOf(config), await questions);
  const languages = await checkLanguages(config);
  const facts = await checkFacts(config);
  checks.push(
    ...(languages ? [languages] : []),
    ...(facts ? [facts] : []),
    ...(await checkKeys(config)),
    ...(await checkMessengers(config)),
    ...(await checkPaging(config)),
  );
  if (config.mode === 'live' && !config.publicUrl)
    checks.push(
      warn(
        'PUBLIC_URL',
        'is missing: nobody can open the room, and setup gives no link',
        'docs/operating.md, "Behind a proxy"',
      ),
    );
  const chance = portOfChance(config);
  if (chance) checks.push(warn(chance.setting, chance.problem, chance.mend));
  const running = await checkRunning(config);
  const before = await problemsBefore(config, running.length > 0);
  for (const { setting, problem, mend } of before) checks.push(fail(setting, problem, mend));
  checks.push(...(await checkPages(config)), await checkDisk(config), ...running);
  const isOutOfReach = !config.databaseUrl && before.some(({ setting }) => setting === 'DATA_DIR');
  const database = await databaseChecks(config, isOutOfReach);
  checks.push(...database.checks);
  return report(checks, database.missing, config);
}

function modeOf(config: Config): Check {
  return config.mode === 'live'
    ? ok('mode', 'live')
    : warn('mode', 'trial: nothing is protected', 'for the live service see docs/operating.md');
}

/** What was found, said; `missing`: what real reporters rely on and is not there yet. */
export function report(
  checks: readonly Check[],
  missing: readonly string[],
  config: Pick<Config, 'mode'> | undefined,
): Result {
  const hasFailed = checks.some((check) => check.state === 'fail');
  const notReady = [
    ...(config?.mode === 'trial' ? ['this is trial mode'] : []),
    ...missing,
    ...(hasFailed ? ['everything that has a ✗ above works'] : []),
  ];
  const lines = checks.map(({ state, name, detail, mend }) => {
    return `${MARKS[state]} ${name}: ${detail}${mend ? `; ${mend}` : ''}`;
  });
  if (notReady.length > 0)
    lines.push('', 'NOT FOR REAL REPORTERS until:', ...notReady.map((each) => `  - ${each}`));
  return {
    text: lines.join('\n'),
    json: {
      ok: !hasFailed,
      mode: config?.mode ?? null,
      isForRealReporters: notReady.length === 0 && !hasFailed,
      missing: notReady,
      checks,
    },
    exitCode: hasFailed ? 1 : 0,
  };
}

const MARKS = { ok: '✓', warn: '!', fail: '✗' } as const;
