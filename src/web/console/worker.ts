/**
 * Runs in the browser beside the page: shows that there is an alert while the page is closed, and keeps the empty page, so
 * that it is there at once on a slow network.
 *
 * Invariants: it has no key and opens nothing; what it shows is "alert" and the reference; what it keeps is the page as
 * everybody gets it, and nothing of the interface. It imports nothing but its words, which the build puts in: it is one file with one
 * address.
 */
/// <reference lib="webworker" />
import { words } from 'virtual:worker-words';

const here = self as unknown as ServiceWorkerGlobalScope;

type Words = Readonly<Record<'alert' | 'drill' | 'silent' | 'open', string>>;
type Pushed = { reference?: string; isDrill?: boolean };

/** In the language of this browser, else in the first. */
function wordsHere(): Words {
  const own = words[here.navigator.language.split('-')[0] ?? ''];
  return (own ?? Object.values(words)[0] ?? {}) as Words;
}

function pushed(event: PushEvent): Pushed {
  try {
    const { reference, isDrill } = (event.data?.json() ?? {}) as Pushed;
    const isOne = typeof reference === 'string' && /^[A-Z]{4}-\d{4}$/.test(reference);
    return { ...(isOne ? { reference } : {}), isDrill: isDrill === true };
  } catch {
    return {};
  }
}

const PAGE = '/console/';
/** `ahead.ts` empties it when the service has another page by now. */
const KEPT = 'console';

here.addEventListener('install', (event) => {
  event.waitUntil(
    caches
      .open(KEPT)
      .then((kept) => kept.add(PAGE))
      .then(() => here.skipWaiting()),
  );
});
here.addEventListener('activate', (event) => event.waitUntil(here.clients.claim()));

here.addEventListener('fetch', (event) => {
  const { mode, url } = event.request;
  if (mode === 'navigate' && new URL(url).pathname === PAGE) event.respondWith(page(event));
});

/** What was kept, while the newest is fetched for the next time. */
async function page(event: FetchEvent): Promise<Response> {
  const cache = await caches.open(KEPT);
  const newest = fetch(PAGE, { cache: 'no-cache' }).then(async (answer) => {
    if (answer.ok && !answer.redirected) await cache.put(PAGE, answer.clone());
    return answer;
  });
  event.waitUntil(newest.catch(() => undefined));
  return (await cache.match(PAGE)) ?? newest;
}

here.addEventListener('push', (event) => {
  const { reference = '', isDrill } = pushed(event);
  const say = wordsHere();
  const options = {
    body: reference,
    // A repeat takes the place of what it repeats, and rings again.
    tag: reference || 'lakana',
    renotify: true,
    requireInteraction: true,
    vibrate: [300, 150, 300, 150, 300],
    data: { reference },
  };
  event.waitUntil(here.registration.showNotification(isDrill ? say.drill : say.alert, options));
});

here.addEventListener('notificationclick', (event) => {
  event.notification.close();
  const { reference } = event.notification.data as { reference: string };
  event.waitUntil(openPage(reference ? `${PAGE}#/case/${reference}` : PAGE));
});

/** In the window that is there, if there is one. */
async function openPage(address: string): Promise<void> {
  const [window] = await here.clients.matchAll({ type: 'window' });
  if (!window) {
    await here.clients.openWindow(address);
    return;
  }
  // Some browsers let a page come to the front only sometimes; it shows the case all the same.
  await window.focus().catch(() => undefined);
  await window.navigate(address);
}

/**
 * The browser has another subscription now, or none: it is asked for one, and the service is told. Where nobody is signed in
 * any more it cannot be: then the person is, and the page compares both when they open it.
 */
here.addEventListener('pushsubscriptionchange', (event) => {
  const { newSubscription } = event as SubscriptionChange;
  (event as SubscriptionChange).waitUntil(moved(newSubscription));
});

type SubscriptionChange = ExtendableEvent & { newSubscription?: PushSubscription | null };

async function moved(given: PushSubscription | null | undefined): Promise<void> {
  if (await isToldOf(given).catch(() => false)) return;
  const say = wordsHere();
  const options = { body: say.open, tag: 'lakana-silent', data: { reference: '' } };
  await here.registration.showNotification(say.silent, options).catch(() => undefined);
}

const PUSHES = '/console/api/my-pushes';

async function isToldOf(given: PushSubscription | null | undefined): Promise<boolean> {
  const answer = await fetch(PUSHES);
  if (!answer.ok) return false;
  const { publicKey, held } = (await answer.json()) as { publicKey: string; held: object | null };
  // Nobody asked for pushes here, or asked for none any more.
  if (!held) return true;
  const options = { userVisibleOnly: true, applicationServerKey: publicKey };
  const { endpoint, keys } = (given ?? (await here.registration.pushManager.subscribe(options))).toJSON();
  const body = JSON.stringify({ endpoint, keys: { p256dh: keys?.p256dh, auth: keys?.auth } });
  const headers = { 'content-type': 'application/json' };
  return (await fetch(PUSHES, { method: 'POST', headers, body })).ok;
}
