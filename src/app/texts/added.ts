/** What a text adds to what the check of flows says: pure, and about half a second of work for three languages. */
import { checkSaid } from '../../conversation/checks/check.ts';
import { type Problem, problemLine } from '../../conversation/checks/problem.ts';
import type { FlowValues } from '../../conversation/flows/compile.ts';
import type { TextFiles } from '../../conversation/words/texts.ts';

/** What does not change while a process runs. */
export type Ground = { flows: FlowValues; ofFiles: TextFiles };

/** What the check says of the files, by the languages it looks at: what is laid over them never adds to it. */
const ofFilesSaid = new WeakMap<TextFiles, Map<string, ReadonlySet<string>>>();

function linesOfFiles({ flows, ofFiles }: Ground, languages: readonly string[]): ReadonlySet<string> {
  const known = ofFilesSaid.get(ofFiles) ?? new Map<string, ReadonlySet<string>>();
  ofFilesSaid.set(ofFiles, known);
  const lines =
    known.get(languages.join()) ?? new Set(look(flows, ofFiles, languages).map((each) => problemLine(each)));
  known.set(languages.join(), lines);
  return lines;
}

/** What the check says of all this that it does not say of the files alone. */
export function addedProblems(ground: Ground, files: TextFiles, languages: readonly string[]): Problem[] {
  const known = linesOfFiles(ground, languages);
  return look(ground.flows, files, languages).filter((each) => !known.has(problemLine(each)));
}

function look(flows: FlowValues, files: TextFiles, languages: readonly string[]): Problem[] {
  return checkSaid({
    flows,
    texts: Object.fromEntries(languages.map((each) => [each, files[each] ?? {}])),
  });
}
