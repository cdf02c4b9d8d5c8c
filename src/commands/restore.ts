/**
 * `restore`: a backup put into an empty database, before a service runs on it.
 *
 * Invariant: whatever is wrong is said in one line, and nothing was done then.
 */
import { stat } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import type { Command } from 'commander';
import { followRestore } from '../app/keeping/after-restore.ts';
import { findList, MAY_RETURN, requireNewest } from '../app/keeping/newest-list.ts';
import { restore } from '../app/keeping/restore.ts';
import { createFolder } from '../backup/folder.ts';
import type { Header } from '../backup/header.ts';
import { type Link, readLinks } from '../backup/links.ts';
import { linksBeside, readName, type Target } from '../backup/names.ts';
import { opened } from '../backup/sealing.ts';
import { openTarget } from '../backup/target.ts';
import type { Config } from '../config.ts';
import { type Keyring, parseKeyring } from '../crypto/keyring.ts';
import { startEmbedded } from '../db/embedded.ts';
import { LakanaError } from '../kernel/errors.ts';
import { TOOL } from '../kernel/tool.ts';
import { forgetSeenTexts } from '../service/seen-texts.ts';
import { trialKeys } from '../service/trial.ts';
import { readIdentity } from './backup.ts';
import { addCommand, type Result } from './command.ts';
import { officeContextOn } from './office.ts';
import { report } from './restore-report.ts';
import { settings } from './server.ts';

export function addRestoreCommand(program: Command): void {
  addCommand(program, 'restore <file>', 'put a backup into an empty database, while no service runs', run)
    .requiredOption('--identity <file>', 'secret half of the key of the backups; - for standard input')
    .option(
      MAY_RETURN,
      'although no newer list of what was erased can be found: what was erased after it, and who was taken out, is back',
    )
    .option('--without-links', 'although the links beside it cannot be used');
}

/** The backup, and the place in which it and what belongs to it lies. */
type Found = { name: string; target: Target };

type Options = { identity: string; erasedMayReturn?: true; withoutLinks?: true };

async function run({ identity: file, erasedMayReturn, withoutLinks }: Options, given = ''): Promise<Result> {
  const config = await settings();
  const identity = await readIdentity(file);
  const found = await find(config, given);
  const { serverKey, recipient } = config.keys ?? (await trialKeys(config.dataDir));
  const keyring = parseKeyring(serverKey);
  const lists = await findList(keyring, found.target, elsewhere(found, config), new Date());
  const { list } = lists;
  const hasLinks = !withoutLinks && (await liesBeside(found));
  const embedded = config.databaseUrl ? undefined : await startEmbedded({ dataDir: config.dataDir });
  try {
    const restored = await restore(
      {
        url: config.databaseUrl?.reveal() ?? embedded?.url ?? '',
        keyring,
        identity,
        backup: found.target.read(found.name),
        check: (header) => {
          requireMode(header, config);
          requireNewest(header, lists, erasedMayReturn === true);
        },
      },
      async ({ db }, { header }) => {
        const ctx = await officeContextOn({ db, keyring, recipient, config });
        const { asOf } = header;
        const links = hasLinks ? linksIn(found, keyring, { identity, asOf }) : undefined;
        return followRestore(ctx, { asOf: new Date(asOf), links, list });
      },
    );
    await forgetSeenTexts(config.dataDir);
    return report(restored, { hasLinks, list });
  } finally {
    await embedded?.stop();
  }
}

/** The place of the settings, where the newest list lies; undefined: there is none, or the backup lies there. */
function elsewhere({ target }: Found, { backup }: Config): Target | undefined {
  const place = backup && openTarget(backup.place);
  return place && place.shown !== target.shown ? place : undefined;
}

/** Whether links lie beside it, whatever its name is by now. */
async function liesBeside({ name, target }: Found): Promise<boolean> {
  const links = linksBeside(name);
  if (links === name) return false;
  try {
    for await (const _ of target.read(links)) break;
    return true;
  } catch (error) {
    if (error instanceof LakanaError && error.code === 'no_such_backup') return false;
    throw error;
  }
}

/** What is wrong with the links is not said of the backup. */
async function* linksIn(
  { name, target }: Found,
  keyring: Keyring,
  { identity, asOf }: { identity: string; asOf: string },
): AsyncGenerator<Link, void> {
  try {
    yield* readLinks(keyring, asOf, await opened(identity, target.read(linksBeside(name))));
  } catch {
    throw badLinks(linksBeside(name));
  }
}

const badLinks = (name: string): LakanaError =>
  new LakanaError(
    'bad_links',
    `${name}, which lies beside the backup, was changed or cut off: find a whole one, or restore without it (--without-links), and open alerts do not know whom to answer`,
  );

/** A file of this machine, or one that lies in `BACKUP_TARGET`. */
async function find({ backup }: Config, given: string): Promise<Found> {
  const path = resolve(given);
  const isFile = await stat(path).then(
    (there) => there.isFile(),
    () => false,
  );
  if (isFile) return { name: basename(path), target: createFolder(dirname(path)) };
  if (backup && readName(given)) return { name: given, target: openTarget(backup.place) };
  throw new LakanaError(
    'no_such_backup',
    `there is no file ${path}${backup ? `: ${TOOL} backup list names those in BACKUP_TARGET` : ''}`,
  );
}

function requireMode(header: Header, { mode }: Config): void {
  if (header.mode === mode) return;
  throw new LakanaError(
    'mode_differs',
    header.mode === 'live'
      ? 'this backup is of a live service: give the settings of that one (its messengers, SERVER_KEY_FILE, TEAM_RECIPIENT_FILE)'
      : 'this backup is of a trial: what was tried out never becomes real reports; take out the settings of messengers',
  );
}
