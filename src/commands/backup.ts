/** Backups: made, listed, checked, and those that are too old taken away. */
import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { createTimeGuard } from '../app/ground/time-guard.ts';
import type { Keeping } from '../app/keeping/keeping.ts';
import { noteErased } from '../app/keeping/listing.ts';
import { counting, type Made, makeBackup } from '../app/keeping/make-backup.ts';
import { requireKnownPlace } from '../app/keeping/place.ts';
import { isAhead, prune, strangeIn } from '../app/keeping/pruning.ts';
import { noteRehearsed, rehearseAll } from '../app/keeping/rehearsal.ts';
import { createEpochs } from '../app/keys/epochs.ts';
import { linksBeside, readName, type Target } from '../backup/names.ts';
import { opened } from '../backup/sealing.ts';
import { openTarget } from '../backup/target.ts';
import { createVerifying } from '../backup/verifying.ts';
import { parseTeamSecret } from '../crypto/case-key.ts';
import { type BackupRow, listBackups } from '../db/backups.ts';
import { databaseClock } from '../db/clock.ts';
import { lastAlive } from '../db/service-state.ts';
import { checkRunning } from '../doctor/running.ts';
import { LakanaError } from '../kernel/errors.ts';
import { TOOL } from '../kernel/tool.ts';
import { keepingBy } from '../service/keeping.ts';
import { addCommand, type Result, table } from './command.ts';
import { type Server, settings, withServer } from './server.ts';

/** `backup`, `backup list | verify | rehearse | prune`. */
export function addBackupCommands(program: Command): void {
  const backup = addCommand(program, 'backup', 'make a backup now, sealed, while the service runs', makeNow);
  backup.option('--new-place', 'BACKUP_TARGET is another place than the one of the last backup');
  // What stands behind a command of its own is that one's.
  backup.enablePositionalOptions();
  addCommand(backup, 'list', 'the backups that there are', list);
  addCommand(
    backup,
    'verify [name]',
    'that a backup (default: the newest) is as it was written',
    verify,
  ).option(
    '--identity <file>',
    'secret half of the key of the backups; - for standard input: opens it, and checks all that is in it',
  );
  addCommand(
    backup,
    'rehearse [name]',
    'open a backup (default: the newest) with its key, and put it back into a scratch database: once in three months',
    rehearse,
  ).requiredOption('--identity <file>', 'secret half of the key of the backups; - for standard input');
  addCommand(backup, 'prune', 'take away what is too old, as each backup does by itself', takeOld);
}

/** What makes backups here, or a line that says which settings are missing. */
function keepingOf({ config, database, keyring, url }: Server): Keeping {
  const { db } = database;
  const keeping = keepingBy(config, {
    db,
    url,
    clock: databaseClock,
    keyring,
    epochs: createEpochs(db, keyring),
  });
  if (keeping) return keeping;
  throw new LakanaError(
    'no_backups',
    'no backups are made: set BACKUP_RECIPIENT_FILE and BACKUP_TARGET (docs/operating/backup.md)',
  );
}

/** Makes one at once; says what came of it. */
export function makeNow({ newPlace }: { newPlace?: boolean }): Promise<Result> {
  return withServer(async (server) => {
    const keeping = keepingOf(server);
    const made = await makeBackup(keeping, {
      beginning: newPlace ? 'new' : 'first',
      mayErase: await clockIsTrusted(server),
    });
    // While the service is stopped nothing is erased: the list is newer than the backup, and holds the same.
    if (made && (await checkRunning(server.config)).length === 0)
      await noteErased(keeping, { isBackup: true });
    if (!made)
      return {
        text: 'Another process is making a backup at this moment.',
        json: { made: null },
        exitCode: 1,
      };
    const { name, rows, bytes, tidied, pruned, strange, wasListChanged, isOnSameDisk } = made;
    const lines = [
      `✓ ${name}: ${rows} rows, ${megabytes(bytes)}, sealed.`,
      ...(tidied > 0
        ? [`  A backup before this one had ended in the middle: what it left was taken away.`]
        : []),
      saidOfRehearsal(made),
      ...(pruned > 0 ? [`  ${pruned} files were too old, and went.`] : []),
      ...saidOfStrange(strange),
      ...(isOnSameDisk
        ? [
            '! It lies on the same disk as the data: what takes the one takes both. Give another disk or machine as BACKUP_TARGET.',
          ]
        : []),
      ...(wasListChanged
        ? [
            '! The list of what was erased was not as this server had written it; it is again. Ask who writes there besides.',
          ]
        : []),
    ];
    return { text: lines.join('\n'), json: { ...made, asOf: made.asOf.toISOString() } };
  });
}

