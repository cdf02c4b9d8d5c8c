/**
 * Whether the pages that browsers get are there, whole, and made from what lies here: `dist/made.json`, which the build writes
 * (`vite.sources.ts`), and the hashes that are published with the source (`src/web/console.sha256`). Starting builds nothing: a
 * live service has no right to write in its folder, and nothing to build with.
 */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { line } from '../app/ground/lines.ts';
import { type SaidProblem, saidProblem } from '../config-keys.ts';
import { PROJECT } from '../kernel/project.ts';

/**
 * What is wrong with the pages, and with which file first. `old`: what it was made from has changed since. `unpublished`: the
 * pages are whole, and not those of this version.
 */
export type PagesFault = { is: 'missing' | 'changed' | 'old' | 'unpublished'; file: string };

const Hashes = z.record(z.string(), z.string());
const Made = z.object({ from: Hashes, files: Hashes });
type Made = z.infer<typeof Made>;

const LIST = 'dist/made.json';
const PUBLISHED = 'src/web/console.sha256';
/** Of each language the files that pages are made from. */
const WORDS = ['language.yaml', 'console.yaml', 'simulator.yaml'];

/** What is wrong with the pages of `project`; undefined: they are as they should be. */
export async function pagesFault(project = PROJECT): Promise<PagesFault | undefined> {
  const made = await readMade(project);
  if (!made) return { is: 'missing', file: LIST };
  for (const [name, hash] of Object.entries(made.files)) {
    const file = `dist/${name}`;
    const found = await hashOf(join(project, file));
    if (found !== hash) return { is: found === undefined ? 'missing' : 'changed', file };
  }
  const old = await olderThan(made, project);
  if (old !== undefined) return { is: 'old', file: old };
  const other = await unpublished(made, project);
  return other === undefined ? undefined : { is: 'unpublished', file: `dist/console/${other}` };
}

/** The fault in the operator's words; `project`: whose tools are at hand. */
export function pagesProblem({ is, file }: PagesFault, project = PROJECT): SaidProblem {
  const canBuild = existsSync(join(project, 'node_modules/.bin/vite'));
  const mend =
    is === 'unpublished'
      ? line(canBuild ? 'pages.hashes' : 'pages.take_version')
      : line(canBuild ? 'pages.build' : 'pages.take');
  return saidProblem('pages', line(`pages.${is}`, { file }), mend);
}

/** What of it stops a trial: nobody is to look at pages that are broken, or not of what lies here. */
export const stopsTrial = ({ is }: PagesFault): boolean => is !== 'unpublished';

async function readMade(project: string): Promise<Made | undefined> {
  const text = await readFile(join(project, LIST), 'utf8').catch(() => '');
  try {
    return Made.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** A file that was made use of and is another one now, or words that were not there. What is gone was named by one that changed. */
async function olderThan({ from }: Made, project: string): Promise<string | undefined> {
  for (const [file, hash] of Object.entries(from)) {
    const found = await hashOf(join(project, file));
    if (found !== undefined && found !== hash) return file;
  }
  const languages = await readdir(join(project, 'locales')).catch(() => []);
  return languages
    .flatMap((language) => WORDS.map((name) => `locales/${language}/${name}`))
    .find((file) => !(file in from) && existsSync(join(project, file)));
}

async function unpublished({ files }: Made, project: string): Promise<string | undefined> {
  const list = await readFile(join(project, PUBLISHED), 'utf8').catch(() => '');
  const lines = list
    .trim()
    .split('\n')
    .map((line) => line.split('  '));
  return lines.find(([hash, name]) => files[`console/${name}`] !== hash)?.[1] ?? undefined;
}

/** Undefined: it cannot be read. */
async function hashOf(path: string): Promise<string | undefined> {
  const bytes = await readFile(path).catch(() => undefined);
  return bytes && createHash('sha256').update(bytes).digest('hex');
}
