/** What every command of `lakana` has in common: `--json`, one line for an error, an exit code. */
import type { Command } from 'commander';
import { said } from '../service/thrown-in-words.ts';

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
