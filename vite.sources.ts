/**
 * From what the pages were built: `dist/made.json` lists every file of ours that went into them and every file that came of
 * it, with their hashes. A start compares (`src/service/pages.ts`), so that nobody is shown pages that are older than what they
 * are made from, or cut off by a disk.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import type { Plugin } from 'vite';

/** The last of the two builds; the list is whole then. */
const LAST = 'console';

/** `project`, `locales`, `dist`: absolute paths. */
export function fromSources(project: string, locales: string, dist: string): Plugin {
  const sources = new Set<string>();
  const list = join(dist, 'made.json');
  const ours = (path: string): boolean =>
    path.startsWith(project + sep) && !path.includes(`${sep}node_modules${sep}`);
  return {
    name: 'from-sources',
    sharedDuringBuild: true,
    // One that is broken off leaves no list that would vouch for what it left.
    buildStart: () => rmSync(list, { force: true }),
    generateBundle() {
      for (const id of this.getModuleIds()) {
        const path = id.replace(/\?.*$/, '');
        if (ours(path)) sources.add(path);
      }
    },
    closeBundle() {
      if (this.environment.name !== LAST) return;
      const settings = ['vite.config.ts', 'vite.words.ts', 'src/web/tsconfig.json'];
      for (const name of settings) sources.add(join(project, name));
      for (const path of [...wordsOf(locales), ...picturesOf(join(project, 'src/web'))]) sources.add(path);
      const made = {
        from: hashes(project, [...sources]),
        files: hashes(
          dist,
          ['web', 'console'].flatMap((folder) => filesUnder(join(dist, folder))),
        ),
      };
      writeFileSync(list, `${JSON.stringify(made, null, 1)}\n`);
    },
  };
}

/** What pages say, by language; and which language has been read. */
const PAGES = ['language.yaml', 'console.yaml', 'simulator.yaml'];
const wordsOf = (locales: string): string[] =>
  filesUnder(locales).filter((path) => PAGES.some((name) => path.endsWith(sep + name)));

/** What a page names in its markup alone. */
const picturesOf = (folder: string): string[] =>
  filesUnder(folder).filter((path) => /\.(svg|webmanifest)$/.test(path));

const filesUnder = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true }).flatMap((entry) =>
    entry.isFile() ? [join(entry.parentPath, entry.name)] : [],
  );

const hashes = (folder: string, paths: readonly string[]): Record<string, string> =>
  Object.fromEntries(
    [...paths]
      .sort()
      .map((path) => [
        relative(folder, path).replaceAll(sep, '/'),
        createHash('sha256').update(readFileSync(path)).digest('hex'),
      ]),
  );
