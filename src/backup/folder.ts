/** Backups in a folder: of another disk, or of another machine that is mounted here. */
import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { LakanaError } from '../kernel/errors.ts';
import { isOurs, type Stored, type Target } from './names.ts';

const HALF = '.half-';

export function createFolder(path: string): Target {
  return {
    shown: path,
    async list() {
      const found: Stored[] = [];
      for (const name of (await names(path)).filter(isOurs))
        found.push({ name, bytes: (await stat(join(path, name))).size });
      return found;
    },
    async write(name, bytes) {
      await mkdir(path, { recursive: true, mode: 0o700 });
      const half = join(path, `${HALF}${name}`);
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
      const left = (await names(path)).filter((name) => name.startsWith(HALF));
      for (const name of left) await rm(join(path, name), { force: true });
      return left.length;
    },
  };
}

/** The bytes of a file as they are read. Throws `no_such_backup` if there is none. */
async function* bytesOfFile(path: string): AsyncGenerator<Uint8Array, void> {
  try {
    yield* createReadStream(path, { highWaterMark: 262_144 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new LakanaError('no_such_backup', `there is no backup ${path}`);
  }
}

async function names(path: string): Promise<string[]> {
  return readdir(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
}

async function writeOut(path: string, bytes: AsyncIterable<Uint8Array>): Promise<void> {
  const file = await open(path, 'w', 0o600);
  try {
    for await (const piece of bytes) await writeAll(file, piece);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function writeAll(file: Awaited<ReturnType<typeof open>>, piece: Uint8Array): Promise<void> {
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
