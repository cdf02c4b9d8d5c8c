/** Backups of a house in a folder, and the house opened again on another machine. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { followRestore } from '../../src/app/keeping/after-restore.ts';
import type { Keeping } from '../../src/app/keeping/keeping.ts';
import { makeBackup } from '../../src/app/keeping/make-backup.ts';
import { restore } from '../../src/app/keeping/restore.ts';
import { readErased } from '../../src/backup/erased.ts';
import { createFolder } from '../../src/backup/folder.ts';
import { readLinks } from '../../src/backup/links.ts';
import { linksBeside } from '../../src/backup/names.ts';
import { opened } from '../../src/backup/sealing.ts';
import { createIdentity, recipientOf } from '../../src/crypto/age.ts';
import { testContext } from '../app/context.ts';
import { type House, openHouse } from '../app/house.ts';
import { createTestDatabase, type TestDatabase } from '../database.ts';

/** The key of the backups: a pair takes a while to make. */
let key: Promise<{ identity: string; recipient: string }> | undefined;
const backupKey = () => {
  key ??= createIdentity().then(async (identity) => ({ identity, recipient: await recipientOf(identity) }));
  return key;
};

type Saved = Pick<House, 'ctx' | 'database' | 'serverKey'>;

/** A folder on another disk. `given`: what is otherwise in it. */
export async function openSaving(house: Saved, given: Partial<Keeping['settings']> = {}) {
  const { identity, recipient } = await backupKey();
  const folder = await mkdtemp(join(tmpdir(), 'lakana-backup-'));
  const target = createFolder(folder);
  const { db, clock, keyring, epochs } = house.ctx;
  const settings = { recipient, keepDays: 35, isSessionKept: false, ...given };
  const tried: Keeping = { db, url: house.database.url, clock, keyring, epochs, target, settings };
  // The disk does not hold it twice: what a restore shows is shown once, and not with each backup.
  const keeping: Keeping = { ...tried, freeBytes: async () => 0 };

  const save = async () => {
    const made = await makeBackup(keeping);
    if (!made) throw new Error('another backup is being made');
    return made;
  };

  /** Puts a backup into a database as `restore` does; rejects with what is wrong. */
  async function putInto(database: TestDatabase, name: string, more: { identity?: string } = {}) {
    const { identity: with_ = identity } = more;
    const list = await readErased(keyring, target);
    const hasLinks = (await target.list()).some((each) => each.name === linksBeside(name));
    return restore(
      { url: database.url, keyring, identity: with_, backup: target.read(name) },
      async (whole, { header }) => {
        const ctx = await testContext({
          db: whole.db,
          keyring,
          recipient: house.ctx.team.recipient,
          settings: { defaultLanguage: 'fr' },
          channels: [...house.ctx.channels.values()],
          clock,
        });
        const bytes = hasLinks && (await opened(with_, target.read(linksBeside(name))));
        const links = bytes ? readLinks(keyring, header.asOf, bytes) : undefined;
        return followRestore(ctx, { asOf: new Date(header.asOf), links, list });
      },
    );
  }

  return {
    identity,
    folder,
    target,
    keeping,
    /** The same, on a disk where each is put back beside. */
    tried,
    save,
    putInto,
    /** Restored on another machine: the house there, and what was said of it. */
    async elsewhere(name: string): Promise<{ there: House; restored: Awaited<ReturnType<typeof putInto>> }> {
      const database = await createTestDatabase({ isEmpty: true, max: 8 });
      const restored = await putInto(database, name);
      const start = house.ctx.clock.stated() ?? new Date();
      const there = await openHouse({ database, serverKey: house.serverKey, start });
      return { there, restored };
    },
    read: (name: string) => readFile(join(folder, name)),
    write: (name: string, bytes: Uint8Array) => writeFile(join(folder, name), bytes),
    close: () => rm(folder, { recursive: true, force: true }),
  };
}

export const emptyDatabase = (): Promise<TestDatabase> => createTestDatabase({ isEmpty: true });
