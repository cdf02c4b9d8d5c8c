/**
 * The connection to PostgreSQL: drizzle for queries, postgres.js underneath.
 *
 * Invariants: no parameter of a query reaches the database's log through a setting of ours; no notice is printed;
 * a session that hangs is ended by the database itself (statement 30 s, idle in a transaction 60 s).
 */
import postgres from 'postgres';
import { connectionOptions, type DatabaseOptions, verifiedAt } from './connection-options.ts';
import { drizzle, type PostgresJsDatabase } from './drizzle.cjs';
import { NO_POSTGRES } from './failure.ts';
import { type Listener, listenOn } from './listen.ts';
import { preparedClient, preparedTransaction } from './prepared-client.ts';
import { type Primary, watchPrimary } from './primary.ts';

/** Runs queries, each on its own. */
export type Db = PostgresJsDatabase<Record<string, never>>;
/** Runs queries inside one transaction. */
export type Tx = Parameters<Parameters<Db['transaction']>[0]>[0];

export type Database = {
  db: Db;
  /** The bare client, for what drizzle has no words for. Tagged templates only. */
  sql: postgres.Sql;
  /**
   * Calls `handler` at each NOTIFY on `channel`, and once after every reconnection (something may have been
   * missed). Reconnects for ever by itself; resolves to a function that stops it.
   */
  listen(channel: string, handler: (payload: string) => void): Promise<() => Promise<void>>;
  /** Wakes the listeners on `channel`. Payloads are readable in the database: ids at most. */
  notify(channel: string, payload?: string): Promise<void>;
  /** Waits up to 5 seconds for running queries, then closes all connections. */
  close(): Promise<void>;
};

/** `primary`: where the servers of an address are watched already; default: for as long as this is open. */
type Watched = { primary?: Primary | undefined };

/** Opens a pool; throws within one and a half times the `connectTimeout` if nothing of PostgreSQL's answers. Connects at the first query, except that it proves the database is there before it resolves. */
export async function openDatabase({ primary, ...given }: DatabaseOptions & Watched): Promise<Database> {
  // Of several servers each connection leads to the one that is the primary then.
  const own = primary ? undefined : await watchPrimary(given.url);
  const watched = primary ?? own;
  const options = { ...given, url: watched?.url() ?? given.url };
  const how = {
    ...connectionOptions(options),
    ...(watched ? { socket: watched.connected, ...verifiedAt(options.url, watched.url) } : {}),
  };
  const sql = postgres(options.url, { ...how, max: options.max ?? 10 });
  const db = drizzle(preparedClient(sql));
  let listener: Listener | undefined;
  try {
    await within(answerLimit(options), sql`select 1`);
    // Array types are known now. Asked again by every new connection, a failure of that query is one nobody can catch.
    (sql.options as { fetch_types: boolean }).fetch_types = false;
  } catch (error) {
    await Promise.all([sql.end({ timeout: 1 }), own?.close()]);
    throw error;
  }
  return {
    db,
    sql,
    listen: async (channel, handler) => {
      listener ??= listenOn(options.url, how);
      return listener.add(channel, handler);
    },
    notify: async (channel, payload = '') => {
      await sql.notify(channel, payload);
    },
    close: async () => {
      await Promise.all([listener?.close(), sql.end({ timeout: 5 })]);
      await own?.close();
    },
  };
}

/** The queries of one transaction that was begun on the bare client: all of it is done, or nothing. */
export function dbWithin(sql: postgres.Sql, tx: postgres.TransactionSql): Db {
  const db = drizzle(preparedTransaction(sql, tx));
  inside.add(db);
  return db;
}

/** Those that are inside a transaction that is under way: its isolation is chosen. */
const inside = new WeakSet<object>();

/** Reads what belongs together as it was at one moment; inside a transaction that is under way as that one sees it. */
export const ofOneMoment = <T>(db: Db, read: (tx: Tx) => Promise<T>): Promise<T> =>
  inside.has(db)
    ? db.transaction(read)
    : db.transaction(read, { isolationLevel: 'repeatable read', accessMode: 'read only' });

/**
 * Milliseconds. postgres.js gives up by itself where nothing answers. Where something else does (a web server, a proxy without
 * a database behind it) it connects anew for ever, or waits for the end of what it takes for a message.
 */
const answerLimit = (options: DatabaseOptions): number => connectionOptions(options).connect_timeout * 1_500;

async function within<T>(limit: number, asked: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, failed) => {
    const error = Object.assign(new Error('not what PostgreSQL answers'), { code: NO_POSTGRES });
    timer = setTimeout(() => failed(error), limit);
  });
  try {
    return await Promise.race([asked, late]);
  } finally {
    clearTimeout(timer);
  }
}
