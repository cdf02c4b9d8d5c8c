/**
 * Pages as web pushes to a browser in which an officer is signed in.
 *
 * Invariants: a push says "alert" and the reference, sealed to that browser, and nothing else: no level, no region, no
 * word, no link; what the push service learns is that something was sent; only its known hosts are called.
 */
import webPush from 'web-push';
import type { Channel } from '../channel.ts';
import { callHttp, type Means } from '../http-call.ts';
import { type Hosts, originOn } from '../outside.ts';
import { createSendOnly } from '../send-only.ts';
import { subscription } from './subscription.ts';

/** The service's own key pair for pushes (VAPID), base64url. */
export type PushKey = { publicKey: string; privateKey: string };

/** What the browser shows: a reference, and whether it is an exercise. Empty: only that there is something. */
type PushContent = { reference?: string; isDrill?: boolean };

/** Where browsers have their pushes sent: Chrome, Firefox, Safari, Edge. */
const SERVICES: readonly string[] = [
  'fcm.googleapis.com',
  'updates.push.services.mozilla.com',
  'web.push.apple.com',
  '.notify.windows.com',
];

/** Seconds after which a push that could not be brought is worth nothing: the alert was paged again since. */
const TTL_SECONDS = 3_600;

export const newPushKey = (): PushKey => webPush.generateVAPIDKeys();

/**
 * Where the address that a browser handed over may lead: to a push service; where the console is open on this machine
 * only (`isLocal`) also to one of a test, on this machine.
 */
function hostsFor(endpoint: string, isLocal: boolean): Hosts {
  const { origin, hostname } = new URL(endpoint);
  const isHere = isLocal && (hostname === 'localhost' || hostname === '127.0.0.1');
  return { names: SERVICES, ...(isHere ? { origins: [origin] } : {}) };
}

/** Whether an address is one of a push service; see `hostsFor`. */
export function isPushService(endpoint: string, isLocal: boolean): boolean {
  return originOn(hostsFor(endpoint, isLocal), endpoint) !== undefined;
}

/**
 * `subject`: whom a push service may ask about us, an address of the web or of mail. `key`: asked for at each push.
 * `isLocal`: the console is open on this machine only.
 */
export function createPushChannel(options: {
  key: () => Promise<PushKey>;
  subject: string;
  isLocal: boolean;
}): Channel {
  return createSendOnly('push', {
    can: { isForPagesOnly: true },
    async send(address, { about, key }, signal) {
      const to = subscription.parse(JSON.parse(address));
      const content: PushContent = about ?? {};
      const request = webPush.generateRequestDetails(to, JSON.stringify(content), {
        vapidDetails: { subject: options.subject, ...(await options.key()) },
        TTL: TTL_SECONDS,
        urgency: 'high',
      });
      const headers = Object.fromEntries(
        Object.entries(request.headers).flatMap(([name, value]) =>
          name === 'Content-Length' ? [] : [[name, String(value)]],
        ),
      );
      const answer = await callHttp(
        to.endpoint,
        { headers, body: new Uint8Array(request.body ?? []) },
        signal,
        { hosts: hostsFor(to.endpoint, options.isLocal), means },
      );
      return answer.ok ? { ok: true, messageRef: key ?? 'push' } : answer;
    },
  });
}

/**
 * 404 and 410: the browser unsubscribed, was wiped, or has another subscription by now. 401 and 403: the browser subscribed
 * for another key than ours (Chrome's and Apple's services say so), or our signature is refused for everybody: our clock is
 * wrong, or the address that we name as ours.
 */
const means: Means = (status, body) => {
  const isRefused = status === 401 || status === 403 || status === 400;
  if (status === 404 || status === 410 || (isRefused && OTHER_KEY.test(body)))
    return { ok: false, reason: 'blocked' };
  const isOurs = status === 401 || status === 403;
  return isOurs ? { ok: false, reason: 'account', fault: 'key', code: `http_${status}` } : undefined;
};
const OTHER_KEY = /do not correspond|VapidPkHashMismatch/i;
