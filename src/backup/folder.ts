/**
 * Backups in a folder: of another disk, or of another machine that is mounted here.
 *
 * Invariants: others may be able to write there too. A file is made anew under a name that nobody can foretell, and no link is
 * followed; only regular files are read, so that a pipe never holds a backup up; what is strange is passed over and named. What root
 * makes there belongs to the user of the service, who goes on with it at night.
 */
import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, lchown, lstat, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { LakanaError } from '../kernel/errors.ts';
import { TOOL } from '../kernel/tool.ts';
import { ERASED, isOurs, type Stored, type Target } from './names.ts';

const HALF = '.half-';
/** What lay in the place of the list and was no file. */
const ASIDE = 'strange-';
/** By which the folder is known again. */
const MARK = 'lakana-place';
const MARK_LENGTH = 32;
const { O_CREAT, O_EXCL, O_NOFOLLOW, O_NONBLOCK, O_RDONLY, O_WRONLY } = constants;

/** `dataDir`: see `Place`. */
export function createFolder(path: string, dataDir?: string): Target {
  const own = async (): Promise<Found[]> =>
    found(
      path,
      (await names(path)).filter((name) => isOurs(name)),
    );
  return {
    shown: path,
    async list() {
      return (await own()).flatMap(({ name, bytes, isFile }): Stored[] => (isFile ? [{ name, bytes }] : []));
    },
    disk: async () => (await stat(path)).dev,
    mark: { read: () => readMark(path), make: (given) => makeMark(path, given, dataDir) },
    async strange() {
      return (await own()).flatMap(({ name, isFile }) => (isFile ? [] : [name]));
    },
    async write(name, bytes) {
      const half = join(path, `${HALF}${name}-${randomBytes(8).toString('hex')}`);
      try {
        await writeOut(half, bytes);
        await rename(half, join(path, name));
      } catch (error) {
        await rm(half, { force: true }).catch(() => undefined);
        throw error;
      }
      await syncFolder(path);
    },
    read: (name) => bytesOfFile(join(path, name)),
    remove: (name) => rm(join(path, name), { force: true }),
    async tidy() {
      await putAside(path);
      let count = 0;
      for (const name of await names(path))
        if (name.startsWith(HALF) && (await isGone(join(path, name)))) count += 1;
      return count;
    },
  };
}

async function readMark(path: string): Promise<string | undefined> {
  try {
    for await (const piece of bytesOfFile(join(path, MARK)))
      return Buffer.from(piece).toString('latin1', 0, MARK_LENGTH);
  } catch (error) {
    if (!(error instanceof LakanaError) && (error as NodeJS.ErrnoException).code !== 'ENOTDIR') throw error;
  }
  return undefined;
}

async function makeMark(
  path: string,
  { isMade }: { isMade: boolean },
  dataDir: string | undefined,
): Promise<string> {
  if (isMade) {
    await mkdir(dirname(path), { recursive: true, mode: 0o755 });
    if (await mkdir(path, { recursive: true, mode: 0o700 })) await giveLike(path, dataDir);
  }
  const id = randomBytes(MARK_LENGTH / 2).toString('hex');
  try {
    await rm(join(path, MARK), { force: true });
    await writeOut(join(path, MARK), once(Buffer.from(id)));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new LakanaError(
      'no_place',
      `there is no folder ${path} (BACKUP_TARGET): mount the disk it lies on, or make the folder with: ${TOOL} backup`,
    );
  }
  return id;
}

/** As root: gives it to the user whose that other one is, if that is there. */
async function giveLike(path: string, other: string | undefined): Promise<void> {
  if (process.getuid?.() !== 0 || !other) return;
  const { uid, gid } = await stat(other).catch(() => ({ uid: 0, gid: 0 }));
  await lchown(path, uid, gid);
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array, void> {
  yield bytes;
}

type Found = Stored & { isFile: boolean };

/** What has these names, looked at without following a link. What went meanwhile is left out. */
async function found(path: string, all: readonly string[]): Promise<Found[]> {
  const there: Found[] = [];
  for (const name of all) {
    const file = await lstat(join(path, name)).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw error;
    });
    if (file) there.push({ name, bytes: file.size, isFile: file.isFile() });
  }
  return there;
}

/** Removes a half-written file, a link or a pipe; a folder of that name is none of ours, and stays. */
const isGone = (path: string): Promise<boolean> =>
  rm(path, { force: true }).then(
    () => true,
    () => false,
  );

/** The list of what was erased is written at each backup: what stands in its way without being a file makes room. */
async function putAside(path: string): Promise<void> {
  const [list] = await found(path, [ERASED]);
  if (!list || list.isFile) return;
  const aside = `${ASIDE}${ERASED}-${randomBytes(4).toString('hex')}`;
  await rename(join(path, ERASED), join(path, aside)).catch(() => undefined);
}

/** The bytes of a file as they are read. Throws `no_such_backup` if there is none, `strange_file` if it is no regular one. */
async function* bytesOfFile(path: string): AsyncGenerator<Uint8Array, void> {
  const file = await openToRead(path);
  try {
    if (!(await file.stat()).isFile()) throw strange(path);
    yield* file.createReadStream({ highWaterMark: 262_144, autoClose: false });
  } finally {
    await file.close();
  }
}

async function openToRead(path: string): Promise<FileHandle> {
  try {
    return await open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw new LakanaError('no_such_backup', `there is no backup ${path}`);
    // A link; a socket or a device that cannot be opened.
    if (code === 'ELOOP' || code === 'ENXIO') throw strange(path);
    throw error;
  }
}

const strange = (path: string): LakanaError =>
  new LakanaError(
    'strange_file',
    `${path} is no file, but a link, a pipe or a folder: look who made it, and take it away`,
  );

async function names(path: string): Promise<string[]> {
  return readdir(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
}

async function writeOut(path: string, bytes: AsyncIterable<Uint8Array>): Promise<void> {
  const file = await open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600);
  try {
    for await (const piece of bytes) await writeAll(file, piece);
    await giveLike(path, dirname(path));
    await file.sync();
  } finally {
    await file.close();
  }
}

async function writeAll(file: FileHandle, piece: Uint8Array): Promise<void> {
  for (let from = 0; from < piece.length; )
    from += (await file.write(piece, from, piece.length - from)).bytesWritten;
}

/** The new name itself is on the disk too. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
