/**
 * A backup put into an empty database.
 *
 * Invariants: all of it is one transaction: killed in the middle, the database is as empty as before; nothing is done to a
 * database that holds anything; what is refused is refused before anything counts.
 */
import type { Header } from '../../backup/header.ts';
import { createLoader } from '../../backup/loading.ts';
import { opened } from '../../backup/sealing.ts';
import type { Keyring } from '../../crypto/keyring.ts';
import { inOneGo, isEmpty, type Whole } from '../../db/snapshot.ts';
import { LakanaError } from '../../kernel/errors.ts';
import { type Chains, verifyChains } from './whole-chains.ts';

export type Restoring = {
  url: string;
  keyring: Keyring;
  /** Secret half of the key that the backup is sealed to. */
  identity: string;
  backup: AsyncIterable<Uint8Array>;
  /** Of the header, before anything is written; throws what speaks against it. */
  check?: (header: Header) => void;
};

export type Restored = { header: Header; migrated: number; chains: Chains };

/** Rejects with what is wrong, and nothing is done then. `follow`: what else is done in the same transaction. */
export function restore<T>(
  { url, keyring, identity, backup, check }: Restoring,
  follow: (whole: Whole, restored: Restored) => Promise<T>,
): Promise<Restored & { followed: T }> {
  return inOneGo(url, async (whole) => {
    if (!(await isEmpty(whole.tx)))
      throw new LakanaError(
        'not_empty',
        'there is something in this database already: give an empty one (a new DATA_DIR, or a new database for DATABASE_URL)',
      );
    const loader = createLoader({ tx: whole.tx, keyring, ...(check ? { check } : {}) });
    for await (const piece of await opened(identity, backup)) await loader.take(piece);
    const { header, migrated } = await loader.end();
    const restored = { header, migrated, chains: await verifyChains(whole.db, keyring.signer) };
    return { ...restored, followed: await follow(whole, restored) };
  });
}
