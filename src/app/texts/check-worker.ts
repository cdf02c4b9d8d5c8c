/** The thread in which texts are checked: it knows flows and files, and is told what is said otherwise. */
import { parentPort } from 'node:worker_threads';
import type { TextFiles } from '../../conversation/words/texts.ts';
import { addedProblems, type Ground } from './added.ts';
import type { Answer, Asked } from './check-thread.ts';

/** The last ones: a process has one, tests have some. */
const MOST = 4;
const grounds = new Map<number, Ground>();

function groundOf({ ground, know }: Asked): Ground {
  const found = know ?? grounds.get(ground);
  if (!found) throw new Error('nothing is known of these files');
  grounds.delete(ground);
  grounds.set(ground, found);
  for (const old of [...grounds.keys()].slice(0, -MOST)) grounds.delete(old);
  return found;
}

function answerTo(asked: Asked): Answer {
  const { id, languages, trees } = asked;
  try {
    const ground = groundOf(asked);
    const files = Object.fromEntries(
      languages.map((each) => [each, trees[each] ?? ground.ofFiles[each] ?? {}]),
    ) as TextFiles;
    return { id, problems: addedProblems(ground, files, languages) };
  } catch (error) {
    return { id, failure: error instanceof Error ? error.message : String(error) };
  }
}

parentPort?.on('message', (asked: Asked) => parentPort?.postMessage(answerTo(asked)));
