/** The last steps: the service runs, an officer can be called, and an exercise shows it. */
import { listOfficers } from '../../app/duty/officers.ts';
import type { Config } from '../../config.ts';
import { checkRunning } from '../../doctor/running.ts';
import { TOOL } from '../../kernel/tool.ts';
import type { Messenger } from '../../messengers/messenger.ts';
import { exercise } from '../alert.ts';
import { newOfficer } from '../officer.ts';
import { withServer } from '../server.ts';
import { type Asking, askYes } from './asking.ts';
import { firstBackup } from './backups.ts';

/** Resolves to the exit code: 0 if an exercise was passed. */
export async function officersAndExercise(asking: Asking, config: Config): Promise<number> {
  await until(asking, async () => (await checkRunning(config)).length > 0, [
    'Start the service, in another terminal:',
    `  ${TOOL} service install, and what it says; or, to look on: ${TOOL} start`,
  ]);
  asking.say('✓ The service runs.');
  for (const { messenger, own } of config.messengers)
    if (messenger.todo) await untilDone(asking, messenger.kind, messenger.todo, own);
  if (config.backup) await firstBackup(asking);
  if (!(await isSomebodyThere())) await until(asking, isSomebodyThere, await firstOfficer(asking));
  asking.say('✓ An officer is enrolled.');
  const isWanted = await askYes(
    asking,
    'Begin the exercise now? It pages for real whoever is on call, and says that it is one',
  );
  if (!isWanted) {
    asking.say(`Later: ${TOOL} go-live, or ${TOOL} alert drill --wait`);
    return 0;
  }
  const { text, exitCode = 0 } = await exercise({ level: 'critical', wait: true });
  asking.say(text, '');
  asking.say(
    exitCode === 0
      ? `What is missing before real reporters may write says ${TOOL} doctor.`
      : `See docs/on-call.md, then ${TOOL} go-live once more.`,
  );
  return exitCode;
}

/** What only people can do, as linking a number with its handset. */
async function untilDone(
  asking: Asking,
  kind: string,
  todo: NonNullable<Messenger['todo']>,
  own: unknown,
): Promise<void> {
  const left = () =>
    withServer(({ database: { db }, keyring, now, config }) =>
      todo(own, { db, keyring, now, timeZone: config.timeZone }),
    );
  for (let lines = await left(); lines.length > 0; lines = await left()) await lookAgain(asking, lines);
  asking.say(`✓ ${kind} is connected.`);
}

async function firstOfficer(asking: Asking): Promise<string[]> {
  for (;;) {
    const name = await asking.ask('Name of the first officer, who is a supervisor too');
    if (name === '') continue;
    const { text } = await newOfficer({ name, role: 'supervisor' });
    return [text, '', `When ${name} has sent it to the bot and said "on duty", press Enter.`];
  }
}

/** An officer who enrolled, on duty or not. */
const isSomebodyThere = (): Promise<boolean> =>
  withServer(async ({ database, keyring, now }) => {
    const officers = await listOfficers(database.db, { keyring }, now);
    return officers.some(({ state }) => state === 'enrolled');
  });

/** Says what to do, and looks again at each Enter. */
async function until(asking: Asking, isSo: () => Promise<boolean>, todo: readonly string[]): Promise<void> {
  while (!(await isSo())) await lookAgain(asking, todo);
}

async function lookAgain(asking: Asking, todo: readonly string[]): Promise<void> {
  asking.say('', ...todo);
  await asking.ask('Enter: look again. Ctrl-C: go on another day');
}
