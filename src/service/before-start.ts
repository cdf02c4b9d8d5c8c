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
import { line } from '../app/ground/lines.ts';
import { readOwnTexts } from '../app/ground/load-flows.ts';
import type { Config } from '../config.ts';
import { type SaidProblem, saidProblem } from '../config-keys.ts';
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
): Promise<SaidProblem[]> {
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
async function folderProblem(folder: string): Promise<SaidProblem | undefined> {
  const there = await nearestThere(folder);
  const draft = await mkdtemp(join(there.path, '.lakana-')).catch((error: NodeJS.ErrnoException) => error);
  if (typeof draft === 'string') {
    await rmdir(draft);
    return undefined;
  }
  const { code = 'unknown' } = draft;
  const [what, mend] = !there.isFolder ? THROUGH_FILE : (FOLDER[code as keyof typeof FOLDER] ?? NO_WRITE);
  const place = `${folder}${there.path === folder ? '' : `: ${there.path}`}, ${code}`;
  return saidProblem('DATA_DIR', line(`start.${what}`, { place }), line(`start.${mend}`));
}

/** The database in it: of another user's, or cut. Only that it is not there at all means that one is to be made. */
async function clusterProblem(folder: string): Promise<SaidProblem | undefined> {
  const fault = await clusterFault(join(folder, 'postgres'));
  if (!fault) return undefined;
  return fault.isOther
    ? saidProblem('DATA_DIR', line('start.no_database', { path: fault.path }), line('start.no_database_mend'))
    : unusable(fault.path, fault.code);
}

/** Something in `DATA_DIR` that belongs to another user, mostly to root after a first start as root. */
export const unusable = (path: string, code: string): SaidProblem =>
  saidProblem(
    'DATA_DIR',
    line('start.unusable', { path, code }),
    line(code === 'EACCES' || code === 'EPERM' ? 'start.may_not_mend' : 'start.unusable_mend'),
  );

const THROUGH_FILE = ['through_file', 'through_file_mend'] as const;
const NO_WRITE = ['no_write', 'no_write_mend'] as const;
const MAY_NOT = ['may_not', 'may_not_mend'] as const;
/** What stops it, and the mend, by the system's code. */
const FOLDER = {
  EACCES: MAY_NOT,
  EPERM: MAY_NOT,
  EROFS: ['only_read', 'only_read_mend'],
  ENOSPC: ['full', 'full_mend'],
  EDQUOT: ['full_for_user', 'full_mend'],
  ENOENT: ['cannot_make', 'cannot_make_mend'],
} as const satisfies Readonly<Record<string, readonly [string, string]>>;

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
): Promise<SaidProblem | undefined> {
  const own = contentDir ? await readOwnTexts(contentDir) : {};
  const found = (await readdir(locales, { withFileTypes: true })).flatMap((each) =>
    each.isDirectory() ? [each.name] : [],
  );
  const there = [...new Set([...found, ...Object.keys(own)])];
  const missing = [...languages, defaultLanguage].find((each) => !there.includes(each));
  if (missing === undefined)
    return isUnreviewedOffered ? undefined : draftProblem(defaultLanguage, locales, own);
  return saidProblem(
    'LANGUAGES',
    line('start.no_texts', { language: missing }),
    line('start.no_texts_mend', { those: there.sort().join(', ') }),
  );
}

/** What nobody knows better is said in the default language: it cannot be left out. */
async function draftProblem(
  language: string,
  locales: string,
  own: TextFiles,
): Promise<SaidProblem | undefined> {
  const file = await readFile(join(locales, language, 'language.yaml'), 'utf8').catch(() => '');
  const program = { [language]: { language: parse(file) as unknown } };
  if (isReviewed(withOwnTexts(program, own), language)) return undefined;
  return saidProblem('DEFAULT_LANGUAGE', line('start.draft', { language }), line('start.draft_mend'));
}

/** Listens there for a moment. */
async function placeProblem(host: string, port: number): Promise<SaidProblem | undefined> {
  const isKnown = await lookup(host).catch(() => undefined);
  if (!isKnown) return saidProblem('HOST', line('start.no_address'), line('start.listen_mend'));
  const server = createServer();
  const code = await new Promise<string | undefined>((done) => {
    server.once('error', (error: NodeJS.ErrnoException) => done(error.code ?? 'unknown'));
    server.listen({ host, port, exclusive: true }, () => server.close(() => done(undefined)));
  });
  return code === undefined ? undefined : listenProblem(code, port);
}

/** What an error in listening says of the settings. */
export function listenProblem(code: string, port: number): SaidProblem {
  if (code === 'EADDRINUSE')
    return saidProblem('PORT', line('start.in_use', { port }), line('start.in_use_mend'));
  if (code === 'EACCES' && port < 1024)
    return saidProblem('PORT', line('start.low_port', { port }), line('start.low_port_mend'));
  return saidProblem('HOST', line('start.not_here', { code }), line('start.listen_mend'));
}
