import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import type { Typed } from './shell.ts';

const SHELL = resolve(import.meta.dirname, 'shell.ts');

export type Said = { code: number | null; out: string; err: string };

/** Runs the commands of all operators, one after the other, as long as this worker of the tests lives. */
let shared: ChildProcess | undefined;
let isBusy = false;

/**
 * An operator's shell: a folder of its own, only the settings that are given, and `lakana`. Commands are run by one process
 * after each other; what is watched, or typed while another one still runs, by one of its own as `src/cli.ts`, but for its look at the folder.
 */
export async function operator(settings: Record<string, string> = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'lakana-operator-'));
  const program = resolve(import.meta.dirname, 'unguarded-cli.ts');
  /** A process of this operator's alone, where Node itself is given something. */
  let own: ChildProcess | undefined;
  const shellIn = (env: NodeJS.ProcessEnv): ChildProcess => {
    if (env.NODE_OPTIONS !== undefined) {
      own ??= openShell(env);
      return own;
    }
    shared ??= openShell({ PATH: env.PATH });
    return shared;
  };
  const lakana = async (...args: string[]): Promise<Said> => {
    if (isBusy) return run(program, args, folder, settings);
    isBusy = true;
    const env = { PATH: process.env.PATH, ...settings };
    try {
      return await ask(shellIn(env), { args, cwd: folder, env });
    } finally {
      isBusy = false;
    }
  };
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
    async leaves(): Promise<void> {
      own?.kill('SIGKILL');
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function openShell(env: NodeJS.ProcessEnv): ChildProcess {
  const stdio = ['ignore', 'inherit', 'inherit', 'ipc'] as const;
  const shell = fork(SHELL, [], { cwd: tmpdir(), env, execArgv: [], stdio: [...stdio] });
  shell.once('exit', () => {
    if (shell === shared) shared = undefined;
  });
  // It ends when this worker does, and does not keep it.
  shell.unref();
  shell.channel?.unref();
  return shell;
}

/** What the shell says to a command; its end is an error of the test's. */
function ask(shell: ChildProcess, typed: Typed): Promise<Said> {
  return new Promise((done, failed) => {
    const ended = () => failed(new Error(`the shell ended at: lakana ${typed.args.join(' ')}`));
    shell.once('exit', ended);
    shell.once('message', (said) => {
      shell.off('exit', ended);
      done(said as Said);
    });
    shell.send(typed);
  });
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
