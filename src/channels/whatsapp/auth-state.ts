/**
 * The session as Baileys wants it, on our own store.
 *
 * Invariants: what Baileys reads has been committed (the memory beside the store is filled after a write, never before
 * it, and forgotten when a write fails); everything that was handed over is in the store when `close` resolves, which
 * must be waited for before another socket is opened on the same session: what an older one still wanted to write would
 * set the ratchets back.
 */
import {
  type AuthenticationCreds,
  type AuthenticationState,
  BufferJSON,
  initAuthCreds,
  jidDecode,
  proto,
  type SignalDataSet,
  type SignalDataTypeMap,
} from '@whiskeysockets/baileys';
import { LRUCache } from 'lru-cache';
import type { SessionStore, Staged } from './session-store.ts';

export type AuthState = {
  state: AuthenticationState;
  /** Call at each `creds.update`. Writes the credentials as they are now. */
  saveCreds(): Promise<void>;
  /**
   * Refuses what is handed over from now on. Resolves once nothing is under way any more; the caller that handed over
   * what failed has been told.
   */
  close(): Promise<void>;
};

const CREDS = 'creds';
/** Values kept in memory: about what a thousand people's ratchets need. */
const REMEMBERED = 5_000;

/** Loads the session, or begins a new one. `staged`: the message whose keys are being written. */
export async function openAuthState(
  store: SessionStore,
  staged: () => Staged | undefined = () => undefined,
): Promise<AuthState> {
  const memory = new LRUCache<string, string>({ max: REMEMBERED });
  // What is left of a linking that was given up is no session: WhatsApp would refuse its login.
  const creds = (await credsOf(store)) ?? initAuthCreds();
  const writes = createWrites(store, memory);

  return {
    state: {
      creds,
      keys: {
        async get(type, ids) {
          const texts = await readThrough(
            store,
            memory,
            writes,
            ids.map((id) => nameOf(type, id)),
          );
          const found: Record<string, SignalDataTypeMap[typeof type]> = {};
          for (const id of ids) {
            const text = texts.get(nameOf(type, id));
            if (text !== undefined) found[id] = keyOf(type, text);
          }
          return found;
        },
        set: (data) => writes.add(changesOf(data), staged()),
      },
    },
    saveCreds: () => writes.add(new Map([[CREDS, encode(creds)]])),
    close: () => writes.close(),
  };
}

/** The number that is linked in this store: `session` is another one each time it is linked. */
export type Link = { session: string; number: string };

/** What is linked in this store; undefined if nothing is. */
export async function linkOf(store: SessionStore): Promise<Link | undefined> {
  const creds = await credsOf(store);
  if (!creds) return undefined;
  const number = jidDecode(creds.me?.id)?.user ?? '';
  return { session: Buffer.from(creds.noiseKey.public).toString('base64'), number };
}

/** The credentials of a number that is linked. */
async function credsOf(store: SessionStore): Promise<AuthenticationCreds | undefined> {
  const kept = (await store.read([CREDS])).get(CREDS);
  const creds = kept === undefined ? undefined : decode<AuthenticationCreds>(kept);
  return creds?.account ? creds : undefined;
}

/** The LID of a number (both as jids) that Baileys has learnt before: known without a connection. */
export async function lidOfNumber(store: SessionStore, number: string): Promise<string | undefined> {
  const name = nameOf('lid-mapping', number.split('@')[0] ?? '');
  const text = (await store.read([name])).get(name);
  return text === undefined ? undefined : `${decode<string>(text)}@lid`;
}

const nameOf = (type: string, id: string): string => `${type}/${id}`;
const encode = (value: unknown): string => JSON.stringify(value, BufferJSON.replacer);
const decode = <T>(text: string): T => JSON.parse(text, BufferJSON.reviver) as T;

/** Each reader gets an object of its own: Baileys changes what it is given. */
function keyOf<T extends keyof SignalDataTypeMap>(type: T, text: string): SignalDataTypeMap[T] {
  const value = decode<SignalDataTypeMap[T]>(text);
  if (type !== 'app-state-sync-key') return value;
  return proto.Message.AppStateSyncKeyData.fromObject(value as object) as unknown as SignalDataTypeMap[T];
}

function changesOf(data: SignalDataSet): Map<string, string | null> {
  const changes = new Map<string, string | null>();
  for (const [type, values] of Object.entries(data))
    for (const [id, value] of Object.entries(values ?? {}))
      changes.set(nameOf(type, id), value === null || value === undefined ? null : encode(value));
  return changes;
}

type Writes = {
  add(changes: ReadonlyMap<string, string | null>, staged?: Staged): Promise<void>;
  /** Resolves when what was added so far has been written, or has failed. */
  done(): Promise<void>;
  /** Takes nothing more, and is done. */
  close(): Promise<void>;
  /** How many were added so far. */
  count(): number;
};

/** One after the other, in the order in which they were handed over. */
function createWrites(store: SessionStore, memory: LRUCache<string, string>): Writes {
  let last: Promise<void> = Promise.resolve();
  let count = 0;
  let isClosed = false;
  const write = async (changes: ReadonlyMap<string, string | null>, staged?: Staged): Promise<void> => {
    // From here until the commit it is not known what the store holds.
    for (const name of changes.keys()) memory.delete(name);
    await store.write(changes, staged);
    for (const [name, text] of changes) if (text !== null) memory.set(name, text);
  };
  return {
    async add(changes, staged) {
      if (isClosed) throw new Error('this socket has ended');
      count += 1;
      const next = last.then(() => write(changes, staged));
      last = next.catch(() => undefined);
      await next;
    },
    done: () => last,
    close() {
      isClosed = true;
      return last;
    },
    count: () => count,
  };
}

async function readThrough(
  store: SessionStore,
  memory: LRUCache<string, string>,
  writes: Writes,
  names: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  // A value that is just being written is read after it.
  await writes.done();
  const before = writes.count();
  const found = new Map<string, string>();
  const unknown: string[] = [];
  for (const name of names) {
    const text = memory.get(name);
    if (text === undefined) unknown.push(name);
    else found.set(name, text);
  }
  if (unknown.length === 0) return found;
  for (const [name, text] of await store.read(unknown)) {
    found.set(name, text);
    // What was handed over while we read may be newer.
    if (writes.count() === before) memory.set(name, text);
  }
  return found;
}
