/**
 * A folder of backups of which nobody knows whether it answers: a disk that is broken, a machine that is mounted and away.
 *
 * Invariants: what waits for such a disk can be ended by nothing, and a process has few threads for files, by which names are looked
 * up and files of reporters kept too: the folder is therefore touched by a process of its own alone, which is left behind once it
 * has not answered for a time; at most one is left behind at any moment, and until it has ended nothing more is asked.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { LakanaError } from '../kernel/errors.ts';
import { minutes, seconds } from '../kernel/time.ts';
import type { Stored, Target } from './names.ts';

type Does = 'list' | 'strange' | 'disk' | 'read_mark' | 'make_mark' | 'write' | 'read' | 'remove' | 'tidy';
export type ToChild =
  | { id: number; is: 'asked'; does: Does; name: string; isMade: boolean }
  | { id: number; is: 'piece'; bytes: Uint8Array }
  /** That was the whole file; it is called off; the next bytes may come. */
  | { id: number; is: 'all' | 'off' | 'more' };
export type FromChild =
  | { id: number; is: 'done'; value: unknown }
  | { id: number; is: 'failed'; code: string; message?: string }
  | { id: number; is: 'piece'; bytes: Uint8Array }
  | { id: number; is: 'more' };

/** Milliseconds of silence after which it is left behind. */
type Patience = {
  /** A list, the next bytes. A disk that sleeps needs half a minute. */
  answer: number;
  /** Until all that was written is safe on the disk: a slow stick has much to catch up with. */
  safe: number;
};
const USUAL: Patience = { answer: minutes(2), safe: minutes(15) };
/** One that has nothing to do ends. */
const IDLE = seconds(5);
const PROGRAM = fileURLToPath(new URL('./folder-child.ts', import.meta.url));

type Helper = {
  process: ChildProcess;
  /** What is waited for, by its number. */
  waiting: Map<number, { said: (message: FromChild) => void; failed: (error: Error) => void }>;
  /** How much is under way. */
  busy: number;
  idle?: NodeJS.Timeout;
};

type Options = {
  /** See `Place`. */
  dataDir?: string;
  /** Only tests bring these two. */
  patience?: Patience;
  program?: string;
};

