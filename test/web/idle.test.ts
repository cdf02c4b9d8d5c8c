import { describe, expect, it } from 'vitest';
import { createIdle, IDLE_MS } from '../../src/web/console/idle.ts';

const SECOND = 1_000;

/** Two clocks that go as they are told. */
function room() {
  const now = { wall: 1_000_000, steady: 0 };
  const idle = createIdle(() => ({ ...now }));
  const pass = (wall: number, steady = wall) => {
    now.wall += wall;
    now.steady += steady;
  };
  return { idle, pass };
}

describe('the room', () => {
  it('stays open under a member who touches something now and then, for hours', () => {
    const { idle, pass } = room();
    for (let n = 0; n < 100; n++) {
      pass(IDLE_MS - SECOND);
      idle.touch();
    }
    expect(idle.isOver()).toBe(false);
  });

  it('is over after five minutes without a touch, by either clock', () => {
    for (const [wall, steady] of [
      [IDLE_MS, 0],
      [0, IDLE_MS],
    ] as const) {
      const { idle, pass } = room();
      pass(wall, steady);
      expect(idle.isOver()).toBe(true);
    }
  });

  it('stays open while a voice note plays, for a member who listens, but not for ever', () => {
    const { idle, pass } = room();
    for (let n = 0; n < 19; n++) {
      pass(60 * SECOND);
      idle.plays();
    }
    expect(idle.isOver()).toBe(false);
    for (let n = 0; n < 7; n++) {
      pass(60 * SECOND);
      idle.plays();
    }
    expect(idle.isOver()).toBe(true);
  });

  it('says for the last minute that it closes, until something is touched', () => {
    const { idle, pass } = room();
    pass(IDLE_MS - 61 * SECOND);
    expect(idle.isSoonOver()).toBe(false);
    pass(2 * SECOND);
    expect(idle.isSoonOver()).toBe(true);
    expect(idle.isOver()).toBe(false);
    idle.touch();
    expect(idle.isSoonOver()).toBe(false);
  });

  it('is over on a laptop that slept, whose steady clock stood still, also if the first thing it hears is a touch', () => {
    const { idle, pass } = room();
    pass(IDLE_MS, SECOND);
    idle.touch();
    expect(idle.isOver()).toBe(true);
  });

  it('is over when the clock is set back, however little time seems to have passed; and stays so', () => {
    const { idle, pass } = room();
    pass(-60 * SECOND, SECOND);
    expect(idle.isOver()).toBe(true);
    pass(60 * SECOND, 0);
    idle.touch();
    expect(idle.isOver()).toBe(true);
  });

  it('does not end when a clock is set right by a few seconds', () => {
    const { idle, pass } = room();
    pass(-3 * SECOND, SECOND);
    expect(idle.isOver()).toBe(false);
  });
});
