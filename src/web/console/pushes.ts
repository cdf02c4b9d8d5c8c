/** Asking this browser for pushes, and seeing that it still gets them. What comes is shown by `worker.ts`. */
import { api } from './api.ts';
import { toBase64, toBytes } from './bytes.ts';
import { nextPushStep, type SubscriptionHere } from './push-state.ts';
import { browserMemory, rememberedPush, rememberPush } from './remembered.ts';
import { runWorker } from './worker-here.ts';

export const canPush = (): boolean =>
  'serviceWorker' in navigator && 'PushManager' in window && 'Notification' in window;

/** `lost`: it was on, does not ring, and could not be mended here; `denied`: since the browser lets it no more. */
export type PushState = 'on' | 'off' | 'lost' | 'denied';

/** Subscribes this browser, and tells the service. */
export async function startPushes(): Promise<'ok' | 'denied' | 'failed'> {
  try {
    if ((await Notification.requestPermission()) !== 'granted') return 'denied';
    const key = await api.pushes();
    const worker = key.ok && (await runWorker());
    if (!worker) return 'failed';
    return (await subscribe(worker, key.value.publicKey)) ? 'ok' : 'failed';
  } catch {
    return 'failed';
  }
}

export async function stopPushes(): Promise<'ok' | 'failed'> {
  const answer = await api.stopPushes();
  rememberPush(browserMemory(), null);
  const registration = await navigator.serviceWorker.getRegistration('/console/').catch(() => undefined);
  await (await registration?.pushManager.getSubscription())?.unsubscribe().catch(() => undefined);
  return answer.ok ? 'ok' : 'failed';
}

/**
 * Compares what this browser has with what the service holds of it, and mends what can be mended without asking anybody.
 * Undefined: the service did not answer.
 */
export async function keepPushes(): Promise<PushState | undefined> {
  const said = await api.pushes();
  if (!said.ok) return undefined;
  const { publicKey, held } = said.value;
  if (!held) return 'off';
  try {
    const worker = canPush() ? await runWorker() : undefined;
    if (!worker) return 'lost';
    const subscription = await worker.pushManager.getSubscription();
    const here = subscription ? await described(subscription) : undefined;
    // Of pushes, not of notifications as such: the browser may say otherwise of those.
    const permission = await worker.pushManager.permissionState({ userVisibleOnly: true });
    const browser = { permission, here, told: rememberedPush(browserMemory()) };
    switch (nextPushStep(browser, held, ofUrl(publicKey), Date.now())) {
      case 'stay_off':
        return 'off';
      case 'stay_on':
        // The worker may have told the service of it.
        rememberPush(browserMemory(), held.endpoint);
        return 'on';
      case 'give_up':
        await stopPushes();
        return 'denied';
      case 'tell':
        return subscription && (await tell(subscription)) ? 'on' : 'lost';
      case 'subscribe':
        // With the old one the browser would only give it again.
        await subscription?.unsubscribe().catch(() => undefined);
        return (await subscribe(worker, publicKey)) ? 'on' : 'lost';
    }
  } catch {
    return 'lost';
  }
}

async function subscribe(worker: ServiceWorkerRegistration, publicKey: string): Promise<boolean> {
  const options = { userVisibleOnly: true, applicationServerKey: publicKey };
  return tell(await worker.pushManager.subscribe(options));
}

async function tell(subscription: PushSubscription): Promise<boolean> {
  const { endpoint = '', keys = {} } = subscription.toJSON();
  const { p256dh = '', auth = '' } = keys;
  const { ok } = await api.startPushes({ endpoint, keys: { p256dh, auth } });
  if (ok) rememberPush(browserMemory(), await hashOf(endpoint));
  return ok;
}

async function described({ endpoint, options, expirationTime }: PushSubscription): Promise<SubscriptionHere> {
  const key = options?.applicationServerKey;
  return {
    endpoint: await hashOf(endpoint),
    key: key ? new Uint8Array(key) : undefined,
    endsAt: expirationTime ?? null,
  };
}

async function hashOf(endpoint: string): Promise<string> {
  const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(endpoint));
  return toBase64(new Uint8Array(hash));
}

const ofUrl = (text: string): Uint8Array => toBytes(text.replaceAll('-', '+').replaceAll('_', '/'));
