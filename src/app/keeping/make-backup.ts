/**
 * One backup: a snapshot while the service runs, sealed on the way to its place; beside it the links of what is open, for three
 * days, and the list of what was erased.
 *
 * Invariants: nothing that is readable is ever in a file; one process at a time; a backup that failed leaves nothing that looks
 * like one, and is noted; what is too old goes at each run, before anything is written: a full disk does not stay full.
 */
import { createHash } from 'node:crypto';
import { writeLinks } from '../../backup/links.ts';
import { nameOf, type Target } from '../../backup/names.ts';
import { sealed } from '../../backup/sealing.ts';
import { startBackup } from '../../backup/writing.ts';
import { forgetNote, insertBackup, noteBackup } from '../../db/backups.ts';
import { databaseSize } from '../../db/scratch.ts';
import { modeOf } from '../../db/service-state.ts';
import { onSnapshot, type Whole } from '../../db/snapshot.ts';
import { LakanaError } from '../../kernel/errors.ts';
import { reduceError } from '../../kernel/log.ts';
import { VERSION } from '../../kernel/project.ts';
import type { Keeping } from './keeping.ts';
import { linksOf } from './links.ts';
import { noteErased } from './listing.ts';
import { type Beginning, requirePlace } from './place.ts';
import { type Pruned, prune } from './pruning.ts';
import { type Rehearsed, startRehearsal } from './rehearsal.ts';

export type Made = {
  name: string;
  asOf: Date;
  rows: number;
  bytes: number;
  /** SHA-256 of the file, as it lies there. */
  hash: string;
  /** `same`, or why that is not known, or what differed. */
  rehearsed: Rehearsed;
  /** Cases that are not as this server wrote them, by reference, and `audit` if the log of looks is not. */
  broken: string[];
  /** Half-written files that a run before this one had left. */
  tidied: number;
  /** Files that were too old. */
  pruned: number;
  /** What lies there and is not to be understood, by name. */
  strange: string[];
  /** The list of what was erased was not as this server had written it; it is again. */
  wasListChanged: boolean;
  /** What takes the data takes the backups too. */
  isOnSameDisk: boolean;
};

export type Making = {
  /** Whether this time can be trusted; absent: it can. Nothing is taken away while it cannot. */
  mayErase?: (now: Date) => boolean;
  /** What the operator allows who is there. */
  beginning?: Beginning | undefined;
};

/** Undefined: another process is making one. Rejects with what went wrong, which is noted too. */
export async function makeBackup(keeping: Keeping, making: Making = {}): Promise<Made | undefined> {
  const { db, clock, target } = keeping;
  const clear = async (): Promise<Pruned> =>
    making.mayErase?.(await clock.now(db)) === false ? { pruned: 0, strange: [] } : prune(keeping);
  try {
    await requirePlace(keeping, making.beginning);
    const before = await clear();
    const made = await onSnapshot(keeping.url, (whole) => write(keeping, whole, making.beginning === 'new'));
    if (!made) return undefined;
    const { name, asOf, rows, bytes, rehearsed } = made;
    const hash = Buffer.from(made.hash, 'hex');
    await insertBackup(db, { name, asOf, madeAt: await clock.now(db), rows, bytes, hash, rehearsed });
    await forgetNote(db, 'failed');
    // What was the newest until now may go. It was made all the same if that fails.
    const { pruned, strange } = await clear().catch(() => ({ pruned: 0, strange: before.strange }));
    await noteStrange(db, strange, await clock.now(db));
    const isOnSameDisk = (await keeping.sharesDisk?.().catch(() => false)) === true;
    await noteOrForget(db, 'same_disk', isOnSameDisk, await clock.now(db));
    return { ...made, pruned: before.pruned + pruned, strange, isOnSameDisk };
  } catch (error) {
    const detail = reduceError(error).code ?? 'unknown';
    await noteBackup(db, { what: 'failed', at: await clock.now(db), detail }).catch(() => undefined);
    throw said(error, target);
  }
}

