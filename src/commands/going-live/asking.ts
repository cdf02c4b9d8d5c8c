/** One question after the other, over a terminal or a pipe. */
import { createInterface } from 'node:readline';

/** The person went: Ctrl-C, or nothing more comes. */
export class Left extends Error {}

export type Asking = {
  say(...lines: string[]): void;
  /** What was answered, without spaces around it. Rejects with `Left`. */
  ask(question: string): Promise<string>;
};

type Terminal = { input: NodeJS.ReadStream; output: NodeJS.WriteStream };

/** Asks on these; `close` gives them back. Lines that come before they are asked for wait. */
export function openTerminal({ input, output }: Terminal): Asking & { close(): void } {
  const lines = createInterface({ input, output, terminal: input.isTTY === true });
  const waiting: string[] = [];
  let hasLeft = false;
  let answered: ((line: string | undefined) => void) | undefined;
  const give = (line: string | undefined): void => {
    const answer = answered;
    answered = undefined;
    if (answer) answer(line);
    else if (line !== undefined) waiting.push(line);
  };
  const leave = (): void => {
    hasLeft = true;
    give(undefined);
  };
  lines.on('line', give);
  lines.on('close', leave);
  // In a terminal Ctrl-C is a key, else a signal.
  lines.on('SIGINT', leave);
  process.on('SIGINT', leave);
  return {
    say: (...said) => void output.write(`${said.join('\n')}\n`),
    async ask(question) {
      lines.setPrompt(`${question}\n> `);
      lines.prompt();
      const line =
        waiting.shift() ??
        (hasLeft ? undefined : await new Promise<string | undefined>((done) => (answered = done)));
      if (line === undefined) throw new Left();
      return line.trim();
    },
    close() {
      process.off('SIGINT', leave);
      lines.close();
    },
  };
}

/** Asks until it is a yes or a no. */
export async function askYes(asking: Asking, question: string): Promise<boolean> {
  for (;;) {
    const answer = (await asking.ask(`${question} (yes or no)`)).toLowerCase();
    if (['y', 'yes', 'o', 'oui'].includes(answer)) return true;
    if (['n', 'no', 'non'].includes(answer)) return false;
    asking.say('✗ Say yes or no.');
  }
}

/** Asks until the answer is one: `wrong` says what is not right with it. */
export async function askUntil(
  asking: Asking,
  question: string,
  wrong: (answer: string) => string | undefined | Promise<string | undefined>,
): Promise<string> {
  for (;;) {
    const answer = await asking.ask(question);
    const what = await wrong(answer);
    if (what === undefined) return answer;
    asking.say(`✗ ${what}`);
  }
}
