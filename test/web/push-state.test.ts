/** Whether a browser rings, when what it has and what the service holds are compared at the load of the page. */
import { describe, expect, it } from 'vitest';
import {
  type Browser,
  nextPushStep,
  type PushPermission,
  type SubscriptionThere,
} from '../../src/web/console/push-state.ts';

const KEY = new Uint8Array([4, 1, 2, 3]);
const NOW = 1_795_600_000_000;
const subscription = { endpoint: 'one', key: KEY, endsAt: null };
const browser = (more: Partial<Browser> = {}): Browser => ({
  permission: 'granted',
  here: subscription,
  told: 'one',
  ...more,
});
const held = (more: Partial<SubscriptionThere> = {}): SubscriptionThere => ({
  endpoint: 'one',
  isDead: false,
  ...more,
});
const next = (here: Browser, there: SubscriptionThere | null) => nextPushStep(here, there, KEY, NOW);

describe('a device that is to ring', () => {
  it('is on while the browser has what the service holds', () => {
    expect(next(browser(), held())).toBe('stay_on');
    // The worker told the service of it, while the page was closed.
    expect(next(browser({ told: 'before' }), held())).toBe('stay_on');
  });

  it.each<[string, Partial<Browser>, Partial<SubscriptionThere>]>([
    ['its push service said that it is gone (410)', {}, { isDead: true }],
    ['the browser has none any more', { here: undefined }, {}],
    ['the browser has none, and the service knows that', { here: undefined, told: null }, { isDead: true }],
    ['its time is over', { here: { ...subscription, endsAt: NOW - 1 } }, {}],
    ['the service has another key by now', { here: { ...subscription, key: new Uint8Array([4, 9]) } }, {}],
  ])('subscribes again when %s', (_why, here, there) => {
    expect(next(browser(here), held(there))).toBe('subscribe');
  });

  it('tells the service of the subscription that the browser gave itself', () => {
    const two = { ...subscription, endpoint: 'two' };
    expect(next(browser({ here: two }), held())).toBe('tell');
    expect(next(browser({ here: two }), held({ isDead: true }))).toBe('tell');
  });

  it.each<PushPermission>(['denied', 'prompt'])(
    'is off when its person took the permission back: %s',
    (permission) => {
      expect(next(browser({ permission, here: undefined }), held())).toBe('give_up');
    },
  );
});

describe('a device that is not to ring', () => {
  it('stays off, whatever the browser has', () => {
    expect(next(browser(), null)).toBe('stay_off');
  });

  it('takes nothing from another browser in which the same passkey lies', () => {
    for (const permission of ['granted', 'denied', 'prompt'] as const)
      expect(next(browser({ permission, here: undefined, told: null }), held())).toBe('stay_off');
    expect(next(browser({ here: { ...subscription, endpoint: 'mine' }, told: 'mine' }), held())).toBe(
      'stay_off',
    );
  });
});
