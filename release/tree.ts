/** What a machine needs to run the service, gathered in one folder: the program, its pages, the packages of production, and Node. */
import { existsSync } from 'node:fs';
import { copyFile, link, mkdir, readdir, readFile, readlink, stat, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pagesFault } from '../src/service/pages.ts';

/** Of the project's own; everything else serves those who develop. */
const OWN = [
  'CONTRIBUTING.md',
  'LICENSE',
  'README.md',
  'SECURITY.md',
  'dist',
  'docs',
  'drizzle',
  'flows',
  'lakana',
  'locales',
  'package-lock.json',
  'package.json',
  'src',
];

/** What only a compiler reads. */
const TYPES = /^node_modules\/@types(cript)?\//;

type Package = { dev?: boolean; devOptional?: boolean };

/** The packages of production that are installed here: paths below `project`. Those of other platforms are not. */
export async function packagesOf(project: string): Promise<string[]> {
  const { packages } = JSON.parse(await readFile(join(project, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, Package>;
  };
  return Object.entries(packages).flatMap(([path, { dev, devOptional }]) =>
    path !== '' && !dev && !devOptional && !TYPES.test(path) && existsSync(join(project, path)) ? [path] : [],
  );
}

/**
 * Gathers it in the new folder `to`. Throws if the pages are not those that are published with this version. `isLinked`: files of
 * packages are not copied but have a second name, for a test.
 */
export async function gather(project: string, to: string, { isLinked = false } = {}): Promise<void> {
  const fault = await pagesFault(project);
  if (fault) throw new Error(`the pages are ${fault.is} (${fault.file}): npm run hashes, and commit them`);
  await mkdir(to, { recursive: true });
  for (const name of OWN) await take(join(project, name), join(to, name), copyFile);
  const packages = await packagesOf(project);
  for (const path of packages) await take(join(project, path), join(to, path), isLinked ? link : copyFile);
}

/** Node's package holds, below it, what its program was linked from, and headers: the program alone is taken. */
const LEFT_OUT = new Set(['node_modules', '.cache']);

async function take(
  from: string,
  to: string,
  put: (from: string, to: string) => Promise<void>,
): Promise<void> {
  const found = await stat(from);
  if (!found.isDirectory()) {
    await mkdir(dirname(to), { recursive: true });
    return put(from, to);
  }
  await mkdir(to, { recursive: true });
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isSymbolicLink()) await symlink(await readlink(source), target);
    else if (entry.isDirectory()) {
      if (!LEFT_OUT.has(entry.name)) await take(source, target, put);
    } else await put(source, target);
  }
}
