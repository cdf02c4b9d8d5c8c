import { Writable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Cycle, createCycle } from '../../src/kernel/cycle.ts';
import { createLog } from '../../src/kernel/log.ts';
import { minutes, seconds } from '../../src/kernel/time.ts';

/** What the run does next: how much was due, or a database that is away. */
type Run = () => Promise<number>;

const nothing: Run = async () => 0;
const away: Run = async () => {
  throw Object.assign(new Error('secret'), { code: 'ECONNREFUSED' });
};

let lines: string[];
let runs: number;
let script: Run[];
let cycle: Cycle;

beforeEach(() => {
  vi.useFakeTimers();
  lines = [];
  runs = 0;
  script = [];
  const destination = new Writable({
    write(chunk, _encoding, done) {
      lines.push(String(chunk));
      done();
    },
  });
  cycle = createCycle({
    name: 'replies',
    log: createLog('info', destination),
    run: () => {
      runs += 1;
      return (script.shift() ?? nothing)();
    },
  });
});
afterEach(async () => {
  await cycle.stop();
  vi.useRealTimers();
});

/** A run that lasts until it is let go. */
function lasting(done = 0) {
  const { promise, resolve } = Promise.withResolvers<number>();
  return { run: () => promise, end: () => resolve(done) };
}

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

describe('a cycle', () => {
  it('runs at the start and then every second, unasked', async () => {
    cycle.start();
    await pass(0);
    expect(runs).toBe(1);
    await pass(seconds(1) - 1);
    expect(runs).toBe(1);
    await pass(1);
    expect(runs).toBe(2);
    await pass(seconds(10));
    expect(runs).toBe(12);
  });

  it('runs again at once as long as there was something to do', async () => {
    script = [async () => 16, async () => 3];
    cycle.start();
    await pass(0);
    expect(runs).toBe(3);
  });

  it('runs at once when it is woken', async () => {
    cycle.start();
    await pass(10);
    cycle.nudge();
    await pass(0);
    expect(runs).toBe(2);
    await pass(seconds(1));
    expect(runs).toBe(3);
  });

  it('runs when what was put by is due, not a second later, and leaves what is far off to its next look', async () => {
    cycle.start();
    await pass(0);
    cycle.nudge(100);
    cycle.nudge(minutes(1));
    await pass(99);
    expect(runs).toBe(1);
    await pass(10);
    expect(runs).toBe(2);
    expect(vi.getTimerCount()).toBe(1);
  });

  it('runs once more when it is woken during a run, however often', async () => {
    const long = lasting();
    script = [long.run];
    cycle.start();
    await pass(0);
    cycle.nudge();
    cycle.nudge();
    await pass(minutes(1));
    expect(runs).toBe(1);
    long.end();
    await pass(0);
    expect(runs).toBe(2);
  });

  it('does not begin twice', async () => {
    cycle.start();
    cycle.start();
    await pass(0);
    expect(runs).toBe(1);
  });

  it('says when it last ended well', async () => {
    script = [nothing, away, away, nothing];
    cycle.start();
    await pass(0);
    const first = cycle.lastRunAt();
    await pass(seconds(2));
    expect(cycle.lastRunAt()).toBe(first);
    await pass(seconds(1));
    expect(cycle.lastRunAt()).toBe(first + seconds(3));
  });
});

describe('a run that throws', () => {
  it('is tried again a second later, not at once though it is woken during the run', async () => {
    script = [
      async () => {
        cycle.nudge();
        return away();
      },
    ];
    cycle.start();
    await pass(seconds(1) - 1);
    expect(runs).toBe(1);
    await pass(1);
    expect(runs).toBe(2);
  });

  it('is logged once, then once a minute, and again when it was well in between', async () => {
    script = Array(119).fill(away);
    cycle.start();
    await pass(seconds(58));
    expect(runs).toBe(59);
    expect(lines).toHaveLength(1);
    await pass(seconds(60));
    expect(runs).toBe(119);
    expect(lines).toHaveLength(2);
    await pass(seconds(1));
    script = [away];
    await pass(seconds(1));
    expect(lines).toHaveLength(3);
  });

  it('is logged by name and code and nothing else', async () => {
    script = [away];
    cycle.start();
    await pass(0);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      event: 'cycle_failed',
      cycle: 'replies',
      error: 'Error',
      code: 'ECONNREFUSED',
    });
    expect(lines.join()).not.toContain('secret');
  });
});

describe('stopping', () => {
  it('waits for the run under way and begins no other, woken or not', async () => {
    const long = lasting(5);
    script = [long.run];
    cycle.start();
    await pass(0);
    cycle.nudge();
    let isStopped = false;
    const stopping = cycle.stop().then(() => {
      isStopped = true;
    });
    await pass(minutes(1));
    expect(isStopped).toBe(false);
    long.end();
    await stopping;
    cycle.nudge();
    await pass(minutes(1));
    expect(runs).toBe(1);
  });

  it('does not wait for the next second, and leaves no timer behind', async () => {
    cycle.start();
    await pass(0);
    cycle.nudge(100);
    await cycle.stop();
    expect(vi.getTimerCount()).toBe(0);
    cycle.nudge();
    cycle.nudge(100);
    cycle.start();
    await pass(minutes(1));
    expect(runs).toBe(1);
  });

  it('before the start means that it never runs', async () => {
    await cycle.stop();
    cycle.start();
    await pass(minutes(1));
    expect(runs).toBe(0);
  });
});
