import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';

export type Said = { code: number | null; out: string; err: string };

/** An operator's shell: a folder of its own, only the settings that are given, and `lakana`. */
export async function operator(settings: Record<string, string> = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'lakana-operator-'));
  const program = resolve(import.meta.dirname, '../../src/cli.ts');
  const lakana = (...args: string[]) => run(program, args, folder, settings);
  return {
    folder,
    settings,
    lakana,
    /** The same with `--json`, parsed. */
    async asks(...args: string[]) {
      const said = await lakana(...args, '--json');
      // biome-ignore lint/suspicious/noExplicitAny: what commands print is checked field by field
      return { code: said.code, json: JSON.parse(said.out) as any };
    },
    /** Hears each line as it is printed, and may press Ctrl-C; resolves with the exit code. */
    async watches(
      args: string[],
      hears: (line: string, pressCtrlC: () => void) => void,
    ): Promise<number | null> {
      const child = start(program, args, folder, settings);
      createInterface({ input: child.stdout }).on('line', (line) => hears(line, () => child.kill('SIGINT')));
      const [code] = (await once(child, 'close')) as [number | null];
      return code;
    },
    leaves: () => rm(folder, { recursive: true, force: true }),
  };
}

function start(program: string, args: string[], cwd: string, settings: Record<string, string>) {
  return spawn(process.execPath, [program, ...args], {
    cwd,
    env: { PATH: process.env.PATH, ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

function run(program: string, args: string[], cwd: string, settings: Record<string, string>): Promise<Said> {
  const child = start(program, args, cwd, settings);
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
  return new Promise((done, failed) => {
    child.once('error', failed);
    child.once('close', (code) =>
      done({ code, out: Buffer.concat(out).toString(), err: Buffer.concat(err).toString() }),
    );
  });
}
