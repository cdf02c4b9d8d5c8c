/**
 * The one place through which this server opens an address (docs/decisions/no-redirects-one-door-out.md).
 *
 * Invariants: an address that a stranger handed over leads to a host on a list, by https on its usual port, and only to
 * what is public once its name is resolved: that very address is connected to, so that a name which resolves to another
 * one a moment later changes nothing. Addresses that the operator set are opened exactly as they are. No redirect is
 * followed. Nothing is waited for without end, and every error of a connection comes to its reader.
 */
import { type LookupAddress, lookup as resolveName } from 'node:dns';
import * as http from 'node:http';
import * as https from 'node:https';
import type { LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';
import { LakanaError } from '../kernel/errors.ts';
import { minutes, seconds } from '../kernel/time.ts';

/** So long each part of an exchange may take, in milliseconds. Absent: only the caller's signal limits it. */
export type Patience = {
  /** The name resolved, connected and greeted. Only where a stranger's address is opened: `fetch` has its own. */
  connect: number;
  /** From the beginning until the answer begins. */
  firstByte: number;
  /** Between two pieces of the answer, while a reader waits for the next one. */
  silence: number;
  /** All of it. */
  whole: number;
};

/** For a file: a slow line may take long, a silent one may not. */
export const FILE_PATIENCE: Patience = {
  connect: seconds(15),
  firstByte: seconds(30),
  silence: seconds(20),
  whole: minutes(15),
};

/** Where strangers' addresses may lead. */
export type Hosts = {
  /** Names of hosts; `.example.org` stands for all below it. */
  names: readonly string[];
  /** Origins that are open although they are none of these or no public ones: a server of a test. */
  origins?: readonly string[];
};

export type Request = {
  method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  headers?: Record<string, string>;
  body?: string | Uint8Array<ArrayBuffer>;
};

export type Opened = {
  status: number;
  header(name: string): string | undefined;
  /** Ends with an error when it breaks off or is silent for too long. A reader that stops closes the connection. */
  body: AsyncGenerator<Uint8Array, void>;
  /** For a caller that does not want to read. */
  close(): void;
};

export const NOT_ALLOWED = 'address_not_allowed';
const notAllowed = () => new LakanaError(NOT_ALLOWED, 'a stranger’s address leads where it must not');

/** The origin of a stranger's address if it leads to one of these hosts. */
export function originOn(hosts: Hosts, address: string | null | undefined): string | undefined {
  const url = address && URL.canParse(address) ? new URL(address) : undefined;
  if (!url || url.username || url.password) return undefined;
  if (hosts.origins?.includes(url.origin)) return url.origin;
  const { protocol, hostname, port } = url;
  const isKnown = hosts.names.some((name) =>
    name.startsWith('.') ? hostname.endsWith(name) : hostname === name,
  );
  return isKnown && protocol === 'https:' && port === '' ? url.origin : undefined;
}

/** Whether everybody on the internet could connect there too. */
export function isPublicAddress(address: string): boolean {
  return ipaddr.isValid(address) && ipaddr.process(address).range() === 'unicast';
}

type Resolve = (
  hostname: string,
  options: { all: true },
  done: (error: NodeJS.ErrnoException | null, found: LookupAddress[]) => void,
) => void;

/** Resolves a name to its public addresses: the connection is made to one of these and to nothing else. */
export function publicLookup(resolve: Resolve = resolveName): LookupFunction {
  return (hostname, options, done) => {
    resolve(hostname, { ...options, all: true }, (error, found) => {
      const open = error ? [] : found.filter(({ address }) => isPublicAddress(address));
      const [first] = open;
      if (!first) done(error ?? notAllowed(), '');
      else if (options.all) done(null, open);
      else done(null, first.address, first.family);
    });
  };
}

/**
 * Opens an address that a stranger handed over. Rejects with `address_not_allowed`, or with the error of the
 * connection. `lookup`: only tests bring their own.
 */
export function openStrangers(
  address: string,
  hosts: Hosts,
  request: Request,
  how: { signal: AbortSignal; patience?: Partial<Patience>; lookup?: LookupFunction },
): Promise<Opened> {
  const { signal, patience = {}, lookup = publicLookup() } = how;
  const origin = originOn(hosts, address);
  if (origin === undefined) return Promise.reject(notAllowed());
  const isAsSet = hosts.origins?.includes(origin) ?? false;
  const { request: start } = origin.startsWith('http:') ? http : https;
  return new Promise((resolve, reject) => {
    const { method = request.body === undefined ? 'GET' : 'POST' } = request;
    const asked = start(address, {
      method,
      // With its connection kept, another request would not resolve and check anew.
      headers: { ...request.headers, 'accept-encoding': 'identity', connection: 'close' },
      signal: within(signal, patience.whole),
      ...(isAsSet ? {} : { lookup }),
    });
    const late = (code: string) => () => asked.destroy(new LakanaError(code, 'the other side was too slow'));
    const connecting = timer(patience.connect, late('outside_connect_timeout'));
    const answering = timer(patience.firstByte, late('outside_first_byte_timeout'));
    const settled = () => {
      clearTimeout(connecting);
      clearTimeout(answering);
    };
    asked.on('socket', (socket) => {
      socket.once(origin.startsWith('http:') ? 'connect' : 'secureConnect', () => clearTimeout(connecting));
    });
    // Stays: what breaks later comes to the reader, and must end nobody else.
    asked.on('error', (error) => {
      settled();
      reject(error);
    });
    asked.on('response', (response) => {
      settled();
      response.on('error', () => undefined);
      const { statusCode = 0, headers } = response;
      resolve({
        status: statusCode,
        header: (name) => headers[name]?.toString(),
        body: piecesOf(response, patience.silence, (error) => response.destroy(error)),
        close: () => response.destroy(),
      });
    });
    asked.end(request.body);
  });
}

/**
 * Opens an address that the operator set, exactly as it is; a user and password in it are sent as HTTP wants them. Rejects
 * with what `fetch` rejects with.
 */
export async function openAsSet(
  address: string | URL,
  request: Request,
  how: { signal: AbortSignal; patience?: Partial<Omit<Patience, 'connect'>> },
): Promise<Opened> {
  const { signal, patience = {} } = how;
  const { method = request.body === undefined ? 'GET' : 'POST' } = request;
  const slow = new AbortController();
  const answering = timer(patience.firstByte, () =>
    slow.abort(new LakanaError('outside_first_byte_timeout', 'the other side was too slow')),
  );
  const limit = AbortSignal.any([within(signal, patience.whole), slow.signal]);
  const { url, login } = withoutLogin(address);
  const headers = { ...request.headers, ...login };
  const answer = await fetch(url, { ...request, headers, method, redirect: 'manual', signal: limit }).finally(
    () => clearTimeout(answering),
  );
  const give = (reason?: unknown) => slow.abort(reason);
  return {
    status: answer.status,
    header: (name) => answer.headers.get(name) ?? undefined,
    body: piecesOf(answer.body ?? nothing(), patience.silence, give),
    close: () => give(),
  };
}

/** `fetch` takes no address with a user in it. */
function withoutLogin(address: string | URL): { url: URL; login: Record<string, string> } {
  const url = new URL(address);
  const { username, password } = url;
  if (!username && !password) return { url, login: {} };
  url.username = '';
  url.password = '';
  const words = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { url, login: { authorization: `Basic ${Buffer.from(words).toString('base64')}` } };
}

async function* nothing(): AsyncGenerator<Uint8Array, void> {}

/** At most `max` bytes of an answer, and whether that is all of it; the rest is not read. */
export async function readAtMost(
  { body }: Pick<Opened, 'body'>,
  max: number,
): Promise<{ bytes: Buffer; isAll: boolean }> {
  const read: Uint8Array[] = [];
  let length = 0;
  for await (const piece of body) {
    read.push(piece.subarray(0, max - length));
    length += piece.length;
    if (length > max) return { bytes: Buffer.concat(read), isAll: false };
  }
  return { bytes: Buffer.concat(read), isAll: true };
}

/** The time counts only while the reader waits for a piece: a reader may be slow. */
async function* piecesOf(
  source: AsyncIterable<Uint8Array>,
  silence: number | undefined,
  close: (error?: Error) => void,
): AsyncGenerator<Uint8Array, void> {
  const late = new LakanaError('outside_silent', 'the other side went silent');
  const pieces = source[Symbol.asyncIterator]();
  let isDone = false;
  try {
    for (;;) {
      const waiting = timer(silence, () => close(late));
      const next = await pieces.next().finally(() => clearTimeout(waiting));
      isDone = next.done === true;
      if (next.done) return;
      yield next.value;
    }
  } finally {
    if (!isDone) close();
  }
}

const within = (signal: AbortSignal, whole: number | undefined): AbortSignal =>
  whole === undefined ? signal : AbortSignal.any([signal, AbortSignal.timeout(whole)]);

const timer = (ms: number | undefined, run: () => void): NodeJS.Timeout | undefined =>
  ms === undefined ? undefined : setTimeout(run, ms);
