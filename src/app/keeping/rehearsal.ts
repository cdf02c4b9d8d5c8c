/**
 * A restore tried while the backup is written: the same bytes go into a scratch database beside, and are looked at there.
 *
 * Invariants: whatever happens to it, the backup is written; the scratch database is gone afterwards; nothing is in it that is
 * not in the service's own.
 */
import { createLoader } from '../../backup/loading.ts';
import type { Keyring } from '../../crypto/keyring.ts';
import { forgetNote, noteBackup } from '../../db/backups.ts';
import { makeScratch, type Scratch } from '../../db/scratch.ts';
import { inOneGo } from '../../db/snapshot.ts';
import { createHandOver } from '../../kernel/hand-over.ts';
import { reduceError } from '../../kernel/log.ts';
import type { Moment } from '../ground/transaction.ts';
import { audit } from '../records/audit.ts';
import { verifyChains } from './whole-chains.ts';

/**
 * `same`: every row came out as it went in, and every chain is whole. `chain_broken`: they are the same, and something is not as
 * this server wrote it, in the service's database too. Else why it could not be tried, or the code of what went wrong.
 */
export type Rehearsed = 'same' | 'chain_broken' | 'may_not_create' | 'no_room' | (string & {});

export type Rehearsal = {
  /** The same bytes, also for the rehearsal. */
  through(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void>;
  /** What came of it, once all bytes have gone through; `broken`: what is not as it was written. */
  end(): Promise<{ rehearsed: Rehearsed; broken: string[] }>;
};

/** `hasRoom`: whether the disk holds the database twice; absent: nobody knows, and it is tried. */
export async function startRehearsal(
  { url, keyring }: { url: string; keyring: Keyring },
  hasRoom: () => Promise<boolean> = async () => true,
): Promise<Rehearsal> {
  if (!(await hasRoom())) return notTried('no_room');
  const made = await makeScratch(url).catch((error: unknown) => codeOf(error));
  if (typeof made === 'string') return notTried(made);
  return rehearseIn(made.scratch, keyring);
}

/** All of a backup that was opened, put into a scratch database. */
export async function rehearseAll(
  given: { url: string; keyring: Keyring },
  bytes: AsyncIterable<Uint8Array>,
): Promise<{ rehearsed: Rehearsed; broken: string[] }> {
  const rehearsal = await startRehearsal(given);
  for await (const _ of rehearsal.through(bytes));
  return rehearsal.end();
}

/** A person has opened a backup with its key. */
export async function noteRehearsed(at: Moment<{ keyring: Keyring }>, asOf: Date): Promise<void> {
  await noteBackup(at.tx, { what: 'rehearsed', at: at.now });
  await forgetNote(at.tx, 'reminded');
  await audit(at, { memberId: null, what: 'backup_rehearsed', detail: { asOf: asOf.toISOString() } });
}

function rehearseIn(scratch: Scratch, keyring: Keyring): Rehearsal {
  const hand = createHandOver<Uint8Array>();
  let isWhole = false;
  const trying = inOneGo(scratch.url, async ({ tx, db }) => {
    const loader = createLoader({ tx, keyring });
    for await (const piece of hand.taken()) await loader.take(piece);
    await loader.end();
    const { broken } = await verifyChains(db, keyring.signer);
    return { rehearsed: broken.length === 0 ? 'same' : 'chain_broken', broken };
  }).catch((error: unknown) => ({ rehearsed: codeOf(error), broken: [] }));
  return {
    async *through(bytes) {
      try {
        for await (const piece of bytes) {
          await hand.give(piece);
          yield piece;
        }
        isWhole = true;
      } finally {
        hand.end();
        // The backup itself failed: nobody will ask what came of this.
        if (!isWhole) await trying.finally(() => scratch.drop()).catch(() => undefined);
      }
    },
    async end() {
      try {
        return await trying;
      } finally {
        await scratch.drop().catch(() => undefined);
      }
    },
  };
}

const codeOf = (error: unknown): string => {
  const { code, error: name } = reduceError(error);
  return code ?? name;
};

const notTried = (rehearsed: Rehearsed): Rehearsal => ({
  async *through(bytes) {
    yield* bytes;
  },
  end: async () => ({ rehearsed, broken: [] }),
});
