/**
 * `./lakana go-live`: from a machine on which Lakana lies to a passed exercise, one question at a time.
 *
 * Invariants: what was answered is kept at once and is not asked for again; nothing that is there is written over; the operator who
 * leaves at any question finds everything as they left it.
 */
import { execFile } from 'node:child_process';
import { chown } from 'node:fs/promises';
import { promisify } from 'node:util';
import type { Command } from 'commander';
import { readConfig } from '../../config.ts';
import { LakanaError } from '../../kernel/errors.ts';
import { TOOL } from '../../kernel/tool.ts';
import { MESSENGERS } from '../../messengers/list.ts';
import { problemLine } from '../../service/banner.ts';
import { said } from '../../service/thrown-in-words.ts';
import { type Asking, Left, openTerminal } from './asking.ts';
import { BACKUPS } from './backups.ts';
import { keep, keepLeftOut, type Owner, readAnswers } from './env-file.ts';
import { officersAndExercise } from './people.ts';
import { askMessenger, type House, KEYS, type Question, REACHED, WHERE } from './questions.ts';

/** `go-live`. */
export function addGoLiveCommand(program: Command): void {
  program
    .command('go-live')
    .description('asks, one thing at a time, for what a live service needs; can be left and taken up again')
    .option('--user <user>', 'whose the service runs as: files are made for them', 'lakana')
    .option('--etc <folder>', 'where keys are kept', '/etc/lakana')
    .action(async ({ user, etc }: { user: string; etc: string }) => {
      const terminal = openTerminal({ input: process.stdin, output: process.stdout });
      try {
        process.exitCode = await goLive(terminal, { etc, owner: await ownerCalled(user) }, process.cwd());
      } catch (error) {
        if (!(error instanceof Left)) process.stderr.write(`✗ ${said(error).message}\n`);
        else terminal.say('', `Left. What was answered is in .env; ${TOOL} go-live goes on from here.`);
        process.exitCode = error instanceof Left ? 130 : 1;
      } finally {
        terminal.close();
      }
    });
}

/** Leads through it. Resolves to the exit code; rejects with `Left`. */
export async function goLive(
  asking: Asking,
  { etc, owner, messengers = MESSENGERS }: Pick<House, 'etc' | 'owner'> & Partial<Pick<House, 'messengers'>>,
  folder: string,
): Promise<number> {
  const handOver = async (...paths: string[]) => {
    if (owner) for (const path of paths) await chown(path, owner.uid, owner.gid);
  };
  const house: House = { folder, owner, messengers, etc, handOver };
  await keep(folder, {}, owner);
  asking.say('Ctrl-C leaves at any question; what was answered stays.', '');
  await askMessengers(asking, house);
  for (const question of [...WHERE, ...KEYS, ...REACHED, ...BACKUPS]) await answered(asking, question, house);
  const read = await readConfig({}, folder, messengers);
  if (!read.ok) {
    asking.say('', ...read.problems.map((each) => `✗ ${problemLine(each)}`));
    throw new LakanaError('settings', `mend this in .env, then ${TOOL} go-live again`);
  }
  asking.say('', '✓ .env has all that a live service needs, and only the service’s user may read it.', '');
  return officersAndExercise(asking, read.config);
}

/** Of each messenger; without any, nobody could write. */
async function askMessengers(asking: Asking, house: House): Promise<void> {
  const questions = house.messengers.map((each) => askMessenger(each));
  for (;;) {
    for (const question of questions) await answered(asking, question, house);
    const { values } = await readAnswers(house.folder);
    if (questions.some(({ name }) => values[name] !== undefined)) return;
    asking.say('✗ Without any of them nobody can write.');
    for (const { name } of questions) await keep(house.folder, { [name]: '' }, house.owner);
  }
}

/** Asks, if it was not answered before; keeps the answer. */
async function answered(asking: Asking, question: Question, house: House): Promise<void> {
  const { folder, owner } = house;
  const { values, leftOut } = await readAnswers(folder);
  const { name, isAsked } = question;
  const value = values[name];
  if (value !== undefined) return asking.say(`✓ ${question.shown(value)}`);
  if (isAsked && !isAsked(values)) return;
  if (leftOut.has(name)) return asking.say(`– ${name} was left out`);
  const given = await question.ask(asking, values, house);
  if (Object.keys(given).length > 0) await keep(folder, given, owner);
  else await keepLeftOut(folder, name, owner);
}

const run = promisify(execFile);

/** As root, files are made for the service's user; anybody else makes them for themselves. */
async function ownerCalled(user: string): Promise<Owner> {
  if (process.getuid?.() !== 0) return undefined;
  const ids = await Promise.all([run('id', ['-u', user]), run('id', ['-g', user])]).catch(() => undefined);
  if (ids) return { uid: Number(ids[0].stdout), gid: Number(ids[1].stdout) };
  throw new LakanaError(
    'no_user',
    `there is no user ${user} here: useradd --system --home-dir /var/lib/lakana --shell /usr/sbin/nologin ${user}`,
  );
}