/** Backups in this folder, of which nobody knows whether it answers. */
export function createFolderApart(
  path: string,
  { dataDir = '', patience = USUAL, program = PROGRAM }: Options = {},
): Target {
  let helper: Helper | undefined;
  /** Resolves once the one that was left behind has ended. */
  let left: Promise<void> | undefined;
  let numbers = 0;

  const hangs = (): LakanaError =>
    new LakanaError(
      'backup_hangs',
      `BACKUP_TARGET ${path} does not answer: see the disk, or the machine that is mounted there, and whether this line comes back: ls ${path}`,
    );

  function leaveBehind(one: Helper): void {
    if (helper === one) helper = undefined;
    const { process: child } = one;
    if (child.exitCode === null && child.signalCode === null) {
      const { promise, resolve } = Promise.withResolvers<void>();
      left = promise;
      child.once('exit', () => {
        left = undefined;
        resolve();
      });
    }
    for (const { failed } of one.waiting.values()) failed(hangs());
    // One that waits for a disk takes the signal only once that has answered.
    child.kill('SIGKILL');
    if (child.connected) child.disconnect();
    child.unref();
  }

  async function inTime<T>(ms: number, waited: Promise<T>, late: () => void): Promise<T> {
    const { promise, reject } = Promise.withResolvers<never>();
    const timer = setTimeout(() => {
      reject(hangs());
      late();
    }, ms);
    return Promise.race([waited, promise]).finally(() => clearTimeout(timer));
  }

  function start(): Helper {
    // It needs to know nothing but the folder: no setting of the service goes there.
    const child = spawn(process.execPath, [program, path, dataDir], {
      env: { NODE_NO_WARNINGS: '1' },
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      serialization: 'advanced',
    });
    const one: Helper = { process: child, waiting: new Map(), busy: 0 };
    child.on('message', (message) => {
      const said = message as FromChild;
      one.waiting.get(said.id)?.said(said);
    });
    const ended = () => {
      if (helper === one) helper = undefined;
      const error = new LakanaError('backup_helper', 'the process that writes the backups has ended');
      for (const { failed } of one.waiting.values()) failed(error);
    };
    child.on('error', ended);
    child.on('exit', ended);
    return one;
  }

  /** Runs one thing, and lets the helper end by itself when nothing more comes. */
  async function* using(does: Does, given: { name?: string; isMade?: boolean } = {}): AsyncGenerator<Talk> {
    if (left) await inTime(patience.answer, left, () => undefined);
    helper ??= start();
    const one = helper;
    clearTimeout(one.idle);
    one.process.ref();
    one.process.channel?.ref();
    one.busy += 1;
    const id = ++numbers;
    const asked = { id, is: 'asked' as const, does, name: given.name ?? '', isMade: given.isMade ?? false };
    let isOver = false;
    const talk: Talk = {
      async callsOff() {
        // Nothing is left of what was half done, if the folder still answers.
        if (!isOver) await talk.says({ is: 'off' }).catch(() => undefined);
      },
      async says(message, ms = patience.answer) {
        const { promise, resolve, reject } = Promise.withResolvers<FromChild>();
        one.waiting.set(id, { said: resolve, failed: reject });
        one.process.send(message ? { id, ...message } : asked);
        const said = await inTime(ms, promise, () => leaveBehind(one)).catch((error: unknown) => {
          isOver = true;
          throw error;
        });
        isOver = said.is === 'done' || said.is === 'failed';
        if (said.is === 'failed') throw asError(said);
        return said;
      },
    };
    try {
      yield talk;
    } finally {
      one.waiting.delete(id);
      one.busy -= 1;
      if (one.busy === 0 && helper === one) rest(one);
    }
  }

  function rest(one: Helper): void {
    one.process.unref();
    one.process.channel?.unref();
    one.idle = setTimeout(() => {
      if (helper === one) helper = undefined;
      if (one.process.connected) one.process.disconnect();
    }, IDLE);
    one.idle.unref();
  }

  async function ask<T>(does: Does, given: { name?: string; isMade?: boolean } = {}): Promise<T> {
    for await (const talk of using(does, given)) {
      const said = await talk.says();
      return (said.is === 'done' ? said.value : undefined) as T;
    }
    throw hangs();
  }

  return {
    shown: path,
    list: () => ask<Stored[]>('list'),
    strange: () => ask<string[]>('strange'),
    disk: () => ask<number>('disk'),
    mark: {
      read: () => ask<string | undefined>('read_mark'),
      make: ({ isMade }) => ask<string>('make_mark', { isMade }),
    },
    async write(name, bytes) {
      for await (const talk of using('write', { name })) {
        await talk.says();
        try {
          for await (const piece of bytes) await talk.says({ is: 'piece', bytes: piece });
        } catch (error) {
          await talk.callsOff();
          throw error;
        }
        await talk.says({ is: 'all' }, patience.safe);
      }
    },
    async *read(name) {
      for await (const talk of using('read', { name })) {
        try {
          for (let said = await talk.says(); said.is === 'piece'; said = await talk.says({ is: 'more' }))
            yield Buffer.from(said.bytes);
        } finally {
          await talk.callsOff();
        }
      }
    },
    remove: (name) => ask<void>('remove', { name }),
    tidy: () => ask<number>('tidy'),
  };
}

type Talk = {
  callsOff(): Promise<void>;
  /** Says it, or asks for the thing itself, and waits for the answer; rejects with what went wrong. */
  says(
    message?: { is: 'piece'; bytes: Uint8Array } | { is: 'all' | 'off' | 'more' },
    ms?: number,
  ): Promise<FromChild>;
};

const asError = ({ code, message }: Extract<FromChild, { is: 'failed' }>): Error =>
  message === undefined
    ? Object.assign(new Error('the folder of the backups failed'), { code })
    : new LakanaError(code, message);
