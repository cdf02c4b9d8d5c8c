/** What every command of `lakana` has in common: `--json`, one line for an error, an exit code. */
import type { Command } from 'commander';
import { isConnectionError } from '../db/failure.ts';
import { whyNoDatabase } from '../db/why-not.ts';
import { LakanaError } from '../kernel/errors.ts';
import { reduceError } from '../kernel/log.ts';

/** What a command found or did: for people as text, for machines as data. */
export type Result = {
  text: string;
  json: unknown;
  /** One line of several that this command prints for machines. */
  isLine?: boolean;
  /** Default 0. */
  exitCode?: number;
};

/** Adds a command with `--json` and gives its action a way to end. */
export function addCommand<Options extends object>(
  parent: Command,
  usage: string,
  description: string,
  act: (options: Options, ...parts: string[]) => Promise<Result>,
): Command {
  return parent
    .command(usage)
    .description(description)
    .option('--json', 'for machines')
    .action(async (...given: unknown[]) => {
      // commander hands over the arguments, then the options, then the command.
      const options = given.at(-2) as Options & { json?: boolean };
      await finish(options.json === true, () => act(options, ...(given.slice(0, -2) as string[])));
    });
}

async function finish(isJson: boolean, act: () => Promise<Result>): Promise<void> {
  try {
    const result = await act();
    process.stdout.write(
      isJson ? `${JSON.stringify(result.json, null, result.isLine ? 0 : 2)}\n` : endLine(result.text),
    );
    process.exitCode = result.exitCode ?? 0;
  } catch (thrown) {
    const { code, message } = said(thrown);
    if (isJson) process.stdout.write(`${JSON.stringify({ error: { code, message } }, null, 2)}\n`);
    else process.stderr.write(`✗ ${message}\n`);
    process.exitCode = 1;
  }
}

const endLine = (text: string): string => (text === '' || text.endsWith('\n') ? text : `${text}\n`);

/** One line about anything thrown. Errors of libraries carry parameters and addresses: only their codes are shown. */
export function said(thrown: unknown): { code: string; message: string } {
  if (thrown instanceof LakanaError) return { code: thrown.code, message: thrown.message };
  const { error, code } = reduceError(thrown);
  if (isFileError(thrown))
    return { code: thrown.code, message: `${thrown.path}: ${FILE_ERRORS[thrown.code] ?? thrown.code}` };
  if (isConnectionError(thrown) || isSignInError(code)) {
    const why = whyNoDatabase(thrown);
    const message = why
      ? `DATABASE_URL ${why.problem}: ${why.mend}`
      : `the database cannot be reached (${code}): see that it runs and DATABASE_URL is right`;
    return { code: code ?? 'unreachable', message };
  }
  return { code: code ?? error, message: `this did not work (${[error, code].filter(Boolean).join(', ')})` };
}

/** Wrong user or password, no database of this name. */
const isSignInError = (code = ''): boolean => ['28P01', '28000', '3D000'].includes(code);

const FILE_ERRORS: Record<string, string> = {
  ENOENT: 'there is no such file or directory',
  EACCES: 'this user may not read or write it',
  EEXIST: 'is there already, and is not overwritten',
  EISDIR: 'is a directory',
  ENOSPC: 'the disk is full',
};

function isFileError(thrown: unknown): thrown is { code: string; path: string } {
  const error = thrown as { code?: unknown; path?: unknown; syscall?: unknown } | null;
  return typeof error?.path === 'string' && typeof error.code === 'string' && error.syscall !== 'connect';
}

/** Columns of equal width. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths: number[] = [];
  for (const row of rows)
    for (const [n, cell] of row.entries()) widths[n] = Math.max(widths[n] ?? 0, cell.length);
  return rows
    .map(
      (row) =>
        `${row
          .map((cell, n) => cell.padEnd(widths[n] ?? 0))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('');
}
