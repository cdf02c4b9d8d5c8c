/** Hearing of changes in the rooms of one browser: one stream, however many rooms, whatever happens to it. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createLine, type Relayed, type Rooms, type StreamEvent } from '../../src/web/console/line.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

/** A browser with a lock, a channel, and the service's streams. */
function browser({ hasLocks = true } = {}) {
  const streams = new Set<(event: StreamEvent) => void>();
  let isCut = false;
  let opened = 0;
  const hearers = new Set<{ room: object; heard: (what: Relayed) => void }>();
  const queue: { room: Frozen; begin: () => () => void; end?: () => void }[] = [];
  const leadNext = () => {
    const [first] = queue;
    if (first && !first.end) first.end = first.begin();
  };
  const roomsOf = (room: Frozen): Rooms => ({
    say(what) {
      if (room.isFrozen) return;
      for (const each of hearers) if (each.room !== room) each.heard(what);
    },
    hears(heard) {
      const hearer = { room, heard: (what: Relayed) => !room.isFrozen && heard(what) };
      hearers.add(hearer);
      return () => hearers.delete(hearer);
    },
    lead(begin, isForced) {
      const mine: (typeof queue)[number] = { room, begin };
      if (isForced) {
        const leader = queue.shift();
        leader?.end?.();
        queue.unshift(mine);
      } else queue.push(mine);
      leadNext();
      return () => {
        mine.end?.();
        queue.splice(queue.indexOf(mine), 1);
        leadNext();
      };
    },
  });
  return {
    openings: () => opened,
    streams: () => streams.size,
    /** The service says something on every stream that is open. */
    says(event: StreamEvent) {
      for (const hear of [...streams]) hear(event);
    },
    /** From now on a stream can be had, or nothing comes of it. */
    cuts: (next: boolean) => {
      isCut = next;
    },
    opensRoom() {
      const room: Frozen = { isFrozen: false };
      const seen: string[] = [];
      const watch = createLine({
        openChanges(hears) {
          opened += 1;
          const hear = (event: StreamEvent) => {
            if (!isCut && !room.isFrozen) hears(event);
          };
          streams.add(hear);
          queueMicrotask(() => hear('there'));
          return () => streams.delete(hear);
        },
        rooms: hasLocks ? roomsOf(room) : undefined,
      });
      const note = (what: string) => !room.isFrozen && seen.push(what);
      const leaves = watch({
        onChange: () => note('looks'),
        onPoll: () => note('asks'),
        onLine: (isUp) => note(isUp ? 'up' : 'cut'),
      });
      return { room, seen, leaves, takes: () => seen.splice(0) };
    },
  };
}
type Frozen = { isFrozen: boolean };

/** Time goes by, with the service's sign of life every three seconds. */
async function passes(world: ReturnType<typeof browser>, seconds: number) {
  for (let n = 0; n < seconds; n++) {
    await vi.advanceTimersByTimeAsync(1_000);
    if (n % 3 === 2) world.says('alive');
  }
}

describe('six open rooms', () => {
  it('have one stream between them, and each hears of every change', async () => {
    const world = browser();
    const rooms = Array.from({ length: 6 }, () => world.opensRoom());
    await passes(world, 60);
    for (const each of rooms) each.takes();
    world.says('changed');
    expect(rooms.map((each) => each.takes())).toEqual(Array(6).fill(['looks']));
    expect([world.streams(), world.openings()]).toEqual([1, 1]);
  });

  it('go on with another’s when the one that has the stream is closed, or frozen', async () => {
    const world = browser();
    const [first, second, third] = [world.opensRoom(), world.opensRoom(), world.opensRoom()];
    await passes(world, 5);
    first.leaves();
    await passes(world, 5);
    second.takes();
    third.takes();
    world.says('changed');
    expect([second.takes(), third.takes()]).toEqual([['looks'], ['looks']]);
    second.room.isFrozen = true;
    await passes(world, 12);
    expect(third.takes().slice(0, 2)).toEqual(['cut', 'asks']);
    await passes(world, 3);
    third.takes();
    world.says('changed');
    expect(third.takes()).toEqual(['looks']);
  });

  it('have a stream each where the browser cannot connect them', async () => {
    const world = browser({ hasLocks: false });
    const rooms = [world.opensRoom(), world.opensRoom()];
    await passes(world, 20);
    world.says('changed');
    expect(rooms.every(({ seen }) => seen.at(-1) === 'looks')).toBe(true);
    expect(world.streams()).toBe(2);
  });
});

describe('the rooms of a real browser’s locks and channels (Node has the same)', () => {
  it('lead one after the other, take the lead from one that is frozen, and hear each other', async () => {
    vi.useRealTimers();
    // Its types are the browser's.
    const path = '../../src/web/console/rooms-here.ts';
    const { roomsHere } = (await import(path)) as { roomsHere: () => Rooms };
    const led: string[] = [];
    const leadsAs = (name: string, rooms: Rooms, isForced = false) => {
      const end = () => void led.push(`${name} ends`);
      const begin = () => {
        led.push(name);
        return end;
      };
      return rooms.lead(begin, isForced);
    };
    const [one, two] = [roomsHere(), roomsHere()];
    const heard = new Promise((resolve) => two.hears(resolve));
    const gives = leadsAs('one', one);
    const waits = leadsAs('two', two);
    await expect.poll(() => led).toEqual(['one']);
    one.say('changed');
    expect(await heard).toBe('changed');
    waits();
    const takes = leadsAs('two', two, true);
    await expect.poll(() => led.toSorted()).toEqual(['one', 'one ends', 'two']);
    takes();
    // A tab that lost the lead waits for it again.
    await expect.poll(() => led.slice(3)).toEqual(['two ends', 'one']);
    gives();
    await expect.poll(() => led.at(-1)).toBe('one ends');
  });
});

describe('a line on which nothing comes', () => {
  it('is said to be cut within ten seconds, in every room; each asks every ten seconds until it is back', async () => {
    const world = browser();
    const rooms = [world.opensRoom(), world.opensRoom()];
    await passes(world, 5);
    for (const each of rooms) each.takes();
    world.cuts(true);
    await passes(world, 10);
    for (const each of rooms) expect(each.takes()).toEqual(['cut', 'asks']);
    await passes(world, 30);
    for (const each of rooms) expect(each.takes()).toEqual(['asks', 'asks', 'asks']);
    world.cuts(false);
    await passes(world, 16);
    for (const each of rooms) expect(each.takes().filter((what) => what !== 'asks')).toContain('up');
    await passes(world, 30);
    for (const each of rooms) expect(each.takes()).toEqual([]);
  });

  it('also when no stream can be had at all', async () => {
    const world = browser();
    world.cuts(true);
    const one = world.opensRoom();
    await passes(world, 10);
    expect(one.takes()).toEqual(['cut', 'asks']);
  });

  it('is not asked for again and again when this person has too many', async () => {
    const world = browser();
    const one = world.opensRoom();
    await passes(world, 3);
    world.says('enough');
    await passes(world, 200);
    expect(world.openings()).toBe(1);
    expect(one.takes().filter((what) => what === 'asks').length).toBeGreaterThan(18);
  });

  it('is let go when no one watches any more, but not between two places of the room', async () => {
    const world = browser();
    const one = world.opensRoom();
    await passes(world, 3);
    one.leaves();
    expect(world.streams()).toBe(1);
    await passes(world, 3);
    expect(world.streams()).toBe(0);
  });
});