const saidOfStrange = (names: readonly string[]): string[] =>
  names.length === 0
    ? []
    : [
        `! Strange, and left there: ${names.join(', ')}. No files, not to be removed, or named by a clock that was wrong. Look who writes there, and take them away by hand.`,
      ];

/** As the service does: after a silence of days, or before it was last alive, the clock may be wrong. */
async function clockIsTrusted({ database, now, log }: Server): Promise<(at: Date) => boolean> {
  const guard = createTimeGuard({
    lastAliveAt: (await lastAlive(database.db)) ?? now,
    startedAt: now,
    log,
  });
  return (at) => guard.mayErase(at);
}

const NOT_TRIED: Readonly<Record<string, string>> = {
  may_not_create: 'the role of DATABASE_URL may make no database for it: alter role … createdb',
  no_room: 'the disk does not hold the database twice',
};

function saidOfRehearsal({ rehearsed, broken }: Pick<Made, 'rehearsed' | 'broken'>): string {
  if (rehearsed === 'same')
    return '  Put back into a scratch database while it was written: every row and chain is the same.';
  if (rehearsed === 'chain_broken')
    return `! Put back while it was written, and the same; but not as this server wrote it, here too: ${broken.join(', ')}. Tell the CNDH.`;
  return `! Not tried out: ${NOT_TRIED[rehearsed] ?? `that failed (${rehearsed})`}.`;
}

const megabytes = (bytes: number): string => `${(bytes / 1_000_000).toFixed(1)} MB`;

/** What only looks, or takes away, makes no tables: an empty database is one for a restore. */
const EXISTING = { makesTables: false };

/** A backup as it lies there, with what is known of it. */
type Listed = { name: string; asOf: Date; bytes: number; hasLinks: boolean; known: BackupRow | undefined };

async function listed(target: Target, rows: readonly BackupRow[]): Promise<Listed[]> {
  const stored = await target.list();
  const known = new Map(rows.map((row) => [row.name, row]));
  const names = new Set(stored.map(({ name }) => name));
  return stored
    .flatMap(({ name, bytes }) => {
      const read = readName(name);
      if (read?.part !== 'backup') return [];
      return [
        { name, bytes, asOf: read.asOf, hasLinks: names.has(linksBeside(name)), known: known.get(name) },
      ];
    })
    .sort((a, b) => b.asOf.getTime() - a.asOf.getTime());
}

/** Before a restore too, when there is no database yet: no table is made by looking. */
function list(): Promise<Result> {
  return withServer(async (server) => {
    const { target } = keepingOf(server);
    return shown(target, await listBackups(server.database.db), server.now);
  }, EXISTING).catch(async (error: unknown) => {
    const { backup } = await settings();
    if (!(error instanceof LakanaError && error.code === 'no_database') || !backup) throw error;
    return shown(openTarget(backup.place), [], new Date());
  });
}

async function shown(target: Target, rowsKnown: readonly BackupRow[], now: Date): Promise<Result> {
  const found = await listed(target, rowsKnown);
  const strange = await strangeIn(target, await target.list(), now);
  const rows = found.map(({ name, bytes, hasLinks, known }) => [
    name,
    megabytes(bytes),
    hasLinks ? 'with links' : 'without links',
    known
      ? known.rehearsed === 'same'
        ? 'rehearsed'
        : `not rehearsed (${known.rehearsed})`
      : 'of another database, or made elsewhere',
  ]);
  return {
    text: [
      rows.length > 0 ? table(rows) : `No backup lies in ${target.shown} yet: ${TOOL} backup`,
      ...saidOfStrange(strange),
    ].join('\n'),
    json: {
      target: target.shown,
      strange,
      backups: found.map(({ name, asOf, bytes, hasLinks, known }) => ({
        ...{ name, asOf: asOf.toISOString(), bytes, hasLinks },
        rehearsed: known?.rehearsed ?? null,
      })),
    },
  };
}

