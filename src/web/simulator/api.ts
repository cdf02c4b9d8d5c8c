/** The only file of the page that talks to the service. */
import type { Gesture, PhoneEvent } from '../../channels/simulator/api.ts';
import { keepOpen, openStream } from '../returning-stream.ts';

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
const PATIENT = {
  /** The service gives a sign of life every fifteen seconds. */
  silenceMs: 45_000,
  retriesMs: [500, 1_000, 2_000, 4_000],
  /** Of rooms that show the same phone. */
  enoughMs: 60_000,
};

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

/** Hears everything that happens on a phone, first what stands on it, until the returned function is called. */
export function watch(address: string, { onEvent, onLink }: Watcher): () => void {
  return keepOpen<PhoneEvent>(
    (hears) => openStream(`${base(address)}/events`, hears),
    {
      onSaid(said) {
        onLink(true);
        if (said !== 'alive') onEvent(said);
      },
      onCut: () => onLink(false),
    },
    PATIENT,
  );
}
