/**
 * What can be seen before anything is started: whether the folder can be written to, whether there is a place to listen,
 * whether the languages are there. The start asks, and so does `doctor`.
 *
 * Invariant: looking leaves nothing behind.
 */

import { lookup } from 'node:dns/promises';
import { mkdtemp, readdir, readFile, rmdir, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';
import { readOwnTexts } from '../app/ground/load-flows.ts';
import type { Config } from '../config.ts';
import type { Problem } from '../config-keys.ts';
import { problem } from '../config-keys.ts';
import { withOwnTexts } from '../conversation/said/own-texts.ts';
import { isReviewed, type TextFiles } from '../conversation/words/texts.ts';
import { clusterFault } from '../db/cluster.ts';
import { LOCALES } from '../kernel/project.ts';
import { contentProblem } from './content-dir.ts';

/** What stops the start. `isListening`: the service runs already, so its port is its own. */
export async function problemsBefore(
  config: Pick<
    Config,
    | 'dataDir'
    | 'databaseUrl'
    | 'contentDir'
    | 'host'
    | 'port'
    | 'languages'
    | 'defaultLanguage'
    | 'isUnreviewedOffered'
  >,
  isListening = false,
  locales = LOCALES,
): Promise<Problem[]> {
  const found = await Promise.all([
    folderProblem(config.dataDir).then(
      (found) => found ?? (config.databaseUrl ? undefined : clusterProblem(config.dataDir)),
    ),
    contentProblem(config.contentDir).then((found) => found ?? languageProblem(config, locales)),
    isListening ? undefined : placeProblem(config.host, config.port),
  ]);
  return found.filter((each) => each !== undefined);
}

/** Tried by writing, at the folder or at what is there of the way to it: rights, quotas and read-only disks all show so. */
async function folderProblem(folder: string): Promise<Problem | undefined> {
  const there = await nearestThere(folder);
  const draft = await mkdtemp(join(there.path, '.lakana-')).catch((error: NodeJS.ErrnoException) => error);
  if (typeof draft === 'string') {
    await rmdir(draft);
    return undefined;
  }
  const { code = 'unknown' } = draft;
  const [what, mend] = !there.isFolder
    ? ['leads through a file', 'give a folder']
    : (FOLDER[code] ?? ['cannot be written to', 'give a folder of a disk that works']);
  return problem(
    'DATA_DIR',
    `${what} (${folder}${there.path === folder ? '' : `: ${there.path}`}, ${code})`,
    mend,
  );
}

/** The database in it: of another user's, or cut. Only that it is not there at all means that one is to be made. */
async function clusterProblem(folder: string): Promise<Problem | undefined> {
  const fault = await clusterFault(join(folder, 'postgres'));
  if (!fault) return undefined;
  return fault.isOther
    ? problem(
        'DATA_DIR',
        `has a folder that is no whole database (${fault.path})`,
        'put a backup back whole, or move that folder away for a new database',
      )
    : unusable(fault.path, fault.code);
}

/** Something in `DATA_DIR` that belongs to another user, mostly to root after a first start as root. */
export const unusable = (path: string, code: string): Problem =>
  problem(
    'DATA_DIR',
    `has something that this user cannot use (${path}, ${code})`,
    code === 'EACCES' || code === 'EPERM'
      ? 'give all of it to the user who runs the service: chown -R'
      : 'see what lies there, and the disk that it lies on',
  );

const MAY_NOT = [
  'may not be written to by this user',
  'give all of it to the user who runs the service: chown -R',
] as const;
const FOLDER: Readonly<Record<string, readonly [string, string]>> = {
  EACCES: MAY_NOT,
  EPERM: MAY_NOT,
  EROFS: ['lies on a disk that is only read', 'give a folder that can be written to'],
  ENOSPC: ['lies on a disk that is full', 'make room there, or give a folder of a bigger disk'],
  EDQUOT: ['lies on a disk that is full for this user', 'make room there, or give a folder of a bigger disk'],
  ENOENT: ['cannot be made there', 'give a folder of a disk'],
};

async function nearestThere(path: string): Promise<{ path: string; isFolder: boolean }> {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => error);
  if ('isDirectory' in found) return { path, isFolder: found.isDirectory() };
  const isMissing = found.code === 'ENOENT' || found.code === 'ENOTDIR';
  if (!isMissing || path === dirname(path)) return { path, isFolder: true };
  return nearestThere(dirname(path));
}

async function languageProblem(
  {
    languages,
    defaultLanguage,
    isUnreviewedOffered,
    contentDir,
  }: Pick<Config, 'languages' | 'defaultLanguage' | 'isUnreviewedOffered' | 'contentDir'>,
  locales: string,
): Promise<Problem | undefined> {
  const own = contentDir ? await readOwnTexts(contentDir) : {};
  const found = (await readdir(locales, { withFileTypes: true })).flatMap((each) =>
    each.isDirectory() ? [each.name] : [],
  );
  const there = [...new Set([...found, ...Object.keys(own)])];
  const missing = [...languages, defaultLanguage].find((each) => !there.includes(each));
  if (missing === undefined)
    return isUnreviewedOffered ? undefined : draftProblem(defaultLanguage, locales, own);
  return problem(
    'LANGUAGES',
    `has ${missing}, which has no texts`,
    `give some of ${there.sort().join(', ')}`,
  );
}

/** What nobody knows better is said in the default language: it cannot be left out. */
async function draftProblem(language: string, locales: string, own: TextFiles): Promise<Problem | undefined> {
  const file = await readFile(join(locales, language, 'language.yaml'), 'utf8').catch(() => '');
  const program = { [language]: { language: parse(file) as unknown } };
  if (isReviewed(withOwnTexts(program, own), language)) return undefined;
  return problem(
    'DEFAULT_LANGUAGE',
    `is ${language}, whose texts no native speaker has read and signed`,
    'give another one, or UNREVIEWED_LANGUAGES=yes',
  );
}

/** Listens there for a moment. */
async function placeProblem(host: string, port: number): Promise<Problem | undefined> {
  const isKnown = await lookup(host).catch(() => undefined);
  if (!isKnown) return problem('HOST', 'names no address of this machine', LISTEN);
  const server = createServer();
  const code = await new Promise<string | undefined>((done) => {
    server.once('error', (error: NodeJS.ErrnoException) => done(error.code ?? 'unknown'));
    server.listen({ host, port, exclusive: true }, () => server.close(() => done(undefined)));
  });
  return code === undefined ? undefined : listenProblem(code, port);
}

const LISTEN = 'give 127.0.0.1 for this machine alone, or 0.0.0.0 for all its addresses';

/** What an error in listening says of the settings. */
export function listenProblem(code: string, port: number): Problem {
  if (code === 'EADDRINUSE')
    return problem(
      'PORT',
      `${port} is in use already`,
      'stop what listens there (ss -ltnp shows it; another Lakana?), or give another port',
    );
  if (code === 'EACCES' && port < 1024)
    return problem(
      'PORT',
      `${port} is for the system’s own services`,
      'give one from 1024 on, with a proxy in front',
    );
  return problem('HOST', `is no address of this machine (${code})`, LISTEN);
}
