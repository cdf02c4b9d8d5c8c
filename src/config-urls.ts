/**
 * Settings that are addresses: read rightly, or refused with a line that says what to write instead.
 *
 * Invariant: what is handed on is read in the same way by every library: user and password are percent-encoded, and
 * nothing of them has become part of the host, the path or a fragment.
 */
import { isIP } from 'node:net';
import { z } from 'zod';
import { eachServer, ofServers, wantedServer } from './db/servers.ts';

type Rules = {
  protocols: readonly string[];
  /** What to give instead, said to the operator. */
  give: string;
  /** What is said if it holds a user or a password; absent: it may. */
  login?: string | undefined;
  /** What is said of a path beyond the server; absent: it may have one. */
  path?: string | undefined;
  /** What may stand behind "?"; default nothing. */
  mayAsk?: boolean;
  /** Whether it must be a name that other people's devices know. */
  isForOthers?: boolean;
  /** Whether it may name several servers of PostgreSQL. */
  mayBeSeveral?: boolean;
};

type Wrong = { problem: string; mend: string };

const CANNOT_READ = 'cannot be read as an address';
const ENCODE = 'write @ as %40, and in a user or password / as %2F, # as %23, ? as %3F and % as %25';

/** A setting that is an address. The issue's message is the mend; `params.problem` says what is wrong. */
export function address(rules: Rules) {
  return z
    .string()
    .superRefine((text, ctx) => {
      const wrong = wrongWith(text, rules);
      if (wrong) ctx.addIssue({ code: 'custom', message: wrong.mend, params: { problem: wrong.problem } });
    })
    .transform(withLoginEncoded);
}

function wrongWith(text: string, rules: Rules): Wrong | undefined {
  const { protocols, give } = rules;
  const [scheme = '', rest = ''] = text.split(/:\/\/(.*)/s);
  if (!protocols.includes(scheme)) return { problem: 'is no such address', mend: give };
  if (/\s/.test(text)) return { problem: 'has a space in it', mend: give };
  if (isCutShort(rest)) return { problem: CANNOT_READ, mend: ENCODE };
  if (rules.mayBeSeveral) {
    const servers = eachServer(text);
    if (servers.length > 1) return wrongServers(text, servers, rules);
  }
  if (!URL.canParse(text)) return { problem: CANNOT_READ, mend: rest.includes('@') ? ENCODE : give };
  const url = new URL(text);
  if (url.hostname === '') return { problem: 'names no host', mend: give };
  if (!isEncoded(url.username) || !isEncoded(url.password)) return { problem: CANNOT_READ, mend: ENCODE };
  return wrongParts(url, rules);
}

/** Each of them is an address as one is; none of them is the one that only reads. */
function wrongServers(text: string, servers: readonly string[], rules: Rules): Wrong | undefined {
  if (!['read-write', 'primary', 'any', undefined].includes(wantedServer(text)))
    return { problem: 'asks for a server that only reads', mend: 'leave target_session_attrs out' };
  if (servers.some((server) => /\/\/([^/?#]*@)?([/?#:]|$)/.test(server)))
    return { problem: 'names no host', mend: SEVERAL };
  for (const server of servers) {
    const wrong = wrongWith(server, rules);
    if (wrong) return wrong.mend === rules.give ? { ...wrong, mend: SEVERAL } : wrong;
  }
  return undefined;
}

const SEVERAL = 'give the servers like postgres://user:password@one:5432,two:5432/lakana';

/** "user:12/3@host" is read as the host "user" with the port 12, and what stands behind "#" by nobody. */
function isCutShort(rest: string): boolean {
  const [authority = ''] = rest.split(/[/?#]/);
  const beyond = rest.slice(authority.length);
  return /[#@]/.test(beyond);
}

/** What a setting of this kind has no use for. */
function wrongParts(url: URL, { give, login, path, mayAsk, isForOthers }: Rules): Wrong | undefined {
  const { username, password, pathname, search, hostname } = url;
  if (login && (username || password)) return { problem: 'holds a user or a password', mend: login };
  if (path && !['', '/'].includes(pathname)) return { problem: 'holds more than the server', mend: path };
  if (search !== '' && !mayAsk) return { problem: 'holds more than the server', mend: path ?? give };
  if (isForOthers && isThisMachine(hostname))
    return { problem: 'is no name that other devices know', mend: give };
  return undefined;
}

function isEncoded(part: string): boolean {
  try {
    decodeURIComponent(part);
    return true;
  } catch {
    return false;
  }
}

/** Passkeys belong to a name: an address of numbers has none either. */
const isThisMachine = (host: string): boolean =>
  host === 'localhost' || host.endsWith('.localhost') || host.startsWith('[') || isIP(host) !== 0;

/** "user:a@b@host" with the first @ encoded: libraries do not agree on where such a host begins. */
function withLoginEncoded(text: string): string {
  const servers = eachServer(text);
  if (servers.length > 1) return ofServers(servers.map(withLoginEncoded));
  if (!URL.canParse(text)) return text;
  const url = new URL(text);
  return url.username || url.password ? url.href : text;
}

/** What is wrong with an address of PostgreSQL that was given otherwise than as a setting. */
export const wrongDatabaseAddress = (text: string): Wrong | undefined => wrongWith(text, DATABASE);

export const DATABASE: Rules = {
  protocols: ['postgres', 'postgresql'],
  give: 'give an address like postgres://user:password@host:5432/lakana',
  mayAsk: true,
  mayBeSeveral: true,
};
