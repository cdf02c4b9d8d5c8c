/**
 * `restore`: a backup put into an empty database, before a service runs on it.
 *
 * Invariant: whatever is wrong is said in one line, and nothing was done then.
 */
import { stat } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import type { Command } from 'commander';
import { type Followed, followRestore } from '../app/keeping/after-restore.ts';
import { restore } from '../app/keeping/restore.ts';
import { type List, readErased } from '../backup/erased.ts';
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
import { trialKeys } from '../service/trial.ts';
import { readIdentity } from './backup.ts';
import { addCommand, type Result } from './command.ts';
import { officeContextOn } from './office.ts';
import { settings } from './server.ts';

export function addRestoreCommand(program: Command): void {
  addCommand(program, 'restore <file>', 'put a backup into an empty database, while no service runs', run)
    .requiredOption('--identity <file>', 'secret half of the key of the backups; - for standard input')
    .option('--without-erased', 'although no list of what was erased lies beside it')
    .option('--without-links', 'although the links beside it cannot be used');
}

/** The backup, and the place in which it and what belongs to it lies. */
type Found = { name: string; target: Target };

type Options = { identity: string; withoutErased?: true; withoutLinks?: true };

async function run({ identity: file, withoutErased, withoutLinks }: Options, given = ''): Promise<Result> {
  const config = await settings();
  const identity = await readIdentity(file);
  const found = await find(config, given);
  const { serverKey, recipient } = config.keys ?? (await trialKeys(config.dataDir));
  const keyring = parseKeyring(serverKey);
  const list = await readErased(keyring, found.target);
  const hasLinks = !withoutLinks && (await liesBeside(found));
  const embedded = config.databaseUrl ? undefined : await startEmbedded({ dataDir: config.dataDir });
  try {
    const restored = await restore(
      {
        url: config.databaseUrl?.reveal() ?? embedded?.url ?? '',
        keyring,
        identity,
        backup: found.target.read(found.name),
        check: (header) => check(header, config, list, withoutErased === true),
      },
      async ({ db }, { header }) => {
        const ctx = await officeContextOn({ db, keyring, recipient, config });
        const { asOf } = header;
        const links = hasLinks ? linksIn(found, keyring, { identity, asOf }) : undefined;
        return followRestore(ctx, { asOf: new Date(asOf), links, erased: list?.entries });
      },
    );
    return report(restored, { hasLinks, list });
  } finally {
    await embedded?.stop();
  }
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

function check(header: Header, { mode }: Config, list: List | undefined, isWithout: boolean): void {
  if (header.mode !== mode)
    throw new LakanaError(
      'mode_differs',
      header.mode === 'live'
        ? 'this backup is of a live service: give the settings of that one (its messengers, SERVER_KEY_FILE, TEAM_RECIPIENT_FILE)'
        : 'this backup is of a trial: what was tried out never becomes real reports; take out the settings of messengers',
    );
  if (!list && header.erased > 0 && !isWithout)
    throw new LakanaError(
      'no_erased',
      `no list of what was erased lies beside the backup, and there was one of ${header.erased}: an intruder may want something back. Find it (lakana-erased), or restore without it (--without-erased)`,
    );
  if (list && list.entries.length < header.erased)
    throw new LakanaError(
      'erased_older',
      `the list of what was erased is older than this backup (it holds ${list.entries.length}, and held ${header.erased}): an intruder may want something back that was erased. Find the newest list, or move this one away to restore without it`,
    );
}

type Restored = Awaited<ReturnType<typeof restore<Followed>>>;

function report(
  { header, migrated, chains, followed: { lost, linked, again, stopped, due, told } }: Restored,
  { hasLinks, list }: { hasLinks: boolean; list: List | undefined },
): Result {
  const rows = header.tables.reduce((sum, each) => sum + each.rows, 0);
  const lines = [
    `✓ Restored as of ${header.asOf}: ${rows} rows, ${chains.cases} cases, ${chains.audited} rows of the audit log.`,
    ...(migrated > 0
      ? [`  It was made by an older version: ${migrated} changes of the tables were made.`]
      : []),
    chains.broken.length === 0
      ? '  Every case and the audit log are as this server wrote them.'
      : `! Not as this server wrote them, already before the backup was made: ${chains.broken.join(', ')}. Tell the CNDH.`,
    ...(again.cases > 0
      ? [`  Erased again, since they were erased after the backup: ${again.cases} cases.`]
      : []),
    ...(again.people > 0
      ? [
          `  Taken out again, since they were taken out after the backup: ${again.people} officers, members and devices.`,
        ]
      : []),
    list
      ? `  The list of what was erased is of ${list.at}: what was erased after that is here again.`
      : '! No list of what was erased lies beside the backup: what was erased after it is here again.',
    ...(stopped > 0
      ? [
          `! ${stopped} erasures that waited are stopped, since a "no" said after the backup is lost: ask for them again.`,
        ]
      : []),
    `  Lost: every message, decision and change of people after ${header.asOf}.`,
    `! Who was taken out after ${list?.at ?? header.asOf}, and each contact of an officer that was revoked after ${header.asOf}, is back, and is paged: look before you start the service (${TOOL} officer list, ${TOOL} officer contact list), then in the room at members, devices and exclusions.`,
    `  Lost with the keys of the days: ${lost.unsent} messages that were to be sent, ${lost.unheard} that had come and were not handled, ${lost.conversations} conversations without an open case, ${lost.files} files that were not fetched yet.`,
    hasLinks
      ? `  ${linked} links to people were put back; ${lost.links} open alerts have none.`
      : `! No links lie beside it (they are kept for three days): ${lost.links} open alerts do not know whom to answer.`,
    `  ${due} alerts are open, and call as soon as the service starts: of those that an officer had, that officer first. ${told} officers are told then.`,
    ...(header.hasSessions
      ? [
          '! Sessions of messengers came back too: a number that is in use elsewhere, or was linked anew since, has to be linked again.',
        ]
      : ['  No session of a messenger is in it: a number that was linked has to be linked again.']),
    '! The old machine has to be off before the service starts here: two of them with the same accounts of messengers take each other’s messages.',
    '  Every member signs in to the room anew; browsers that have seen cases change since show them in red, and codes of the days after it do not fit.',
  ];
  return {
    text: lines.join('\n'),
    json: {
      asOf: header.asOf,
      rows,
      migrated,
      ...chains,
      lost,
      linked,
      again,
      stopped,
      listOf: list?.at ?? null,
      due,
      told,
    },
  };
}
