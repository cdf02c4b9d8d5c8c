/** The only file of the page that talks to the service. */
import type { Gesture, PhoneEvent } from '../../channels/simulator/api.ts';

export type { Gesture, Item, PhoneEvent } from '../../channels/simulator/api.ts';

/** Why a gesture did not reach the service. */
type Refusal = 'gone' | 'too_big' | 'too_fast' | 'refused' | 'lost';
export type Outcome = { ok: true } | { ok: false; why: Refusal };

const WHY: Readonly<Record<number, Refusal>> = {
  400: 'refused',
  403: 'refused',
  409: 'gone',
  413: 'too_big',
  429: 'too_fast',
};
/** Milliseconds before a gesture counts as lost. */
const PATIENCE = 20_000;
/** Milliseconds between two tries to hear from a phone again: after the first failure, the second, … */
const RETRIES = [500, 1_000, 2_000, 4_000] as const;

const base = (address: string) => `/simulator/phones/${encodeURIComponent(address)}`;

/** Does something on a phone. Never throws. */
export async function make(address: string, gesture: Gesture): Promise<Outcome> {
  try {
    const response = await fetch(`${base(address)}/messages`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(gesture),
      signal: AbortSignal.timeout(PATIENCE),
    });
    return response.ok ? { ok: true } : { ok: false, why: WHY[response.status] ?? 'lost' };
  } catch {
    return { ok: false, why: 'lost' };
  }
}

/** Where the voice note or photo of a message lies. */
export function fileAddress(address: string, id: string): string {
  return `${base(address)}/files/${encodeURIComponent(id)}`;
}

type Watcher = {
  onEvent: (event: PhoneEvent) => void;
  /** The line to the service is there, or has been cut. */
  onLink: (isUp: boolean) => void;
};

/**
 * Hears everything that happens on a phone, first what stands on it, until the returned function is called.
 * Comes back by itself: the browser's own reconnection gives up as soon as it gets an answer it does not like.
 */
export function watch(address: string, { onEvent, onLink }: Watcher): () => void {
  let source: EventSource;
  let failures = 0;
  let timer: ReturnType<typeof setTimeout>;
  const connect = () => {
    source = new EventSource(`${base(address)}/events`);
    source.onmessage = ({ data }) => {
      failures = 0;
      onLink(true);
      onEvent(JSON.parse(data) as PhoneEvent);
    };
    source.onerror = () => {
      source.close();
      onLink(false);
      timer = setTimeout(connect, RETRIES[Math.min(failures, RETRIES.length - 1)]);
      failures += 1;
    };
  };
  connect();
  return () => {
    clearTimeout(timer);
    source.close();
  };
}
