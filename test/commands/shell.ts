/**
 * A process in which one command after the other is run, so that a test waits once for the program to be read. Speaks
 * over its parent's channel: a `Typed` comes, a `Said` goes.
 */
import { CommanderError } from 'commander';
import { createProgram } from '../../src/commands/program.ts';
import type { Said } from './lakana.ts';

/** What was typed, in which folder, with which environment. */
export type Typed = { args: string[]; cwd: string; env: Record<string, string | undefined> };

type Program = ReturnType<typeof createProgram>;

process.once('disconnect', () => process.exit());
process.on('message', (typed: Typed) => {
  void run(typed).then((said) => process.send?.(said));
});

async function run({ args, cwd, env }: Typed): Promise<Said> {
  for (const name of Object.keys(process.env)) delete process.env[name];
  Object.assign(process.env, env);
  process.chdir(cwd);
  process.exitCode = 0;
  const out = keepWrites(process.stdout);
  const err = keepWrites(process.stderr);
  let code = 0;
  try {
    const program = createProgram();
    throwAtTheEnd(program);
    await program.parseAsync(args, { from: 'user' });
    code = Number(process.exitCode ?? 0);
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    code = error.exitCode;
  }
  return { code, out: out(), err: err() };
}

/** A wrong option must not end this process. */
function throwAtTheEnd(program: Program): void {
  program.exitOverride();
  for (const command of program.commands) throwAtTheEnd(command as Program);
}

/** Keeps what is written instead of printing it; returns what gives it, and lets the stream print again. */
function keepWrites(stream: NodeJS.WriteStream): () => string {
  const { write } = stream;
  const kept: Buffer[] = [];
  const keep = (chunk: string | Uint8Array, ...more: unknown[]): boolean => {
    kept.push(Buffer.from(chunk as Uint8Array));
    const done = more.find((each) => typeof each === 'function') as (() => void) | undefined;
    if (done) process.nextTick(done);
    return true;
  };
  stream.write = keep as typeof write;
  return () => {
    stream.write = write;
    return Buffer.concat(kept).toString();
  };
}