async function write(
  keeping: Keeping,
  { db, tx }: Whole,
  isNewPlace: boolean,
): Promise<Omit<Made, 'pruned' | 'strange' | 'isOnSameDisk'>> {
  const { url, clock, keyring, epochs, target, settings, freeBytes } = keeping;
  const tidied = await target.tidy();
  const asOf = await clock.now(db);
  const {
    count: erased,
    number: list,
    wasChanged: wasListChanged,
  } = await noteErased(keeping, { isBackup: true, isNewPlace });
  const hasRoomFor = async (of: typeof tx) =>
    !freeBytes || (await freeBytes()) > 2 * (await databaseSize(of));
  const mode = (await modeOf(db)) ?? 'trial';
  const about = { version: VERSION, asOf: asOf.toISOString(), mode, erased, list };
  const { header, bytes } = await startBackup({ tx, about, keyring, settings });
  const name = nameOf(asOf, 'backup');
  const rehearsal = await startRehearsal({ url, keyring }, () => hasRoomFor(tx));
  const counted = counting(await sealed(settings.recipient, rehearsal.through(bytes)));
  await put(target, name, counted.bytes);
  const links = async () =>
    put(
      target,
      nameOf(asOf, 'links'),
      await sealed(settings.recipient, writeLinks(keyring, asOf, linksOf({ epochs }, db))),
    );
  await links().catch(async (error: unknown) => {
    await rehearsal.end().catch(() => undefined);
    await target.remove(name).catch(() => undefined);
    throw error;
  });
  const tried = await rehearsal.end();
  const rows = header.tables.reduce((sum, each) => sum + each.rows, 0);
  return { name, asOf, rows, tidied, wasListChanged, ...tried, ...counted.end() };
}

/** A place that fails before it takes a byte lets go of the snapshot too: what is being read of it would hold it open. */
async function put(target: Target, name: string, bytes: AsyncIterable<Uint8Array>): Promise<void> {
  try {
    await target.write(name, bytes);
  } catch (error) {
    for await (const _ of bytes) break;
    throw error;
  }
}

/** For `doctor`, which does not go to their place. */
const noteStrange = (db: Keeping['db'], strange: readonly string[], at: Date): Promise<void> =>
  noteOrForget(db, 'strange', strange.length > 0, at, String(strange.length));

async function noteOrForget(
  db: Keeping['db'],
  what: 'strange' | 'same_disk',
  is: boolean,
  at: Date,
  detail?: string,
): Promise<void> {
  await (is ? noteBackup(db, { what, at, ...(detail ? { detail } : {}) }) : forgetNote(db, what));
}

/** The same bytes, with their number and hash at the end. */
export function counting(source: AsyncIterable<Uint8Array>): {
  bytes: AsyncGenerator<Uint8Array, void>;
  end(): { bytes: number; hash: string };
} {
  const hash = createHash('sha256');
  let length = 0;
  async function* through() {
    for await (const piece of source) {
      hash.update(piece);
      length += piece.length;
      yield piece;
    }
  }
  return { bytes: through(), end: () => ({ bytes: length, hash: hash.copy().digest('hex') }) };
}

const WHY: Readonly<Record<string, string>> = {
  ENOSPC: 'is full: make room there, or lower BACKUP_KEEP_DAYS',
  EDQUOT: 'is full for this user: make room there, or lower BACKUP_KEEP_DAYS',
  EACCES: 'may not be written to by this user: chown it to the user who runs the service',
  EPERM: 'may not be written to by this user: chown it to the user who runs the service',
  EROFS: 'can only be read: see how it is mounted',
  ENOENT: 'is not there: mount the disk it lies on, or make the folder',
  ENOTDIR: 'leads through a file: give a folder',
  EIO: 'does not work any more: see the disk',
};

/** What is wrong with the place, in one line. */
function said(error: unknown, target: Target): unknown {
  const isKnown = WHY[(error as { code?: string }).code ?? ''] !== undefined;
  return isKnown ? new LakanaError('backup_target', inWords(error, target), { cause: error }) : error;
}

/** The same of anything that went wrong. */
export function inWords(error: unknown, { shown }: Pick<Target, 'shown'>): string {
  if (error instanceof LakanaError) return error.message;
  const code = reduceError(error).code ?? 'unknown';
  return `BACKUP_TARGET ${shown} ${WHY[code] ?? `cannot be written to (${code})`}`;
}
