/**
 * A postgres.js client as drizzle should see it.
 *
 * 1. drizzle calls `unsafe(query, params, { prepare: false })`, which costs a second round trip to describe each
 *    query's parameters. Here every query with parameters is prepared once per connection.
 * 2. drizzle replaces parsers in `client.options` (instants become strings): it gets a copy to write on.
 * 3. When the connection of a transaction dies, postgres.js 3.4.9 still sends the rollback, and whatever the
 *    transaction asks next, to the dead connection: an exception nobody can catch, a connection that hangs for ever,
 *    or, once it is connected again, a statement in the middle of another transaction's work. (Its issues 1154 and 1208.)
 *    Here a transaction that has lost its connection runs nothing any more.
 */
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import type postgres from 'postgres';
import { LakanaError } from '../kernel/errors.ts';
import { isConnectionError } from './failure.ts';

/** `isLost`: nothing may be sent any more. `hasEnded`: `begin` has settled. */
type Scope = { isLost: boolean; hasEnded: boolean };

/** Wraps `client` for drizzle. The bare client stays as it is. */
export function preparedClient(client: postgres.Sql): postgres.Sql {
  const options = {
    ...client.options,
    parsers: { ...client.options.parsers },
    serializers: { ...client.options.serializers },
  };
  return new Proxy(client, {
    get(target, name) {
      if (name === 'options') return options;
      if (name === 'unsafe') return unsafeOf(target, { isLost: false, hasEnded: false });
      if (name === 'begin') return beginOf(target);
      return Reflect.get(target, name, target);
    },
  });
}

/** The same inside one transaction of `client`: what begins one in it begins a savepoint. */
export function preparedTransaction(client: postgres.Sql, inner: postgres.TransactionSql): postgres.Sql {
  const tx = inTransaction(inner as unknown as postgres.Sql, { isLost: false, hasEnded: false });
  const { options } = preparedClient(client);
  return new Proxy(tx, {
    get(target, name) {
      if (name === 'options') return options;
      return Reflect.get(target, name === 'begin' ? 'savepoint' : name, target);
    },
  });
}

type Work = (sql: postgres.Sql) => Promise<unknown>;
// The types of postgres.js want to know every row; drizzle does not tell.
type Loose = (...parts: unknown[]) => Promise<unknown>;

function unsafeOf(client: postgres.Sql, scope: Scope) {
  const unsafe = client.unsafe as unknown as (...parts: unknown[]) => Lazy;
  return (query: string, params: unknown[] = [], own: object = {}): Lazy => {
    if (scope.isLost) return lazy(Promise.reject(lost()));
    const asked = unsafe(query, params, { ...own, prepare: true });
    // Not asked yet: postgres.js sends when a caller waits, and `values` has to be said before.
    const watched = (): PromiseLike<unknown> => asked.then(undefined, (error) => note(error, scope));
    const raw = () => {
      asked.values();
      return watched();
    };
    // biome-ignore lint/suspicious/noThenProperty: stands in for a lazy query of postgres.js
    return { then: (a, b) => watched().then(a, b), values: raw };
  };
}

type Lazy = PromiseLike<unknown> & { values(): PromiseLike<unknown> };

function lazy(result: Promise<unknown>): Lazy {
  return Object.assign(result, { values: () => result });
}

/** A caller hears that the connection is lost after we know it. */
function note(error: unknown, scope: Scope): never {
  if (isConnectionError(error)) scope.isLost = true;
  throw error;
}

const lost = () => new LakanaError('CONNECTION_CLOSED', 'the transaction has ended or lost its connection');

function beginOf(client: postgres.Sql): Loose {
  const begin = client.begin as unknown as Loose;
  return async (...parts) => {
    const work = parts.pop() as Work;
    const scope: Scope = { isLost: false, hasEnded: false };
    try {
      return await begin(...parts, (inner: postgres.Sql) =>
        alive(scope, () => work(inTransaction(inner, scope))),
      );
    } finally {
      scope.isLost = scope.hasEnded = true;
    }
  };
}

/**
 * Passes on how `work` ended only while the connection lives, so that postgres.js commits and rolls back on a live
 * connection only. If it is lost, `begin` fails by itself and nobody waits here any more.
 */
async function alive<T>(scope: Scope, work: () => Promise<T>): Promise<T> {
  try {
    const result = await work();
    if (scope.isLost) throw lost();
    return result;
  } catch (error) {
    if (isConnectionError(error)) scope.isLost = true;
    await nextTurn();
    if (!scope.isLost) throw error;
    await sleep(BEGIN_FAILS_WITHIN_MS, undefined, { ref: false });
    // Still waiting: the error came from somewhere else and this connection lives.
    if (!scope.hasEnded) throw error;
    return new Promise<never>(() => {});
  }
}

const BEGIN_FAILS_WITHIN_MS = 5_000;

function inTransaction(client: postgres.Sql, scope: Scope): postgres.Sql {
  return new Proxy(client, {
    get(target, name) {
      if (name === 'unsafe') return unsafeOf(target, scope);
      const value: unknown = Reflect.get(target, name, target);
      if (name !== 'savepoint') return value;
      return (work: Work) => {
        if (scope.isLost) return Promise.reject(lost());
        return (value as Loose)((inner: postgres.Sql) =>
          alive(scope, () => work(inTransaction(inner, scope))),
        );
      };
    },
  });
}
