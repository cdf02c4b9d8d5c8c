/** `upgrade`: what a new version changes here, and the changes to the database by themselves, while the service is stopped. */
import { readdir } from 'node:fs/promises';
import type { Command } from 'commander';
import type { Config } from '../config.ts';
import type { Problem } from '../config-keys.ts';
import { openDatabase } from '../db/database.ts';
import { hasEmbedded, startEmbedded } from '../db/embedded.ts';
import { IS_NEWER, type SchemaState, schemaState } from '../db/migrate.ts';
import { TOOL } from '../kernel/tool.ts';
import { contentProblem } from '../service/content-dir.ts';
import { lastStart, type Program, programHere } from '../service/last-start.ts';
import { said } from '../service/thrown-in-words.ts';
import { upgradeDatabase } from '../service/upgrade.ts';
import { settingBehind } from '../service/why-not.ts';
import { addCommand, type Result } from './command.ts';
import { readSettings, settings } from './server.ts';

export function addUpgradeCommand(program: Command): void {
  addCommand(
    program,
    'upgrade',
    'applies what this version changes in the database, while the service is stopped; its start does the same',
    ({ check, withoutBackup }: { check?: true; withoutBackup?: true }) =>
      check ? checkUpgrade() : upgrade(withoutBackup === true),
  )
    .option(
      '--check',
      'changes nothing: says what would change in the database, the settings and the content',
    )
    .option('--without-backup', 'apply it with no way back: no backup is made before');
}

async function upgrade(isWithoutBackup: boolean): Promise<Result> {
  const config = await settings();
  const done = await onDatabase(config, (url) => upgradeDatabase({ config, url, isWithoutBackup }));
  if (done === undefined)
    return { text: 'There is no database yet: the first start makes it.', json: { ok: true, applied: 0 } };
  const { applied, backup } = done;
  const lines = [
    ...(backup ? [`✓ ${backup}: how everything was before, sealed.`] : []),
    applied === 0 ? '✓ Nothing to apply.' : `✓ ${applied} applied. Start the service: npm start`,
  ];
  return { text: lines.join('\n'), json: { ok: true, applied, backup: backup ?? null } };
}

/** Runs `work` on the database; undefined: there is none, and none is made. */
async function onDatabase<T>(config: Config, work: (url: string) => Promise<T>): Promise<T | undefined> {
  if (config.databaseUrl) return work(config.databaseUrl.reveal());
  if (!(await hasEmbedded(config.dataDir))) return undefined;
  const embedded = await startEmbedded({ dataDir: config.dataDir });
  try {
    return await work(embedded.url);
  } finally {
    await embedded.stop();
  }
}

/** `problems`: what keeps this version from starting. */
type Found = { lines: string[]; problems: Problem[]; json: Record<string, unknown> };

async function checkUpgrade(): Promise<Result> {
  const read = await readSettings();
  const here = await programHere();
  const before = read.ok ? await lastStart(read.config.dataDir) : undefined;
  const parts = [settingsFound(here, before, read.ok ? [] : read.problems)];
  if (read.ok) parts.push(await contentFound(read.config, here, before), await databaseFound(read.config));
  const problems = parts.flatMap((each) => each.problems);
  const lines = parts.flatMap((each) => [
    ...each.problems.map(({ setting, problem, mend }) => `✗ ${setting} ${problem}: ${mend}`),
    ...each.lines,
  ]);
  return {
    text: lines.join('\n'),
    json: Object.assign({ ok: problems.length === 0, problems }, ...parts.map((each) => each.json)),
    exitCode: problems.length === 0 ? 0 : 1,
  };
}

/** `before`: what started last, if that is known. */
function settingsFound(here: Program, before: Program | undefined, problems: Problem[]): Found {
  const added = before && here.settings.filter((each) => !before.settings.includes(each));
  const gone = before?.settings.filter((each) => !here.settings.includes(each));
  const lines = [
    ...(problems.length === 0 ? ['✓ settings: this version can use them'] : []),
    ...(before ? [] : ['! settings: which are new is not known, no start is noted in DATA_DIR']),
    ...(added?.length ? [`  new settings: ${added.join(', ')} (docs/operating.md)`] : []),
    ...(gone?.length ? [`  settings that are no more: ${gone.join(', ')}`] : []),
  ];
  return { lines, problems, json: { newSettings: added ?? null, goneSettings: gone ?? null } };
}

async function contentFound(
  { contentDir }: Pick<Config, 'contentDir'>,
  here: Program,
  before: Program | undefined,
): Promise<Found> {
  const names = new Set([...Object.keys(here.content), ...Object.keys(before?.content ?? {})]);
  const changed = before && [...names].filter((each) => here.content[each] !== before.content[each]).sort();
  const own = contentDir === undefined ? [] : await filesIn(contentDir);
  const covered = changed?.filter((each) => own.includes(each)) ?? [];
  const problem = await contentProblem(contentDir);
  const lines = [
    ...(contentDir && !problem ? ['✓ CONTENT_DIR: this version can use it'] : []),
    ...(changed ? [`  flows, lists and texts that differ from the last start: ${countOf(changed)}`] : []),
    ...covered.map((each) => `! ${each}: this version changes it, and CONTENT_DIR has its own: compare them`),
  ];
  return { lines, problems: problem ? [problem] : [], json: { changedContent: changed ?? null, covered } };
}

const filesIn = async (folder: string): Promise<string[]> =>
  (await readdir(folder, { recursive: true }).catch(() => [])).map((each) => each.replaceAll('\\', '/'));

const countOf = (names: readonly string[]): string => {
  if (names.length === 0) return 'none';
  return names.length > 8 ? `${names.length}, among them ${names.slice(0, 5).join(', ')}` : names.join(', ');
};

async function databaseFound(config: Config): Promise<Found> {
  try {
    const found = await onDatabase(config, stateOf);
    return found
      ? stateFound(found, config)
      : { lines: ['  database: there is none yet'], problems: [], json: {} };
  } catch (error) {
    const problem = settingBehind(error, config) ?? {
      setting: 'the database',
      problem: 'cannot be looked at',
      mend: said(error).message,
    };
    return { lines: [], problems: [problem], json: {} };
  }
}

async function stateOf(url: string): Promise<SchemaState> {
  const { db, close } = await openDatabase({ url, max: 1, connectTimeout: 5 });
  try {
    return await schemaState(db);
  } finally {
    await close();
  }
}

function stateFound(
  { applied, pending, unknown }: SchemaState,
  { mode, backup }: Pick<Config, 'mode' | 'backup'>,
): Found {
  const json = { applied, pending, unknown };
  if (unknown > 0) {
    const [problem, mend] = IS_NEWER;
    return { lines: [], problems: [{ setting: 'the database', problem, mend }], json };
  }
  if (pending.length === 0) return { lines: ['✓ database: nothing to apply'], problems: [], json };
  return {
    lines: [
      `  database: ${pending.length} to apply, all in one transaction:`,
      ...pending.map((each) => `    ${each}`),
      `  stop the service, then ${TOOL} upgrade or the next start applies them`,
      ...(mode === 'trial' || applied === 0
        ? []
        : [
            backup
              ? '  a backup is made before'
              : `! no backup can be made before: set BACKUP_TARGET (docs/operating/backup.md), or ${TOOL} upgrade --without-backup`,
          ]),
    ],
    problems: [],
    json,
  };
}
