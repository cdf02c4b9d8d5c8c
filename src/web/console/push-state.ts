/**
 * Whether this browser rings, by what it says itself and what the service holds of it. Pure.
 *
 * A subscription dies without a word: the push service ends it (410), the browser gives itself another one, its person
 * takes the permission back. So both are compared whenever the page is loaded.
 */

/** What the browser has. `endpoint`: its hash. `key`: whose pushes it takes; `endsAt`: milliseconds, null: it does not say. */
export type SubscriptionHere = { endpoint: string; key: Uint8Array | undefined; endsAt: number | null };
/** What the service holds for this device. `endpoint`: its hash. `isDead`: the push service said that nobody is there. */
export type SubscriptionThere = { endpoint: string; isDead: boolean };

export type PushPermission = 'prompt' | 'denied' | 'granted';

export type PushStep =
  /** Nobody asked for it. */
  | 'stay_off'
  | 'stay_on'
  /** The one that the browser has is another one: the service is told. */
  | 'tell'
  /** None that works: another one is asked for. */
  | 'subscribe'
  /** Its person took the permission back: only they can give it. */
  | 'give_up';

/** `here`: what the browser has now. `told`: the endpoint (its hash) that this browser told the service last. */
export type Browser = {
  permission: PushPermission;
  here: SubscriptionHere | undefined;
  told: string | null;
};

/** `publicKey`: the service's own. */
export function nextPushStep(
  { permission, here, told }: Browser,
  there: SubscriptionThere | null,
  publicKey: Uint8Array,
  nowMs: number,
): PushStep {
  if (!there) return 'stay_off';
  // A passkey may lie in several browsers; what another one gets is not taken from it.
  const isOurs = told === there.endpoint || here?.endpoint === there.endpoint;
  if (!isOurs && !there.isDead) return 'stay_off';
  if (permission !== 'granted') return isOurs ? 'give_up' : 'stay_off';
  if (!here || (here.endsAt !== null && here.endsAt <= nowMs)) return 'subscribe';
  if (here.key && !isSame(here.key, publicKey)) return 'subscribe';
  if (here.endpoint !== there.endpoint) return 'tell';
  return there.isDead ? 'subscribe' : 'stay_on';
}

const isSame = (one: Uint8Array, other: Uint8Array): boolean =>
  one.length === other.length && one.every((byte, n) => byte === other[n]);
