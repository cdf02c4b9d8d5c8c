import { describe, expect, it, test } from 'vitest';
import { failureKept, fateOf, mayBeRepeat } from '../../src/app/delivery-fate.ts';
import type { SendResult } from '../../src/channels/channel.ts';
import { CLASS } from '../../src/db/schema.ts';
import { hours, minutes, seconds } from '../../src/kernel/time.ts';

type Refusal = Extract<SendResult, { ok: false }>;

const { criticalPage, page, reply } = CLASS;
const EVERY_CLASS = [criticalPage, page, reply];
const BLOCKED: Refusal = { ok: false, reason: 'blocked' };
const REJECTED: Refusal = { ok: false, reason: 'rejected', code: 'message_too_long' };
const UNREACHABLE: Refusal = { ok: false, reason: 'unreachable', code: 'ECONNREFUSED' };
const AMBIGUOUS: Refusal = { ok: false, reason: 'ambiguous', code: 'ETIMEDOUT' };
const rateLimited = (retryAfterSeconds: number): Refusal => ({
  ok: false,
  reason: 'rate_limited',
  retryAfterSeconds,
});

const queued = (failure: string, inMs: number) => ({ state: 'queued', failure, inMs });
const failed = (failure: string) => ({ state: 'failed', failure });

describe.each([
  { what: 'critical page', class: criticalPage },
  { what: 'page', class: page },
  { what: 'reply', class: reply },
])('a $what', (delivery) => {
  test.each([
    { attempts: 1, ageMs: 0 },
    { attempts: 9, ageMs: hours(30) },
  ])('that is accepted is sent, at try $attempts and age $ageMs', (tried) => {
    const result: SendResult = { ok: true, messageRef: '17' };
    expect(fateOf(result, { ...delivery, ...tried, isRepeat: true })).toEqual({
      state: 'sent',
      messageRef: '17',
    });
  });

  it('fails for good at once when the person has blocked us or the messenger refuses the message', () => {
    const first = { ...delivery, attempts: 1, ageMs: 0, isRepeat: false };
    expect(fateOf(BLOCKED, first)).toEqual(failed('blocked'));
    expect(fateOf(REJECTED, first)).toEqual(failed('message_too_long'));
  });

  test.each([1, 7, 90])('that is rate-limited waits exactly the %i seconds that were asked for', (wait) => {
    const tried = { ...delivery, attempts: 12, ageMs: 0, isRepeat: false };
    expect(fateOf(rateLimited(wait), tried)).toEqual(queued('rate_limited', seconds(wait)));
  });
});

describe('a phone that cannot be reached', () => {
  test.each([
    [1, 1, 1],
    [2, 2, 2],
    [3, 4, 4],
    [4, 8, 8],
    [5, 15, 16],
    [6, 15, 32],
    [8, 15, 128],
    [9, 15, 256],
    [10, 15, 300],
    [50, 15, 300],
  ])('after try %i: a page waits %i seconds, a reply %i', (attempts, forPage, forReply) => {
    const wait = (of: number) => fateOf(UNREACHABLE, { class: of, attempts, ageMs: 0, isRepeat: true });
    expect(wait(criticalPage)).toEqual(queued('unreachable', seconds(forPage)));
    expect(wait(page)).toEqual(queued('unreachable', seconds(forPage)));
    expect(wait(reply)).toEqual(queued('unreachable', seconds(forReply)));
  });
});

describe('a message whose answer never came', () => {
  test.each(EVERY_CLASS)('is tried three times, class %i', (of) => {
    const fate = (attempts: number) =>
      fateOf(AMBIGUOUS, { class: of, attempts, ageMs: 0, isRepeat: attempts > 1 });
    expect([1, 2, 3, 4].map(fate)).toEqual([
      queued('ambiguous', seconds(2)),
      queued('ambiguous', seconds(2)),
      failed('ambiguous'),
      failed('ambiguous'),
    ]);
  });

  it('is tried again if it is the first that may have arrived, however many did not', () => {
    const tried = { class: page, attempts: 9, ageMs: 0, isRepeat: false };
    expect(fateOf(AMBIGUOUS, tried)).toEqual(queued('ambiguous', seconds(2)));
  });
});

describe('a message that would come too late', () => {
  test.each([
    { what: 'page', class: criticalPage, limit: hours(1) },
    { what: 'page', class: page, limit: hours(1) },
    { what: 'reply', class: reply, limit: hours(24) },
  ])(
    'a $what of class $class is given up when its next try lies beyond $limit ms',
    ({ class: of, limit }) => {
      const fate = (result: Refusal, attempts: number, ageMs: number) =>
        fateOf(result, { class: of, attempts, ageMs, isRepeat: false });
      expect(fate(rateLimited(60), 1, limit - minutes(1))).toEqual(queued('rate_limited', minutes(1)));
      expect(fate(rateLimited(60), 1, limit - minutes(1) + 1)).toEqual(failed('too_late'));
      expect(fate(UNREACHABLE, 1, limit - seconds(1))).toEqual(queued('unreachable', seconds(1)));
      expect(fate(UNREACHABLE, 1, limit)).toEqual(failed('too_late'));
      expect(fate(AMBIGUOUS, 1, limit)).toEqual(failed('too_late'));
    },
  );
});

describe('a try after the first', () => {
  test.each([
    { attempts: 1, failure: null, is: false, why: 'nothing came before it' },
    { attempts: 2, failure: null, is: true, why: 'the process died in the try before' },
    { attempts: 2, failure: 'ambiguous', is: true, why: 'the answer of the try before never came' },
    { attempts: 2, failure: 'unreachable', is: false, why: 'the try before certainly did not arrive' },
    { attempts: 5, failure: 'rate_limited', is: false, why: 'the try before was turned away' },
    { attempts: 3, failure: 'target_not_sent', is: false, why: 'it waits for the message that it is about' },
  ])('may be a repeat: $is, for $why', ({ attempts, failure, is }) => {
    expect(mayBeRepeat({ attempts, failure })).toBe(is);
    expect(failureKept({ attempts, failure }, 'unreachable')).toBe(is ? 'ambiguous' : 'unreachable');
  });
});
