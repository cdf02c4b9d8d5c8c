/** Asking this browser for pushes. What comes is shown by `worker.ts`. */
import { api } from './api.ts';
import { runWorker } from './worker-here.ts';

export const canPush = (): boolean =>
  'serviceWorker' in navigator && 'PushManager' in window && 'Notification' in window;

/** Subscribes this browser, and tells the service. */
export async function startPushes(): Promise<'ok' | 'denied' | 'failed'> {
  try {
    if ((await Notification.requestPermission()) !== 'granted') return 'denied';
    const key = await api.pushes();
    if (!key.ok) return 'failed';
    const worker = await runWorker();
    if (!worker) return 'failed';
    const subscribed = await worker.pushManager.subscribe({
      userVisibleOnly: true,
      applicationServerKey: key.value.publicKey,
    });
    const { endpoint = '', keys = {} } = subscribed.toJSON();
    const { p256dh = '', auth = '' } = keys;
    const answer = await api.startPushes({ endpoint, keys: { p256dh, auth } });
    return answer.ok ? 'ok' : 'failed';
  } catch {
    return 'failed';
  }
}

export async function stopPushes(): Promise<'ok' | 'failed'> {
  const answer = await api.stopPushes();
  const registration = await navigator.serviceWorker.getRegistration('/console/').catch(() => undefined);
  await (await registration?.pushManager.getSubscription())?.unsubscribe().catch(() => undefined);
  return answer.ok ? 'ok' : 'failed';
}
