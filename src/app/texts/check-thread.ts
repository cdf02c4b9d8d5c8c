/**
 * Texts are checked in a thread of their own: the process that takes messages and pages people goes on meanwhile.
 *
 * Invariants: one thread for the whole process, which does one check after the other; it begins with the first check and ends
 * when nobody has asked for a minute; one that falls refuses what was asked of it, and the next check begins another.
 */
import { Worker } from 'node:worker_threads';
import type { Problem } from '../../conversation/checks/problem.ts';
import { valuesOf } from '../../conversation/flows/compile.ts';
import type { TextFiles } from '../../conversation/words/texts.ts';
import { minutes, seconds } from '../../kernel/time.ts';
import type { LivingContent } from '../ground/living-content.ts';
import type { Ground } from './added.ts';

export type Asked = {
  id: number;
  /** Which flows and files; `know`: what they are, the first time. */
  ground: number;
  know?: Ground;
  languages: readonly string[];
  /** What languages say, where it is not what the files say. */
  trees: Readonly<Record<string, TextFiles[string]>>;
};
export type Answer = { id: number; problems: Problem[] } | { id: number; failure: string };

const IDLE = minutes(1);
/** A check is half a second of work. */
const PATIENCE = seconds(60);
const HEAP_MB = 256;

type Waiting = { done: (problems: Problem[]) => void; fail: (error: Error) => void };
type Thread = { worker: Worker; waiting: Map<number, Waiting>; known: WeakSet<TextFiles> };

let thread: Thread | undefined;
let idle: NodeJS.Timeout | undefined;
let asked = 0;
let grounds = 0;
const numbers = new WeakMap<TextFiles, number>();

/** What the check says of all this that it does not say of the files alone. */
export function checkApart(
  { flows, ofFiles }: Pick<LivingContent, 'flows' | 'ofFiles'>,
  files: TextFiles,
  languages: readonly string[],
): Promise<Problem[]> {
  const ground = numbers.get(ofFiles) ?? ++grounds;
  numbers.set(ofFiles, ground);
  const running = runningThread();
  const isKnown = running.known.has(ofFiles);
  const message: Asked = {
    id: ++asked,
    ground,
    ...(isKnown ? {} : { know: { flows: valuesOf(flows), ofFiles } }),
    languages,
    trees: Object.fromEntries(
      languages.flatMap((each) => {
        const said = files[each];
        return said === undefined || said === ofFiles[each] ? [] : [[each, said]];
      }),
    ),
  };
  return new Promise((done, fail) => {
    running.worker.postMessage(message);
    running.known.add(ofFiles);
    running.waiting.set(message.id, { done, fail });
    running.worker.ref();
    clearTimeout(idle);
    idle = setTimeout(() => end(running, 'a check of texts took too long'), PATIENCE).unref();
  });
}

function runningThread(): Thread {
  if (thread) return thread;
  const worker = new Worker(new URL('./check-worker.ts', import.meta.url), {
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
  });
  const begun: Thread = { worker, waiting: new Map(), known: new WeakSet() };
  worker.on('message', (answer: Answer) => take(begun, answer));
  worker.on('error', (error) => end(begun, error.message));
  worker.on('exit', () => end(begun, 'the thread that checks texts has ended'));
  thread = begun;
  return begun;
}

function take(from: Thread, answer: Answer): void {
  const { waiting, worker } = from;
  const asker = waiting.get(answer.id);
  waiting.delete(answer.id);
  if (waiting.size === 0) {
    // It holds up no process that wants to end.
    worker.unref();
    clearTimeout(idle);
    idle = setTimeout(() => end(from, 'nobody asks'), IDLE).unref();
  }
  if ('failure' in answer) asker?.fail(new Error(answer.failure));
  else asker?.done(answer.problems);
}

function end(fallen: Thread, why: string): void {
  if (thread === fallen) {
    thread = undefined;
    clearTimeout(idle);
  }
  for (const { fail } of fallen.waiting.values()) fail(new Error(why));
  fallen.waiting.clear();
  void fallen.worker.terminate();
}
