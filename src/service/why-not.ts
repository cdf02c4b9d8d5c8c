/** Why a start failed: which setting it is about, and the mend. `doctor` says the same. */
import { join } from 'node:path';
import type { Config } from '../config.ts';
import type { Problem } from '../config-keys.ts';
import { problem } from '../config-keys.ts';
import { MAY_NOT_CREATE } from '../db/migrate.ts';
import { whyNoDatabase } from '../db/why-not.ts';
import { LakanaError } from '../kernel/errors.ts';
import { reduceError } from '../kernel/log.ts';
import { TOOL } from '../kernel/tool.ts';
import { problemLine } from './banner.ts';
import { listenProblem, unusable } from './before-start.ts';

type Given = Pick<Config, 'databaseUrl' | 'dataDir' | 'port'>;

/** One line without its end. A `LakanaError` names setting and mend itself; anything else is told by its code. */
export function whyNot(thrown: unknown, config: Given): string {
  const known = settingBehind(thrown, config);
  if (known) return problemLine(known);
  if (thrown instanceof LakanaError) return `${onOneLine(thrown.message)} (${thrown.code})`;
  const { error, code } = reduceError(thrown);
  const what = [error, code].filter(Boolean).join(', ');
  return `something unexpected happened (${what}): ${TOOL} doctor says more`;
}

/** Mostly a line of postgresql.conf that is wrong, or a disk. */
const notStarted = (dataDir: string): Problem =>
  problem(
    'DATA_DIR',
    `holds a PostgreSQL that does not start (${join(dataDir, 'postgres')})`,
    'the reason is in start.log or log/ there: mend what it says (a line of postgresql.conf, the disk), then start again',
  );

/** The setting that an error is about, if it is the system's or the database's and one can tell. */
export function settingBehind(thrown: unknown, { databaseUrl, dataDir, port }: Given): Problem | undefined {
  if (thrown instanceof LakanaError) {
    if (thrown.code === 'may_not_create') return problem('DATABASE_URL', ...MAY_NOT_CREATE);
    return thrown.code === 'database_not_started' ? notStarted(dataDir) : undefined;
  }
  const { code = 'unknown' } = reduceError(thrown);
  const { syscall, path } = (thrown ?? {}) as { syscall?: unknown; path?: unknown };
  if (syscall === 'listen') return listenProblem(code, port);
  if (typeof path === 'string' && path.startsWith(dataDir)) return unusable(path, code);
  const database = databaseUrl && whyNoDatabase(thrown);
  return database && { setting: 'DATABASE_URL', ...database };
}

function onOneLine(message: string): string {
  const lines = message.split('\n').map((line) => line.trim());
  return lines.filter((line) => line !== '').join(' ');
}
