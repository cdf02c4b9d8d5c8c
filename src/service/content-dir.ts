/**
 * What is wrong with the installation's own content (`CONTENT_DIR`): seen before anything is started.
 *
 * Invariant: of a folder that is set everything in it counts, or the start says what does not: a sentence that a person
 * mended and that nobody reads would be worse than none.
 */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { asIs, type Line, line, otherInRoom } from '../app/ground/lines.ts';
import { loadFlows } from '../app/ground/load-flows.ts';
import { type SaidProblem, saidProblem } from '../config-keys.ts';
import { checkContent } from '../conversation/checks/check.ts';
import { type Problem as ContentProblem, problemLine } from '../conversation/checks/problem.ts';
import { PAGE_KEYS } from '../conversation/words/page-keys.ts';
import { LakanaError } from '../kernel/errors.ts';
import { LOCALES, PROJECT } from '../kernel/project.ts';
import { calendarDay } from '../kernel/time.ts';

/** The first thing that is wrong with it; undefined: nothing, or there is none. */
export async function contentProblem(own: string | undefined): Promise<SaidProblem | undefined> {
  if (own === undefined) return undefined;
  const wrong = (what: Line, mend: Line) => saidProblem('CONTENT_DIR', what, mend);
  const there = await readdir(own).catch((error: NodeJS.ErrnoException) => error);
  if (!Array.isArray(there))
    return wrong(line('content.unread', { place: `${own}, ${there.code}` }), line('content.give'));
  if (!there.includes('flows') && !there.includes('locales'))
    return wrong(line('content.empty', { place: own }), line('content.give'));
  const unread = await whatNobodyReads(own);
  if (unread) return wrong(line('content.strange', { file: unread }), line('content.strange_mend'));
  const problems = await problemsOf(own).catch((error: unknown) => {
    if (error instanceof LakanaError || isFileError(error)) return error.message;
    throw error;
  });
  if (typeof problems === 'string') {
    const mend = asIs(problems.replaceAll('CONTENT_DIR/', `${own}/`));
    return wrong(line('content.unusable'), otherInRoom(mend, line('content.to_mend_mend')));
  }
  const [first] = problems;
  if (!first) return undefined;
  const toMend = (named: string) => line('content.to_mend', { number: problems.length, first: named });
  const place = `${first.file}, ${first.key}`;
  return wrong(otherInRoom(toMend(problemLine(first)), toMend(place)), line('content.to_mend_mend'));
}

const isFileError = (error: unknown): error is NodeJS.ErrnoException =>
  error instanceof Error && 'syscall' in error;

/** Files of texts that no part of the program asks for, and those that are built into the pages of a browser. */
async function whatNobodyReads(own: string): Promise<string | undefined> {
  const { textFiles, flows } = await loadFlows(
    { flows: `${PROJECT}flows`, locales: LOCALES },
    { defaultLanguage: 'fr' },
  );
  const known = new Set([
    ...Object.values(textFiles).flatMap((files) => Object.keys(files)),
    ...flows.flows.keys(),
  ]);
  for (const page of Object.keys(PAGE_KEYS)) known.delete(page);
  const ownFlows = await yamlIn(join(own, 'flows'));
  const names = new Set([...known, ...ownFlows]);
  for (const language of await readdir(join(own, 'locales')).catch(() => []))
    for (const name of await yamlIn(join(own, 'locales', language)))
      if (!names.has(name)) return `locales/${language}/${name}.yaml`;
  return undefined;
}

const yamlIn = async (folder: string): Promise<string[]> =>
  (await readdir(folder).catch(() => [])).flatMap((name) => /^(.+)\.yaml$/.exec(name)?.[1] ?? []);

/** What the check says with it, and does not say without it. */
async function problemsOf(own: string): Promise<ContentProblem[]> {
  const folders = { flows: `${PROJECT}flows`, locales: LOCALES };
  const today = calendarDay(new Date(), 'Africa/Bamako');
  const [program, all] = await Promise.all(
    [folders, { ...folders, own }].map(async (each) => {
      const { flows, textFiles, triageRules } = await loadFlows(each, { defaultLanguage: 'fr' });
      return checkContent({ flows, texts: textFiles, triage: triageRules, today });
    }),
  );
  const before = new Set((program ?? []).map(problemLine));
  const added = (all ?? []).filter((each) => !before.has(problemLine(each)));
  // What stands in the folder first: what it makes wrong elsewhere is mended with it.
  const isHere = new Set((await readdir(own, { recursive: true })).map((path) => path.replaceAll('\\', '/')));
  return added.sort((a, b) => Number(isHere.has(b.file)) - Number(isHere.has(a.file)));
}
