import type { Command } from 'commander';
import { asIs, inEnglish, type Line, line } from '../app/ground/lines.ts';
import type { Config, ReadConfig } from '../config.ts';
import { checkPaging } from '../doctor/channels.ts';
import { type Check, fail, ok } from '../doctor/check.ts';
import { databaseChecks } from '../doctor/database.ts';
import { type Diagnosis, diagnosed, lookAtAll } from '../doctor/diagnose.ts';
import { checkQuestions, checkRuntime } from '../doctor/machine.ts';
import { checkRunning } from '../doctor/running.ts';
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
  if (!read.ok) {
    const bad = read.problems.map(({ setting, problem, mend }) => fail(setting, asIs(problem), asIs(mend)));
    const checks = [checkRuntime(), ...bad, await questions];
    return printed(diagnosed(checks, [line('missing.settings')], undefined));
  }
  const { config } = read;
  return printed(
    await lookAtAll(config, {
      settings: ok('settings', line('settings.usable')),
      questions,
      paging: () => checkPaging(config),
      running: () => checkRunning(config),
      database: (isOutOfReach) => databaseChecks(config, isOutOfReach),
    }),
  );
}

/** What was found, said; `missing`: what real reporters rely on and is not there yet. */
export const report = (
  checks: readonly Check[],
  missing: readonly Line[],
  config: Pick<Config, 'mode'> | undefined,
): Result => printed(diagnosed(checks, missing, config));

function printed(found: Diagnosis): Result {
  const { ok, checks } = found;
  const missing = found.missing.map(inEnglish);
  const lines = checks.map(({ state, name, detail, mend }) => {
    return `${MARKS[state]} ${name}: ${detail}${mend ? `; ${mend}` : ''}`;
  });
  if (missing.length > 0)
    lines.push('', 'NOT FOR REAL REPORTERS until:', ...missing.map((each) => `  - ${each}`));
  return { text: lines.join('\n'), json: { ...found, missing }, exitCode: ok ? 0 : 1 };
}

const MARKS = { ok: '✓', warn: '!', fail: '✗', unseen: '?' } as const;
