/** The rooms of this browser: a lock that one of them has, and a channel on which they hear each other. */
import type { Relayed, Rooms } from './line.ts';

const NAME = 'lakana-line';

/** Undefined: this browser has no such thing. */
export function roomsHere(): Rooms | undefined {
  if (!('locks' in navigator) || typeof BroadcastChannel === 'undefined') return undefined;
  const channel = new BroadcastChannel(NAME);
  return {
    say: (what) => channel.postMessage(what),
    hears(heard) {
      const hear = ({ data }: MessageEvent<Relayed>) => {
        if (data === 'up' || data === 'changed' || data === 'cut') heard(data);
      };
      channel.addEventListener('message', hear);
      return () => channel.removeEventListener('message', hear);
    },
    lead(begin, isForced) {
      const waiting = new AbortController();
      let giveBack: () => void = () => undefined;
      const given = new Promise<void>((resolve) => {
        giveBack = resolve;
      });
      let end: (() => void) | undefined;
      const over = () => {
        end?.();
        end = undefined;
      };
      // A lead that is taken away cannot be waited for: the browser refuses both together.
      const how = isForced ? { steal: true } : { signal: waiting.signal };
      const ask = (options: LockOptions) =>
        navigator.locks.request(NAME, options, async () => {
          if (waiting.signal.aborted) return;
          end = begin();
          await given;
        });
      // Rejected: another room took the lead, or nobody waits any more. Then it is waited for again.
      const again = (): void => {
        over();
        if (!waiting.signal.aborted) void ask({ signal: waiting.signal }).then(over, again);
      };
      void ask(how).then(over, again);
      return () => {
        waiting.abort();
        giveBack();
        over();
      };
    },
  };
}
