import { LakanaError } from '../kernel/errors.ts';
import type { Log } from '../kernel/log.ts';
import { minutes } from '../kernel/time.ts';
import type { Mode } from '../kernel/vocabulary.ts';
import type { Db, Tx } from './database.ts';
import { desc, eq, gt, isNull } from './drizzle.cjs';
import { outages, service } from './schema.ts';

export type Outage = { id: number; startedAt: Date; endedAt: Date };

/** A silence longer than this is an outage that people are told about. */
export const OUTAGE_AFTER_MS = minutes(5);

/**
 * Marks a new database as trial or live, or proves that it is what is wanted. Throws `mode_differs`: what was tried
 * out must never be taken for real reports, nor real reports be shown in a simulator. `turnsOn`: the settings that make a service a live one.
 */
export async function claimMode(
  db: Db | Tx,
  mode: Mode,
  now: Date,
  turnsOn = 'those of its messengers',
): Promise<void> {
  await db.insert(service).values({ mode, createdAt: now, lastAliveAt: now }).onConflictDoNothing();
  const found = await modeOf(db);
  if (found === mode) return;
  throw new LakanaError(
    'mode_differs',
    found === 'trial'
      ? 'this database was made in trial mode: for the live service set DATA_DIR to a new directory or DATABASE_URL to a new database'
      : `this database belongs to a live service: give back its settings (${turnsOn}), or set DATA_DIR to another directory to try things out`,
  );
}

/** What this database is for; undefined before the first start. */
export async function modeOf(db: Db | Tx): Promise<Mode | undefined> {
  const [row] = await db.select({ mode: service.mode }).from(service);
  return row?.mode;
}

/**
 * Notes that the service lives: at the start, and every ten seconds. If nobody has noted it for more than 5 minutes, that
 * time is recorded as an outage (once, however many processes start together) and returned.
 */
export async function beat(db: Db, now: Date, log: Log): Promise<Outage | undefined> {
  const outage = await db.transaction(async (tx) => {
    const [row] = await tx.select({ lastAliveAt: service.lastAliveAt }).from(service).for('update');
    if (!row) return undefined;
    await tx.update(service).set({ lastAliveAt: now });
    if (now.getTime() - row.lastAliveAt.getTime() <= OUTAGE_AFTER_MS) return undefined;
    const [made] = await tx.insert(outages).values({ startedAt: row.lastAliveAt, endedAt: now }).returning();
    return made;
  });
  if (outage)
    log.warn('outage_recorded', { from: outage.startedAt.toISOString(), to: outage.endedAt.toISOString() });
  return outage;
}

/** The last outage, which each person is told about once. */
export async function latestOutage(tx: Db | Tx): Promise<Outage | undefined> {
  const [row] = await tx.select().from(outages).orderBy(desc(outages.id)).limit(1);
  return row;
}

/**
 * The key pair for web pushes, sealed: the one that is there, or `made` from now on. There is one for ever, since browsers
 * subscribe to it.
 */
export async function keepPushKey(db: Db | Tx, made: () => Uint8Array): Promise<Uint8Array> {
  const [row] = await db.select({ sealed: service.pushKeySealed }).from(service);
  if (row?.sealed) return row.sealed;
  await db.update(service).set({ pushKeySealed: made() }).where(isNull(service.pushKeySealed));
  const [kept] = await db.select({ sealed: service.pushKeySealed }).from(service);
  if (!kept?.sealed) throw new LakanaError('no_push_key', 'the service has no row of its own yet');
  return kept.sealed;
}

/** `proof`: what only the key opens that this database is used with. */
export type KeyMark = { keyId: string; fingerprint: string; proof: Uint8Array };

/** The server key that this database wants; undefined before the first start of a version that notes it. */
export async function keyMarkOf(db: Db | Tx): Promise<KeyMark | undefined> {
  const { serverKeyId: keyId, serverKeyFingerprint: fingerprint, serverKeyProof: proof } = service;
  const [row] = await db.select({ keyId, fingerprint, proof }).from(service);
  return row?.keyId && row.fingerprint && row.proof ? (row as KeyMark) : undefined;
}

export async function markKey(db: Db | Tx, { keyId, fingerprint, proof }: KeyMark): Promise<void> {
  await db
    .update(service)
    .set({ serverKeyId: keyId, serverKeyFingerprint: fingerprint, serverKeyProof: proof });
}

/** When some process of the service last said that it lives; undefined if only commands have been run so far. */
export async function lastAlive(db: Db | Tx): Promise<Date | undefined> {
  const hasLived = gt(service.lastAliveAt, service.createdAt);
  const [row] = await db.select({ at: service.lastAliveAt }).from(service).where(hasLived);
  return row?.at;
}

/** In the transaction that erases: the files are to be cleaned of it, by the next process that runs if not by this one. */
export async function noteToClean(tx: Tx, now: Date): Promise<void> {
  await tx.update(service).set({ toCleanSince: now });
}

/** Since when the files are to be cleaned; undefined: they are clean. */
export async function toCleanSince(db: Db): Promise<Date | undefined> {
  const [row] = await db.select({ since: service.toCleanSince }).from(service);
  return row?.since ?? undefined;
}

/** They are clean of all that was erased until `since`. */
export async function noteCleaned(db: Db, since: Date): Promise<void> {
  await db.update(service).set({ toCleanSince: null }).where(eq(service.toCleanSince, since));
}
