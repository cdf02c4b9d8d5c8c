/**
 * The connection to PostgreSQL: drizzle for queries, postgres.js underneath.
 *
 * Invariants: no parameter of a query reaches the database's log through a setting of ours; no notice is printed;
 * a session that hangs is ended by the database itself (statement 30 s, idle in a transaction 60 s).
 */
import postgres from 'postgres';
import { drizzle, type PostgresJsDatabase } from './drizzle.cjs';
import { type Listener, listenOn } from './listen.ts';
import { preparedClient } from './prepared-client.ts';

export { isConnectionError, isRetryable, isUnavailable } from './failure.ts';

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
  /** Wakes whoever listens on `channel`. Payloads are readable in the database: ids at most. */
  notify(channel: string, payload?: string): Promise<void>;
  /** Waits up to 5 seconds for running queries, then closes all connections. */
  close(): Promise<void>;
};

export type DatabaseOptions = {
  url: string;
  /** Connections at most; default 10. */
  max?: number;
  /** Seconds to wait for a connection; default 10. */
  connectTimeout?: number;
  /** Milliseconds a statement may take; default 30,000, 0 for no limit (migrations). */
  statementTimeout?: number;
};

/** Opens a pool. Connects at the first query, except that it proves the database is there before it resolves. */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const sql = postgres(options.url, {
    ...connectionOptions(options),
    max: options.max ?? 10,
  });
  const db = drizzle(preparedClient(sql));
  let listener: Listener | undefined;
  try {
    await sql`select 1`;
    // Array types are known now. Asked again by every new connection, a failure of that query is one nobody can catch.
    (sql.options as { fetch_types: boolean }).fetch_types = false;
  } catch (error) {
    await sql.end({ timeout: 1 });
    throw error;
  }
  return {
    db,
    sql,
    listen: async (channel, handler) => {
      listener ??= listenOn(options.url, connectionOptions(options));
      return listener.add(channel, handler);
    },
    notify: async (channel, payload = '') => {
      await sql.notify(channel, payload);
    },
    close: async () => {
      await Promise.all([listener?.close(), sql.end({ timeout: 5 })]);
    },
  };
}

export type ConnectionOptions = ReturnType<typeof connectionOptions>;

function connectionOptions(options: DatabaseOptions) {
  return {
    connect_timeout: options.connectTimeout ?? 10,
    onnotice: () => {},
    connection: {
      application_name: 'lakana',
      TimeZone: 'UTC',
      statement_timeout: options.statementTimeout ?? 30_000,
      idle_in_transaction_session_timeout: 60_000,
      // log_parameter_max_length is the superuser's: embedded.ts sets it, `doctor` looks at it elsewhere.
      log_parameter_max_length_on_error: 0,
    },
    types: {
      /** A calendar day is words, not an instant. */
      day: { to: 1082, from: [1082], serialize: String, parse: (day: string) => day },
      /** drizzle hands JSON over as text already: written as it is, or it would be encoded twice. */
      json: {
        to: 3802,
        from: [114, 3802],
        serialize: (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value)),
        parse: (text: string) => JSON.parse(text) as unknown,
      },
      plainJson: {
        to: 114,
        from: [],
        serialize: (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value)),
        parse: (text: string) => JSON.parse(text) as unknown,
      },
    },
  };
}
