/**
 * Which of several PostgreSQL servers is the primary, watched for as long as this process works with it.
 *
 * Invariants: a connection leads to the server that was the primary when it was opened, and is ended when another one is: what
 * waits for a machine that is gone would wait for a quarter of an hour. Of two that both take themselves for the primary the
 * one counts that was promoted later, and none that is older than one that was seen: an old primary that comes back is
 * not written to.
 *
 * The drivers' own ways do not do: postgres.js tries in circles without an error when no server answers, and the driver
 * of pg-boss knows one server only.
 */
import { Socket } from 'node:net';
import postgres from 'postgres';
import type { Log } from '../kernel/log.ts';
import { seconds } from '../kernel/time.ts';
import { connectionOptions } from './connection-options.ts';
import { codesOf } from './failure.ts';
import { eachServer } from './servers.ts';

export type Primary = {
  /** The address of the primary alone. */
  url(): string;
  /** A connection on its way to it. */
  connected(): Socket;
  /** For a driver that connects by itself, to `url()`, in the same turn. */
  unconnected(): Socket;
  /** Called when another server has become the primary. */
  onChange(handler: (url: string) => void): void;
  close(): Promise<void>;
};

/** What a server says of itself, or why it says nothing. */
export type ServerState =
  | { is: 'primary'; timeline: number }
  | { is: 'standby' }
  | { is: 'away'; error: unknown };

const EVERY = seconds(1);
const ANSWERS_WITHIN = 2_500;

/** Watches the servers of an address; undefined: it names one only. Rejects if none of them is the primary now. */
export async function watchPrimary(url: string, log?: Log): Promise<Primary | undefined> {
  const servers = eachServer(url);
  if (servers.length === 1) return undefined;
  const probes = servers.map(createProbe);
  const sockets = new Map<Socket, number>();
  const handlers: ((url: string) => void)[] = [];
  let current = -1;
  let newest = 0;
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;

  const change = (server: number): void => {
    current = server;
    for (const handler of handlers) handler(servers[server] ?? '');
    for (const [socket, leadsTo] of sockets) if (leadsTo !== server) socket.destroy();
  };
  const look = async (): Promise<ServerState[]> => {
    const states = await Promise.all(probes.map((probe) => probe.ask()));
    const found = primaryOf(states, newest);
    if (found === undefined) return states;
    newest = found.timeline;
    if (found.server !== current) {
      if (current >= 0) log?.warn('database_moved', { server: found.server + 1 });
      change(found.server);
    }
    return states;
  };
  const again = (): void => {
    if (isClosed) return;
    timer = setTimeout(() => void look().finally(again), EVERY);
    timer.unref();
  };
  const close = async (): Promise<void> => {
    isClosed = true;
    clearTimeout(timer);
    await Promise.all(probes.map((probe) => probe.close()));
  };
  const noted = (socket: Socket): Socket => {
    sockets.set(socket, current);
    socket.once('close', () => sockets.delete(socket));
    return socket;
  };

  const states = await look();
  if (current < 0) {
    await close();
    throw noPrimary(states);
  }
  again();
  return {
    url: () => servers[current] ?? '',
    connected: () => {
      const { hostname, port } = new URL(servers[current] ?? '');
      const host = hostname.replace(/^\[|\]$/g, '');
      // postgres.js compares the certificate with this name.
      const socket = Object.assign(noted(new Socket()), { host });
      return socket.connect(Number(port || 5432), host);
    },
    unconnected: () => noted(new Socket()),
    onChange: (handler) => void handlers.push(handler),
    close,
  };
}

/** What each server of an address says of itself at this moment. */
export async function askServers(url: string): Promise<ServerState[]> {
  const probes = eachServer(url).map(createProbe);
  try {
    return await Promise.all(probes.map((probe) => probe.ask()));
  } finally {
    await Promise.all(probes.map((probe) => probe.close()));
  }
}

/** The address of the primary alone, for what is over before another one can be. */
export async function primaryNow(url: string): Promise<string> {
  const primary = await watchPrimary(url);
  await primary?.close();
  return primary?.url() ?? url;
}

/** `newest`: the latest promotion that was seen. */
export function primaryOf(
  states: readonly ServerState[],
  newest: number,
): { server: number; timeline: number } | undefined {
  const found = states.flatMap((state, server) =>
    state.is === 'primary' && state.timeline >= newest ? [{ server, timeline: state.timeline }] : [],
  );
  return found.sort((a, b) => b.timeline - a.timeline)[0];
}

/** With the codes of what was found, so that an operator is told what to mend. */
function noPrimary(states: readonly ServerState[]): Error {
  // read_only_sql_transaction: those that answer only read.
  if (states.some((state) => state.is === 'standby'))
    return Object.assign(new Error('no server is the primary'), { code: '25006' });
  const errors = states.flatMap((state) => (state.is === 'away' ? [state.error] : []));
  return Object.assign(new AggregateError(errors, 'no server answers'), { code: codesOf(errors[0])[0] });
}

type Probe = { ask(): Promise<ServerState>; close(): Promise<void> };

/** A connection of its own to one server, that is opened anew after it has failed. */
function createProbe(url: string): Probe {
  let sql: postgres.Sql | undefined;
  const drop = async () => {
    const dropped = sql;
    sql = undefined;
    await dropped?.end({ timeout: 0 }).catch(() => undefined);
  };
  return {
    async ask() {
      sql ??= postgres(url, {
        ...connectionOptions({ url, connectTimeout: 2 }),
        max: 1,
        fetch_types: false,
        idle_timeout: 0,
      });
      const late = Promise.withResolvers<never>();
      const timer = setTimeout(
        () => late.reject(Object.assign(new Error('no answer'), { code: 'CONNECT_TIMEOUT' })),
        ANSWERS_WITHIN,
      );
      try {
        const [row] = await Promise.race([sql.unsafe<{ timeline: string | null }[]>(ASK), late.promise]);
        return row?.timeline
          ? { is: 'primary', timeline: Number.parseInt(row.timeline, 16) }
          : { is: 'standby' };
      } catch (error) {
        void drop();
        return { is: 'away', error };
      } finally {
        clearTimeout(timer);
      }
    },
    close: drop,
  };
}

/** The name of a file of the write-ahead log begins with the timeline, which each promotion makes one higher. */
const ASK = `
  select case when pg_is_in_recovery() then null else left(pg_walfile_name(pg_current_wal_lsn()), 8) end as timeline`;
