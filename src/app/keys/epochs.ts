/**
 * The day's epoch key, and what is sealed with it (docs/decisions/keys-of-the-day.md).
 *
 * Invariants: an epoch's key exists only wrapped by the server key, in one row, and in this process's memory;
 * `destroyEpochs` drops it from the database, `forget` from this process's memory and `refresh` from that of the
 * others. What was sealed with it is then unreadable, also for the server.
 */
import type { SecretKey } from '../../crypto/derive.ts';
import { createEpochKey, openJson, sealJson, unwrapEpochKey, wrapEpochKey } from '../../crypto/epoch-key.ts';
import type { Keyring } from '../../crypto/keyring.ts';
import type { Db, Tx } from '../../db/database.ts';
import { epochOfDay, insertEpoch, keptEpochs, wrappedKeyOf } from '../../db/epochs.ts';
import { type EpochId, newId } from '../../kernel/ids.ts';
import { calendarDay } from '../../kernel/time.ts';

type Epoch = { id: EpochId; key: SecretKey };

export type Epochs = {
  /** The epoch of `now`'s day (UTC); made when it is the first use of the day. */
  current(tx: Tx | Db, now: Date): Promise<Epoch>;
  /** The key of an epoch; undefined once destroyed. */
  byId(tx: Tx | Db, id: EpochId): Promise<SecretKey | undefined>;
  /** Drops keys from memory. */
  forget(ids: readonly EpochId[]): void;
  /** Drops from memory what any process has destroyed in the database. Each process does so again and again. */
  refresh(): Promise<void>;
};

/** Bytes under an epoch key, with the epoch's id: how everything live is stored. */
export type Live = { epochId: EpochId; sealed: Uint8Array };

/**
 * Keys are cached in memory. An epoch is made outside the caller's transaction: a transaction that rolls back
 * must not leave a key in the cache that is not in the database. `db` therefore is a connection that no transaction
 * holds (`src/service/store.ts`): of the pool, all transactions could wait for one at midnight, for ever.
 */
export function createEpochs(db: Db, keyring: Keyring): Epochs {
  const keys = new Map<EpochId, SecretKey>();
  let today: { day: string; epoch: Epoch } | undefined;

  const remember = (id: EpochId, wrapped: Uint8Array | null | undefined): SecretKey | undefined => {
    if (!wrapped) return undefined;
    const key = unwrapEpochKey(keyring, id, wrapped);
    keys.set(id, key);
    return key;
  };

  const forget = (ids: readonly EpochId[]): void => {
    for (const id of ids) keys.delete(id);
    if (today && ids.includes(today.epoch.id)) today = undefined;
  };

  return {
    forget,
    async current(_tx, now) {
      const day = calendarDay(now, 'UTC');
      if (today?.day === day) return today.epoch;
      let row = await epochOfDay(db, day);
      if (!row) {
        const id = newId<EpochId>();
        const wrappedKey = wrapEpochKey(keyring, id, createEpochKey());
        row = await insertEpoch(db, { id, day, wrappedKey, createdAt: now });
      }
      const key = remember(row.id, row.wrappedKey);
      // The day's epoch can only be destroyed if the clock was set back by a week: then a fresh key is right.
      if (!key) return this.current(db, new Date(now.getTime() + 86_400_000));
      today = { day, epoch: { id: row.id, key } };
      return today.epoch;
    },
    async byId(tx, id) {
      return keys.get(id) ?? remember(id, await wrappedKeyOf(tx, id));
    },
    async refresh() {
      const known = [...keys.keys()];
      const kept = new Set(known.length > 0 ? await keptEpochs(db, known) : []);
      forget(known.filter((id) => !kept.has(id)));
    },
  };
}

/** Seals a JSON value with the current epoch's key. `context` says what it is and whose: a moved value does not open. */
export async function sealLive(
  ctx: { epochs: Epochs },
  tx: Tx | Db,
  now: Date,
  context: string,
  value: unknown,
): Promise<Live> {
  const epoch = await ctx.epochs.current(tx, now);
  return { epochId: epoch.id, sealed: sealJson(epoch.key, context, value) };
}

/** Opens what `sealLive` sealed; undefined when it is gone or its epoch was destroyed. */
export async function openLive(
  ctx: { epochs: Epochs },
  tx: Tx | Db,
  live: { epochId: EpochId | null; sealed: Uint8Array | null },
  context: string,
): Promise<unknown | undefined> {
  if (!live.epochId || !live.sealed) return undefined;
  const key = await ctx.epochs.byId(tx, live.epochId);
  return key === undefined ? undefined : openJson(key, context, live.sealed);
}
