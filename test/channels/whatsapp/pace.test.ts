import { expect, test } from 'vitest';
import { createPace } from '../../../src/channels/whatsapp/pace.ts';
import { seconds } from '../../../src/kernel/time.ts';

function pace(perMinute: number) {
  let now = 5_000_000;
  const made = createPace(perMinute, () => now);
  return {
    take: made.take,
    passes: (ms: number): void => {
      now += ms;
    },
  };
}

test('a minute’s worth leaves at once, and then one after the other', () => {
  const { take, passes } = pace(60);
  for (let n = 0; n < 60; n++) expect(take(false)).toBe(0);
  expect(take(false)).toBe(seconds(1));
  passes(seconds(1));
  expect(take(false)).toBe(0);
  expect(take(false)).toBeGreaterThan(0);
});

test('those who wait are told different times, so that they do not all come back at once', () => {
  const { take } = pace(60);
  for (let n = 0; n < 60; n++) take(false);
  expect([take(false), take(false), take(false)]).toEqual([seconds(1), seconds(2), seconds(3)]);
});

test('what cannot wait never does, and others wait the longer for it', () => {
  const { take } = pace(60);
  for (let n = 0; n < 100; n++) expect(take(true)).toBe(0);
  expect(take(false)).toBe(seconds(41));
});

test('who was silent for long gets no more than a minute’s worth', () => {
  const { take, passes } = pace(60);
  passes(seconds(10_000));
  for (let n = 0; n < 60; n++) expect(take(false)).toBe(0);
  expect(take(false)).toBeGreaterThan(0);
});