function verify({ identity }: { identity?: string }, given?: string): Promise<Result> {
  return withServer(async (server) => {
    const { target } = keepingOf(server);
    const one = await find(server, target, given);
    const counted = counting(target.read(one.name));
    if (identity === undefined) {
      for await (const _ of counted.bytes);
      return verdict(one, counted.end().hash);
    }
    const verifying = createVerifying(server.keyring);
    for await (const piece of await opened(await readIdentity(identity), counted.bytes))
      verifying.take(piece);
    const { header, rows } = verifying.end();
    return {
      text: `✓ ${one.name} opens with this key, and is whole: ${rows} rows as of ${header.asOf}.`,
      json: { ok: true, name: one.name, asOf: header.asOf, rows, isOpened: true },
    };
  }, EXISTING);
}

/** Without the key: whether it is the file that was written. */
function verdict({ name, known }: Listed, hash: string): Result {
  if (!known)
    return {
      text: `? ${name} was not made by this database, so that nothing is known of it here: give --identity to open it.`,
      json: { ok: null, name },
      exitCode: 1,
    };
  const isSame = Buffer.from(known.hash).toString('hex') === hash;
  return isSame
    ? {
        text: `✓ ${name} is the file that was written. Whether its key opens it is shown by --identity.`,
        json: { ok: true, name, isOpened: false },
      }
    : {
        text: `✗ ${name} is not the file that was written: it was changed or is damaged. Make another one: ${TOOL} backup`,
        json: { ok: false, name },
        exitCode: 1,
      };
}

function takeOld(): Promise<Result> {
  return withServer(async (server) => {
    const keeping = keepingOf(server);
    await requireKnownPlace(keeping);
    if (!(await clockIsTrusted(server))(server.now))
      throw new LakanaError(
        'clock_in_doubt',
        'the clock may be wrong (the service was not there for days, or lies ahead): nothing was taken away. The service does it by itself after a day',
      );
    const { pruned, strange } = await prune(keeping);
    const text = pruned > 0 ? `✓ ${pruned} files were too old, and went.` : 'Nothing is too old.';
    return { text: [text, ...saidOfStrange(strange)].join('\n'), json: { pruned, strange } };
  }, EXISTING);
}

/** By a person, with the key: what nobody else can show is that the key opens what was written. */
function rehearse({ identity }: { identity: string }, given?: string): Promise<Result> {
  return withServer(async (server) => {
    const keeping = keepingOf(server);
    const one = await find(server, keeping.target, given);
    const secret = await readIdentity(identity);
    const bytes = await opened(secret, keeping.target.read(one.name));
    const { rehearsed, broken } = await rehearseAll(keeping, bytes);
    if (rehearsed !== 'same' && rehearsed !== 'chain_broken')
      throw new LakanaError(
        'not_rehearsed',
        `${one.name} could not be tried: ${NOT_TRIED[rehearsed] ?? rehearsed}`,
      );
    await server.transact((at) => noteRehearsed(at, one.asOf));
    const isWhole = rehearsed === 'same';
    return {
      text: [
        `✓ ${one.name} opens with this key, and was put back into a scratch database: every row is there.`,
        isWhole
          ? '  Every case and the audit log are as this server wrote them.'
          : `! Not as this server wrote them, here too: ${broken.join(', ')}. Tell the CNDH.`,
        '  That it was tried is noted. Take the key away again.',
      ].join('\n'),
      json: { ok: isWhole, name: one.name, broken },
      exitCode: isWhole ? 0 : 1,
    };
  }, EXISTING);
}

async function find(server: Server, target: Target, given: string | undefined): Promise<Listed> {
  const found = await listed(target, await listBackups(server.database.db));
  const usual = found.find(({ asOf }) => !isAhead(asOf, server.now));
  const one = given === undefined ? usual : found.find(({ name }) => name === given);
  if (one) return one;
  throw new LakanaError('no_such_backup', `there is no such backup in ${target.shown} (${TOOL} backup list)`);
}

/** The secret half, from a file or standard input. */
export async function readIdentity(file: string): Promise<string> {
  const content = file === '-' ? await standardInput() : await readFile(file, 'utf8');
  try {
    return parseTeamSecret(content);
  } catch {
    throw new LakanaError(
      'bad_identity',
      '--identity holds no secret half of a key: give the file that keys init-backup made',
    );
  }
}

async function standardInput(): Promise<string> {
  let text = '';
  for await (const part of process.stdin) text += String(part);
  return text;
}
