import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { expect } from 'vitest';
import { type Asking, Left } from '../../src/commands/going-live/asking.ts';

const PROGRAM = resolve(import.meta.dirname, 'unguarded-cli.ts');

/** A person in front of a command of ours that asks. */
export const typesTo = (args: string[], folder: string) =>
  talkWith(
    spawn(process.execPath, [PROGRAM, ...args], {
      cwd: folder,
      env: { PATH: process.env.PATH },
      stdio: 'pipe',
    }),
  );

/** A person in front of a program that asks: reads what it says, types an answer, presses Ctrl-C. */
export function talkWith(child: ChildProcess) {
  const ended = once(child, 'close').then(([code]) => code as number | null);
  let said = '';
  let seen = 0;
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk) => {
      said += String(chunk);
    });
  /** Waits until this is said, after what was waited for before. */
  const reads = async (words: string): Promise<string> => {
    await expect.poll(() => said.slice(seen), { timeout: 30_000, interval: 20 }).toContain(words);
    const at = said.indexOf(words, seen) + words.length;
    const before = said.slice(seen, at);
    seen = at;
    return before;
  };
  return {
    reads,
    /** Waits for the question, and answers it. */
    async answers(question: string, answer: string): Promise<void> {
      await reads(question);
      await reads('> ');
      child.stdin?.write(`${answer}\n`);
    },
    pressesCtrlC: () => void child.kill('SIGINT'),
    /** Nothing more is typed: the terminal was closed. */
    goes: () => void child.stdin?.end(),
    ended,
    said: () => said,
    leaves: () => void child.kill('SIGKILL'),
  };
}

/** A person who gives these answers, one after the other, and is gone at the next question. */
export function leavesAfter(...answers: string[]): Asking & { asked: string[]; heard: string[] } {
  const asked: string[] = [];
  const heard: string[] = [];
  return {
    asked,
    heard,
    say: (...lines) => void heard.push(...lines),
    async ask(question) {
      asked.push(question);
      const answer = answers[asked.length - 1];
      if (answer === undefined) throw new Left();
      return answer;
    },
  };
}
