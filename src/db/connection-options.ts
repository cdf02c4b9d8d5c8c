/** How connections to PostgreSQL are opened: times, and how JSON and days are written. */

export type DatabaseOptions = {
  url: string;
  /** The server's socket on this machine, in the place of the address; default none. */
  path?: string | undefined;
  /** Connections at most; default 10. */
  max?: number;
  /** Seconds to wait for a connection; default 10. */
  connectTimeout?: number;
  /** Milliseconds a statement may take; default 30,000, 0 for no limit (migrations). */
  statementTimeout?: number;
  /** Milliseconds a transaction may wait for us; default 60,000, 0 for no limit (a backup waits for its target). */
  idleTimeout?: number;
};

export type ConnectionOptions = ReturnType<typeof connectionOptions>;

/** Modes in which postgres.js speaks no TLS, or believes every certificate. */
const UNVERIFIED = ['disable', 'false', 'allow', 'prefer', 'require'];

/**
 * Which address a certificate has to be of, where it is verified. postgres.js names no host to Node if the setting has an address in
 * numbers, and Node takes it for "localhost" then. `urlNow`: the address of the server to which the next connection leads.
 */
export function verifiedAt(url: string, urlNow = () => url): { ssl?: { host: string } } {
  const mode = URL.canParse(url) ? new URL(url).searchParams.get('sslmode') : null;
  if (mode === null || UNVERIFIED.includes(mode)) return {};
  const host = () => new URL(urlNow()).hostname.replace(/^\[|\]$/g, '');
  return {
    ssl: {
      get host() {
        return host();
      },
    },
  };
}

/**
 * Seconds until the next try, after this many in a row that failed. postgres.js counts those of all connections of a pool together, and
 * waits up to 20 seconds: a database that was away for a moment would be away for as long.
 */
const waitsBefore = (retries: number): number => (0.5 + Math.random() / 2) * Math.min(3 ** retries / 100, 1);

/** What every connection to PostgreSQL is opened with, the one that listens too. */
export function connectionOptions(options: DatabaseOptions) {
  return {
    ...verifiedAt(options.url),
    ...(options.path === undefined ? {} : { path: options.path }),
    connect_timeout: options.connectTimeout ?? 10,
    backoff: waitsBefore,
    onnotice: () => {},
    connection: {
      application_name: 'lakana',
      TimeZone: 'UTC',
      statement_timeout: options.statementTimeout ?? 30_000,
      idle_in_transaction_session_timeout: options.idleTimeout ?? 60_000,
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
