/** The service itself: what it is for, when it lived, who holds what, the keys of the days. */

import type { Heads } from '../../crypto/heads-root.ts';
import type { EpochId } from '../../kernel/ids.ts';
import type { Mode } from '../../kernel/vocabulary.ts';
import { bigserial, boolean, integer, jsonb, pgTable, text, uuid } from '../drizzle.cjs';
import { at, bytea } from './columns.ts';

/** One row: what this database is for, and when the service last lived. */
export const service = pgTable('service', {
  id: boolean('id').primaryKey().default(true),
  mode: text('mode').$type<Mode>().notNull(),
  createdAt: at('created_at').notNull().defaultNow(),
  lastAliveAt: at('last_alive_at').notNull().defaultNow(),
  /** The key pair for web pushes, under the server key; null: never asked for. */
  pushKeySealed: bytea('push_key_sealed'),
  /** The server key that this database wants: its id and fingerprint, and something that only it opens. */
  serverKeyId: text('server_key_id'),
  serverKeyFingerprint: text('server_key_fingerprint'),
  serverKeyProof: bytea('server_key_proof'),
  /** When a case was erased whose keys may still lie in the files of the tables; null: nothing is to be cleaned. */
  toCleanSince: at('to_clean_since'),
});

/** Times during which no process was running or the database could not be reached. */
export const outages = pgTable('outages', {
  id: bigserial('id', { mode: 'number' }).primaryKey(),
  startedAt: at('started_at').notNull(),
  endedAt: at('ended_at').notNull(),
});

/** Who may do a thing that only one process may do (poll a messenger, hold its one connection). */
export const leases = pgTable('leases', {
  name: text('name').primaryKey(),
  holder: uuid('holder').notNull(),
  /** The holder on its machine (`process-identity.ts`): a successor there need not wait for the end. */
  process: text('process'),
  until: at('until').notNull(),
});

/** The day's random key, wrapped by the server key; `wrappedKey` is null once destroyed. */
export const epochs = pgTable('epochs', {
  id: uuid('id').$type<EpochId>().primaryKey(),
  day: text('day').notNull().unique(),
  wrappedKey: bytea('wrapped_key'),
  createdAt: at('created_at').notNull(),
  destroyedAt: at('destroyed_at'),
});

/** A channel that does not work, since when and why, and to how many contacts of officers that was said. */
export const channelTroubles = pgTable('channel_troubles', {
  channel: text('channel').primaryKey(),
  because: text('because').notNull(),
  since: at('since').notNull(),
  told: integer('told').notNull().default(0),
});

/** On a channel where we can have two numbers: the one in use, by the channel's name for it, since when, and why that one. */
export const channelNumbers = pgTable('channel_numbers', {
  channel: text('channel').primaryKey(),
  inUse: text('in_use').notNull(),
  since: at('since').notNull(),
  /** What had become of the one before it; null: it is the first. */
  because: text('because'),
  /** The one before it; null: there was none. */
  before: text('before'),
  /** The number that stands by of which officers were told; null: none. */
  toldOf: text('told_of'),
  /** Why that one stands by no more, as it was told; null: it does. */
  toldBecause: text('told_because'),
});

/** What the service told people of itself, when it was told last, and how often it came again since and was held back. */
export const toldNotices = pgTable('told_notices', {
  about: text('about').primaryKey(),
  toldAt: at('told_at').notNull(),
  held: integer('held').notNull().default(0),
});

/**
 * The code over the heads of all cases and of the audit log that went out on a day (`src/crypto/heads-root.ts`), and
 * what it was made of; for some weeks. Nothing here is believed that does not give the code that a supervisor noted.
 */
export const roots = pgTable('roots', {
  day: text('day').primaryKey(),
  at: at('at').notNull(),
  root: text('root').notNull(),
  document: jsonb('document').$type<Pick<Heads, 'cases' | 'audit'>>().notNull(),
});
