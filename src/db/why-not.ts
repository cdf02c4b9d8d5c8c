/**
 * Why a database of the operator's own does not work, and what mends it.
 *
 * Invariant: nothing of an address, of a user's name or of a password is repeated: only codes and words of ours.
 */
import { codesOf, NO_POSTGRES } from './failure.ts';

export type WhyNot = { problem: string; mend: string };

const LOGIN =
  'set the user and the password in DATABASE_URL anew (write / as %2F, # as %23, @ as %40 in them)';
const NETWORK =
  'see that PostgreSQL runs there, that its port is open to this machine, and host and port in the setting';
const TLS =
  'see sslmode in the setting; for an authority of your own NODE_EXTRA_CA_CERTS names its certificate';

const REASONS: Readonly<Record<string, readonly [problem: string, mend: string]>> = {
  ECONNREFUSED: ['names a host where no database answers', NETWORK],
  CONNECT_TIMEOUT: ['names a host that does not answer', NETWORK],
  ETIMEDOUT: ['names a host that does not answer', NETWORK],
  EHOSTUNREACH: ['names a host that cannot be reached', NETWORK],
  ENETUNREACH: ['names a host that cannot be reached', NETWORK],
  ENOTFOUND: ['names a host that nobody knows', 'write the name of the host right, or its address'],
  EAI_AGAIN: [
    'names a host that cannot be looked up now',
    'write the name of the host right; see the network',
  ],
  ECONNRESET: [
    'leads to a server that hangs up',
    'see that it is a PostgreSQL, and that it speaks TLS if the setting says sslmode',
  ],
  [NO_POSTGRES]: [
    'leads to something that does not answer as PostgreSQL does',
    'see host and port in the setting, and what listens there',
  ],
  CONNECTION_CLOSED: ['leads to a server that hangs up', 'see that it is a PostgreSQL'],
  // invalid_password, invalid_authorization_specification (no line of pg_hba.conf fits)
  '28P01': ['is refused: user or password are wrong', LOGIN],
  '28000': ['is refused: this user may not sign in from here', `${LOGIN}, and see pg_hba.conf of the server`],
  // invalid_catalog_name
  '3D000': [
    'names a database that is not there',
    'write its name right, or make it: create database … owner …',
  ],
  // insufficient_privilege
  '42501': [
    'is of a role that may not do what is needed here',
    'let it own the database: alter database … owner to …',
  ],
  // undefined_object, invalid_parameter_value: what stands behind "?" goes to the server as a parameter of the session
  '42704': ['has something behind "?" that the server does not know', 'leave nothing there but sslmode'],
  '22023': ['has something behind "?" that the server does not know', 'leave nothing there but sslmode'],
  // too_many_connections, read_only_sql_transaction, cannot_connect_now
  '53300': [
    'leads to a server with no connection left',
    'raise max_connections of the server, or end who holds them',
  ],
  '25006': ['leads to a server that only reads', 'give the address of the one that writes'],
  '57P03': ['leads to a server that does not take anybody yet', 'wait until it has started, then try again'],
  '53100': ['leads to a server whose disk is full', 'make room there'],
};

/** Why it did not work; undefined if that has nothing to do with the database. */
export function whyNoDatabase(thrown: unknown): WhyNot | undefined {
  for (const code of codesOf(thrown)) {
    const [problem, mend] = REASONS[code] ?? [];
    if (problem && mend) return { problem: `${problem} (${code})`, mend };
    if (/^(CERT_|ERR_TLS_|ERR_SSL_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_)/.test(code))
      return { problem: `leads to a server whose certificate is not trusted (${code})`, mend: TLS };
    // PostgreSQL's own codes
    if (/^[0-9A-Z]{5}$/.test(code) && /\d/.test(code))
      return { problem: `leads to a database that says no (${code})`, mend: 'see the log of the server' };
  }
  return undefined;
}
