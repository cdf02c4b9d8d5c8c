import { describe, expect, it, test } from 'vitest';
import { failureKept, fateOf, mayHaveArrived } from '../../src/app/sending/after-a-try.ts';
import type { SendResult } from '../../src/channels/channel.ts';
import { hours, minutes, seconds } from '../../src/kernel/time.ts';
import { CLASS } from '../../src/kernel/vocabulary.ts';

type Refusal = Extract<SendResult, { ok: false }>;

const { criticalPage, page, reply } = CLASS;
const EVERY_CLASS = [criticalPage, page, reply];
const BLOCKED: Refusal = { ok: false, reason: 'blocked' };
const REJECTED: Refusal = { ok: false, reason: 'rejected', code: 'message_too_long' };
const NO_MONEY: Refusal = { ok: false, reason: 'account', fault: 'balance', code: 'at_405' };
const UNREACHABLE: Refusal = { ok: false, reason: 'unreachable', code: 'ECONNREFUSED' };
const AMBIGUOUS: Refusal = { ok: false, reason: 'ambiguous', code: 'ETIMEDOUT' };
const rateLimited = (retryAfterSeconds: number): Refusal => ({
  ok: false,
  reason: 'rate_limited',
  retryAfterSeconds,
});

/** What came before: nothing that may have arrived, or one try. */
const once = { mayHaveArrived: 0, isOneMessage: false };
const twice = { mayHaveArrived: 1, isOneMessage: false };

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
    expect(fateOf(result, { ...delivery, ...tried, ...twice })).toEqual({
      state: 'sent',
      messageRef: '17',
    });
  });

  it('fails for good at once when the person has blocked us or the messenger refuses the message', () => {
    const first = { ...delivery, attempts: 1, ageMs: 0, ...once };
    expect(fateOf(BLOCKED, first)).toEqual(failed('blocked'));
    expect(fateOf(REJECTED, first)).toEqual(failed('message_too_long'));
    // Our account is refused: the next contact at once, and no try here meanwhile.
    expect(fateOf(NO_MONEY, first)).toEqual(failed('at_405'));
  });

  test.each([1, 7, 90])('that is rate-limited waits exactly the %i seconds that were asked for', (wait) => {
    const tried = { ...delivery, attempts: 12, ageMs: 0, ...once };
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
    const wait = (of: number) => fateOf(UNREACHABLE, { class: of, attempts, ageMs: 0, ...twice });
    expect(wait(criticalPage)).toEqual(queued('unreachable', seconds(forPage)));
    expect(wait(page)).toEqual(queued('unreachable', seconds(forPage)));
    expect(wait(reply)).toEqual(queued('unreachable', seconds(forReply)));
  });
});

describe('a message whose answer never came', () => {
  test.each(EVERY_CLASS)('is tried three times, class %i', (of) => {
    const fate = (attempts: number) =>
      fateOf(AMBIGUOUS, { class: of, attempts, ageMs: 0, ...once, mayHaveArrived: attempts - 1 });
    expect([1, 2, 3, 4].map(fate)).toEqual([
      queued('ambiguous', seconds(2)),
      queued('ambiguous', seconds(2)),
      failed('ambiguous'),
      failed('ambiguous'),
    ]);
  });

  it('is tried again if it is the first or the second that may have arrived, however many did not', () => {
    for (const before of [once, twice])
      expect(fateOf(AMBIGUOUS, { class: page, attempts: 9, ageMs: 0, ...before })).toEqual(
        queued('ambiguous', seconds(2)),
      );
  });

  it('is tried until it is too late where the phone shows it once', () => {
    const tried = { class: reply, attempts: 40, ageMs: hours(23), mayHaveArrived: 30, isOneMessage: true };
    expect(fateOf(AMBIGUOUS, tried)).toEqual(queued('ambiguous', minutes(5)));
    expect(fateOf(AMBIGUOUS, { ...tried, attempts: 1 })).toEqual(queued('ambiguous', seconds(2)));
    expect(fateOf(AMBIGUOUS, { ...tried, ageMs: hours(24) })).toEqual(failed('too_late'));
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
        fateOf(result, { class: of, attempts, ageMs, ...once });
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
    { attempts: 1, failure: null, count: 0, why: 'nothing came before it' },
    { attempts: 2, failure: null, count: 1, why: 'the process died in the try before' },
    { attempts: 2, failure: 'ambiguous', count: 1, why: 'the answer of the try before never came' },
    { attempts: 9, failure: 'ambiguous_2', count: 2, why: 'two answers never came' },
    { attempts: 2, failure: 'unreachable', count: 0, why: 'the try before certainly did not arrive' },
    { attempts: 5, failure: 'rate_limited', count: 0, why: 'the try before was turned away' },
    { attempts: 3, failure: 'target_not_sent', count: 0, why: 'it waits for the message that it is about' },
  ])('may be a repeat of $count, for $why', ({ attempts, failure, count }) => {
    expect(mayHaveArrived({ attempts, failure })).toBe(count);
  });

  it('forgets none that may have arrived for one that did not, and counts each', () => {
    const kept = (failures: string[]) =>
      failures.reduce<string | null>(
        (failure, next, n) => failureKept({ attempts: n + 1, failure }, next),
        null,
      );
    expect(kept(['unreachable'])).toBe('unreachable');
    expect(kept(['ambiguous', 'unreachable', 'unreachable'])).toBe('ambiguous');
    expect(kept(['unreachable', 'ambiguous', 'rate_limited', 'ambiguous'])).toBe('ambiguous_2');
  });
});

describe('a voice note, which says what words have said already', () => {
  const voice = { class: reply, attempts: 3, ...once, isVoice: true };

  it('is tried again for two minutes and no longer, so that what is said next waits for nothing', () => {
    expect(fateOf(UNREACHABLE, { ...voice, ageMs: seconds(60) })).toEqual(queued('unreachable', seconds(4)));
    expect(fateOf(UNREACHABLE, { ...voice, ageMs: minutes(2) })).toEqual(failed('too_late'));
    expect(fateOf(rateLimited(300), { ...voice, ageMs: 0 })).toEqual(failed('too_late'));
    // In the lane of officers' words it is tried once.
    expect(fateOf(UNREACHABLE, { ...voice, class: CLASS.word, ageMs: 0 })).toEqual(failed('too_late'));
    // Words go on.
    expect(fateOf(UNREACHABLE, { ...voice, isVoice: false, ageMs: minutes(2) })).toMatchObject({
      state: 'queued',
    });
  });

  it('is sent, refused or blocked as words are', () => {
    expect(fateOf(REJECTED, { ...voice, ageMs: 0 })).toEqual(failed('message_too_long'));
    expect(fateOf(BLOCKED, { ...voice, ageMs: 0 })).toEqual(failed('blocked'));
  });
});
