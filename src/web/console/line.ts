/**
 * Hearing of changes, in all rooms of one browser by one stream.
 *
 * A browser has six connections to a server that speaks HTTP/1.1: a stream for each room would leave none to ask with. One
 * room leads, by a lock that the browser gives to one at a time; it has the stream and passes on to the others that
 * something changed. Nothing else goes from room to room: no key, nothing of a case.
 *
 * Invariants: a line on which no sign of life came for nine seconds is cut, whatever the connection says (a proxy may keep
 * everything back); as long as it is cut each room looks by itself; a leader that is not heard of (its room was frozen) is
 * replaced.
 */
import { keepOpen, type Sign } from '../returning-stream.ts';

/** What the stream of changes says. */
export type StreamEvent = 'there' | 'changed' | Sign;

const PATIENCE = {
  /** The service gives a sign of life every three seconds. */
  silenceMs: 9_000,
  retriesMs: [1_000, 2_000, 5_000],
  enoughMs: 5 * 60_000,
};
/** A leader says every three seconds how it is. */
const LEADER_BEAT_MS = 3_000;
const LEADER_SILENCE_MS = 10_000;
const POLL_MS = 10_000;
/** From one place of the room to another nobody watches for a moment: the stream stays. */
const LINGER_MS = 2_000;

/** What goes from the leading room to the others. */
export type Relayed = 'up' | 'changed' | 'cut';

type LineParts = {
  openChanges: (hears: (event: StreamEvent) => void) => () => void;
  /** What connects the rooms of one browser; undefined: this browser cannot, each room leads itself. */
  rooms: Rooms | undefined;
};

export type Rooms = {
  say(what: Relayed): void;
  hears(heard: (what: Relayed) => void): () => void;
  /**
   * Waits until this room leads, or takes the lead away from another one (`isForced`). `begin` is then called, and what it
   * returned when the lead was lost or given back. Returns how to give it back, or to wait no more.
   */
  lead(begin: () => () => void, isForced: boolean): () => void;
};

type Watcher = {
  onChange: () => void;
  /** Changes are not heard, and it is time to see whether there were any. */
  onPoll: () => void;
  onLine: (isUp: boolean) => void;
};

/** One for each room. Nothing runs while nobody watches. */
export function createLine({ openChanges, rooms }: LineParts): (watcher: Watcher) => () => void {
  const watchers = new Set<Watcher>();
  let isUp = true;
  let leads = false;
  let poll: ReturnType<typeof setInterval> | undefined;
  let silence: ReturnType<typeof setTimeout> | undefined;
  let stops: (() => void)[] = [];
  let giveBack: () => void = () => undefined;

  const look = () => {
    for (const { onChange } of watchers) onChange();
  };
  const ask = () => {
    for (const { onPoll } of watchers) onPoll();
  };
  const setUp = (next: boolean) => {
    if (next === isUp) return;
    isUp = next;
    clearInterval(poll);
    poll = isUp ? undefined : setInterval(ask, POLL_MS);
    for (const { onLine } of watchers) onLine(isUp);
    // What was missed while it was cut; or whether the service answers at all.
    if (isUp) look();
    else ask();
  };
  const apply = (what: Relayed) => {
    const wasUp = isUp;
    setUp(what !== 'cut');
    if (what === 'changed' && wasUp) look();
  };

  const begin = () => {
    leads = true;
    clearTimeout(silence);
    const tell = (what: Relayed) => {
      apply(what);
      rooms?.say(what);
    };
    const stop = keepOpen<'there' | 'changed'>(
      openChanges,
      {
        // Something may have changed before the stream was there.
        onSaid: (said) => tell(said === 'alive' ? 'up' : 'changed'),
        onCut: () => tell('cut'),
      },
      PATIENCE,
    );
    const beat = setInterval(() => rooms?.say(isUp ? 'up' : 'cut'), LEADER_BEAT_MS);
    return () => {
      leads = false;
      clearInterval(beat);
      stop();
      if (runs) waitForLeader();
    };
  };
  const waitForLeader = () => {
    clearTimeout(silence);
    if (leads) return;
    silence = setTimeout(() => {
      setUp(false);
      giveBack();
      giveBack = rooms?.lead(begin, true) ?? giveBack;
    }, LEADER_SILENCE_MS);
  };
  const start = () => {
    if (!rooms) {
      stops = [begin()];
      return;
    }
    const unhear = rooms.hears((what) => {
      waitForLeader();
      apply(what);
    });
    waitForLeader();
    giveBack = rooms.lead(begin, false);
    stops = [unhear, () => giveBack()];
  };
  const stop = () => {
    for (const each of stops) each();
    clearTimeout(silence);
    clearInterval(poll);
    isUp = true;
  };

  let runs = false;
  let ending: ReturnType<typeof setTimeout> | undefined;
  return (watcher) => {
    watchers.add(watcher);
    clearTimeout(ending);
    if (!isUp) watcher.onLine(false);
    if (!runs) start();
    runs = true;
    return () => {
      watchers.delete(watcher);
      if (watchers.size > 0) return;
      ending = setTimeout(() => {
        runs = false;
        stop();
      }, LINGER_MS);
    };
  };
}
