/** The thread in which texts are checked: it knows flows and files, and is told what is said otherwise. */
import { createHash } from 'node:crypto';
import { parentPort } from 'node:worker_threads';
import type { Problem } from '../../conversation/checks/problem.ts';
import type { TextFiles } from '../../conversation/words/texts.ts';
import { addedProblems, type Ground } from './added.ts';
import type { Answer, Asked } from './check-thread.ts';

/** The last ones: a process has one ground, and checks what was proposed once more when it counts. */
const MOST_GROUNDS = 8;
const MOST_CHECKED = 64;
const grounds = new Map<number, Ground>();
const checked = new Map<string, Problem[]>();

/** Keeps it as the newest, and the last ones alone. */
function keep<K, V>(all: Map<K, V>, most: number, key: K, value: V): V {
  all.delete(key);
  all.set(key, value);
  for (const old of [...all.keys()].slice(0, -most)) all.delete(old);
  return value;
}

function problemsOf({ ground: number, know, languages, trees }: Asked): Problem[] {
  const ground = know ?? grounds.get(number);
  if (!ground) throw new Error('nothing is known of these files');
  keep(grounds, MOST_GROUNDS, number, ground);
  const key = createHash('sha256')
    .update(JSON.stringify([number, languages, trees]))
    .digest('hex');
  const files = Object.fromEntries(
    languages.map((each) => [each, trees[each] ?? ground.ofFiles[each] ?? {}]),
  ) as TextFiles;
  return keep(checked, MOST_CHECKED, key, checked.get(key) ?? addedProblems(ground, files, languages));
}

function answerTo(asked: Asked): Answer {
  try {
    return { id: asked.id, problems: problemsOf(asked) };
  } catch (error) {
    return { id: asked.id, failure: error instanceof Error ? error.message : String(error) };
  }
}

parentPort?.on('message', (asked: Asked) => parentPort?.postMessage(answerTo(asked)));
