import { expect, test } from 'vitest';
import { whatToSay } from '../../src/app/watch/channel-watch.ts';
import { minutes } from '../../src/kernel/time.ts';

const since = new Date();

test('a process that waits for the connection says nothing of it', () => {
  expect(whatToSay({ state: 'up', since, isStandby: true }, minutes(60))).toBeUndefined();
});

test('a number whose messages WhatsApp refuses is told to officers while it still receives', () => {
  expect(whatToSay({ state: 'up', since, lastError: 'restricted' }, 0)).toBe('restricted');
});

test('what WhatsApp says of a connection that comes back by itself is told to no one', () => {
  expect(whatToSay({ state: 'starting', since, lastError: '503' }, minutes(4))).toBeUndefined();
  expect(whatToSay({ state: 'starting', since, lastError: '503' }, minutes(5))).toBe('no_connection');
});
