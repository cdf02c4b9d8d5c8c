/**
 * The guardian: a small process that keeps the service running. The service is its child; it says twice a second that it
 * lives. One that stays silent (its loop is held by something) is killed; one that fell is started again.
 *
 * Why a process of its own: whatever holds the service's loop, or ends it, leaves this one alone. It imports nothing of
 * ours that works: no settings, no database, no log.
 *
 * What is kept here of messages: which ones were being handled when the service fell, as keyed hashes. The service says
 * so before it begins with each and when it is done, which costs a few microseconds and no commit; a record in memory
 * suffices, since what ends both processes at once (a power cut, `kill -9` of both) was no message's doing. A process
 * that was killed from outside (`kill -9`, the system short of memory) may have died for no fault of a message: only
 * those count that had been handled for a second and longer. Work that is no message is counted here only, until it was
 * done once or a day has passed since it last made the service fall.
 *
 * Invariants: a first start that is refused is not tried again, and ends with its code; a later one is (what it needs, the
 * key's device or the database, may come back, and nobody is there); a stop that was asked for once ends
 * everything within 30 seconds; the service does not outlive its guardian (it hears that the line is cut).
 */
import { type ChildProcess, fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { WORK } from '../kernel/work.ts';
import type { FallKind, Found, FromService, Told } from './guard-words.ts';
import type { Systemd } from './systemd.ts';

/** Milliseconds. */
export type Patience = {
  /** Between two looks. They are counted, so that a machine that slept does not look like a service that was silent. */
  look: number;
  /** Looks without a sign of life: of one that has begun, and of one that is still being loaded. */
  silentLooks: number;
  loadingLooks: number;
  /** Before it is started again; doubled with each fall, up to `longestPause`, until it has lived for `wellAfter`. */
  pause: number;
  longestPause: number;
  wellAfter: number;
  /** What a stop may take. */
  stop: number;
};

const PATIENCE: Patience = {
  look: 1_000,
  silentLooks: 15,
  loadingLooks: 120,
  pause: 250,
  longestPause: 30_000,
  wellAfter: 300_000,
  stop: 29_000,
};

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** A message that was handled for so long when the service was killed from outside may be why. */
const LONG = 1_000;
const STOP_SIGNALS = ['SIGTERM', 'SIGINT'] as const;

/** What is under way: since when, and whether nothing else can run meanwhile. */
type UnderWay = ReadonlyMap<string, { since: number; isSole: boolean }>;

/** A run that ended unwanted. `isFromOutside`: it was killed from outside. */
type Fallen = {
  isFrozen: boolean;
  isFromOutside: boolean;
  underWay: UnderWay;
  readyAt: number | undefined;
};

/** Runs the program until it is stopped; resolves to the code to end with. `systemd`: who else is told how it goes. */
export function guard(
  program: string,
  patience: Patience = PATIENCE,
  systemd: Systemd = { ready: () => {}, stopping: () => {} },
): Promise<number> {
  const guardian = randomUUID();
  const { promise, resolve } = Promise.withResolvers<number>();
  const falls: { at: number; kind: FallKind }[] = [];
  const suspects = new Map<string, { times: number; at: number }>();
  let told: { what: Told; at: number } | undefined;
  let failures = 0;
  let isStopping = false;
  let wasEverReady = false;
  let child: ChildProcess | undefined;
  let pausing: NodeJS.Timeout | undefined;

  const start = (): void => {
    let silent = 0;
    let isBegun = false;
    let isRefused = false;
    let isFrozen = false;
    let readyAt: number | undefined;
    const underWay = new Map<string, { since: number; isSole: boolean }>();
    // The flags of this process (`--max-semi-space-size`) are the service's too.
    const started = fork(program, [], { stdio: ['inherit', 'inherit', 'inherit', 'ipc'] });
    child = started;

    const hear: { [I in FromService['is']]: (said: Extract<FromService, { is: I }>) => void } = {
      beat: () => {},
      asks: () => {
        isBegun = true;
        started.send(found());
      },
      ready: () => {
        readyAt = performance.now();
        if (!wasEverReady) systemd.ready();
        wasEverReady = true;
      },
      refuses: () => {
        isRefused = true;
      },
      failed: () => {
        isRefused = true;
      },
      begins: ({ key, isSole = false }) => underWay.set(key, { since: performance.now(), isSole }),
      ends: ({ key }) => {
        underWay.delete(key);
        suspects.delete(key);
      },
      counted: () => {
        for (const key of suspects.keys()) if (!key.startsWith(WORK)) suspects.delete(key);
      },
      told: (said) => {
        told = { what: said.told, at: performance.now() };
      },
    };
    started.on('message', (all: FromService[]) => {
      silent = 0;
      for (const said of all) (hear[said.is] as (said: FromService) => void)(said);
    });
    const looking = setInterval(() => {
      silent += 1;
      if (isStopping || silent < (isBegun ? patience.silentLooks : patience.loadingLooks)) return;
      isFrozen = true;
      started.kill('SIGKILL');
    }, patience.look);

    let isOver = false;
    const over = (code: number | null, signal: NodeJS.Signals | null): void => {
      if (isOver) return;
      isOver = true;
      clearInterval(looking);
      child = undefined;
      // Not even loaded: the installation is broken, and is so again.
      const isBroken = !wasEverReady && !isBegun && code !== null;
      // The first start: the operator reads why.
      const isFinal = isBroken || (isRefused && !wasEverReady);
      if (isStopping || isFinal || code === 0) resolve(code ?? (signal === 'SIGKILL' ? 1 : 0));
      else if (isRefused) again(undefined);
      else fell({ isFrozen, isFromOutside: signal === 'SIGKILL' && !isFrozen, underWay, readyAt });
    };
    started.once('exit', over);
    // It could not be started at all.
    started.once('error', () => over(null, null));
  };

  const fell = ({ isFrozen, isFromOutside, underWay, readyAt }: Fallen): void => {
    const now = performance.now();
    falls.push({ at: now, kind: isFrozen ? 'frozen' : 'ended' });
    const [sole] = [...underWay].filter(([, { isSole }]) => isSole);
    for (const [key, { since }] of sole ? [sole] : underWay)
      if (!isFromOutside || now - since >= LONG)
        suspects.set(key, { times: (suspects.get(key)?.times ?? 0) + 1, at: now });
    again(readyAt);
  };

  /** A start that was refused is no fall: the service did not run. */
  const again = (readyAt: number | undefined): void => {
    const wasWell = readyAt !== undefined && performance.now() - readyAt >= patience.wellAfter;
    failures = wasWell ? 1 : failures + 1;
    pausing = setTimeout(start, Math.min(patience.longestPause, patience.pause * 2 ** (failures - 1)));
  };

  const found = (): Found => {
    const now = performance.now();
    while (falls[0] && now - falls[0].at > HOUR) falls.shift();
    for (const [key, { at }] of suspects) if (now - at > DAY) suspects.delete(key);
    return {
      guardian,
      falls: falls.map(({ at, kind }) => ({ agoMs: now - at, kind })),
      suspects: [...suspects].map(([key, { times }]) => ({ key, times })),
      told: told && now - told.at < HOUR ? told.what : undefined,
    };
  };

  const stop = (signal: NodeJS.Signals): void => {
    // However often it comes: `npm` passes on what the terminal has sent to everybody already.
    if (isStopping) return;
    isStopping = true;
    systemd.stopping();
    clearTimeout(pausing);
    if (!child) resolve(0);
    child?.kill(signal);
    setTimeout(() => child?.kill('SIGKILL'), patience.stop).unref();
  };
  for (const signal of STOP_SIGNALS) process.on(signal, stop);

  start();
  return promise;
}
